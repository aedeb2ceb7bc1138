"""Labelled documents as Comprehend takes them: two-column CSV, and augmented manifests from SageMaker Ground Truth.

Every complaint names the file and the line. Source: "Preparing classifier training data" in the Comprehend developer
guide.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from honmono.services.stored_files import FilesMissing, StoredFile, StoredFiles

EXAMPLES_OF_A_LABEL = 10
MOST_LABELS = {"MULTI_CLASS": 1000, "MULTI_LABEL": 100}
MOST_DOCUMENTS = 1_000_000
LABEL_CHARACTERS = 5000
_FIELD_BYTES = 16 << 20
_ENDS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

Read = Callable[[int, int], None]
"""Called with files read and files in all."""


class TrainingDataInvalid(Exception):
    """The data cannot be learned from; the message says what is wrong, in which file and line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document and its labels: exactly one in multi-class mode."""

    text: str
    labels: tuple[str, ...]


def read_csv(files: StoredFiles, uri: str, *, delimiter: str | None, read: Read | None = None) -> list[Labelled]:
    """The documents of all CSV files under a URI: the labels in the first column, the text in the second.

    Args:
        files: the objects.
        uri: an object or a prefix.
        delimiter: what stands between the labels of a document; None: it has one.
        read: told of the progress.

    Raises:
        TrainingDataInvalid.
    """
    found: list[Labelled] = []
    every = _find(files, uri)
    for number, file in enumerate(every, 1):
        found += _csv_documents(files, file, delimiter)
        if read:
            read(number, len(every))
    return found


def _csv_documents(files: StoredFiles, file: StoredFile, delimiter: str | None) -> Iterator[Labelled]:
    csv.field_size_limit(_FIELD_BYTES)
    rows = csv.reader(_ended(text for _, text in _lines(files, file)), strict=True)
    while True:
        first = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise _invalid(file, max(rows.line_num, first), f"it is not valid CSV: {error}") from error
        if row is None:
            return
        if not row:
            continue
        if len(row) != 2:
            raise _invalid(
                file,
                first,
                f"a row has two columns, the label and the text, and this one has {len(row)}; a text with a comma or a "
                "line break stands in double quotes",
            )
        label, text = row
        labels = [label] if delimiter is None else label.split(delimiter)
        yield _labelled(file, first, labels, text)


def read_manifest(files: StoredFiles, uri: str, attributes: list[str], mode: str) -> list[Labelled]:
    """The documents of an augmented manifest, one JSON object a line.

    Args:
        files: the objects.
        uri: the manifest, or a prefix of several.
        attributes: the attributes that hold annotations.
        mode: MULTI_CLASS reads `class-name` of the attribute's metadata, MULTI_LABEL its `class-map`.

    Raises:
        TrainingDataInvalid.
    """
    found: list[Labelled] = []
    for file in _find(files, uri):
        for number, line in _lines(files, file):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise _invalid(file, number, f"it is not a JSON object: {error}") from error
            if not isinstance(entry, dict):
                raise _invalid(file, number, "it is not a JSON object")
            labels = _annotations(file, number, entry, attributes, mode)
            found.append(_labelled(file, number, labels, _source(files, file, number, entry)))
    return found


def _source(files: StoredFiles, file: StoredFile, number: int, entry: dict[str, Any]) -> str:
    text, uri = entry.get("source"), entry.get("source-ref")
    if isinstance(text, str):
        return text
    if not isinstance(uri, str):
        raise _invalid(file, number, "it has neither `source` (the text) nor `source-ref` (the URI of its object)")
    try:
        return "".join(text for each in files.find(uri) for _, text in _lines(files, each))
    except FilesMissing as error:
        raise _invalid(file, number, f"`source-ref` points nowhere: {error}") from error


def _annotations(file: StoredFile, number: int, entry: dict[str, Any], attributes: list[str], mode: str) -> list[str]:
    present = [name for name in attributes if name in entry]
    if not present:
        raise _invalid(file, number, f"it has none of the attributes {', '.join(attributes)}")
    labels: list[str] = []
    for name in present if mode == "MULTI_LABEL" else present[:1]:
        metadata = entry.get(f"{name}-metadata")
        wanted = "class-map" if mode == "MULTI_LABEL" else "class-name"
        value = metadata.get(wanted) if isinstance(metadata, dict) else None
        if isinstance(value, dict) and mode == "MULTI_LABEL":
            labels += [str(label) for label in value.values()]
        elif isinstance(value, str) and mode == "MULTI_CLASS":
            labels.append(value)
        else:
            raise _invalid(file, number, f"`{name}-metadata` has no `{wanted}`, which holds the labels in {mode} mode")
    return labels


def _labelled(file: StoredFile, number: int, labels: Iterable[str], text: str) -> Labelled:
    cleaned = tuple(dict.fromkeys(label.strip() for label in labels))
    if not cleaned or not all(cleaned):
        raise _invalid(file, number, "a label is empty")
    if any(len(label) > LABEL_CHARACTERS for label in cleaned):
        raise _invalid(file, number, f"a label has more than {LABEL_CHARACTERS} characters; is it the text's column?")
    if not text.strip():
        raise _invalid(file, number, "the document is empty")
    return Labelled(text, cleaned)


def check_training(documents: list[Labelled], mode: str) -> None:
    """Refuse what nothing can be learned from.

    Raises:
        TrainingDataInvalid: too few labels, documents of a label, or too many.
    """
    examples = Counter(label for document in documents for label in document.labels)
    if len(documents) > MOST_DOCUMENTS:
        raise TrainingDataInvalid(
            f"The training data has {len(documents)} documents. At most {MOST_DOCUMENTS} are allowed."
        )
    if len(examples) < 2:
        only = f"only one, {next(iter(examples))!r}" if examples else "none"
        raise TrainingDataInvalid(
            f"The training data must have at least 2 different labels; it has {only}. Add documents of other labels."
        )
    if len(examples) > MOST_LABELS[mode]:
        raise TrainingDataInvalid(
            f"The training data has {len(examples)} labels. At most {MOST_LABELS[mode]} are allowed in {mode} mode."
        )
    short = {label: count for label, count in examples.items() if count < EXAMPLES_OF_A_LABEL}
    if short:
        shown = ", ".join(f"{label[:80]!r} ({count})" for label, count in sorted(short.items())[:5])
        more = f" and {len(short) - 5} more" if len(short) > 5 else ""
        raise TrainingDataInvalid(
            f"The training data must have at least {EXAMPLES_OF_A_LABEL} documents of each label; too few have: "
            f"{shown}{more}. A file has no header row: a header would be a label with one document."
        )


def check_test(documents: list[Labelled], training: list[Labelled]) -> None:
    """Refuse test documents with labels that the training data does not have.

    Raises:
        TrainingDataInvalid.
    """
    known = {label for document in training for label in document.labels}
    unknown = sorted({label for document in documents for label in document.labels} - known)
    if unknown:
        raise TrainingDataInvalid(
            f"The test data has labels that the training data does not have: {', '.join(map(repr, unknown[:5]))}."
        )


def _find(files: StoredFiles, uri: str) -> list[StoredFile]:
    try:
        return files.find(uri)
    except FilesMissing as error:
        raise TrainingDataInvalid(
            f"NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data: "
            f"{error}."
        ) from error


def _lines(files: StoredFiles, file: StoredFile) -> Iterator[tuple[int, str]]:
    """The lines with their ends and their numbers from 1."""
    try:
        stream = files.open(file)
    except FilesMissing as error:
        raise TrainingDataInvalid(f"{error}. Start the training again.") from error
    with stream:
        for number, line in enumerate(stream, 1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise _invalid(
                    file, number, f"byte {error.start + 1} of the line is not UTF-8 ({error.reason}); save it as UTF-8"
                ) from error
            yield number, text.removeprefix("\ufeff") if number == 1 else text


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Lines that may end with a lone carriage return too, as AWS allows."""
    for line in lines:
        if "\r" in line:
            yield from _ENDS.findall(line)
        else:
            yield line


def _invalid(file: StoredFile, number: int, what: str) -> TrainingDataInvalid:
    return TrainingDataInvalid(f"Invalid training data in {file.uri}, line {number}: {what}.")
