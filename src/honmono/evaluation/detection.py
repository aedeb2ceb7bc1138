"""How good boxes are that a detector drew, and from which score on its answers are best believed.

Source: Everingham and others, The Pascal Visual Object Classes challenge, 2010: a box is right where it overlaps one that
is there, of its label, by more than half (intersection over union), and no surer box has taken that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from honmono.evaluation.arrays import Bools, Floats
from honmono.evaluation.classification import Rates, rates_of

OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled box; `score` is the detector's, 1 of what is there."""

    label: str
    left: float
    top: float
    width: float
    height: float
    score: float = 1.0

    def overlap(self, other: Region) -> float:
        """Intersection over union, 0 to 1."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return 0.0
        common = across * down
        return common / (self.width * self.height + other.width * other.height - common)


def match(truth: Sequence[Region], found: Sequence[Region], least: float = OVERLAP) -> list[int | None]:
    """For each box that was found the place of the one that it meets, or None.

    The surest boxes choose first, each the one that it overlaps most of those of its label that are still free.
    """
    partners: list[int | None] = [None] * len(found)
    free = set(range(len(truth)))
    for place in sorted(range(len(found)), key=lambda each: -found[each].score):
        best, partner = least, None
        for other in sorted(free):
            if truth[other].label == found[place].label and (common := truth[other].overlap(found[place])) >= best:
                best, partner = common, other
        if partner is not None:
            free.remove(partner)
            partners[place] = partner
    return partners


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """All answers about one label, sorted by their score, the surest first.

    Attributes:
        scores: of the answers.
        right: whether each is.
        positives: how many there are to be found, those that no answer tells among them.
    """

    scores: Floats
    right: Bools
    positives: int

    @classmethod
    def of(cls, scores: Sequence[float] | Floats, right: Sequence[bool] | Bools, positives: int) -> Decisions:
        """Sort."""
        values, hits = np.asarray(scores, np.float64), np.asarray(right, np.bool_)
        order = np.argsort(-values, kind="stable")
        return cls(values[order], hits[order], positives)

    def average_precision(self) -> float:
        """The mean of the precision over what there is to be found, in the order of the scores; 0 where nothing is."""
        if not self.positives:
            return 0.0
        hits = np.cumsum(self.right)
        precision = hits / np.arange(1, len(hits) + 1)
        return float((precision * self.right).sum() / self.positives)

    def at(self, threshold: float) -> Rates:
        """Precision, recall and F1 of the answers with at least this score."""
        told = self.scores >= threshold
        return rates_of(int((self.right & told).sum()), self.positives, int(told.sum()))

    def best_threshold(self, otherwise: float = 0.5) -> float:
        """The score from which on F1 is highest; halfway to the next lower score, so that it is no answer's own.

        `otherwise` where there is nothing to be found, or no answer is right.
        """
        if not self.positives or not self.right.any():
            return otherwise
        hits = np.cumsum(self.right)
        f1 = 2 * hits / (np.arange(1, len(hits) + 1) + self.positives)
        ends = np.r_[self.scores[1:] < self.scores[:-1], True]  # answers with one score are told together
        last = int(np.where(ends, f1, -1.0).argmax())
        below = self.scores[last + 1] if last + 1 < len(self.scores) else 0.0
        return float((self.scores[last] + below) / 2)
