"""A multipart/form-data body taken apart while it arrives: the fields first, then one file of any length.

Source: RFC 7578, and S3's rule that nothing behind the file counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message

from honmono.wire.errors import ServiceError

MAX_FIELD_BYTES = 20 * 1024
"""Of all fields before the file together."""
_MAX_HEADER_BYTES = 4096


def boundary_of(content_type: str) -> bytes:
    """The boundary that a Content-Type names.

    Raises ServiceError MalformedPOSTRequest.
    """
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise _malformed()
    return boundary.encode("latin-1", "replace")


class FormBody:
    """The fields of a form, by their names in lower case, and the file's bytes to iterate over.

    Raises ServiceError MalformedPOSTRequest or MaxPostPreDataLengthExceeded.
    """

    length: int | None = None

    def __init__(self, pieces: Iterable[bytes | memoryview], boundary: bytes) -> None:
        self.fields: dict[str, str] = {}
        self.filename = ""
        self.file_type: str | None = None
        self.has_file = False
        self.trailers: dict[str, str] = {}
        self._pieces = iter(pieces)
        self._delimiter = b"\r\n--" + boundary
        # The first boundary has no line before it.
        self._held = b"\r\n"
        self._read_fields()

    def _read_fields(self) -> None:
        self._until(self._delimiter, MAX_FIELD_BYTES)
        total = 0
        while True:
            if self._until(b"\r\n", 1024).startswith(b"--"):
                return
            header = self._until_headers_end()
            name, filename, kind = _disposition(header)
            if name.lower() == "file":
                self.has_file, self.filename, self.file_type = True, filename or "", kind
                return
            value = self._until(self._delimiter, MAX_FIELD_BYTES)
            total += len(value) + len(name)
            if total > MAX_FIELD_BYTES:
                raise _too_long()
            self.fields[name.lower()] = value.decode("utf-8", "replace")

    def _until_headers_end(self) -> bytes:
        self._held = b"\r\n" + self._held
        return self._until(b"\r\n\r\n", _MAX_HEADER_BYTES)

    def _until(self, mark: bytes, limit: int) -> bytes:
        while (at := self._held.find(mark)) < 0:
            if len(self._held) > limit + len(mark):
                raise _too_long()
            piece = next(self._pieces, None)
            if piece is None:
                raise _malformed()
            self._held += piece
        found, self._held = self._held[:at], self._held[at + len(mark) :]
        return found

    def __iter__(self) -> Iterator[bytes]:
        """The file's bytes; what comes behind it is read and dropped."""
        keep = len(self._delimiter) - 1
        while (at := self._held.find(self._delimiter)) < 0:
            if len(self._held) > keep:
                yield self._held[:-keep]
                self._held = self._held[-keep:]
            piece = next(self._pieces, None)
            if piece is None:
                raise _malformed()
            self._held += piece
        if at:
            yield self._held[:at]
        self._held = b""
        for _ in self._pieces:
            pass  # read to the end, so that the connection can go on


def _disposition(header: bytes) -> tuple[str, str | None, str | None]:
    message = Message()
    for line in re.split(rb"\r\n", header.strip(b"\r\n")):
        name, _, value = line.partition(b":")
        message[name.decode("latin-1")] = value.strip().decode("utf-8", "replace")
    name = message.get_param("name", header="content-disposition")
    filename = message.get_param("filename", header="content-disposition")
    if not isinstance(name, str):
        raise _malformed()
    kind = message.get("content-type")
    return name, filename if isinstance(filename, str) else None, kind


def _malformed() -> ServiceError:
    return ServiceError(
        "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.", status=400
    )


def _too_long() -> ServiceError:
    return ServiceError(
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceding the upload file were too large.",
        status=400,
        MaxPostPreDataLengthBytes=MAX_FIELD_BYTES,
    )
