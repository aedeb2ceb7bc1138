"""Tables in plain text: which cells stand under which heading."""

from __future__ import annotations

from typing import NamedTuple

from honmono.engines.text.pii.labels import OTHER, Label, Labels

_SEPARATORS = ("\t", "|", ",", ";")
_MAX_COLUMNS = 40
_MAX_HEADING = 30


class Cell(NamedTuple):
    """A cell's place without the blanks around it, and the type that its column's heading announces."""

    begin: int
    end: int
    type: str


def cells(text: str, labels: Labels) -> list[Cell]:
    """The cells under a heading that is a label (tab, pipe, comma or semicolon between columns)."""
    found: list[Cell] = []
    place, separator, types = 0, "", list[str | None]()
    for line in text.split("\n"):
        end = place + len(line)
        if types and line.count(separator) == len(types) - 1:
            found += _row(line, place, separator, types)
        else:
            types = []
            if len(line) > 2 and (inside := labels.within(place, end)):
                separator = next((each for each in _SEPARATORS if each in line), "")
                types = _headings(line, place, separator, inside) if separator else []
        place = end + 1
    return found


def _headings(line: str, place: int, separator: str, labels: list[Label]) -> list[str | None]:
    """What the cells of a line announce; empty if the line is no row of headings: a sentence, or values."""
    if line.count(separator) >= _MAX_COLUMNS:
        return []
    parts = line.split(separator)
    if any(len(part.strip()) > _MAX_HEADING or any(map(str.isdigit, part)) for part in parts):
        return []
    types: list[str | None] = []
    for part in parts:
        inside = [label.type for label in labels if place <= label.begin < place + len(part)]
        types.append(inside[-1] if inside and inside[-1] != OTHER else None)
        place += len(part) + 1
    return types if any(types) else []


def _row(line: str, place: int, separator: str, types: list[str | None]) -> list[Cell]:
    row = []
    for kind, part in zip(types, line.split(separator), strict=True):
        bare = part.strip()
        if bare and kind:
            begin = place + len(part) - len(part.lstrip())
            row.append(Cell(begin, begin + len(bare), kind))
        place += len(part) + 1
    return row
