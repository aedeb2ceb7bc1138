"""A page that was looked at: its words with their places, and what they form.

Places are in shares of the upright page's width and height; (0, 0) is the upper left corner. Whatever is made of words
names them by their index in `ReadPage.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from honmono.engines.documents.document import Box

Corners = list[tuple[float, float]]
"""Upper left, upper right, lower right, lower left of the text, which may be turned."""

CellKind = Literal["", "column header"]


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word, which has no blanks.

    Attributes:
        confidence: 0 to 1; 1 where it came from a text layer.
    """

    text: str
    confidence: float
    corners: Corners

    @property
    def box(self) -> Box:
        """Around the corners."""
        return box_around(self.corners)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Words that follow each other on a line.

    Attributes:
        words: indices.
    """

    text: str
    confidence: float
    corners: Corners
    words: list[int]

    @property
    def box(self) -> Box:
        """Around the corners."""
        return box_around(self.corners)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The words of a page.

    Attributes:
        number: from 1.
        width, height: of the upright page, in pixels of its picture or in points; their ratio is what counts.
        quarters: quarter turns to the left that made it upright.
        recognised: the text was recognised in the page's picture.
        problem: why the page could not be read; empty where it was.
    """

    number: int
    width: float
    height: float
    words: list[ReadWord] = field(default_factory=list)
    lines: list[ReadLine] = field(default_factory=list)
    quarters: int = 0
    recognised: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's grid. Cells that are merged are told apart here too, as AWS tells them, and joined by `Merged`.

    Attributes:
        row, column: from 1.
        words: indices.
    """

    row: int
    column: int
    box: Box
    confidence: float
    words: list[int]
    kind: CellKind = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one.

    Attributes:
        row, column: of its first cell, from 1.
        row_span, column_span: how many it covers.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        cells: one for each place of the grid, row by row; empty ones too.
        structured: it has column headers and a row for each thing.
    """

    box: Box
    confidence: float
    rows: int
    columns: int
    cells: list[Cell]
    merged: list[Merged] = field(default_factory=list)
    structured: bool = True


@dataclass(frozen=True, slots=True)
class AnalysedPage:
    """A page, and what was asked for of it."""

    page: ReadPage
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnalysedDocument:
    """What was looked at of a document.

    Attributes:
        kind: `pdf` or `image`.
        pages_in_all: how many it has.
        pages: those that were asked for, in order; fewer where time ran out: ask again from the next.
    """

    kind: Literal["pdf", "image"]
    pages_in_all: int
    pages: list[AnalysedPage]


def box_around(corners: Corners) -> Box:
    """The smallest upright box."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


def corners_of(box: Box) -> Corners:
    """The corners of an upright box."""
    right, bottom = box.left + box.width, box.top + box.height
    return [(box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom)]


def words_box(page: ReadPage, words: list[int]) -> Box:
    """The smallest box around words, of which there is at least one."""
    around = page.words[words[0]].box
    for index in words[1:]:
        around = around.joined(page.words[index].box)
    return around
