"""Lines that are drawn on a page, and the grids that they form.

Horizontal and vertical strokes are kept apart by morphological opening: a stroke longer than letters are tall survives an
erosion along its own direction. Strokes that touch are one grid. Within a grid, two neighbouring fields are one cell where
the stroke between them is not drawn.

Source: Dougherty and Lotufo, Hands-on Morphological Image Processing, 2003 (opening); the grids' cells as in G. Nagy and
S. Seth, Hierarchical representation of optically scanned documents, 1984.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

_SHORTEST = 1 / 45
"""Of a stroke, as a share of the page's longer side."""
_DRAWN = 0.6
"""How much of the border between two fields must be stroke for them to be two cells."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Strokes that touch.

    Attributes:
        across: x of the vertical strokes in pixels, left to right; the first and the last are the grid's edges.
        down: y of the horizontal strokes, top to bottom; the same.
        regions: of each cell its first row and column and how many rows and columns it covers, row by row.
    """

    across: list[int]
    down: list[int]
    regions: list[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes of a page, as masks of its size (255 where there is one)."""

    horizontal: Mask
    vertical: Mask


def strokes_of(grey: Mask) -> Strokes:
    """The horizontal and vertical strokes of a page.

    Args:
        grey: (height, width), 0 is black.
    """
    import cv2

    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    length = max(12, round(max(grey.shape) * _SHORTEST))
    # A stroke of one pixel that is not quite level is broken in steps: closing mends them first.
    level = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8))
    upright = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    horizontal = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    vertical = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return Strokes(np.asarray(horizontal, np.uint8), np.asarray(vertical, np.uint8))


def grids_of(strokes: Strokes) -> list[Grid]:
    """The grids of a page, from the top down: at least two cells each, and all four sides drawn."""
    import cv2

    both = cv2.dilate(cv2.bitwise_or(strokes.horizontal, strokes.vertical), np.ones((5, 5), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(both, connectivity=8)
    found = []
    for index in range(1, count):
        left, top, width, height, _ = (int(value) for value in boxes[index])
        if width < 30 or height < 15:
            continue
        part = Strokes(
            strokes.horizontal[top : top + height, left : left + width],
            strokes.vertical[top : top + height, left : left + width],
        )
        grid = _grid(part, left, top)
        if grid is not None:
            found.append(grid)
    return sorted(found, key=lambda grid: (grid.down[0], grid.across[0]))


def _grid(part: Strokes, left: int, top: int) -> Grid | None:
    height, width = part.horizontal.shape
    across = _places(_share(part.vertical, 0), 0.08)
    down = _places(_share(part.horizontal, 1), 0.08)
    if len(across) < 2 or len(down) < 2 or len(across) + len(down) < 5:
        return None
    if across[-1] - across[0] < 0.8 * width or down[-1] - down[0] < 0.8 * height:
        return None
    regions = _regions(part, across, down)
    if len(regions) < 2:
        return None
    return Grid([x + left for x in across], [y + top for y in down], regions)


def _share(mask: Mask, axis: int) -> NDArray[np.float64]:
    """How much of each column (axis 0) or row (axis 1) is stroke, 0 to 1."""
    return np.asarray(mask.mean(axis=axis) / 255.0)


def _places(share: NDArray[np.float64], least: float) -> list[int]:
    """The middles of the runs in which a stroke goes at least so far; strokes closer than six pixels are one."""
    runs: list[list[int]] = []
    for place in np.flatnonzero(share >= least):
        if runs and place - runs[-1][-1] <= 6:
            runs[-1].append(int(place))
        else:
            runs.append([int(place)])
    return [round((run[0] + run[-1]) / 2) for run in runs]


def _regions(part: Strokes, across: list[int], down: list[int]) -> list[tuple[int, int, int, int]]:
    rows, columns = len(down) - 1, len(across) - 1
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(field: tuple[int, int]) -> tuple[int, int]:
        while owner[field] != field:
            field = owner[field]
        return field

    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not _is_drawn(
                part.vertical, across[column + 1], down[row], down[row + 1], True
            ):
                owner[root((row, column + 1))] = root((row, column))
            if row + 1 < rows and not _is_drawn(
                part.horizontal, down[row + 1], across[column], across[column + 1], False
            ):
                owner[root((row + 1, column))] = root((row, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field in owner:
        groups.setdefault(root(field), []).append(field)
    regions = []
    for fields in groups.values():
        first_row, first_column = min(row for row, _ in fields), min(column for _, column in fields)
        row_span = max(row for row, _ in fields) - first_row + 1
        column_span = max(column for _, column in fields) - first_column + 1
        if row_span * column_span == len(fields):
            regions.append((first_row, first_column, row_span, column_span))
        else:  # no rectangle: a stroke was missed somewhere; the fields are told one by one
            regions += [(row, column, 1, 1) for row, column in fields]
    return sorted(regions)


def _is_drawn(mask: Mask, place: int, begin: int, end: int, upright: bool) -> bool:
    """Whether a stroke runs between two fields."""
    begin, end = begin + 3, end - 2
    if end <= begin:
        return True
    low, high = max(0, place - 4), place + 5
    strip = mask[begin:end, low:high].max(axis=1) if upright else mask[low:high, begin:end].max(axis=0)
    return bool((strip > 0).mean() >= _DRAWN)
