"""Where the faces of a picture are: CenterFace, a network that marks the middle of every face, its size and five points.

Method: Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2020 (arXiv:1911.03599).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnxruntime

STRIDE = 4
_BLOCK = 32
_LEAST = 0.2
_OVERLAP = 0.3
_COARSE, _FINE = 640, 1_600
_SMALLEST_PICTURE = 256
_SMALL_FACE = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A face that the detector marked, in pixels of the picture.

    Attributes:
        score: of the network, 0 to 1.
        box: left, top, right, bottom.
        five: (5, 2) eyes, tip of the nose and corners of the mouth, those on the picture's left first.
    """

    score: float
    box: NDArray[np.float64]
    five: NDArray[np.float64]

    @property
    def size(self) -> float:
        """The longer side of the box."""
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))


class Detector:
    """Finds faces. Safe to call from many threads.

    Args:
        session: of the graph that `graphs.detector` made.
    """

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def find(self, pixels: NDArray[np.uint8]) -> list[Found]:
        """The faces in a picture (h, w, 3), the surest first.

        The picture is looked at small; and, where small faces or none are seen so, a second time in detail.
        """
        longest = max(pixels.shape[:2])
        found = self._look(pixels, min(max(longest, _SMALLEST_PICTURE), _COARSE))
        small = _SMALL_FACE * longest / _COARSE
        if longest > _COARSE and (not found or min(each.size for each in found) < small):
            found = _distinct([*found, *self._look(pixels, min(longest, _FINE))])
        return found

    def _look(self, pixels: NDArray[np.uint8], longest: int) -> list[Found]:
        height, width = pixels.shape[:2]
        scale = longest / max(height, width)
        small = (max(round(width * scale), 1), max(round(height * scale), 1))
        resized = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        canvas = np.zeros((1, -(-small[1] // _BLOCK) * _BLOCK, -(-small[0] // _BLOCK) * _BLOCK, 3), np.float32)
        canvas[0, : small[1], : small[0]] = resized
        heat, sizes, offsets, points = self._session.run(
            None, {self._input: np.ascontiguousarray(canvas.transpose(0, 3, 1, 2))}
        )
        rows, columns = np.nonzero(heat[0, 0] >= _LEAST)
        heights, widths = np.exp(sizes[0][:, rows, columns]) * STRIDE
        top = (rows + offsets[0, 0, rows, columns] + 0.5) * STRIDE - heights / 2
        left = (columns + offsets[0, 1, rows, columns] + 0.5) * STRIDE - widths / 2
        marks = points[0][:, rows, columns]  # y and x of each point, in shares of the box
        fives = np.stack([marks[1::2] * widths + left, marks[0::2] * heights + top], axis=2).transpose(1, 0, 2)
        boxes = np.stack([left, top, left + widths, top + heights], axis=1)
        scores = heat[0, 0, rows, columns]
        return _distinct(
            [
                Found(float(score), box.astype(np.float64) / scale, five.astype(np.float64) / scale)
                for score, box, five in zip(scores, boxes, fives, strict=True)
            ]
        )


def _distinct(found: list[Found]) -> list[Found]:
    """The surest of those that overlap."""
    if not found:
        return []
    found = sorted(found, key=lambda each: -each.score)
    boxes = np.array([each.box for each in found])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    alive = np.ones(len(found), bool)
    kept: list[Found] = []
    for at, each in enumerate(found):
        if not alive[at]:
            continue
        kept.append(each)
        across = np.minimum(boxes[:, 2], boxes[at, 2]) - np.maximum(boxes[:, 0], boxes[at, 0])
        down = np.minimum(boxes[:, 3], boxes[at, 3]) - np.maximum(boxes[:, 1], boxes[at, 1])
        common = np.maximum(across, 0) * np.maximum(down, 0)
        # A part of a face that is found within it overlaps little by its union, and nearly whole by itself.
        apart = (common / (areas + areas[at] - common) < _OVERLAP) & (common / np.minimum(areas, areas[at]) < 0.7)
        alive &= apart
    return kept
