"""A photograph from numbers to what a network sees, as pictures: SVG, computed when the script runs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from honmono.engines.vision import features
from honmono.evaluation.pictures.svg import COLOURS, Drawing, Plot

Pixels = NDArray[np.uint8]
Channel = NDArray[np.floating]
Shown = tuple[str, Pixels | Channel]
"""A title, and what stands under it: pixels, or a channel that is stretched from black to white."""

_EDGE, _GAP = 24, 16
_WIDTH = 820
_INKS = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


def numbers(pixels: Pixels, left: int, top: int, side: int = 8) -> str:
    """A photograph, and a few of its pixels with their three numbers."""
    high = 250
    wide = high * pixels.shape[1] / pixels.shape[0]
    cell = 52
    drawing = Drawing(
        _WIDTH + 40,
        90 + side * cell,
        "A picture is numbers",
        f"A photograph, a square of {side} by {side} of its pixels, and the levels of red, green and blue of each.",
    )
    drawing.text(_EDGE, 34, f"{pixels.shape[1]} × {pixels.shape[0]} pixels, three numbers each 画素", "head")
    drawing.pixels(_EDGE, 54, wide, high, png(smaller(pixels, 400)))
    scale = high / pixels.shape[0]
    corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)]
    drawing.line([(_EDGE + x * scale, 54 + y * scale) for x, y in corners], "line second")
    start = _EDGE + wide + 2 * _GAP
    square = pixels[top : top + side, left : left + side]
    drawing.pixels(start, 54, side * cell, side * cell, png(square))
    for row in range(side):
        for column in range(side):
            x, y = start + column * cell, 54 + row * cell
            drawing.box(x + 10, y + 3, cell - 20, cell - 6, "empty", opacity=0.75)
            for channel in range(3):
                level = str(square[row, column, channel])
                drawing.text(x + cell / 2, y + 16 + channel * 14, level, "number", anchor="middle")
    return drawing.render()


def channels(pixels: Pixels) -> str:
    """Red, green and blue alone, how light the eye sees it, and how often each level occurs."""
    small = smaller(pixels, 240)
    alone = [(small * np.array(ink)).astype(np.uint8) for ink in _INKS]
    titles = ("Red 赤", "Green 緑", "Blue 青", "Luminance 輝度")
    shown: list[Shown] = list(zip(titles, [*alone, features.luminance(small)], strict=True))
    drawing, below = _row(
        shown,
        4,
        210,
        "Channels and histogram",
        "The same photograph in red, in green, in blue and in grey, and a histogram.",
    )
    counts = features.histogram(pixels, 64) / pixels[:, :, 0].size * 100
    highest = float(np.sort(counts.ravel())[-4])  # the first levels of a dark picture would flatten all others
    plot = Plot(drawing, (84, below + 34, 700, 110), (0, 256), (0, highest))
    drawing.text(_EDGE, below + 18, "Histogram ヒストグラム: how many pixels have which level", "head")
    plot.axes(
        "level",
        "% of pixels",
        [(each, str(each)) for each in (0, 64, 128, 192, 255)],
        [(0, "0"), (highest, f"{highest:.0f}")],
    )
    for kind, row in zip((COLOURS[1], COLOURS[0], COLOURS[2]), counts, strict=True):
        drawing.line(
            [plot.at(4 * level + 2, min(float(count), highest)) for level, count in enumerate(row)], f"line {kind}"
        )
    return drawing.render()


def kernels(pixels: Pixels) -> str:
    """What five kernels of nine numbers answer."""
    light = features.luminance(smaller(pixels, 250))
    shown: list[Shown] = [("Luminance 輝度", light)]
    for name, kernel in features.KERNELS.items():
        answer = features.convolve(light, kernel)
        limit = float(np.abs(answer).max())
        shown.append((name, answer.clip(0, 1) if kernel.sum() > 0.5 else answer / limit / 2 + 0.5))
    drawing, _ = _row(
        shown,
        3,
        40,
        "Kernels",
        "A grey photograph, blurred, sharpened, its edges across and down, and its outlines.",
        fixed=True,
    )
    return drawing.render()


def gradients(pixels: Pixels, cell: int = 10) -> str:
    """Edges, and in which directions they run in each cell."""
    small = smaller(pixels, 400)
    light = features.luminance(small)
    strength, _ = features.gradient(light)
    cells = features.oriented_gradients(light, cell)
    total = features.pooled(strength, cell)
    high = 380 * small.shape[0] / small.shape[1]
    drawing = Drawing(
        _WIDTH,
        100 + high,
        "Gradients",
        "How steep the luminance is everywhere, and the directions of edges in each cell.",
    )
    drawing.text(_EDGE, 34, "Gradient 勾配, its strength", "head")
    drawing.pixels(_EDGE, 54, 380, high, png(stretched(strength)))
    left, scale = _EDGE + 380 + _GAP, 380 / small.shape[1]
    drawing.text(left, 34, "Oriented gradients, cells of 10 pixels (HOG)", "head")
    drawing.box(left, 54, 380, high, "empty")
    for row, column in np.ndindex(cells.shape[:2]):
        x, y = left + (column + 0.5) * cell * scale, 54 + (row + 0.5) * cell * scale
        for number, share in enumerate(cells[row, column]):
            length = share * min(total[row, column] / 2, 1) * cell * scale / 2
            if length > 0.8:  # an edge runs across its gradient
                angle = number * np.pi / cells.shape[2] + np.pi / 2
                across, down = length * np.cos(angle), length * np.sin(angle)
                drawing.line([(x - across, y - down), (x + across, y + down)], "line first")
    return drawing.render()


def activations(
    pixels: Pixels, layers: Sequence[tuple[str, NDArray[np.float32]]], reasons: Sequence[tuple[str, Channel]]
) -> str:
    """What channels of a network answer, layer by layer, and where it saw what it says.

    Args:
        layers: a title, and maps (channels, height, width), of which the liveliest are shown.
        reasons: what it says, and how much each place speaks for it.
    """
    shown: list[Shown] = []
    for title, maps in layers:
        liveliest = np.argsort(-maps.std(axis=(1, 2)))[:4]
        shown += [(title if place == 0 else "", maps[number]) for place, number in enumerate(liveliest)]
    square = np.asarray(Image.fromarray(pixels).resize((240, 240), Image.Resampling.LANCZOS))
    shown.append(("As the network sees it", square))
    for title, speaks in reasons:
        large = Image.fromarray(stretched(speaks)).resize((240, 240), Image.Resampling.BICUBIC)
        weight = np.asarray(large)[:, :, None] / 255
        shown.append((title, (square * (0.15 + 0.85 * weight)).astype(np.uint8)))
    drawing, _ = _row(
        shown,
        4,
        40,
        "What a network sees",
        "Maps of four channels in each of four layers, ever coarser; then what speaks for its answers.",
    )
    return drawing.render()


def _row(
    shown: Sequence[Shown], columns: int, more: float, title: str, description: str, fixed: bool = False
) -> tuple[Drawing, float]:
    """Pictures in rows; how far down they reach. `fixed`: channels are from 0 to 1 already."""
    wide = (_WIDTH - 2 * _EDGE - (columns - 1) * _GAP) / columns
    highs = [wide * each.shape[0] / each.shape[1] for _, each in shown]
    high = max(highs)
    rows = -(-len(shown) // columns)
    drawing = Drawing(_WIDTH, 24 + rows * (high + 44) + more - 20, title, description)
    for place, (name, picture) in enumerate(shown):
        x, y = _EDGE + place % columns * (wide + _GAP), 44 + place // columns * (high + 44)
        drawing.text(x, y - 8, name)
        if picture.ndim == 2:
            picture = (picture * 255).round().clip(0, 255).astype(np.uint8) if fixed else stretched(picture)
        drawing.pixels(x, y, wide, highs[place], png(picture))
    return drawing, 24 + rows * (high + 44)


def stretched(channel: Channel) -> Pixels:
    """From its least, black, to its greatest, white."""
    low, high = float(channel.min()), float(channel.max())
    return ((channel - low) / max(high - low, 1e-9) * 255).round().astype(np.uint8)


def smaller(pixels: Pixels, width: int) -> Pixels:
    """So many pixels wide."""
    height = round(width * pixels.shape[0] / pixels.shape[1])
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS))


def png(pixels: Pixels) -> bytes:
    """In at most 256 colours, which is enough for a figure."""
    stream = BytesIO()
    image = Image.fromarray(pixels)
    (image.quantize(256) if image.mode == "RGB" and image.width > 64 else image).save(stream, "PNG", optimize=True)
    return stream.getvalue()
