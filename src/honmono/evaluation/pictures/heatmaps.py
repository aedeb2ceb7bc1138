"""A table of numbers as colours: spectrograms, attention, distances. The colours are pixels of a PNG within the SVG: a
rectangle for each number would make a file of megabytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from honmono.evaluation.arrays import Floats, numbers
from honmono.evaluation.pictures.svg import Drawing, Plot

_LEVELS = 48
_MOST = (640, 320)
# From dark violet over green to yellow, ever brighter, so that it can be read without colours too: five points of
# viridis (S. van der Walt and N. Smith, 2015).
_POINTS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))

Ticks = Iterable[tuple[float, str]]


def heatmap(
    values: ArrayLike,
    title: str,
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    x_title: str = "",
    y_title: str = "",
    x_ticks: Ticks = (),
    y_ticks: Ticks = (),
    lowest: float | None = None,
    highest: float | None = None,
    unit: str = "",
) -> str:
    """The picture as SVG.

    Args:
        values: (columns, rows), the first row at the bottom; what has more than 640 × 320 is drawn coarser, by means.
        title: stands above it.
        x, y: what the left and right, the lower and upper edges stand for.
        x_title, y_title, x_ticks, y_ticks: of the axes, as `Plot.axes` takes them.
        lowest, highest: the values of the darkest and the brightest colour; the least and the greatest where nothing
            is said.
        unit: of the values, beside the scale.

    Raises:
        NotMeasurable: there are no values, or one is no finite number.
    """
    table = numbers(values, "values", dimensions=2)
    low, high = _range(table, lowest, highest)
    described = f"{title}: {table.shape[0]} by {table.shape[1]} values from {table.min():.3g} to {table.max():.3g}"
    drawing = Drawing(820, 340, title, described)
    drawing.text(24, 34, title, "head")
    plot = Plot(drawing, (72, 56, 640, 220), x, y)
    plot.axes(x_title, y_title, x_ticks, y_ticks)
    fill(plot, table, lowest=low, highest=high)
    drawing.pixels(736, 56, 14, 220, png(np.linspace(low, high, _LEVELS)[None, :], low, high))
    for value, at in ((high, 66), (low, 276)):
        drawing.text(756, at, f"{value:.3g} {unit}".strip(), "small")
    return drawing.render()


def fill(plot: Plot, values: ArrayLike, *, lowest: float | None = None, highest: float | None = None) -> None:
    """Fill a plot with the colours of (columns, rows); arguments as in `heatmap`.

    Raises NotMeasurable.
    """
    table = numbers(values, "values", dimensions=2)
    low, high = _range(table, lowest, highest)
    for axis, most in enumerate(_MOST):
        table = _coarser(table, axis, most)
    plot.drawing.pixels(plot.left, plot.top, plot.wide, plot.high, png(table, low, high))


def png(table: Floats, low: float, high: float) -> bytes:
    """A PNG of (columns, rows) with a palette (ISO/IEC 15948): a byte a pixel."""
    span = high - low or 1.0
    levels = np.clip((table - low) / span * (_LEVELS - 1), 0, _LEVELS - 1).round().astype(np.uint8)
    picture = levels.T[::-1]
    rows = np.concatenate([np.zeros((len(picture), 1), np.uint8), picture], axis=1)  # no filter
    points = np.array(_POINTS, np.float64)
    shares = np.linspace(0, len(points) - 1, _LEVELS)
    palette = np.stack([np.interp(shares, range(len(points)), points[:, part]) for part in range(3)], axis=1)
    head = struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", palette.round().astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _range(table: Floats, lowest: float | None, highest: float | None) -> tuple[float, float]:
    return (
        float(table.min()) if lowest is None else lowest,
        float(table.max()) if highest is None else highest,
    )


def _coarser(table: Floats, axis: int, most: int) -> Floats:
    """At most so many along the axis, each the mean of its neighbours."""
    count = table.shape[axis]
    if count <= most:
        return table
    edges: NDArray[np.int64] = np.linspace(0, count, most + 1).astype(np.int64)
    sums = np.add.reduceat(table, edges[:-1], axis=axis)
    widths = np.diff(edges).astype(np.float64)
    return np.asarray(sums / np.expand_dims(widths, 1 - axis))
