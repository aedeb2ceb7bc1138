"""The operators and functions of metric math, over numbers, time series and arrays of them."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Points = dict[int, float]
"""Seconds since 1970 → value."""


@dataclass(frozen=True, slots=True)
class Series:
    """A time series with its period in seconds, and the name that it is shown by."""

    points: Points
    period: int
    label: str = ""


Value = float | Series | list[Series]


@dataclass(frozen=True, slots=True)
class Range:
    """The times that a request is about: what FILL fills."""

    start: int
    end: int


class ExpressionError(ValueError):
    """An expression cannot be read or computed."""


def filler_at(filler: Any, points: Points, given: Sequence[int], time: int) -> float | None:
    """The value for a time without one; None where the filler has none. ``given`` are the times with one, in order."""
    if isinstance(filler, Series):
        return filler.points.get(time)
    if filler not in ("REPEAT", "LINEAR"):
        return number_of(filler)
    place = bisect_left(given, time)
    if place == 0:
        return None
    before = given[place - 1]
    if filler == "REPEAT":
        return points[before]
    if place == len(given):
        return None
    after = given[place]
    return points[before] + (points[after] - points[before]) * (time - before) / (after - before)


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan


def _power(a: float, b: float) -> float:
    try:
        result = a**b
    except (OverflowError, ZeroDivisionError):
        return math.nan
    return math.nan if isinstance(result, complex) else result


OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "^": _power,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "AND": lambda a, b: float(bool(a) and bool(b)),
    "&&": lambda a, b: float(bool(a) and bool(b)),
    "OR": lambda a, b: float(bool(a) or bool(b)),
    "||": lambda a, b: float(bool(a) or bool(b)),
}


def combine(left: Value, right: Value, operator: Callable[[float, float], float]) -> Value:
    """Apply an operator: times that one side lacks are left out, and what is no number (x / 0) too."""
    if isinstance(left, list) and isinstance(right, list):
        raise ExpressionError("An operator cannot join two arrays of time series")
    if isinstance(left, list):
        return [series_of(combine(one, right, operator)) for one in left]
    if isinstance(right, list):
        return [series_of(combine(left, one, operator)) for one in right]
    if isinstance(left, Series) and isinstance(right, Series):
        common = left.points.keys() & right.points.keys()
        points = {time: operator(left.points[time], right.points[time]) for time in common}
        return Series(_finite(points), max(left.period, right.period), left.label)
    if isinstance(left, Series):
        other = number_of(right)
        return Series(
            _finite({time: operator(value, other) for time, value in left.points.items()}), left.period, left.label
        )
    if isinstance(right, Series):
        points = {time: operator(left, value) for time, value in right.points.items()}
        return Series(_finite(points), right.period, right.label)
    return operator(left, right)


def _finite(points: Points) -> Points:
    return {time: value for time, value in points.items() if math.isfinite(value)}


def apply(value: Value, function: Callable[[float], float]) -> Value:
    """A function of numbers, applied to a number or to every point; what is then no number is left out."""
    if isinstance(value, float):
        return function(value)
    return each(
        value,
        lambda one: Series(_finite({t: function(v) for t, v in one.points.items()}), one.period, one.label),
    )


def each(value: Any, function: Callable[[Series], Series]) -> Value:
    """A function of series, applied to a series or to every one of an array."""
    if isinstance(value, list):
        return [function(one) for one in value]
    return function(series_of(value))


def series_of(value: Any) -> Series:
    """The value, which must be a series.

    Raises:
        ExpressionError: it is not.
    """
    if not isinstance(value, Series):
        raise ExpressionError("A time series is expected")
    return value


def series_list(value: Any) -> list[Series]:
    """The value, an array or a single series, as an array."""
    return value if isinstance(value, list) else [series_of(value)]


def number_of(value: Any) -> float:
    """The value, which must be a number.

    Raises:
        ExpressionError: it is not.
    """
    if not isinstance(value, float):
        raise ExpressionError("A number is expected")
    return value


def counted(name: str, arguments: list[Any], count: int) -> list[Any]:
    """The arguments, which must be so many.

    Raises:
        ExpressionError: they are not.
    """
    if len(arguments) != count:
        raise ExpressionError(f"{name} takes {count} arguments")
    return arguments


def _reduce(function: Callable[[list[float]], float]) -> Callable[[Any], Value]:
    """Of a series its one number; of an array a series that has it at each time."""

    def run(value: Any) -> Value:
        if isinstance(value, list):
            times = sorted({time for one in value for time in one.points})
            points = {t: function([one.points[t] for one in value if t in one.points]) for t in times}
            return Series(points, max((one.period for one in value), default=60))
        points_of = list(series_of(value).points.values())
        return function(points_of) if points_of else math.nan

    return run


def _if(condition: Value, yes: Value, no: Value | None = None) -> Value:
    if isinstance(condition, float):
        chosen = yes if condition else no
        return chosen if chosen is not None else math.nan
    series = series_of(condition)
    points: Points = {}
    for time, truth in series.points.items():
        branch = yes if truth else no
        value = branch.points.get(time) if isinstance(branch, Series) else branch
        if value is not None:
            points[time] = number_of(value)
    return Series(points, series.period, series.label)


def _stepwise(function: Callable[[int, float, int, float], float]) -> Callable[[Any], Value]:
    """A series made of each point (time, value) and the one before it."""

    def run(value: Any) -> Value:
        def step(one: Series) -> Series:
            pairs = pairwise(sorted(one.points.items()))
            return Series({t1: function(t0, v0, t1, v1) for (t0, v0), (t1, v1) in pairs}, one.period, one.label)

        return each(value, step)

    return run


def _running_sum(value: Any) -> Value:
    def run(one: Series) -> Series:
        total, points = 0.0, {}
        for time, point in sorted(one.points.items()):
            total += point
            points[time] = total
        return Series(points, one.period, one.label)

    return each(value, run)


def _slice(value: Any, first: float, last: float | None = None) -> Value:
    chosen = series_list(value)[int(first) : None if last is None else int(last)]
    return chosen[0] if len(chosen) == 1 else chosen


def _sort(value: Any, by: str, order: str, count: float | None = None) -> Value:
    reduce = REDUCTIONS.get(by)
    if reduce is None or order not in ("ASC", "DESC"):
        raise ExpressionError("SORT takes AVG, MAX, MIN or SUM and then ASC or DESC")
    full = [one for one in series_list(value) if one.points]
    ordered = sorted(full, key=lambda one: reduce(list(one.points.values())), reverse=order == "DESC")
    return ordered[: None if count is None else int(count)]


def _log10(value: float) -> float:
    return math.log10(value) if value > 0 else math.nan


REDUCTIONS: dict[str, Callable[[list[float]], float]] = {
    "AVG": statistics.fmean,
    "MAX": max,
    "MIN": min,
    "SUM": math.fsum,
}
WORDS = frozenset({"REPEAT", "LINEAR", "ASC", "DESC"})
FUNCTIONS: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "ABS": (1, 1, lambda value: apply(value, abs)),
    "CEIL": (1, 1, lambda value: apply(value, lambda x: float(math.ceil(x)))),
    "FLOOR": (1, 1, lambda value: apply(value, lambda x: float(math.floor(x)))),
    "LOG": (1, 1, lambda value: apply(value, lambda x: math.log(x) if x > 0 else math.nan)),
    "LOG10": (1, 1, lambda value: apply(value, _log10)),
    **{name: (1, 1, _reduce(function)) for name, function in REDUCTIONS.items()},
    "STDDEV": (1, 1, _reduce(statistics.pstdev)),
    "DATAPOINT_COUNT": (1, 1, lambda value: float(sum(len(one.points) for one in series_list(value)))),
    "METRIC_COUNT": (1, 1, lambda value: float(len(series_list(value)))),
    "PERIOD": (1, 1, lambda value: float(series_of(value).period)),
    "DIFF": (1, 1, _stepwise(lambda t0, v0, t1, v1: v1 - v0)),
    "DIFF_TIME": (1, 1, _stepwise(lambda t0, v0, t1, v1: float(t1 - t0))),
    "RATE": (1, 1, _stepwise(lambda t0, v0, t1, v1: (v1 - v0) / (t1 - t0))),
    "RUNNING_SUM": (1, 1, _running_sum),
    "IF": (2, 3, _if),
    "FIRST": (1, 1, lambda value: next(iter(series_list(value)), Series({}, 60))),
    "LAST": (1, 1, lambda value: next(reversed(series_list(value)), Series({}, 60))),
    "REMOVE_EMPTY": (1, 1, lambda value: [one for one in series_list(value) if one.points]),
    "SLICE": (2, 3, _slice),
    "SORT": (3, 4, _sort),
}
