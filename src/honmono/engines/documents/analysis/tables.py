"""Tables: grids of strokes first, then rows of words with common columns in what is left of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from honmono.engines.documents.analysis.columns import Columned, columned
from honmono.engines.documents.analysis.page import Cell, Merged, ReadPage, Table, words_box
from honmono.engines.documents.analysis.ruling import Grid, grids_of, strokes_of
from honmono.engines.documents.document import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

_GRID_CONFIDENCE, _COLUMNS_CONFIDENCE = 0.97, 0.85
"""Set by hand, before any was measured: of the cells of bench/textract_tables.py .99 and .91 were right since, clean and noisy
together."""


def tables_of(page: ReadPage, picture: Image) -> list[Table]:
    """The tables of a page, from the top down.

    Args:
        page: its words.
        picture: of the upright page.
    """
    grey: NDArray[np.uint8] = np.asarray(picture.convert("L"))
    height, width = grey.shape
    left = set(range(len(page.words)))
    found: list[Table] = []
    for grid in grids_of(strokes_of(grey)):
        table = _of_grid(grid, page, width, height)
        inside = {word for cell in table.cells for word in cell.words}
        if not inside or table.rows * table.columns < 2:
            continue  # a frame around a picture
        if any(_covers(other.box, table.box) for other in found):
            continue
        found.append(table)
        left -= {word for word in left if _holds(table.box, page.words[word].box)}
    found += [_of_columns(each, page) for each in columned(page, sorted(left))]
    return sorted(found, key=lambda table: (table.box.top, table.box.left))


def _of_grid(grid: Grid, page: ReadPage, width: int, height: int) -> Table:
    across, down = [x / width for x in grid.across], [y / height for y in grid.down]
    rows, columns = len(down) - 1, len(across) - 1
    whole = Box(across[0], down[0], across[-1] - across[0], down[-1] - down[0])
    start_of: dict[tuple[int, int], tuple[int, int]] = {}
    merged = []
    for row, column, row_span, column_span in grid.regions:
        for each_row in range(row, row + row_span):
            for each_column in range(column, column + column_span):
                start_of[each_row, each_column] = (row, column)
        if row_span * column_span > 1:
            box = Box(
                across[column],
                down[row],
                across[column + column_span] - across[column],
                down[row + row_span] - down[row],
            )
            merged.append(Merged(row + 1, column + 1, row_span, column_span, box))
    inside: dict[tuple[int, int], list[int]] = {}
    for index, word in enumerate(page.words):
        x, y = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
        row, column = int(np.searchsorted(down, y)) - 1, int(np.searchsorted(across, x)) - 1
        if 0 <= row < rows and 0 <= column < columns:
            inside.setdefault(start_of.get((row, column), (row, column)), []).append(index)
    return _table(whole, across, down, inside, page, _GRID_CONFIDENCE, merged)


def _of_columns(found: Columned, page: ReadPage) -> Table:
    inside = {
        (row, column): words for row, fields in enumerate(found.fields) for column, words in enumerate(fields) if words
    }
    whole = words_box(page, [word for words in inside.values() for word in words])
    tops = [row.top for row in found.rows]
    down = [
        whole.top,
        *((found.rows[at].bottom + tops[at + 1]) / 2 for at in range(len(tops) - 1)),
        whole.top + whole.height,
    ]
    across = [
        whole.left,
        *((found.columns[at][1] + found.columns[at + 1][0]) / 2 for at in range(len(found.columns) - 1)),
    ]
    across.append(whole.left + whole.width)
    return _table(whole, across, down, inside, page, _COLUMNS_CONFIDENCE, [])


def _table(
    whole: Box,
    across: list[float],
    down: list[float],
    inside: dict[tuple[int, int], list[int]],
    page: ReadPage,
    confidence: float,
    merged: list[Merged],
) -> Table:
    """The table between these edges, `inside` the words of its fields by row and column from 0."""
    rows, columns = len(down) - 1, len(across) - 1
    header = _has_header(inside, page, rows, columns)
    cells = [
        Cell(
            row + 1,
            column + 1,
            Box(across[column], down[row], across[column + 1] - across[column], down[row + 1] - down[row]),
            confidence,
            inside.get((row, column), []),
            kind="column header" if header and row == 0 else "",
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return Table(whole, confidence, rows, columns, cells, merged, structured=header)


def _has_header(inside: dict[tuple[int, int], list[int]], page: ReadPage, rows: int, columns: int) -> bool:
    """Whether the first row names the columns: it has words and no numbers where the rows below have numbers."""
    if rows < 2:
        return False
    first = [_text(inside.get((0, column), []), page) for column in range(columns)]
    if sum(map(bool, first)) < max(1, columns - 1) or any(_is_number(text) for text in first):
        return False
    below = [_text(inside.get((row, column), []), page) for row in range(1, rows) for column in range(columns)]
    return any(_is_number(text) for text in below) or columns > 1


def _text(words: list[int], page: ReadPage) -> str:
    return " ".join(page.words[word].text for word in words)


def _is_number(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return digits > 0 and digits * 2 >= len(text.replace(" ", ""))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
    return outer.left <= x <= outer.left + outer.width and outer.top <= y <= outer.top + outer.height


def _covers(outer: Box, inner: Box) -> bool:
    return _holds(outer, inner) and outer.width * outer.height > inner.width * inner.height
