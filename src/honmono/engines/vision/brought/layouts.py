"""How detectors lay out what they find.

- yolov5 (v5, v7): one array (1, rows, 5 + classes): centre, size in pixels of the square, whether anything is there, and
  what; a score is the product.
- yolov8 (v8, v9, v11): one array (1, 4 + classes, rows): centre, size, and a score for each class.
- end-to-end (v10, and exports with their own suppression): one array (1, rows, 6): corners, score, class.
- rt-detr: either one array (1, rows, 4 + classes): centre and size in shares of the square, and scores; or three,
  `labels` (1, rows), `boxes` (1, rows, 4) with corners in pixels of `orig_target_sizes`, and `scores` (1, rows).

Sources: the export documentation of Ultralytics and of RT-DETR.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.detections import Detections, joined

Shapes = Sequence[Sequence[int | str | None]]


def told(shapes: Shapes, classes: int) -> str:
    """The layout of a graph with outputs of these shapes and a list of so many classes; "" where none fits."""
    if len(shapes) == 3:
        return "rt-detr"
    if len(shapes) != 1 or len(shapes[0]) != 3:
        return ""
    _, middle, last = shapes[0]
    if last == 6 and classes != 1:
        return "end-to-end"
    if last == 5 + classes:
        return "yolov5"
    if middle == 4 + classes:
        return "yolov8"
    return "rt-detr" if last == 4 + classes else ""


def found(layout: str, values: Sequence[NDArray[np.float32]], side: tuple[int, int], least: float) -> Detections:
    """What the outputs say, strongest first, with boxes in pixels of the square that was looked at.

    Args:
        side: width and height of that square.

    Raises:
        ValueError: the outputs are not of this layout.
    """
    width, height = side
    if layout == "rt-detr" and len(values) == 3:
        kinds, boxes, scores = (np.asarray(value)[0] for value in values)
        return _chosen(boxes, scores, kinds, least)
    rows = np.asarray(values[0], np.float32)[0]
    if layout == "end-to-end":
        return _chosen(rows[:, :4], rows[:, 4], rows[:, 5], least)
    if layout == "yolov8":
        rows = rows.T
    scores = rows[:, 4:]
    if layout == "yolov5":
        scores = rows[:, 4:5] * rows[:, 5:]
    boxes = rows[:, :4]
    if layout == "rt-detr":
        boxes = boxes * np.array([width, height, width, height], np.float32)
    if scores.shape[1] == 0:
        raise ValueError(f"the network's outputs {[value.shape for value in values]} are not {layout}'s")
    kinds = scores.argmax(axis=1)
    return _chosen(_corners(boxes), scores[np.arange(len(scores)), kinds], kinds, least)


def _corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)


def _chosen(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    kinds: NDArray[np.float32] | NDArray[np.int64],
    least: float,
) -> Detections:
    kept = (scores >= least) & np.isfinite(boxes).all(axis=1)
    part = Detections(
        np.asarray(boxes[kept], np.float32),
        np.asarray(np.clip(scores[kept], 0, 1), np.float32),
        np.asarray(kinds[kept], np.int64),
    )
    return joined([part])
