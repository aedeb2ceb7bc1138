"""Tables without strokes between their columns: rows of words that stand under each other with the same gaps between.

Lines are gathered into rows by their height on the page. A run of rows is a table where at least two stretches of each row
fall into columns that the other rows have too, with blank space between the columns from the top of the run to its end.

Source: the projection of white space as in T. Kieninger, Table structure recognition based on robust block segmentation,
1998 (T-Recs).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import median

from honmono.engines.documents.analysis.page import ReadPage
from honmono.engines.documents.document import Box

_GAP = 0.6
"""Blank space that parts two stretches of a row, in heights of a line."""
_GAP_OF_LINES = 0.2
"""The same where the reader of the page took them for two lines."""
_OVER = 0.05
"""How far the boxes of a recognised line reach over its letters on either side, in heights of the box."""
_LEAST_ROWS = 3
_LEAST_FILLED = 0.55
"""Of a table's fields, as a share."""


@dataclass(slots=True)
class Stretch:
    """Words of a row with no wide gap between them."""

    words: list[int]
    box: Box


@dataclass(slots=True)
class Row:
    """What stands at one height, from left to right."""

    stretches: list[Stretch] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Of its highest word."""
        return min(stretch.box.top for stretch in self.stretches)

    @property
    def bottom(self) -> float:
        """Of its lowest word."""
        return max(stretch.box.top + stretch.box.height for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Columned:
    """A run of rows with common columns.

    Attributes:
        columns: from where to where each goes.
        fields: of each row, the words in each column.
    """

    rows: list[Row]
    columns: list[tuple[float, float]]
    fields: list[list[list[int]]]


def rows_of(page: ReadPage, words: list[int]) -> list[Row]:
    """Words gathered into rows, from the top down."""
    if not words:
        return []
    boxes = {index: page.words[index].box for index in words}
    usual = median(box.height for box in boxes.values())
    ratio = page.height / max(page.width, 1)
    gathered: list[list[int]] = []
    for index in sorted(words, key=lambda word: boxes[word].top + boxes[word].height / 2):
        middle = boxes[index].top + boxes[index].height / 2
        if gathered:
            others = [boxes[word].top + boxes[word].height / 2 for word in gathered[-1]]
            if abs(middle - sum(others) / len(others)) < 0.5 * usual:
                gathered[-1].append(index)
                continue
        gathered.append([index])
    line_of = {word: number for number, line in enumerate(page.lines) for word in line.words}
    height = usual * ratio
    return [_row(sorted(each, key=lambda word: boxes[word].left), boxes, line_of, height) for each in gathered]


def _row(words: list[int], boxes: dict[int, Box], line_of: dict[int, int], height: float) -> Row:
    row = Row()
    for index in words:
        box = boxes[index]
        if row.stretches:
            last = row.stretches[-1]
            together = line_of.get(index) == line_of.get(last.words[-1])
            if box.left - (last.box.left + last.box.width) < (_GAP if together else _GAP_OF_LINES) * height:
                last.words.append(index)
                last.box = last.box.joined(box)
                continue
        row.stretches.append(Stretch([index], box))
    return row


def level(page: ReadPage) -> ReadPage:
    """The page with its lines level: a scan is often a degree off, and columns lean with it."""
    slopes = [
        (line.corners[1][1] - line.corners[0][1])
        * page.height
        / ((line.corners[1][0] - line.corners[0][0]) * page.width)
        for line in page.lines
        if (line.corners[1][0] - line.corners[0][0]) * page.width > 40
    ]
    slope = median(slopes) if slopes else 0.0
    if abs(slope) < 0.001 or abs(slope) > 0.2:
        return page
    down, across = slope * page.width / page.height, slope * page.height / page.width
    words = [replace(word, corners=[(x + y * across, y - x * down) for x, y in word.corners]) for word in page.words]
    return replace(page, words=words)


def columned(page: ReadPage, words: list[int], least_rows: int = _LEAST_ROWS) -> list[Columned]:
    """The runs of rows that form columns."""
    page = level(page)
    rows = rows_of(page, words)
    found: list[Columned] = []
    begin = 0
    while begin < len(rows):
        run = _longest(rows, begin, page)
        if run is None or len(run.rows) < least_rows:
            begin += 1
            continue
        # A line of running text above a table may look like a row with few columns: the run with more fields counts.
        for later in range(begin + 1, min(begin + 3, len(rows))):
            other = _longest(rows, later, page)
            if other is not None and len(other.rows) >= least_rows and _size(other) > _size(run):
                run, begin = other, later
        found.append(run)
        begin += len(run.rows)
    return found


def _size(run: Columned) -> int:
    return len(run.rows) * len(run.columns)


def _longest(rows: list[Row], begin: int, page: ReadPage) -> Columned | None:
    """The longest run from this row on that has at least two columns all through."""
    if len(rows[begin].stretches) < 2:
        return None
    best: Columned | None = None
    usual = median(row.bottom - row.top for row in rows)
    for end in range(begin + 2, len(rows) + 1):
        if rows[end - 1].top - rows[end - 2].bottom > 2.5 * usual:
            break
        made = _in_columns(rows[begin:end], page)
        if made is None:
            if len(rows[end - 1].stretches) > 1 or end - begin > 2:
                break
            continue
        if best is not None and len(made.columns) < len(best.columns):
            break  # this row bridges two columns: it is running text
        best = made
    return best


def _in_columns(rows: list[Row], page: ReadPage) -> Columned | None:
    height = median(row.bottom - row.top for row in rows) * page.height / max(page.width, 1)
    over = _OVER * height if page.recognised else 0.0
    spans = sorted(
        (stretch.box.left + over, stretch.box.left + stretch.box.width - over)
        for row in rows
        for stretch in row.stretches
    )
    least = 0.25 * height
    columns: list[list[float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] + least:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    if len(columns) < 2:
        return None
    edges = [(left, right) for left, right in columns]
    fields = [[_inside(row, left, right) for left, right in edges] for row in rows]
    filled = sum(bool(words) for row in fields for words in row)
    alone = sum(len(row.stretches) == 1 for row in rows)
    if filled < _LEAST_FILLED * len(rows) * len(edges) or alone > len(rows) // 3:
        return None
    return Columned(list(rows), edges, fields)


def _inside(row: Row, left: float, right: float) -> list[int]:
    return [
        word
        for stretch in row.stretches
        if left - 1e-9 <= stretch.box.left + stretch.box.width / 2 <= right + 1e-9
        for word in stretch.words
    ]
