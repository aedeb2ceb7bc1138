"""Labelled documents in native formats: a CSV file that names each document's labels, its file and its page.

Source: "Preparing classifier training data", native document models, in the Comprehend developer guide.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from honmono.engines.host import EngineHost
from honmono.services.comprehend.labelled import Labelled, clean_labels
from honmono.services.comprehend.native_documents import IN_JOBS, DocumentRefused, NativeDocument, read_document
from honmono.services.comprehend.training_files import (
    Read,
    TrainingDataInvalid,
    csv_rows,
    find_files,
    invalid_line,
)
from honmono.services.stored_files import FilesMissing, StoredFile, StoredFiles

MOST_NAMED = 100_000


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document, or a page of one, that could not be read and was left out."""

    file: str
    page: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Named:
    """A row: the document's labels, and its page (None: all of it)."""

    labels: tuple[str, ...]
    page: int | None
    place: tuple[StoredFile, int]


def read_native_csv(
    files: StoredFiles,
    engines: EngineHost,
    uri: str,
    documents: str,
    config: dict[str, Any] | None,
    *,
    delimiter: str | None,
    read: Read | None = None,
) -> tuple[list[Labelled], list[Skipped]]:
    """The documents that all CSV files under a URI name, and those that could not be read.

    A row has the labels, the name of a file below `documents`, and the number of the page; without it the whole file is
    the document. Each file is read once.

    Args:
        files: the objects.
        engines: where `document-text` answers.
        uri: the CSV file, or a prefix of several.
        documents: the URI of the folder with the documents.
        config: AWS's DocumentReaderConfig.
        delimiter: what stands between the labels of a document; None: it has one.
        read: told of the progress, in files.

    Raises:
        TrainingDataInvalid.
    """
    named = _named(files, uri, delimiter)
    found: list[Labelled] = []
    skipped: list[Skipped] = []
    for number, (name, rows) in enumerate(named.items(), 1):
        file = _find_document(files, documents, name, rows[0])
        try:
            document = read_document(engines, _whole(files, file), config, IN_JOBS)
        except DocumentRefused as error:
            skipped += [Skipped(name, row.page or 1, error.reason, str(error)) for row in rows]
        else:
            for row in rows:
                _take(document, name, row, found, skipped)
        if read:
            read(number, len(named))
    return found, skipped


def _named(files: StoredFiles, uri: str, delimiter: str | None) -> dict[str, list[_Named]]:
    named: dict[str, list[_Named]] = defaultdict(list)
    for file in find_files(files, uri):
        for number, row in csv_rows(files, file):
            if len(row) not in (2, 3):
                raise invalid_line(
                    file,
                    number,
                    f"a row has the label, the document's file and its page, and this one has {len(row)} columns",
                )
            label, name, page = (*row, "")[:3]
            labels = clean_labels(file, number, [label] if delimiter is None else label.split(delimiter))
            if not name.strip():
                raise invalid_line(file, number, "it names no document")
            if page.strip() and not (page.strip().isascii() and page.strip().isdigit() and int(page) > 0):
                raise invalid_line(file, number, f"the page is {page.strip()[:40]!r}; pages are numbered from 1")
            named[name.strip()].append(_Named(labels, int(page) if page.strip() else None, (file, number)))
            if len(named) > MOST_NAMED:
                raise TrainingDataInvalid(f"The training data names more than {MOST_NAMED} documents.")
    return named


def _find_document(files: StoredFiles, documents: str, name: str, row: _Named) -> StoredFile:
    wanted = f"{documents.rstrip('/')}/{name.lstrip('/')}"
    try:
        (file, *_) = files.find(wanted)
    except FilesMissing as error:
        raise invalid_line(*row.place, f"the document {name!r} is not under {documents}: {error}") from error
    if file.uri != wanted:
        raise invalid_line(*row.place, f"the document {name!r} is not under {documents}")
    return file


def _whole(files: StoredFiles, file: StoredFile) -> bytes:
    most = max(IN_JOBS.pdf, IN_JOBS.word, IN_JOBS.image, IN_JOBS.text)
    if file.size > most:
        raise DocumentRefused("DOCUMENT_SIZE_EXCEEDED", f"the document has {file.size} bytes; at most {most} are read.")
    try:
        with files.open(file) as stream:
            return stream.read(most + 1)
    except FilesMissing as error:
        raise TrainingDataInvalid(f"{error}. Start the training again.") from error


def _take(document: NativeDocument, name: str, row: _Named, found: list[Labelled], skipped: list[Skipped]) -> None:
    pages = document.pages if row.page is None else document.pages[row.page - 1 : row.page]
    if not pages:
        raise invalid_line(*row.place, f"{name!r} has {len(document.pages)} pages, and no page {row.page}")
    skipped += [Skipped(name, page.number, page.error_code, page.error) for page in pages if page.error_code]
    text = "\n".join(page.text for page in pages if not page.error_code)
    if text.strip():
        found.append(Labelled(text, row.labels))
    elif not any(page.error_code for page in pages):
        skipped.append(Skipped(name, pages[0].number, "TEXTRACT_BAD_PAGE", "No text was found on the page."))
