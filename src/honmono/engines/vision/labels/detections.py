"""Things found in a picture, with boxes in pixels, whatever network found them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Detections:
    """Rows that belong together, strongest first.

    Attributes:
        boxes: (things, 4) of float: left, top, right, bottom in pixels of the picture that was looked at.
        scores: (things,) from 0 to 1.
        classes: (things,) numbers in the network's list.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.scores)

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Detections:
        """Those rows alone."""
        return Detections(self.boxes[rows], self.scores[rows], self.classes[rows])

    def within(self, width: int, height: int) -> Detections:
        """With what of the boxes lies in the picture; boxes of which nothing does are left out."""
        boxes = np.clip(self.boxes, 0, np.array([width, height, width, height], np.float32))
        kept = (boxes[:, 2] - boxes[:, 0] >= 1) & (boxes[:, 3] - boxes[:, 1] >= 1)
        return Detections(boxes[kept], self.scores[kept], self.classes[kept])


def joined(parts: list[Detections]) -> Detections:
    """Several looks' detections as one, strongest first."""
    together = Detections(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.classes for part in parts]),
    )
    return together.taken(np.argsort(-together.scores, kind="stable"))


def suppressed(found: Detections, overlap: float, across_classes: bool = False) -> Detections:
    """Without those that overlap a stronger one of their class (or of any class) by more than `overlap`, as a share of
    both together: what a network finds twice is one thing. `found` is sorted, strongest first."""
    kept: list[int] = []
    for row in range(len(found)):
        rivals = [other for other in kept if across_classes or found.classes[other] == found.classes[row]]
        if not rivals or overlaps(found.boxes[row], found.boxes[rivals]).max() <= overlap:
            kept.append(row)
    return found.taken(np.array(kept, np.int64))


def overlaps(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box (4,) with many (n, 4)."""
    common = _common(box, others)
    return np.asarray(common / np.maximum(area(box[None]) + area(others) - common, 1e-9), np.float32)


def inside(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of one box (4,) lies in each of many (n, 4), 0 to 1."""
    return np.asarray(_common(box, others) / np.maximum(area(box[None]), 1e-9), np.float32)


def area(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of boxes (n, 4), in square pixels."""
    sizes: NDArray[np.float32] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return sizes


def _common(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    across = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    down = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    return np.asarray(np.maximum(across, 0) * np.maximum(down, 0), np.float32)
