"""Labelled documents as Comprehend takes them: two-column CSV, and augmented manifests from SageMaker Ground Truth.

Every complaint names the file and the line. Source: "Preparing classifier training data" in the Comprehend developer
guide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from honmono.services.comprehend.training_files import (
    Read,
    TrainingDataInvalid,
    csv_rows,
    find_files,
    invalid_line,
    manifest_entries,
    manifest_text,
)
from honmono.services.stored_files import StoredFile, StoredFiles

EXAMPLES_OF_A_LABEL = 10
MOST_LABELS = {"MULTI_CLASS": 1000, "MULTI_LABEL": 100}
MOST_DOCUMENTS = 1_000_000
LABEL_CHARACTERS = 5000


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
    every = find_files(files, uri)
    for number, file in enumerate(every, 1):
        found += _csv_documents(files, file, delimiter)
        if read:
            read(number, len(every))
    return found


def _csv_documents(files: StoredFiles, file: StoredFile, delimiter: str | None) -> Iterator[Labelled]:
    for first, row in csv_rows(files, file):
        if len(row) != 2:
            raise invalid_line(
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
    for file in find_files(files, uri):
        for number, entry in manifest_entries(files, file):
            labels = _annotations(file, number, entry, attributes, mode)
            found.append(_labelled(file, number, labels, manifest_text(files, file, number, entry)))
    return found


def _annotations(file: StoredFile, number: int, entry: dict[str, Any], attributes: list[str], mode: str) -> list[str]:
    present = [name for name in attributes if name in entry]
    if not present:
        raise invalid_line(file, number, f"it has none of the attributes {', '.join(attributes)}")
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
            raise invalid_line(
                file, number, f"`{name}-metadata` has no `{wanted}`, which holds the labels in {mode} mode"
            )
    return labels


def _labelled(file: StoredFile, number: int, labels: Iterable[str], text: str) -> Labelled:
    cleaned = clean_labels(file, number, labels)
    if not text.strip():
        raise invalid_line(file, number, "the document is empty")
    return Labelled(text, cleaned)


def clean_labels(file: StoredFile, number: int, labels: Iterable[str]) -> tuple[str, ...]:
    """A document's labels without blanks around them, each once.

    Raises:
        TrainingDataInvalid: one is empty or too long.
    """
    cleaned = tuple(dict.fromkeys(label.strip() for label in labels))
    if not cleaned or not all(cleaned):
        raise invalid_line(file, number, "a label is empty")
    if any(len(label) > LABEL_CHARACTERS for label in cleaned):
        raise invalid_line(
            file, number, f"a label has more than {LABEL_CHARACTERS} characters; is it the text's column?"
        )
    return cleaned


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
