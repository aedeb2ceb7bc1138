"""Films for tests: drawn, and encoded with PyAV."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np


def write_film(
    path: Path, frames: Iterable[np.ndarray], rate: int | Fraction = 25, codec: str = "libx264", **options: str
) -> Path:
    """Encode RGB frames; the container is the one of the path's ending."""
    with av.open(str(path), "w") as container:
        stream: Any = None
        for pixels in frames:
            if stream is None:
                stream = container.add_stream(codec, rate=rate, options={"preset": "ultrafast", **options})
                stream.height, stream.width = pixels.shape[:2]
                stream.pix_fmt = "yuv420p"
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def scene(seed: int, frames: int, size: tuple[int, int] = (192, 108), speed: float = 1.0) -> list[np.ndarray]:
    """A scene of coloured shapes that move a little from frame to frame; another seed is another scene."""
    rng = np.random.default_rng(seed)
    width, height = size
    ground = rng.integers(30, 220, 3)
    shapes = [
        (
            rng.integers(0, width),
            rng.integers(0, height),
            rng.integers(8, 40),
            rng.integers(0, 255, 3),
            rng.normal(0, 1, 2),
        )
        for _ in range(12)
    ]
    film = []
    for number in range(frames):
        picture = np.full((height, width, 3), ground, np.uint8)
        for x, y, radius, colour, (dx, dy) in shapes:
            at = (int(x + dx * number * speed), int(y + dy * number * speed))
            cv2.circle(picture, at, int(radius), [int(part) for part in colour], -1)
        film.append(picture)
    return film


def colour_bars(width: int = 192, height: int = 108, level: int = 191) -> np.ndarray:
    """The seven upright bars of SMPTE, at 75 %."""
    picture = np.zeros((height, width, 3), np.uint8)
    for index, colour in enumerate([(1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1)]):
        picture[:, round(index * width / 7) : round((index + 1) * width / 7)] = np.array(colour) * level
    return picture
