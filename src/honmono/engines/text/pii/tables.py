"""Tables in plain text: which cells stand under which heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATORS = ("\t", "|", ",", ";")
_MAX_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's place without the blanks around it, and its column's heading."""

    begin: int
    end: int
    heading: str


def cells(text: str) -> Iterator[Cell]:
    """The cells below the headings of the tables in a text (tab, pipe, comma or semicolon between columns)."""
    place, heading, separator = 0, list[str](), ""
    for line in text.split("\n"):
        if heading and line.count(separator) == len(heading) - 1 and line.strip():
            yield from _row(line, place, heading, separator)
        else:
            separator = next((each for each in _SEPARATORS if 1 <= line.count(each) < _MAX_COLUMNS), "")
            heading = [part.strip() for part in line.split(separator)] if separator else []
            # A heading has short cells of words, none of them a sentence or a number.
            if any(len(part) > 30 or any(map(str.isdigit, part)) for part in heading) or not any(heading):
                heading = []
        place += len(line) + 1


def _row(line: str, place: int, heading: list[str], separator: str) -> Iterator[Cell]:
    for title, part in zip(heading, line.split(separator), strict=True):
        blank = len(part) - len(part.lstrip())
        bare = part.strip()
        if bare and title:
            yield Cell(place + blank, place + blank + len(bare), title)
        place += len(part) + 1
