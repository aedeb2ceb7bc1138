"""Files of labelled texts: CSV, TSV and JSON Lines, with a header or with columns by number.

Every fault is told with its line and what to do about it; no row is passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from honmono.evaluation.textfile import DataError, json_objects, read_lines, refuse_half_characters, word_of

Format = Literal["csv", "tsv", "jsonl"]
FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
TEXT_NAMES = ("text", "sentence", "review", "document")
LABEL_NAMES = ("label", "class", "sentiment", "language")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, its label as the file has it, the line where it begins, and its language where the file says it."""

    line: int
    text: str
    label: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what: names of the header or of JSON's fields, or numbers from 1 in a file without a header.

    What is not said is looked for by its usual names.
    """

    text: str | None = None
    label: str | None = None
    language: str | None = None


def read_cases(
    file: Path, columns: Columns | None = None, *, form: Format | None = None, encoding: str = "utf-8"
) -> list[Case]:
    """The cases of a file, in its order; empty lines do not count.

    Args:
        file: what to read.
        columns: see `Columns`.
        form: by default what the file's name ends with says.
        encoding: one that leaves line ends as they are in ASCII, as UTF-8, Shift_JIS and Latin-1 do.

    Raises:
        DataError: the file is empty, in another encoding, has ragged rows or a field that is missing or empty.
        OSError: it cannot be read.
    """
    form = form or FORMATS.get(file.suffix.lower())
    if form is None:
        raise DataError(
            file, f"what {file.suffix or 'a name without an ending'} holds is not known; say csv, tsv or jsonl"
        )
    lines = read_lines(file, encoding)
    columns = columns or Columns()
    rows = _objects(file, lines, columns) if form == "jsonl" else _rows(file, lines, columns, form)
    cases = []
    for case in rows:
        refuse_half_characters(file, case.line, case.text + case.label)
        cases.append(case)
    if not cases:
        raise DataError(file, "there is no case in it; give one text with its label a line")
    return cases


def _rows(file: Path, lines: Iterator[str], columns: Columns, form: Format) -> Iterator[Case]:
    rows = _split_csv(file, lines) if form == "csv" else _split_tsv(lines)
    first = next(rows, None)
    if first is None:
        return
    start, head = first
    numbered = _by_number(file, columns)
    if numbered:
        places = [_place(file, column, len(head)) for column in (columns.text, columns.label, columns.language)]
        rows = _with(first, rows)
    else:
        places = _header(file, head, columns)
    text_at, label_at, language_at = places
    if text_at is None or label_at is None:
        raise DataError(file, f"the {'text' if text_at is None else 'label'} column has no number; give both numbers")
    for line, row in rows:
        if len(row) != len(head):
            cure = "quote texts that hold a comma or a line end" if form == "csv" else "no text may hold a tab"
            raise DataError(file, f"{len(row)} column(s) where line {start} has {len(head)}; {cure}", line)
        for at, what in ((text_at, "text"), (label_at, "label")):
            if not row[at].strip():
                raise DataError(file, f"the {what} is empty; fill it in or take the line out", line)
        language = row[language_at].strip() if language_at is not None else None
        yield Case(line, row[text_at], row[label_at].strip(), language)


def _split_csv(file: Path, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cure = "a quoted text is not closed, or a quote in it is not doubled"
            raise DataError(file, f"{error}: {cure}", line) from None
        if row:
            yield line, row


def _split_tsv(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Tab-separated lines have no quotes: a sign `"` is a part of the text."""
    for line, text in enumerate(lines, 1):
        text = text.rstrip("\r\n")
        if text:
            yield line, text.split("\t")


def _with(first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def _by_number(file: Path, columns: Columns) -> bool:
    given = [column for column in (columns.text, columns.label, columns.language) if column is not None]
    numbers = [column for column in given if column.isdecimal()]
    if numbers and len(numbers) != len(given):
        raise DataError(file, f"columns {', '.join(given)}: give all by number or all by name")
    return bool(numbers)


def _place(file: Path, column: str | None, wide: int) -> int | None:
    if column is None:
        return None
    if not 1 <= int(column) <= wide:
        raise DataError(file, f"there is no column {column}; the columns are 1 to {wide}", 1)
    return int(column) - 1


def _header(file: Path, head: list[str], columns: Columns) -> list[int | None]:
    names = [name.strip() for name in head]
    text = _named(file, names, columns.text, TEXT_NAMES, "text")
    label = _named(file, names, columns.label, LABEL_NAMES, "label")
    language = None if columns.language is None else _named(file, names, columns.language, (), "language")
    return [text, label, language]


def _named(file: Path, names: list[str], wanted: str | None, usual: tuple[str, ...], what: str) -> int:
    lowered = [name.lower() for name in names]
    for name in (wanted,) if wanted is not None else usual:
        found = names if wanted is not None else lowered
        if name in found:
            return found.index(name)
    shown = ", ".join(repr(name[:40]) for name in names[:10])
    asked = f"no column {wanted!r}" if wanted is not None else f"no column with a usual name for the {what}"
    raise DataError(
        file, f"{asked} among {shown}; name the {what} column, or give columns by number if this is no header", 1
    )


def _objects(file: Path, lines: Iterator[str], columns: Columns) -> Iterator[Case]:
    for line, found in json_objects(file, lines):
        name = columns.language
        yield Case(
            line,
            word_of(file, line, found, _names(columns.text, TEXT_NAMES), "text"),
            word_of(file, line, found, _names(columns.label, LABEL_NAMES), "label").strip(),
            None if name is None else word_of(file, line, found, (name,), "language"),
        )


def _names(wanted: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return usual if wanted is None else (wanted,)
