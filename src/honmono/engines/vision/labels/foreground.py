"""Which pixels of a picture are things in front, and which are behind them.

Where things were found, their boxes are the beginning, and GrabCut draws the line (Rother, Kolmogorov and Blake, 2004);
where none were, what differs most from the colours along the edges of the picture is in front.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.colours import lab, shrunk

_SIDE = 120
_LEAST = 0.01  # of the picture; less is no foreground


def foreground(pixels: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the things are: (height, width).

    Args:
        boxes: (n, 4) of things found: left, top, right, bottom in pixels.
    """
    import cv2

    height, width = pixels.shape[:2]
    small = shrunk(pixels, _SIDE)
    scale = small.shape[1] / width
    mask = _cut(small, boxes * scale) if len(boxes) else _apart(small)
    if mask.mean() < _LEAST:
        mask = np.zeros_like(mask)
    return np.asarray(cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool))


def _cut(pixels: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
    import cv2

    mask = np.full(pixels.shape[:2], cv2.GC_BGD, np.uint8)
    for left, top, right, bottom in np.clip(np.rint(boxes), 0, None).astype(int):
        mask[top:bottom, left:right] = cv2.GC_PR_FGD
    likely = mask == cv2.GC_PR_FGD
    if not likely.any() or likely.all():
        return np.asarray(likely)
    models = np.zeros((2, 1, 65))
    cv2.setRNGSeed(0)  # its k-means begins at random
    cv2.grabCut(
        np.ascontiguousarray(pixels[:, :, ::-1]), mask, (0, 0, 1, 1), models[0], models[1], 2, cv2.GC_INIT_WITH_MASK
    )
    cut = mask == cv2.GC_PR_FGD
    return np.asarray(cut if cut.sum() > 0.1 * likely.sum() else likely)


def _apart(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import cv2

    height, width = pixels.shape[:2]
    colours = lab(pixels.reshape(-1, 3)).reshape(height, width, 3)
    rim = max(1, min(height, width) // 20)
    edge = np.ones((height, width), bool)
    edge[rim:-rim, rim:-rim] = False
    samples = colours[edge][:: max(1, int(edge.sum()) // 64)]
    distance = np.linalg.norm(colours[:, :, None] - samples[None, None], axis=-1)
    apart = np.sort(distance, axis=-1)[:, :, : max(1, len(samples) // 8)].mean(axis=-1)
    scaled = np.clip(apart * 4, 0, 255).astype(np.uint8)
    _, mask = cv2.threshold(cv2.GaussianBlur(scaled, (5, 5), 0), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray((mask > 0) & (scaled > 40))  # ten units of Lab: an even picture has no foreground
