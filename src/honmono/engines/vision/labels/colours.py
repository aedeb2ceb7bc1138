"""The colours that a picture is made of, and how bright, sharp and rich in contrast it is.

Colours are clustered in CIELAB, where distances are as people see them, by k-means; clusters that hardly differ are
one colour. AWS does not publish its method; what the numbers mean here is said at each.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.answers import Colour, Part, Quality

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COLOURS = 20
_SAMPLED_SIDE = 96  # pixels of the longer side that colours are counted on
_SAME = 6.0  # ΔE (CIE76): hardly told apart side by side
_SHARP_SIDE = 512  # sharpness is that of a picture of this size, whatever the camera's
_HALF_SHARP = 300.0  # variance of the Laplacian at which sharpness is 50

# Plain colours by their Lab: what a pixel is called that is nearest. Several stand for one name.
_SIMPLE = {
    "black": ("#000000", "#1c1c1c"),
    "white": ("#ffffff", "#f2f2f2"),
    "grey": ("#808080", "#4d4d4d", "#b3b3b3", "#5f6a74"),
    "red": ("#d00000", "#8b0000", "#ff3b30"),
    "orange": ("#ff8c00", "#e8701a", "#f4a460"),
    "yellow": ("#ffd700", "#ffff33", "#e0d060"),
    "green": ("#008000", "#32cd32", "#556b2f", "#90c080"),
    "cyan": ("#00ced1", "#7fdfdf", "#008b8b"),
    "blue": ("#0000ff", "#1e66c8", "#00004d", "#7fb2e5"),
    "purple": ("#800080", "#9370db", "#4b0082"),
    "pink": ("#ff69b4", "#ffb6c1", "#e0509a"),
    "brown": ("#8b4513", "#5c3a1e", "#a9825a", "#d2b48c"),
}


def part(pixels: NDArray[np.uint8], mask: NDArray[np.bool_] | None, most: int) -> Part:
    """Quality and dominant colours of a picture (height, width, 3), or of where `mask` (height, width) is true."""
    if mask is not None and not mask.any():
        return Part(None, ())
    return Part(quality(pixels, mask), dominant(pixels, mask, most))


def quality(pixels: NDArray[np.uint8], mask: NDArray[np.bool_] | None = None) -> Quality:
    """How it is taken.

    brightness: the mean of luma (BT.601), 100 for white. contrast: luma's standard deviation, 100 where half the pixels
    are black and half white. sharpness: 100 · v / (v + 300) with v the variance of luma's Laplacian, the picture brought
    to 512 pixels: Pech-Pacheco et al., Diatom autofocusing, 2000.
    """
    import cv2

    height, width = pixels.shape[:2]
    scale = _SHARP_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    edges = cv2.Laplacian(small, cv2.CV_32F)
    if mask is not None:
        kept = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
        if kept.any():
            small, edges = small[kept], edges[kept]
    spread = float(edges.var())
    return Quality(
        brightness=float(small.mean()) / 2.55,
        sharpness=100 * spread / (spread + _HALF_SHARP),
        contrast=min(100.0, float(small.std()) / 1.275),
    )


def dominant(pixels: NDArray[np.uint8], mask: NDArray[np.bool_] | None = None, most: int = 10) -> tuple[Colour, ...]:
    """The colours that most pixels have, most frequent first; shares add up to one."""
    import cv2

    if most < 1:
        return ()
    small = shrunk(pixels, _SAMPLED_SIDE)
    sample = small.reshape(-1, 3)
    if mask is not None:
        size = (small.shape[1], small.shape[0])
        kept = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool).ravel()
        sample = sample[kept] if kept.any() else sample
    centres, counts = _merged(*_clusters(lab(sample), min(most, MOST_COLOURS)))
    total = counts.sum()
    return tuple(
        Colour(*colour, css=_nearest(centre, _css()), simple=_nearest(centre, _simple()), share=float(count / total))
        for centre, count, colour in zip(centres, counts, rgb(centres), strict=True)
    )


def shrunk(pixels: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """The picture with a longer side of at most so many pixels."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def lab(colours: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIELAB (n, 3) of red, green and blue (n, 3): L 0 to 100."""
    import cv2

    scaled = colours.reshape(1, -1, 3).astype(np.float32) / 255
    converted: NDArray[np.float32] = cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB)[0]
    return converted


def rgb(colours: NDArray[np.float32]) -> list[tuple[int, int, int]]:
    """Red, green and blue of CIELAB (n, 3)."""
    import cv2

    converted = cv2.cvtColor(colours.reshape(1, -1, 3).astype(np.float32), cv2.COLOR_LAB2RGB)[0]
    rounded = np.clip(np.rint(converted * 255), 0, 255).astype(int)
    return [(int(red), int(green), int(blue)) for red, green, blue in rounded]


def _clusters(points: NDArray[np.float32], most: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    from sklearn.cluster import KMeans

    distinct = len(np.unique(points, axis=0))
    means = KMeans(min(most, distinct), n_init=1, random_state=0, max_iter=50).fit(points)
    return means.cluster_centers_.astype(np.float32), np.bincount(means.labels_, minlength=means.n_clusters)


def _merged(centres: NDArray[np.float32], counts: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    order = np.argsort(-counts, kind="stable")
    kept: list[NDArray[np.float32]] = []
    sizes: list[int] = []
    for row in order:
        near = [place for place, other in enumerate(kept) if np.linalg.norm(other - centres[row]) < _SAME]
        if not near:
            kept.append(centres[row])
            sizes.append(int(counts[row]))
            continue
        place, size = near[0], int(counts[row])
        kept[place] = (kept[place] * sizes[place] + centres[row] * size) / (sizes[place] + size)
        sizes[place] += size
    again = np.argsort(-np.array(sizes), kind="stable")
    return np.array(kept, np.float32)[again], np.array(sizes, np.int64)[again]


def _nearest(colour: NDArray[np.float32], named: tuple[Sequence[str], NDArray[np.float32]]) -> str:
    names, centres = named
    return names[int(np.linalg.norm(centres - colour, axis=1).argmin())]


@cache
def _css() -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """CSS's 148 colours; of two names for one colour ("gray", "grey") the one spelt as in America's CSS documents."""
    from PIL import ImageColor

    names = [name for name in ImageColor.colormap if "grey" not in name]
    return tuple(names), lab(np.array([ImageColor.getrgb(name)[:3] for name in names], np.uint8))


@cache
def _simple() -> tuple[tuple[str, ...], NDArray[np.float32]]:
    from PIL import ImageColor

    rows = [(name, ImageColor.getrgb(code)[:3]) for name, codes in _SIMPLE.items() for code in codes]
    return tuple(name for name, _ in rows), lab(np.array([colour for _, colour in rows], np.uint8))
