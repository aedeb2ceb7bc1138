"""Do the scores mean what they say, and if not: how to make them.

A classifier is calibrated where of the answers with a confidence of .8 eight of ten are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import Bools, Floats, Ints, NotMeasurable, numbers, same_length


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers with a confidence of `low` to `high`: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    cases: int
    confidence: float
    accuracy: float


def reliability_bins(right: Sequence[bool] | Bools, confidence: ArrayLike, bins: int = 10) -> list[Bin]:
    """The answers in bins of equal width; bins without a case are left out.

    `right`: whether each answer is. `confidence`: the score, 0 to 1, of the label that was given. Raises NotMeasurable.
    """
    values = _confidence(right, confidence)
    place = np.minimum((values * bins).astype(np.int64), bins - 1)
    correct = np.asarray(right, dtype=np.float64)
    return [
        Bin(
            int(number) / bins,
            (int(number) + 1) / bins,
            int((place == number).sum()),
            float(values[place == number].mean()),
            float(correct[place == number].mean()),
        )
        for number in np.unique(place)
    ]


def expected_calibration_error(right: Sequence[bool] | Bools, confidence: ArrayLike, bins: int = 10) -> float:
    """How far confidence and share of right answers are apart, on the average over the answers; 0 is best.

    Source: Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, 2015. With
    few answers it is above 0 by chance alone. Raises NotMeasurable.
    """
    found = reliability_bins(right, confidence, bins)
    cases = sum(each.cases for each in found)
    return sum(each.cases * abs(each.confidence - each.accuracy) for each in found) / cases


@dataclass(frozen=True, slots=True)
class Temperature:
    """Divides log odds by one number: above 1, a classifier that is too sure becomes less so. The order of the classes
    stays, and so the accuracy.

    Source: Guo et al., On calibration of modern neural networks, 2017.
    """

    value: float

    @classmethod
    def fit(cls, truth: Sequence[int] | Ints, logits: ArrayLike) -> Temperature:
        """The temperature, .05 to 20, with the least log loss.

        Fit on validation cases, never on the test. `logits`: cases × classes, ln of probabilities does too.
        Raises NotMeasurable.
        """
        table = numbers(logits, "logits", dimensions=2)
        same_length(truth=truth, logits=table)
        places = np.asarray(truth, dtype=np.int64)
        if places.min() < 0 or places.max() >= table.shape[1]:
            raise NotMeasurable(f"a true class is {places.max()}; there are logits for {table.shape[1]} classes")
        own = table[np.arange(len(places)), places]

        def slope(cold: float) -> float:
            # The loss is convex in 1 / temperature: its slope grows, and is 0 at the least loss.
            return float(((_softmax(table * cold) * table).sum(axis=1) - own).mean())

        low, high = 0.05, 20.0
        for _ in range(60):
            middle = (low * high) ** 0.5
            if slope(middle) > 0:
                high = middle
            else:
                low = middle
        return cls(1 / (low * high) ** 0.5)

    def apply(self, logits: ArrayLike) -> Floats:
        """Probabilities at this temperature. Raises NotMeasurable."""
        return _softmax(numbers(logits, "logits", dimensions=2) / self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Isotonic:
    """A rising staircase from scores to probabilities, with slopes between its steps: it mends any error that keeps
    the order, and needs some hundreds of cases where a temperature needs some tens.

    Source: Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability estimates, 2002.
    """

    scores: Floats
    probabilities: Floats

    @classmethod
    def fit(cls, truth: Sequence[bool] | Bools, score: ArrayLike) -> Isotonic:
        """The staircase nearest to the truth in squares, by pooling neighbours that fall.

        Fit on validation cases, never on the test. Raises NotMeasurable.
        """
        values = numbers(score, "scores")
        same_length(truth=truth, scores=values)
        levels, place = np.unique(values, return_inverse=True)
        weights = np.bincount(place).astype(np.float64)
        means = np.bincount(place, weights=np.asarray(truth, dtype=np.float64)) / weights
        # Each block: its mean, its weight, how many levels it holds.
        blocks: list[tuple[float, float, int]] = []
        for mean, weight in zip(means.tolist(), weights.tolist(), strict=True):
            held = 1
            while blocks and blocks[-1][0] >= mean:
                before, more, count = blocks.pop()
                mean = (mean * weight + before * more) / (weight + more)
                weight, held = weight + more, held + count
            blocks.append((mean, weight, held))
        return cls(levels, np.repeat([mean for mean, _, _ in blocks], [held for _, _, held in blocks]))

    def apply(self, score: ArrayLike) -> Floats:
        """Probabilities; scores outside those that were fitted get the nearest end's. Raises NotMeasurable."""
        return np.interp(numbers(score, "scores"), self.scores, self.probabilities)


def _confidence(right: Sequence[bool] | Bools, confidence: ArrayLike) -> Floats:
    values = numbers(confidence, "confidence")
    same_length(right=right, confidence=values)
    if values.min() < 0 or values.max() > 1:
        raise NotMeasurable("confidence lies outside 0 to 1; pass scores through a softmax first")
    return values


def _softmax(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares
