"""The documents of an analysis job: files, or the lines of files, read as a stream however large they are.

What cannot be read is an `Unreadable` in its place, with the code and the message of the developer guide ("Async
analysis for Amazon Comprehend insights"), and the job goes on. As there, a file is given up at its first line that is not
UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from honmono.engines.documents.kinds import kind_of
from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.services.comprehend.native_documents import IN_JOBS, DocumentRefused, NativeDocument, read_document
from honmono.services.stored_files import FilesMissing, StoredFile, StoredFiles, split_uri

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost

_HEAD = 64 << 10
"""What tells a document's kind."""
_MOST_NATIVE = max(IN_JOBS.pdf, IN_JOBS.word, IN_JOBS.image)
UNSUPPORTED_ENCODING = "UNSUPPORTED_ENCODING"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Document:
    """A document: a file's text, or a line of it without what ends it.

    Attributes:
        file: its name as the output tells it.
        line: from 0; None where each file is one document.
    """

    file: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that cannot be read, and why."""

    file: str
    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Native:
    """A document in a native format, which is one file."""

    file: str
    document: NativeDocument
    line: None = None


class NoInput(Exception):
    """There is nothing to analyse; the message is AWS's, and what we know."""


def find_files(files: StoredFiles, uri: str) -> list[StoredFile]:
    """The files under a URI, in the order of their keys.

    Raises NoInput: there are none, or no such bucket of the account's.
    """
    try:
        return files.find(uri)
    except FilesMissing as error:
        raise NoInput(
            "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data. "
            f"({error})"
        ) from error


def name_of(file: StoredFile, uri: str) -> str:
    """A file's name: its key below the folder that the URI names or lies in.

    >>> name_of(StoredFile("s3://b/in/x/a.txt", "b", "in/x/a.txt", 1), "s3://b/in/")
    'x/a.txt'
    """
    _, prefix = split_uri(uri)
    return file.key[prefix.rfind("/") + 1 :]


def read(
    files: StoredFiles, file: StoredFile, name: str, *, by_line: bool, limit: int
) -> Iterator[Document | Unreadable]:
    """The documents of a file; `limit` is what one may have, in bytes.

    Raises FilesMissing: it was deleted meanwhile.
    """
    if by_line:
        with files.open(file) as source:
            yield from _lines(source, name, limit)
    elif file.size > limit:
        yield _too_long(name, None, limit)
    else:
        with files.open(file) as source:
            yield _document(name, None, source.read())


def read_native(
    files: StoredFiles,
    file: StoredFile,
    name: str,
    readers: EngineHost,
    config: dict[str, Any] | None,
    limit: int,
) -> Document | Native | Unreadable:
    """A file that may be in a native format; a plain text is read as `read` reads it.

    Raises FilesMissing: it was deleted meanwhile.
    """
    with files.open(file) as source:
        head = source.read(_HEAD)
        try:
            if kind_of(head) == "text":
                return next(read(files, file, name, by_line=False, limit=limit))
            return Native(name, read_document(readers, head + source.read(_MOST_NATIVE), config, IN_JOBS))
        except UnsupportedInput as error:
            return Unreadable(name, None, "UNSUPPORTED_DOC_TYPE", f"{error}.")
        except DamagedInput as error:
            return Unreadable(name, None, "INVALID_DOCUMENT", f"{error}.")
        except DocumentRefused as error:
            return Unreadable(name, None, error.reason, str(error))


def _lines(source: BinaryIO, name: str, limit: int) -> Iterator[Document | Unreadable]:
    for number, data in enumerate(split_lines(source, limit)):
        read = _too_long(name, number, limit) if data is None else _document(name, number, data)
        yield read
        if isinstance(read, Unreadable) and read.code == UNSUPPORTED_ENCODING:
            return


def split_lines(source: BinaryIO, limit: int) -> Iterator[bytes | None]:
    r"""The lines of a stream, ended by LF, CR or CRLF; None for one of more than `limit` bytes, which are not kept.

    >>> import io
    >>> list(split_lines(io.BytesIO(b"one\r\ntwo\r\rtoo long\nend"), 5))
    [b'one', b'two', b'', None, b'end']
    """
    rest, is_long, after_cr = b"", False, False
    while piece := source.read(_PIECE):
        if after_cr and piece.startswith(b"\n"):
            piece = piece[1:]
        after_cr = piece.endswith(b"\r")
        *whole, last = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            line = rest + line
            yield None if is_long or len(line) > limit else line
            rest, is_long = b"", False
        rest += last
        if len(rest) > limit:
            rest, is_long = b"", True
    if rest or is_long:
        yield None if is_long else rest


def _document(name: str, line: int | None, data: bytes) -> Document | Unreadable:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable(
            name, line, UNSUPPORTED_ENCODING, "Document is not in UTF-8 format and all subsequent lines are ignored."
        )
    if not text.strip():
        # Of an empty document the guide says nothing; this code is ours.
        return Unreadable(name, line, "EMPTY_DOCUMENT", "Document is empty.")
    return Document(name, line, text)


def _too_long(name: str, line: int | None, limit: int) -> Unreadable:
    return Unreadable(name, line, "DOCUMENT_SIZE_EXCEEDED", f"Document size exceeds maximum size limit {limit} bytes.")
