"""How good the labels are that a classifier gave: each case has one true label and one that was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from honmono.evaluation.arrays import Floats, Ints, NotMeasurable, same_length

Averaging = Literal["macro", "micro", "weighted"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and F1, each 0 to 1.

    Attributes:
        precision: of those that were given the label, the share that has it; 0 where it was given to none.
        recall: of those that have the label, the share that was given it; 0 where none has it.
        f1: 2 · precision · recall / (precision + recall); 0 where both are 0.
    """

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class LabelRates:
    """How well one label was told: its rates, how many cases have it, how many were given it."""

    label: str
    rates: Rates
    support: int
    given: int


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """How often each true label (rows) was given each label (columns).

    Attributes:
        labels: names of rows and columns.
        counts: rows × columns.
    """

    labels: tuple[str, ...]
    counts: Ints

    @classmethod
    def of(cls, truth: Sequence[str], given: Sequence[str], labels: Sequence[str] | None = None) -> Confusion:
        """Count.

        `labels` sets their order; by default it is that of the alphabet over all that occur.
        Raises NotMeasurable: columns of different lengths, no cases, a label that is not among `labels`.
        """
        same_length(truth=truth, given=given)
        names = tuple(sorted({*truth, *given})) if labels is None else tuple(labels)
        return cls(names, counted(encoded(truth, names), encoded(given, names), len(names)))

    @property
    def cases(self) -> int:
        """How many cases were counted."""
        return int(self.counts.sum())

    @property
    def accuracy(self) -> float:
        """The share of the cases that were given their true label."""
        return float(np.trace(self.counts) / self.counts.sum())

    def by_label(self) -> list[LabelRates]:
        """The rates of each label, in the order of `labels`."""
        precision, recall, f1 = rates(self.counts)
        support, given = self.counts.sum(axis=1), self.counts.sum(axis=0)
        return [
            LabelRates(
                label,
                Rates(float(precision[row]), float(recall[row]), float(f1[row])),
                int(support[row]),
                int(given[row]),
            )
            for row, label in enumerate(self.labels)
        ]

    def average(self, averaging: Averaging = "macro") -> Rates:
        """One figure of each rate over all labels that occur, as truth or as answer.

        macro: the mean of the labels' rates, rare labels counting as much as frequent ones; weighted: their mean by
        how many cases have the label; micro: the rates of all decisions together, which with one label a case are all
        the accuracy.
        """
        if averaging == "micro":
            return Rates(self.accuracy, self.accuracy, self.accuracy)
        columns = rates(self.counts)
        weights = label_weights(self.counts, averaging)
        return Rates(*(float(column @ weights) for column in columns))


def encoded(values: Sequence[str], labels: Sequence[str]) -> Ints:
    """The place of each value among the labels. Raises NotMeasurable for one that is none of them."""
    places = {label: place for place, label in enumerate(labels)}
    try:
        return np.array([places[value] for value in values], dtype=np.int64)
    except KeyError as error:
        raise NotMeasurable(f"label {error.args[0]!r} is none of {', '.join(map(repr, labels))}") from error


def counted(truth: Ints, given: Ints, classes: int) -> Ints:
    """The confusion matrix of encoded labels."""
    return np.bincount(truth * classes + given, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def rates(counts: Ints) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of each label of a confusion matrix."""
    right = np.diagonal(counts)
    given, support = counts.sum(axis=0), counts.sum(axis=1)
    return _shares(right, given), _shares(right, support), _shares(2 * right, given + support)


def rates_of(right: int, support: int, given: int) -> Rates:
    """The rates from three counts: rightly given, those that there are, those that were given."""
    return Rates(
        right / given if given else 0.0,
        right / support if support else 0.0,
        2 * right / (given + support) if given + support else 0.0,
    )


def label_weights(counts: Ints, averaging: Literal["macro", "weighted"]) -> Floats:
    """What each label counts in an average; the weights sum to 1."""
    support = counts.sum(axis=1)
    occurs = support + counts.sum(axis=0) > 0
    weights: Floats = np.asarray(occurs if averaging == "macro" else support, dtype=np.float64)
    shares: Floats = weights / weights.sum()
    return shares


def _shares(part: Ints, whole: Ints) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
