"""Statistics of what was published in a period: Sum and its kin, percentiles, trimmed means.

Source: "CloudWatch statistics definitions", CloudWatch user guide. Percentiles are of the nearest rank: p90 is the
smallest value that at least 90 % of the values do not exceed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from honmono.services.cloudwatch.values import Bucket

Statistic = Callable[[Bucket], float | None]
"""Takes a period's values; None where the statistic cannot be told from them."""

_SIMPLE: dict[str, Statistic] = {
    "SampleCount": lambda bucket: bucket.samples,
    "Sum": lambda bucket: bucket.total,
    "Average": lambda bucket: bucket.total / bucket.samples if bucket.samples else None,
    "Minimum": lambda bucket: bucket.minimum,
    "Maximum": lambda bucket: bucket.maximum,
}
_PERCENT = re.compile(r"(p|tm|wm|tc|ts)(\d{1,2}(?:\.\d{1,10})?|100)")
_BETWEEN = re.compile(r"(TM|WM|TC|TS|PR)\((\d+(?:\.\d+)?%?)?:(\d+(?:\.\d+)?%?)?\)")


class StatisticError(ValueError):
    """There is no such statistic."""


@lru_cache(maxsize=256)
def statistic(name: str) -> Statistic:
    """The function of a statistic's name: ``Sum``, ``p99.9``, ``tm90``, ``TM(2%:98%)``, ``PR(:300)``, ``IQM``.

    Raises:
        StatisticError: there is none of that name.
    """
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name == "IQM":
        return _whole(lambda counts: _mean(_between(counts, 25, 75)))
    found = _PERCENT.fullmatch(name)
    if found is not None:
        return _by_percent(found[1], float(found[2]))
    found = _BETWEEN.fullmatch(name)
    if found is not None and (found[2] or found[3]):
        return _by_range(found[1], found[2], found[3])
    raise StatisticError(name)


_Counts = list[tuple[float, float]]
"""(value, how often), by value."""


def _whole(compute: Callable[[_Counts], float | None]) -> Statistic:
    """A statistic that needs every single value."""

    def run(bucket: Bucket) -> float | None:
        if not bucket.whole or not bucket.counts:
            return None
        return compute(sorted(bucket.counts.items()))

    return run


def _by_percent(kind: str, percent: float) -> Statistic:
    match kind:
        case "p":
            return _whole(lambda counts: _percentile(counts, percent))
        case "tm":
            return _whole(lambda counts: _mean(_between(counts, 0, percent)))
        case "wm":
            return _whole(lambda counts: _mean(_clamped(counts, 0, percent)))
        case "tc":
            return _whole(lambda counts: sum(count for _, count in _between(counts, 0, percent)))
    return _whole(lambda counts: sum(value * count for value, count in _between(counts, 0, percent)))


def _by_range(kind: str, low: str | None, high: str | None) -> Statistic:
    percents = (low or high or "").endswith("%")
    below = float((low or "0").rstrip("%")) if low or percents else float("-inf")
    above = float((high or "100").rstrip("%")) if high or percents else float("inf")

    def chosen(counts: _Counts) -> _Counts:
        if percents:
            return _between(counts, below, above)
        return [(value, count) for value, count in counts if below < value <= above]

    match kind:
        case "TM":
            return _whole(lambda counts: _mean(chosen(counts)))
        case "WM" if percents:
            return _whole(lambda counts: _mean(_clamped(counts, below, above)))
        case "WM":
            return _whole(lambda counts: _mean([(min(max(value, below), above), count) for value, count in counts]))
        case "TC":
            return _whole(lambda counts: sum(count for _, count in chosen(counts)))
        case "TS":
            return _whole(lambda counts: sum(value * count for value, count in chosen(counts)))
    return _whole(lambda counts: 100 * sum(count for _, count in chosen(counts)) / sum(count for _, count in counts))


def _percentile(counts: _Counts, percent: float) -> float:
    total = sum(count for _, count in counts)
    reached = 0.0
    for value, count in counts:
        reached += count
        # Counts are sums of floats: a last digit must not push the rank to the next value.
        if reached * 100 >= percent * total * (1 - 1e-12):
            return value
    return counts[-1][0]


def _between(counts: _Counts, low: float, high: float) -> _Counts:
    """What lies between two percentiles of the ranks; values at the edges count in part."""
    total = sum(count for _, count in counts)
    first, last = total * low / 100, total * high / 100
    kept: _Counts = []
    position = 0.0
    for value, count in counts:
        share = min(position + count, last) - max(position, first)
        if share > 0:
            kept.append((value, share))
        position += count
    return kept


def _clamped(counts: _Counts, low: float, high: float) -> _Counts:
    """All values, those beyond two percentiles moved to these."""
    bottom, top = _percentile(counts, low), _percentile(counts, high)
    return [(min(max(value, bottom), top), count) for value, count in counts]


def _mean(counts: _Counts) -> float | None:
    total = sum(count for _, count in counts)
    return sum(value * count for value, count in counts) / total if total else None
