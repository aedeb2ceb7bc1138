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
_MEAN = (103.53, 116.28, 123.675)
_SPREAD = np.array([57.375, 57.12, 58.395], np.float32).reshape(1, 3, 1, 1)
_SAME_THING = 0.6  # overlap within a look
_SAME_IN_BOTH = 0.55
_ABSENT = 0.2  # the score that a thing has in a look that does not find it, and below which a look finds nothing
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
        stretched = self._look(resized(pixels, SIDE, SIDE), (width / SIDE, height / SIDE), (0, 0))
        longer = max(height, width)
        wide, high = max(1, round(width * SIDE / longer)), max(1, round(height * SIDE / longer))
        left, top = (SIDE - wide) // 2, (SIDE - high) // 2
        square = np.full((SIDE, SIDE, 3), _GREY, np.uint8)
        square[top : top + high, left : left + wide] = resized(pixels, wide, high)
        framed = self._look(square, (width / wide, height / high), (left, top))
        together = agreed([stretched, framed], _SAME_IN_BOTH, _ABSENT).within(width, height)
        return together.taken(together.scores >= least)

    def _look(self, square: NDArray[np.uint8], scale: tuple[float, float], corner: tuple[int, int]) -> Detections:
        """What is in a square, in pixels of the picture that begins in that corner of it at that scale."""
        boxes, scores = decoded(self._session.run(self._outputs, {"input_1": prepared(square)}))
        rows, classes = np.nonzero(scores >= _ABSENT)
        shift, factor = np.array(corner * 2, np.float32), np.array(scale * 2, np.float32)
        found = Detections((boxes[rows] - shift) * factor, scores[rows, classes], classes.astype(np.int64))
        return suppressed(joined([found]), _SAME_THING)


def resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The picture with that many pixels."""
    import cv2

    kind = cv2.INTER_AREA if max(pixels.shape[:2]) > SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=kind), np.uint8)


def prepared(square: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A square of 416 pixels, red first, as the network takes it: (1, 3, 416, 416), blue first."""
    import cv2

    blob = np.asarray(cv2.dnn.blobFromImage(square, mean=_MEAN, swapRB=True), np.float32)
    return np.divide(blob, _SPREAD, out=blob)


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
