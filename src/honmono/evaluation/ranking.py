"""How well lists are ordered: search results, recommendations. Each list holds how relevant its items are, in the
order in which they were shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import numbers, same_length


def ndcg(relevances: ArrayLike, at: int | None = None) -> float:
    """Normalised discounted cumulative gain of one list, 0 to 1: what stands further down counts less, by log₂.

    `relevances`: of all items, 0 or more, in the order shown. A list without a relevant item has 0. Source: Järvelin
    and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002. Raises NotMeasurable.
    """
    shown = numbers(relevances, "relevances")
    discounts = 1 / np.log2(np.arange(len(shown)) + 2)
    discounts[len(shown) if at is None else at :] = 0
    best = float((np.sort(shown)[::-1] * discounts).sum())
    return float((shown * discounts).sum()) / best if best > 0 else 0.0


def mean_reciprocal_rank(lists: Sequence[Sequence[bool]]) -> float:
    """The mean of 1 / (place of the first relevant item), 0 for a list without one. Raises NotMeasurable."""
    same_length(lists=lists)
    return float(np.mean([next((1 / place for place, hit in enumerate(each, 1) if hit), 0.0) for each in lists]))


def precision_at(relevant: Sequence[bool], at: int) -> float:
    """The share of the first `at` items that is relevant; places that a short list leaves empty count as not."""
    return sum(map(bool, relevant[:at])) / at
