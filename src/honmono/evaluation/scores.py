"""How good the scores behind the labels are: do they sort, and do they mean what they say?

Truth is given as places among the classes; `classification.encoded` makes them of labels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import Bools, Floats, Ints, NotMeasurable, numbers, probabilities, same_length

_LEAST = 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of a curve and the threshold of the score at each."""

    x: Floats
    y: Floats
    thresholds: Floats


def log_loss(truth: Sequence[int] | Ints, shares: ArrayLike) -> float:
    """The mean of -ln of the probability that the true class was given; 0 is best, ln(classes) is guessing.

    A probability of 0 counts as 1e-15. `shares`: cases × classes, rows summing to 1. Raises NotMeasurable.
    """
    places, table = _checked(truth, shares)
    return float(-np.log(np.clip(table[np.arange(len(places)), places], _LEAST, 1)).mean())


def brier(truth: Sequence[int] | Ints, shares: ArrayLike) -> float:
    """The mean over the cases of the squared differences to (1 for the true class, 0 for the others); 0 to 2.

    This is Brier's own form (Verification of forecasts expressed in terms of probability, 1950), summed over the
    classes; for two classes it is twice the figure that is often given. Raises NotMeasurable.
    """
    places, table = _checked(truth, shares)
    return float(((table - np.eye(table.shape[1])[places]) ** 2).sum(axis=1).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Cases sorted by their score once, so that the areas of many draws of them cost no more sorting.

    Attributes:
        order: positions of the cases, the highest score first.
        is_true: whether each case in that order is.
        ends: the last place in that order of each score; cases with one score are called together.
        thresholds: the scores, from the highest down.
    """

    order: Ints
    is_true: Bools
    ends: Ints
    thresholds: Floats

    @classmethod
    def of(cls, truth: Sequence[bool] | Bools, score: ArrayLike) -> Ranked:
        """Sort. Raises NotMeasurable: only one of true and false occurs."""
        values = numbers(score, "scores")
        same_length(truth=truth, scores=values)
        is_true = np.asarray(truth, dtype=np.bool_)
        if is_true.all() or not is_true.any():
            kind = "true" if is_true.all() else "false"
            raise NotMeasurable(f"all {len(is_true)} cases are {kind}: a curve needs cases of both kinds")
        order = np.argsort(-values, kind="stable")
        values = values[order]
        ends = np.r_[np.flatnonzero(np.diff(values)), len(values) - 1]
        return cls(order, is_true[order], ends, values[ends])

    def called(self, drawn: Ints | None = None) -> tuple[Floats, Floats]:
        """How many true and how many false cases have at least each threshold.

        `drawn`: how often each case is there, by its position; by default once.
        """
        times = np.ones(len(self.order)) if drawn is None else drawn[self.order].astype(np.float64)
        right = np.cumsum(times * self.is_true)[self.ends]
        return right, np.cumsum(times)[self.ends] - right

    def roc_auc(self, drawn: Ints | None = None) -> float:
        """See `roc_auc`; NaN for a draw with only one of true and false in it."""
        right, wrong = self.called(drawn)
        if not (right[-1] and wrong[-1]):
            return math.nan
        return float(np.trapezoid(np.r_[0.0, right / right[-1]], np.r_[0.0, wrong / wrong[-1]]))

    def average_precision(self, drawn: Ints | None = None) -> float:
        """See `average_precision`; NaN for a draw with only one of true and false in it."""
        right, wrong = self.called(drawn)
        if not (right[-1] and wrong[-1]):
            return math.nan
        called = right + wrong
        precision = np.divide(right, called, out=np.zeros(len(right)), where=called > 0)
        return float((np.diff(right / right[-1], prepend=0.0) * precision).sum())


def roc(truth: Sequence[bool] | Bools, score: ArrayLike) -> Curve:
    """The ROC curve: x the share of the false that is called true, y the share of the true, at each threshold.

    Raises NotMeasurable: only one of true and false occurs.
    """
    ranked = Ranked.of(truth, score)
    right, wrong = ranked.called()
    return Curve(np.r_[0.0, wrong / wrong[-1]], np.r_[0.0, right / right[-1]], np.r_[np.inf, ranked.thresholds])


def roc_auc(truth: Sequence[bool] | Bools, score: ArrayLike) -> float:
    """The area under the ROC curve: how often a true case has a higher score than a false one; a tie counts half.

    .5 is guessing. Raises NotMeasurable: only one of true and false occurs.
    """
    return Ranked.of(truth, score).roc_auc()


def precision_recall(truth: Sequence[bool] | Bools, score: ArrayLike) -> Curve:
    """The precision-recall curve: x recall, y precision, from the highest threshold to the lowest.

    Raises NotMeasurable: only one of true and false occurs.
    """
    ranked = Ranked.of(truth, score)
    right, wrong = ranked.called()
    return Curve(right / right[-1], right / (right + wrong), ranked.thresholds)


def average_precision(truth: Sequence[bool] | Bools, score: ArrayLike) -> float:
    """The area under the precision-recall curve, as the mean of the precision by what each step adds to the recall.

    The share of true cases is guessing. Raises NotMeasurable: only one of true and false occurs.
    """
    return Ranked.of(truth, score).average_precision()


def one_against_rest(
    truth: Sequence[int] | Ints,
    shares: ArrayLike,
    measure: Literal["roc_auc", "average_precision"] = "roc_auc",
    averaging: Literal["macro", "weighted"] = "macro",
) -> float:
    """The mean over the classes of the area that each has against all others, plainly or by its cases.

    A class that no case has, or that all have, has no area and is left out. `shares`: cases × classes.
    Raises NotMeasurable: no class is left.
    """
    places, table = _checked(truth, shares)
    support = np.bincount(places, minlength=table.shape[1])
    classes = np.flatnonzero((support > 0) & (support < len(places)))
    if not classes.size:
        raise NotMeasurable("all cases have one class: there is nothing to tell it from")
    area = roc_auc if measure == "roc_auc" else average_precision
    areas = [area(places == place, table[:, place]) for place in classes]
    return float(np.average(areas, weights=support[classes] if averaging == "weighted" else None))


def _checked(truth: Sequence[int] | Ints, shares: ArrayLike) -> tuple[Ints, Floats]:
    places = np.asarray(truth, dtype=np.int64)
    table = np.asarray(shares, dtype=np.float64)
    classes = table.shape[1] if table.ndim == 2 else 0
    table = probabilities(shares, len(places), classes)
    if places.min() < 0 or places.max() >= classes:
        raise NotMeasurable(f"a true class is {places.max()}; there are probabilities for classes 0 to {classes - 1}")
    return places, table
