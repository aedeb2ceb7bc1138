"""Find things of COCO's eighty classes: NanoDet at 416 pixels.

Method: RangiLyu's NanoDet, an anchor-free detector with generalised focal loss (Li et al., 2020,
https://arxiv.org/abs/2006.04388): for each cell of three grids, the probability of each class, and of the distance to
each side of the box a distribution over eleven steps, whose mean is the distance.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.detections import Detections, agreed, joined, suppressed
from honmono.engines.vision.sessions import open_session

if TYPE_CHECKING:
    import onnxruntime

    from honmono.weights import Cache

WEIGHTS, MODEL, VALUES = "nanodet", "nanodet.json", "nanodet.bin"
SIDE = 416
LEAST = 0.2
"""Scores that are worth an answer."""
_STEPS = 11
# (stride, output of classes, output of distances), as the graph calls them
_GRIDS = ((8, "Identity", "Identity_3"), (16, "Identity_1", "Identity_4"), (32, "Identity_2", "Identity_5"))
# Of blue, green and red over ImageNet's pictures, from 0 to 255.
_MEAN = np.array([103.53, 116.28, 123.675], np.float32)
_SPREAD = np.array([57.375, 57.12, 58.395], np.float32)
_NOISE = 0.1
_SAME_THING = 0.6  # overlap within a look
_SAME_IN_BOTH = 0.55
_ABSENT = 0.2  # the score that a thing has in a look that does not find it
_GREY = (124, 116, 104)  # the mean picture's


class Detector:
    """The network. Safe to call from many threads; each call computes on one.

    Args:
        graph: an ONNX file.
    """

    def __init__(self, graph: Path, device: str = "cpu") -> None:
        self._session: onnxruntime.InferenceSession = open_session(graph, device)
        self._outputs = [name for _, classes, distances in _GRIDS for name in (classes, distances)]

    @classmethod
    def from_cache(cls, cache: Cache, device: str = "cpu") -> Detector:
        """From pulled weights; the first call on a machine converts them, which takes a second.

        Raises:
            WeightsMissing: they were not pulled.
        """

        def build(target: Path) -> None:
            from honmono.engines.vision import tfjs

            model, values = cache.path(WEIGHTS, MODEL), cache.path(WEIGHTS, VALUES)
            target.write_bytes(tfjs.to_onnx(model.read_bytes(), values.read_bytes()))

        return cls(cache.derived(WEIGHTS, "nanodet.onnx", build), device)

    def detect(self, pixels: NDArray[np.uint8], least: float = LEAST) -> Detections:
        """Things in a picture (height, width, 3), with scores from `least` on.

        The picture is looked at twice: stretched to the network's square, and whole in its own shape on grey. The two see
        different things well, and what both see is there: see `detections.agreed`.
        """
        height, width = pixels.shape[:2]
        stretched = self._look(pixels)
        side = max(height, width)
        left, top = (side - width) // 2, (side - height) // 2
        square = np.full((side, side, 3), _GREY, np.uint8)
        square[top : top + height, left : left + width] = pixels
        framed = self._look(square)
        shift = np.array([left, top, left, top], np.float32)
        moved = Detections(framed.boxes - shift, framed.scores, framed.classes)
        together = agreed([stretched, moved], _SAME_IN_BOTH, _ABSENT).within(width, height)
        return together.taken(together.scores >= least)

    def _look(self, pixels: NDArray[np.uint8]) -> Detections:
        height, width = pixels.shape[:2]
        values = self._session.run(self._outputs, {"input_1": prepared(pixels)})
        boxes, scores = decoded(values)
        rows, classes = np.nonzero(scores >= _NOISE)
        scale = np.array([width / SIDE, height / SIDE] * 2, np.float32)
        found = Detections(boxes[rows] * scale, scores[rows, classes], classes.astype(np.int64))
        return suppressed(joined([found]), _SAME_THING)


def prepared(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The picture as the network takes it, (1, 3, 416, 416), made square without regard to its shape."""
    import cv2

    kind = cv2.INTER_AREA if max(pixels.shape[:2]) > SIDE else cv2.INTER_LINEAR
    square = cv2.resize(pixels, (SIDE, SIDE), interpolation=kind)[:, :, ::-1]
    return np.ascontiguousarray(((square - _MEAN) / _SPREAD).transpose(2, 0, 1)[None], np.float32)


def decoded(values: list[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes (cells, 4) in pixels of the square and scores (cells, 80), of the graph's six outputs."""
    boxes, scores = [], []
    steps = np.arange(_STEPS, dtype=np.float32)
    for (stride, _, _), classes, distances in zip(_GRIDS, values[0::2], values[1::2], strict=True):
        logits = distances[0].reshape(-1, 4, _STEPS)
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        sides = powers @ steps / powers.sum(axis=-1) * stride
        cells = SIDE // stride
        down, across = np.divmod(np.arange(cells * cells), cells)
        centres = np.stack([(across + 0.5) * stride, (down + 0.5) * stride], axis=1).astype(np.float32)
        boxes.append(np.concatenate([centres - sides[:, :2], centres + sides[:, 2:]], axis=1))
        scores.append(classes[0])
    return np.concatenate(boxes), np.concatenate(scores)
