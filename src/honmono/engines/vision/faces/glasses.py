"""Whether somebody wears glasses: edges around the eyes, weighed by a logistic regression of ours.

Features: histograms of oriented gradients (N. Dalal and B. Triggs, 2005). The weights are `glasses.npz`; what made them is
`training/glasses/train.py`. Dark glasses count as glasses: how dark they are could not be told from the skin around.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.expression import judged

if TYPE_CHECKING:
    from honmono.engines.vision.faces.face import Judgement

_ROWS, _COLUMNS = slice(22, 82), slice(15, 135)
"""Of a face as `recogniser.aligned` gives it."""
_SHAPE = (96, 48)
_CELL, _ORIENTATIONS = 8, 8
_FAINT = 25.0
FILE = Path(__file__).with_name("glasses.npz")


class Glasses:
    """Tells them. Safe to call from many threads."""

    def __init__(self, file: Path = FILE) -> None:
        with np.load(file) as saved:
            self._weights: NDArray[np.float32] = saved["weights"]
            self._bias = float(saved["bias"])

    def judge(self, face: NDArray[np.uint8]) -> Judgement:
        """Whether an aligned face (150, 150, 3) wears any."""
        return judged(float(features(face) @ self._weights) + self._bias, 0.0, 1.0)


def features(face: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The edges around the eyes of an aligned face (150, 150, 3): (1760,)."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[_ROWS, _COLUMNS]
    root = np.sqrt(cv2.resize(grey, _SHAPE, interpolation=cv2.INTER_AREA).astype(np.float32))
    across, down = np.zeros_like(root), np.zeros_like(root)
    across[:, 1:-1] = root[:, 2:] - root[:, :-2]
    down[1:-1] = root[2:] - root[:-2]
    strength = np.hypot(across, down)
    turn = (np.arctan2(down, across) % np.pi) / np.pi * _ORIENTATIONS
    low = np.floor(turn).astype(np.int64) % _ORIENTATIONS
    beyond = turn - np.floor(turn)
    rows, columns = _SHAPE[1] // _CELL, _SHAPE[0] // _CELL
    cells = np.zeros((_ORIENTATIONS, rows, columns), np.float32)
    for kind in range(_ORIENTATIONS):
        share = (low == kind) * (1 - beyond) + ((low + 1) % _ORIENTATIONS == kind) * beyond
        cells[kind] = (strength * share).reshape(rows, _CELL, columns, _CELL).sum(axis=(1, 3))
    blocks = [
        cells[:, row : row + 2, column : column + 2].reshape(-1)
        for row in range(rows - 1)
        for column in range(columns - 1)
    ]
    return np.concatenate([block / np.sqrt(float((block**2).sum()) + _FAINT) for block in blocks]).astype(np.float32)
