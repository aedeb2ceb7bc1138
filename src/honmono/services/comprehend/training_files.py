"""The files of a training: those that it reads, line by line, each complaint naming file and line, and where it leaves
the model."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from honmono.services.stored_files import FilesMissing, StoredFile, StoredFiles

MODEL = "model"
"""The model's folder within its job's output."""

Read = Callable[[int, int], None]
"""Called with files read and files in all."""

_FIELD_BYTES = 16 << 20
_ENDS = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class TrainingDataInvalid(Exception):
    """The data cannot be learned from; the message says what is wrong, in which file and line."""


def invalid_line(file: StoredFile, number: int, what: str) -> TrainingDataInvalid:
    """What to raise about a line, counted from 1."""
    return TrainingDataInvalid(f"Invalid training data in {file.uri}, line {number}: {what}.")


def find_files(files: StoredFiles, uri: str) -> list[StoredFile]:
    """The objects under a URI.

    Raises:
        TrainingDataInvalid: in AWS's words where there are none.
    """
    try:
        return files.find(uri)
    except FilesMissing as error:
        raise TrainingDataInvalid(
            f"NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data: "
            f"{error}."
        ) from error


def lines(files: StoredFiles, file: StoredFile) -> Iterator[tuple[int, str]]:
    """The lines with their ends and their numbers from 1, without the mark that some programs put before the first.

    Raises:
        TrainingDataInvalid: a line is not UTF-8.
    """
    try:
        stream = files.open(file)
    except FilesMissing as error:
        raise TrainingDataInvalid(f"{error}. Start the training again.") from error
    with stream:
        for number, line in enumerate(stream, 1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise invalid_line(
                    file, number, f"byte {error.start + 1} of the line is not UTF-8 ({error.reason}); save it as UTF-8"
                ) from error
            yield number, text.removeprefix("\ufeff") if number == 1 else text


def csv_rows(files: StoredFiles, file: StoredFile, *, spaced: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, with the number of the line on which each begins; `spaced` where a comma may have a
    space behind it that does not belong to the cell.

    Raises:
        TrainingDataInvalid: it is not CSV.
    """
    csv.field_size_limit(_FIELD_BYTES)
    rows = csv.reader(_ended(text for _, text in lines(files, file)), strict=True, skipinitialspace=spaced)
    while True:
        first = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise invalid_line(file, max(rows.line_num, first), f"it is not valid CSV: {error}") from error
        if row is None:
            return
        if row:
            yield first, row


def manifest_entries(files: StoredFiles, file: StoredFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of an augmented manifest, one a line, with their lines' numbers.

    Raises:
        TrainingDataInvalid: a line is something else.
    """
    for number, line in lines(files, file):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise invalid_line(file, number, f"it is not a JSON object: {error}") from error
        if not isinstance(entry, dict):
            raise invalid_line(file, number, "it is not a JSON object")
        yield number, entry


def manifest_text(files: StoredFiles, file: StoredFile, number: int, entry: dict[str, Any]) -> str:
    """The text of a manifest's line: in it, or in the object that it names.

    Raises:
        TrainingDataInvalid.
    """
    text, uri = entry.get("source"), entry.get("source-ref")
    if isinstance(text, str):
        return text
    if not isinstance(uri, str):
        raise invalid_line(file, number, "it has neither `source` (the text) nor `source-ref` (the URI of its object)")
    try:
        return "".join(text for each in files.find(uri) for _, text in lines(files, each))
    except FilesMissing as error:
        raise invalid_line(file, number, f"`source-ref` points nowhere: {error}") from error


def _ended(texts: Iterable[str]) -> Iterator[str]:
    """Lines that may end with a lone carriage return too, as AWS allows."""
    for line in texts:
        if "\r" in line:
            yield from _ENDS.findall(line)
        else:
            yield line
