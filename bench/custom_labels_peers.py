"""What the same pictures give without a pretrained network: handmade features, linear models
(scikit-image, scikit-learn).

Source of the detector: Dalal and Triggs, Histograms of oriented gradients for human detection, 2005.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]

_SIDE, _STRIDE = 64, 8
_BLOCKS = _SIDE // _STRIDE - 1
_SIZES = [72 * 1.4**step for step in range(6)]
"""Longer sides of windows, in pixels of a scene: 72 to 387."""
_NEGATIVES = 20
_HARD = 40
_MOST = 100


def histograms(picture: Pixels) -> NDArray[np.float32]:
    """Colours in HSV, 8 × 4 × 4, and oriented gradients of the picture in 64 × 64."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    colours = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256]).ravel()
    small = cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return np.concatenate([np.sqrt(colours / colours.sum()) * 5, _gradients(small)[0]])


def logistic(known: NDArray[Any], truth: NDArray[np.int64], asked: NDArray[Any], labels: int) -> NDArray[np.float64]:
    """Logistic regression as scikit-learn has it by default, on columns of one scale."""
    centre, spread = known.mean(axis=0), known.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=1000).fit((known - centre) / spread, truth)
    found = np.zeros((len(asked), labels))
    found[:, model.classes_] = model.predict_proba((asked - centre) / spread)
    return found


@dataclass(frozen=True)
class Windows:
    """A linear support vector machine for each class, asked about windows of the class's mean shape."""

    shapes: list[float]
    models: list[LinearSVC]

    @classmethod
    def train(cls, pictures: Sequence[tuple[Pixels, list[tuple[int, Box]]]], classes: int) -> Windows:
        chance = np.random.default_rng(0)
        shapes, models = [], []
        for label in range(classes):
            boxes = [_pixels(picture, box) for picture, there in pictures for one, box in there if one == label]
            shape = float(np.exp(np.mean([np.log(box[2] / box[3]) for box in boxes])))
            good, bad = [], []
            for picture, there in pictures:
                own = [_pixels(picture, box) for one, box in there if one == label]
                for box in own:
                    crop = _cut(picture, box)
                    good += [_gradients(crop)[0], _gradients(crop[:, ::-1])[0]]
                for _ in range(_NEGATIVES):
                    window = _window(picture, float(chance.choice(_SIZES)), shape, chance)
                    if all(_overlap(window, box) < 0.3 for box in own):
                        bad.append(_gradients(_cut(picture, window))[0])
            model = _fit(good, bad)
            for picture, there in pictures:  # once more, with what it mistakes
                own = [_pixels(picture, box) for one, box in there if one == label]
                vectors, windows = _every(picture, shape)
                scores = model.decision_function(vectors)
                wrong = [
                    row
                    for row in np.argsort(-scores)[: _HARD * 4]
                    if scores[row] > -1 and all(_overlap(windows[row], box) < 0.3 for box in own)
                ]
                bad += [vectors[row] for row in wrong[:_HARD]]
            shapes.append(shape)
            models.append(_fit(good, bad))
        return cls(shapes, models)

    def detect(self, picture: Pixels) -> list[tuple[int, float, Box]]:
        height, width = picture.shape[:2]
        found: list[tuple[int, float, Box]] = []
        for label, (shape, model) in enumerate(zip(self.shapes, self.models, strict=True)):
            vectors, windows = _every(picture, shape)
            scores = model.decision_function(vectors)
            kept: list[Box] = []
            for row in np.argsort(-scores)[:500]:
                if len(kept) < _MOST and all(_overlap(windows[row], other) < 0.5 for other in kept):
                    kept.append(windows[row])
                    left, top, wide, high = windows[row]
                    box = (left / width, top / height, wide / width, high / height)
                    found.append((label, float(1 / (1 + np.exp(-scores[row]))), box))
        return found


def _fit(good: list[NDArray[np.float32]], bad: list[NDArray[np.float32]]) -> LinearSVC:
    rows = np.stack([*good, *bad])
    return LinearSVC(C=0.01, class_weight="balanced").fit(rows, [1] * len(good) + [0] * len(bad))


def _every(picture: Pixels, shape: float) -> tuple[NDArray[np.float32], list[Box]]:
    """All windows of a shape with their gradients: the picture is scaled so that each is 64 × 64."""
    height, width = picture.shape[:2]
    scale = 640 / max(height, width)
    vectors, windows = [], []
    for size in _SIZES:
        wide, high = _sides(size / scale, shape)
        if wide > width or high > height:
            continue
        scaled = cv2.resize(picture, (round(width * _SIDE / wide), round(height * _SIDE / high)))
        if min(scaled.shape[:2]) < _SIDE:
            continue
        rows = _gradients(scaled)
        across = scaled.shape[1] // _STRIDE - _BLOCKS
        vectors.append(rows)
        windows += [
            (place % across * _STRIDE * wide / _SIDE, place // across * _STRIDE * high / _SIDE, wide, high)
            for place in range(len(rows))
        ]
    return np.concatenate(vectors), windows


def _gradients(picture: Pixels) -> NDArray[np.float32]:
    """Of all windows of 64 × 64 at steps of 8 pixels, row by row."""
    blocks = hog(picture, 9, (_STRIDE, _STRIDE), (2, 2), channel_axis=2, feature_vector=False)
    windows = sliding_window_view(blocks.astype(np.float32), (_BLOCKS, _BLOCKS), axis=(0, 1))
    return windows.reshape(windows.shape[0] * windows.shape[1], -1)


def _sides(size: float, shape: float) -> tuple[float, float]:
    return (size, size / shape) if shape >= 1 else (size * shape, size)


def _window(picture: Pixels, size: float, shape: float, chance: np.random.Generator) -> Box:
    height, width = picture.shape[:2]
    wide, high = _sides(size, shape)
    wide, high = min(wide, width), min(high, height)
    return float(chance.uniform(0, width - wide)), float(chance.uniform(0, height - high)), wide, high


def _cut(picture: Pixels, box: Box) -> Pixels:
    left, top, wide, high = (max(0, round(value)) for value in box)
    return cv2.resize(picture[top : top + max(2, high), left : left + max(2, wide)], (_SIDE, _SIDE))


def _pixels(picture: Pixels, box: Box) -> Box:
    height, width = picture.shape[:2]
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height


def _overlap(one: Box, other: Box) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / (one[2] * one[3] + other[2] * other[3] - across * down)
