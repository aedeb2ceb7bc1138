"""What a picture is before a network sees it, and what simple programs see in it: one step a function, on numpy alone.

Pictures are arrays (height, width, 3) of uint8, red, green and blue; a channel is an array (height, width) of floats from 0
to 1. Rows run down, columns to the right.

Sources: ITU-R BT.601 (luminance); I. Sobel and G. Feldman, "A 3×3 isotropic gradient operator", 1968; N. Dalal and B. Triggs,
"Histograms of oriented gradients for human detection", CVPR 2005. A test holds the values against OpenCV's.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Channel = NDArray[np.floating]

KERNELS = MappingProxyType(
    {
        "blur": np.outer((1, 2, 1), (1, 2, 1)) / 16,
        "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], float),
        "edges across": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float),
        "edges down": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], float),
        "outline": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], float),
    }
)
"""Squares of nine weights for `convolve`. "edges across" answers where it grows lighter to the right, "edges down" where it
does downwards: Sobel's."""


_PLAIN = 1e-6
"""Length of a cell's gradients under which it is plain: what is left of rounding is no direction."""


def luminance(pixels: Pixels) -> Channel:
    """How light each pixel is to the eye, which sees green best: (height, width), 0 to 1."""
    light: Channel = pixels @ np.array([0.299, 0.587, 0.114]) / 255
    return light


def histogram(pixels: Pixels, bins: int = 256) -> NDArray[np.int64]:
    """How many pixels have each level of red, green and blue: (3, bins). `bins` divides 256."""
    if bins < 1 or 256 % bins:
        raise ValueError(f"bins must divide 256: {bins}")
    levels = pixels.reshape(-1, 3) // (256 // bins)
    return np.stack([np.bincount(levels[:, channel], minlength=bins) for channel in range(3)])


def convolve(channel: Channel, kernel: Channel) -> Channel:
    """What a kernel answers at each pixel: the sum of its weights times the pixels around. As large as the channel, whose
    edge is repeated outwards. As in networks, the kernel is not turned over (which mathematicians call correlation).

    Args:
        kernel: of odd height and width.
    """
    height, width = kernel.shape
    if height % 2 == 0 or width % 2 == 0:
        raise ValueError(f"the kernel's sides must be odd: {height} × {width}")
    padded = np.pad(channel, ((height // 2,) * 2, (width // 2,) * 2), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, (height, width))
    answer: Channel = np.einsum("yxij,ij->yx", around, kernel)
    return answer


def gradient(channel: Channel) -> tuple[Channel, Channel]:
    """How steeply it grows lighter, by Sobel's kernels, and in which direction: radians from -π to π, 0 to the right, π/2
    down."""
    across, down = convolve(channel, KERNELS["edges across"]), convolve(channel, KERNELS["edges down"])
    return np.hypot(across, down), np.arctan2(down, across)


def oriented_gradients(channel: Channel, cell: int = 8, directions: int = 9) -> Channel:
    """How much of the gradient of each cell runs in each direction, whichever way: (rows, columns, directions), each cell of
    length 1, or 0 where it is plain. Which way round an edge is dark and light makes no difference; neither does contrast.

    Args:
        cell: pixels of a side; what is left over at the right and the foot is not looked at.
        directions: of half a turn, the first around 0; what lies between two counts for both.
    """
    strength, direction = gradient(channel)
    rows, columns = channel.shape[0] // cell, channel.shape[1] // cell
    place = direction / (np.pi / directions)
    below = np.floor(place)
    lower, share = below.astype(int) % directions, place - below
    found = np.zeros((rows, columns, directions))
    for number in range(directions):
        vote = np.where(lower == number, 1 - share, 0) + np.where((lower + 1) % directions == number, share, 0)
        seen = (strength * vote)[: rows * cell, : columns * cell]
        found[:, :, number] = seen.reshape(rows, cell, columns, cell).sum(axis=(1, 3))
    length = np.linalg.norm(found, axis=2, keepdims=True)
    cells: Channel = found / (length + _PLAIN)
    return cells


def pooled(channel: Channel, size: int = 2) -> Channel:
    """The largest of each square of `size` pixels: what was found stays found though the thing moves a little."""
    height, width = channel.shape[0] // size, channel.shape[1] // size
    largest: Channel = channel[: height * size, : width * size].reshape(height, size, width, size).max(axis=(1, 3))
    return largest
