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
    import cv2

    if len(found) < 2:
        return found
    corners = np.concatenate([found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]], axis=1)
    kinds = np.zeros(len(found), np.int32) if across_classes else found.classes.astype(np.int32)
    kept = cv2.dnn.NMSBoxesBatched(corners.tolist(), found.scores.tolist(), kinds.tolist(), 0.0, overlap)
    return found.taken(np.sort(np.asarray(kept, np.int64).ravel()))


def agreed(looks: list[Detections], overlap: float, absent: float) -> Detections:
    """One list of what several looks at the same picture found, strongest first.

    Boxes of a class that overlap by more than `overlap` are one thing: its box is their mean by scores, its log-odds the
    mean of its log-odds in each look, and in a look that did not find it those of `absent`. So what only one look sees is
    doubted. After Solovyev et al., Weighted boxes fusion, 2021 (https://arxiv.org/abs/1910.13302).
    """
    everything = joined(looks)
    order = np.argsort(-np.concatenate([look.scores for look in looks]), kind="stable")
    source = np.concatenate([np.full(len(look), number) for number, look in enumerate(looks)])[order]
    free = np.ones(len(everything), bool)
    boxes, scores, classes = [], [], []
    for row in range(len(everything)):
        if not free[row]:
            continue
        same = free & (everything.classes == everything.classes[row])
        same &= overlaps(everything.boxes[row], everything.boxes) > overlap
        same[row] = True
        free &= ~same
        best = [rows[0] for number in range(len(looks)) if len(rows := np.flatnonzero(same & (source == number)))]
        weights = everything.scores[best]
        odds = log_odds(np.append(weights, [absent] * (len(looks) - len(best))))
        boxes.append(np.average(everything.boxes[best], axis=0, weights=weights))
        scores.append(1 / (1 + np.exp(-odds.mean())))
        classes.append(everything.classes[row])
    shape = (-1, 4)
    fused = Detections(
        np.array(boxes, np.float32).reshape(shape), np.array(scores, np.float32), np.array(classes, np.int64)
    )
    return fused.taken(np.argsort(-fused.scores, kind="stable"))


def log_odds(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """Of probabilities, bounded to ± 9."""
    bounded = np.clip(np.asarray(probabilities, np.float64), 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))


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
