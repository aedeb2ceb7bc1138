"""How far a figure can be trusted: intervals that would hold the figure of many more such cases, 95 times of 100."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import Bools, Floats, Ints, NotMeasurable, same_length

Method = Literal["percentile", "bca"]
Measure = Callable[[Ints], ArrayLike]
"""One figure or several of the cases at these positions; a case may be there more than once."""

_GROUPS = 200
"""The jackknife leaves out so many groups in turn, single cases where there are fewer: it costs no more than that."""
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, as measured on all cases, and its interval at this confidence."""

    value: float
    low: float
    high: float
    confidence: float = 0.95

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def bootstrap(
    measure: Measure,
    cases: int,
    *,
    strata: Sequence[Hashable] | None = None,
    rounds: int = 1000,
    confidence: float = 0.95,
    method: Method = "percentile",
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Interval]:
    """Intervals by drawing the cases again, with replacement, many times (Efron, Bootstrap methods, 1979).

    Args:
        measure: gets positions of cases, gives a figure or several. All get their intervals from the same draws. A
        figure that is NaN in a draw (an area with only one class in it) is left out of that draw.
        cases: how many there are.
        strata: a value for each case, its true label say: each draw has as many of each value as there are.
        rounds: how many draws.
        method: "percentile" takes the middle of the drawn figures; "bca" mends its bias and skew (Efron, Better
        bootstrap confidence intervals, 1987).
        seed: the same seed gives the same intervals.
        progress: called with (done, rounds, what) now and then.

    Raises:
        NotMeasurable: no cases, or fewer than two rounds.

    A figure without a single error, as an accuracy of 1, is 1 in every draw: its interval has no width and says
    nothing. `wilson` does.
    """
    if cases < 1 or rounds < 2:
        raise NotMeasurable(f"{cases} cases and {rounds} rounds: an interval needs a case and two rounds")
    whole = _figures(measure, np.arange(cases))
    members = _strata(cases, strata)
    chance = np.random.default_rng(seed)
    drawn = np.empty((rounds, len(whole)))
    for turn in range(rounds):
        positions = np.concatenate([each[chance.integers(len(each), size=len(each))] for each in members])
        drawn[turn] = _figures(measure, positions)
        if progress is not None and (turn + 1) % 50 == 0:
            progress(turn + 1, rounds, "intervals")
    left_out = _jackknife(measure, members, cases) if method == "bca" and cases > 1 else None
    return [
        _interval(
            float(whole[place]),
            drawn[:, place],
            confidence,
            None if left_out is None else left_out[:, place],
        )
        for place in range(len(whole))
    ]


def wilson(right: int, cases: int, confidence: float = 0.95) -> Interval:
    """The interval of a share, `right` of `cases`, in closed form; it has a width at 0 and at 1 too.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927. Raises NotMeasurable:
    no cases, or more right than there are.
    """
    if cases < 1 or not 0 <= right <= cases:
        raise NotMeasurable(f"{right} of {cases} is no share")
    z = _NORMAL.inv_cdf((1 + confidence) / 2)
    share = right / cases
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases)) / (1 + z * z / cases)
    # Rounding must not push the bound past the share itself.
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)), confidence)


@dataclass(frozen=True, slots=True)
class McNemar:
    """Two classifiers on the same cases: how many only the first, only the second gets right; `p` is how probable so
    uneven a count, or a more uneven one, is where both are equally good."""

    only_first: int
    only_second: int
    p: float


def mcnemar(first: Sequence[bool] | Bools, second: Sequence[bool] | Bools) -> McNemar:
    """McNemar's test, exact and two-sided. Given for each case whether each classifier was right.

    Cases that both get right or both get wrong say nothing of a difference. Source: McNemar, Note on the sampling error
    of the difference between correlated proportions, 1947. Raises NotMeasurable.
    """
    same_length(first=first, second=second)
    one, two = np.asarray(first, dtype=np.bool_), np.asarray(second, dtype=np.bool_)
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    return McNemar(only_first, only_second, _two_sided(min(only_first, only_second), only_first + only_second))


def _two_sided(fewer: int, flips: int) -> float:
    """How probable `fewer` heads or less are in this many flips of a fair coin, times two, at most 1."""
    if flips == 0:
        return 1.0
    ways = [
        math.lgamma(flips + 1) - math.lgamma(heads + 1) - math.lgamma(flips - heads + 1) - flips * math.log(2)
        for heads in range(fewer + 1)
    ]
    return min(1.0, 2 * math.fsum(map(math.exp, ways)))


def _figures(measure: Measure, positions: Ints) -> Floats:
    return np.atleast_1d(np.asarray(measure(positions), dtype=np.float64))


def _strata(cases: int, strata: Sequence[Hashable] | None) -> list[Ints]:
    if strata is None:
        return [np.arange(cases)]
    if len(strata) != cases:
        raise NotMeasurable(f"there are {len(strata)} strata for {cases} cases; each case needs one")
    found: dict[Hashable, list[int]] = {}
    for position, value in enumerate(strata):
        found.setdefault(value, []).append(position)
    return [np.array(positions) for positions in found.values()]


def _jackknife(measure: Measure, members: list[Ints], cases: int) -> Floats:
    """The figures without each group of cases in turn; the strata are spread evenly over the groups."""
    order = np.concatenate(members)
    groups = min(cases, _GROUPS)
    place = np.arange(cases) % groups
    return np.stack([_figures(measure, order[place != group]) for group in range(groups)])


def _interval(value: float, drawn: Floats, confidence: float, left_out: Floats | None) -> Interval:
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size:
        return Interval(value, math.nan, math.nan, confidence)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    if left_out is not None:
        tails = _mended(value, drawn, tails, left_out[np.isfinite(left_out)])
    low, high = np.quantile(drawn, tails)
    return Interval(value, float(low), float(high), confidence)


def _mended(value: float, drawn: Floats, tails: list[float], left_out: Floats) -> list[float]:
    """Where the interval's ends lie among the drawn figures, by bias and acceleration."""
    below = float(((drawn < value).sum() + (drawn == value).sum() / 2) / len(drawn))
    if not 0 < below < 1 or not left_out.size:
        return tails
    bias = _NORMAL.inv_cdf(below)
    apart = left_out.mean() - left_out
    spread = float((apart**2).sum())
    acceleration = float((apart**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0

    def mend(tail: float) -> float:
        z = bias + _NORMAL.inv_cdf(tail)
        return _NORMAL.cdf(bias + z / (1 - acceleration * z))

    return [mend(tail) for tail in tails]
