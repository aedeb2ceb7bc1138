"""How old a face looks, and whether more like a man's or a woman's: the HSE multi-task network.

Method: Savchenko, "Efficient facial representations for age, gender and identity recognition in organizing photo
albums using multi-output ConvNet", PeerJ Computer Science 5:e197, 2019.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.face import AgeRange, Gender
from honmono.engines.vision.faces.mesh import around, shown

if TYPE_CHECKING:
    import onnxruntime

SIDE = 224
_AROUND = 1.25
_TOP_AGES = 4


class PersonReader:
    """Tells age and gender. Safe to call from many threads.

    Args:
        session: of the network, with outputs `age` (1, 100) and `gender` (1, 1).
        age, gender: the names of the outputs.
    """

    def __init__(self, session: onnxruntime.InferenceSession, age: str, gender: str) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self._outputs = [age, gender]

    def read(self, pixels: NDArray[np.uint8], points: NDArray[np.float64]) -> tuple[AgeRange, Gender]:
        """The age and gender of the face with this mesh (478, 2)."""
        low, high = points.min(axis=0), points.max(axis=0)
        middle, eyes = (low + high) / 2, points[473] - points[468]
        turn = math.degrees(math.atan2(eyes[1], eyes[0]))
        there = around((float(middle[0]), float(middle[1])), float((high - low).max()) * _AROUND, turn, SIDE)
        face = shown(pixels, there, SIDE).astype(np.float32)[None]
        ages, male = self._session.run(self._outputs, {self._input: face})
        return _range(ages.reshape(-1)), _gender(float(male.item()))


def _range(shares: NDArray[np.float32]) -> AgeRange:
    """The mean of the likeliest ages, and as many years around it as the shares are spread, at least a tenth."""
    best = np.argsort(-shares)[:_TOP_AGES]
    weights = shares[best] / shares[best].sum()
    mean = float((best * weights).sum()) + 1
    spread = math.sqrt(float((weights * (best + 1 - mean) ** 2).sum()))
    half = max(2.0, 0.15 * mean, spread)
    return AgeRange(max(0, round(mean - half)), round(mean + half))


def _gender(male: float) -> Gender:
    return Gender("Male" if male >= 0.5 else "Female", max(male, 1 - male))
