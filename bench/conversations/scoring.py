"""How much of who speaks when is wrong: the diarisation error and its parts.

Source: NIST, "The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan", section 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

Spoken = list[tuple[float, float, str]]
_STEP = 0.01


@dataclass(frozen=True)
class Errors:
    """Seconds of speech, speakers counted each, and how many of them are wrong in which way."""

    speech: float
    missed: float
    false_alarm: float
    confused: float
    single: float
    single_right: float

    @property
    def rate(self) -> float:
        return (self.missed + self.false_alarm + self.confused) / self.speech

    def __add__(self, other: Errors) -> Errors:
        return Errors(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


NONE = Errors(0, 0, 0, 0, 0, 0)


def errors(reference: Spoken, answer: Spoken, collar: float = 0.0) -> Errors:
    """Compare, with the speakers of both paired as fits best.

    Args:
        collar: seconds around each begin and end of the reference that do not count.
    """
    length = int(max(end for _, end, _ in (*reference, *answer)) / _STEP) + 2
    truth, found = _frames(reference, length), _frames(answer, length)
    counted = np.ones(length, bool)
    if collar:
        for begin, end, _ in reference:
            for edge in (begin, end):
                counted[max(0, int((edge - collar) / _STEP)) : int((edge + collar) / _STEP)] = False
    truth, found = truth[:, counted], found[:, counted]
    together = truth.astype(int) @ found.astype(int).T
    rows, columns = linear_sum_assignment(-together)
    right = np.zeros(truth.shape[1], int)
    for row, column in zip(rows, columns, strict=True):
        right += truth[row] & found[column]
    real, said = truth.sum(axis=0), found.sum(axis=0)
    single = real == 1
    return Errors(
        speech=float(real.sum()) * _STEP,
        missed=float(np.maximum(real - said, 0).sum()) * _STEP,
        false_alarm=float(np.maximum(said - real, 0).sum()) * _STEP,
        confused=float((np.minimum(real, said) - right).sum()) * _STEP,
        single=float(single.sum()) * _STEP,
        single_right=float((single & (right == 1)).sum()) * _STEP,
    )


def _frames(spoken: Spoken, length: int) -> np.ndarray:
    names = sorted({name for _, _, name in spoken})
    frames = np.zeros((max(1, len(names)), length), bool)
    for begin, end, name in spoken:
        frames[names.index(name), round(begin / _STEP) : round(end / _STEP)] = True
    return frames
