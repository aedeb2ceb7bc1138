"""Metric math: ``IF(m1 > 100, m1 / m2 * 100, 0)`` over time series, by a parser and evaluator of its own.

Source: "Using math expressions with CloudWatch metrics", CloudWatch user guide. SEARCH, anomaly bands and Metrics
Insights queries (SELECT) are refused with an error that names them.
"""

from __future__ import annotations

import math
import re
import statistics
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


_TOKEN = re.compile(
    r"""\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|"[^"]*"|'[^']*'|[A-Za-z_][A-Za-z0-9_]*"""
    r"""|==|!=|<=|>=|&&|\|\||[-+*/^()<>,\[\]])"""
)
_REFUSED = ("SEARCH", "ANOMALY_DETECTION_BAND", "INSIGHT_RULE_METRIC", "DB_PERF_INSIGHTS", "SERVICE_QUOTA", "LAMBDA")
_BINDING = {"||": 1, "OR": 1, "&&": 2, "AND": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
            "+": 4, "-": 4, "*": 5, "/": 5, "^": 7}  # fmt: skip
_UNARY = 6
_FILLED = 100_800


def references(expression: str) -> set[str]:
    """The ids that an expression speaks of; METRICS() speaks of all, and counts as none.

    Raises:
        ExpressionError: it cannot be read.
    """
    return {token for token in _tokens(expression) if re.fullmatch(r"[a-z][A-Za-z0-9_]*", token)}


def evaluate(expression: str, known: Mapping[str, Series | list[Series]], metrics: Sequence[str], span: Range) -> Value:
    """Compute an expression.

    Args:
        expression: as the client wrote it.
        known: the series by their ids.
        metrics: the ids that are metrics, which METRICS() means.
        span: the times asked about.

    Raises:
        ExpressionError: it cannot be read or computed.
    """
    reader = _Reader(_tokens(expression), known, metrics, span)
    try:
        value = reader.expression(0)
    except RecursionError as error:
        raise ExpressionError("The expression is nested too deeply") from error
    if reader.peek() is not None:
        raise ExpressionError(f"'{reader.peek()}' is not expected in '{expression[:80]}'")
    return value


def _tokens(expression: str) -> list[str]:
    if re.match(r"\s*SELECT\b", expression, re.IGNORECASE):
        raise ExpressionError(
            "Metrics Insights queries (SELECT …) are not answered here: ask for the metrics themselves"
        )
    tokens: list[str] = []
    position = 0
    text = expression.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ExpressionError(f"Syntax error at '{text[position:].strip()[:40]}'")
        tokens.append(found[1])
        position = found.end()
    for token in tokens:
        if token.upper() in _REFUSED and not token.islower():
            raise ExpressionError(f"The function {token} is not answered here")
    return tokens


@dataclass(slots=True)
class _Reader:
    """Reads and computes in one go, by the binding of the operators."""

    tokens: list[str]
    known: Mapping[str, Series | list[Series]]
    metrics: Sequence[str]
    span: Range
    position: int = field(default=0)

    def peek(self) -> str | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise ExpressionError("The expression ends too early")
        self.position += 1
        return token

    def expect(self, wanted: str) -> None:
        found = self.take()
        if found != wanted:
            raise ExpressionError(f"'{wanted}' is expected where '{found}' stands")

    def expression(self, binding: int) -> Value:
        left = self.operand()
        while True:
            operator = self.peek()
            strength = _BINDING.get((operator or "").upper(), 0)
            if operator is None or strength <= binding:
                return left
            self.take()
            # 2 ^ 3 ^ 2 is 2 ^ 9
            right = self.expression(strength - 1 if operator == "^" else strength)
            left = _combine(left, right, _OPERATORS[operator.upper()])

    def operand(self) -> Value:
        token = self.take()
        if token == "-":
            return _apply(self.expression(_UNARY), lambda value: -value)
        if token == "(":
            value = self.expression(0)
            self.expect(")")
            return value
        if token == "[":
            return self._array()
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token[0] in "\"'":
            raise ExpressionError(f"The text {token} is not expected here")
        if self.peek() == "(" and token.upper() == token:
            return self._call(token)
        if token not in self.known:
            raise ExpressionError(f"There is no query with the id '{token}'")
        return self.known[token]

    def _array(self) -> list[Series]:
        found: list[Series] = []
        while self.peek() != "]":
            value = self.expression(0)
            if isinstance(value, float):
                raise ExpressionError("An array holds time series, not numbers")
            found += value if isinstance(value, list) else [value]
            if self.peek() == ",":
                self.take()
        self.expect("]")
        return found

    def _call(self, name: str) -> Value:
        self.expect("(")
        arguments: list[Any] = []
        while self.peek() != ")":
            token = self.peek() or ""
            is_word = token in _WORDS or (name == "SORT" and token in _REDUCTIONS)
            arguments.append(self.take().strip("\"'") if is_word or token[:1] in "\"'" else self.expression(0))
            if self.peek() == ",":
                self.take()
            elif self.peek() != ")":
                raise ExpressionError(f"',' or ')' is expected in {name}(…)")
        self.expect(")")
        if name == "METRICS":
            text = arguments[0] if arguments else ""
            return [s for key in self.metrics if text in key for s in _list(self.known[key])]
        if name == "FILL":
            return self._fill(*_counted(name, arguments, 2))
        function = _FUNCTIONS.get(name)
        if function is None:
            raise ExpressionError(f"The function {name} is not known")
        low, high, compute = function
        if not low <= len(arguments) <= high:
            raise ExpressionError(f"{name} takes {low}{f' to {high}' if high > low else ''} arguments")
        try:
            result: Value = compute(*arguments)
        except (TypeError, AttributeError) as error:
            raise ExpressionError(f"{name} cannot be applied to these arguments") from error
        return result

    def _fill(self, series: Any, filler: Any) -> Value:
        def fill(one: Series) -> Series:
            first = self.span.start + -self.span.start % one.period
            if (self.span.end - first) // one.period > _FILLED:
                raise ExpressionError(f"FILL makes at most {_FILLED} points of a time series")
            given = sorted(one.points)
            points = dict(one.points)
            for time in range(first, self.span.end, one.period):
                if time not in points and (value := _filler(filler, one.points, given, time)) is not None:
                    points[time] = value
            return Series(points, one.period, one.label)

        return _each(series, fill)


def _filler(filler: Any, points: Points, given: Sequence[int], time: int) -> float | None:
    """The value for a time without one; None where the filler has none. ``given`` are the times with one, in order."""
    if isinstance(filler, Series):
        return filler.points.get(time)
    if filler not in ("REPEAT", "LINEAR"):
        return _number(filler)
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


_OPERATORS: dict[str, Callable[[float, float], float]] = {
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


def _combine(left: Value, right: Value, operator: Callable[[float, float], float]) -> Value:
    """Apply an operator: times that one side lacks are left out, and what is no number (x / 0) too."""
    if isinstance(left, list) and isinstance(right, list):
        raise ExpressionError("An operator cannot join two arrays of time series")
    if isinstance(left, list):
        return [_series(_combine(one, right, operator)) for one in left]
    if isinstance(right, list):
        return [_series(_combine(left, one, operator)) for one in right]
    if isinstance(left, Series) and isinstance(right, Series):
        common = left.points.keys() & right.points.keys()
        points = {time: operator(left.points[time], right.points[time]) for time in common}
        return Series(_finite(points), max(left.period, right.period), left.label)
    if isinstance(left, Series):
        other = _number(right)
        return Series(
            _finite({time: operator(value, other) for time, value in left.points.items()}), left.period, left.label
        )
    if isinstance(right, Series):
        points = {time: operator(left, value) for time, value in right.points.items()}
        return Series(_finite(points), right.period, right.label)
    return operator(left, right)


def _finite(points: Points) -> Points:
    return {time: value for time, value in points.items() if math.isfinite(value)}


def _apply(value: Value, function: Callable[[float], float]) -> Value:
    if isinstance(value, float):
        return function(value)
    return _each(
        value,
        lambda one: Series(_finite({t: function(v) for t, v in one.points.items()}), one.period, one.label),
    )


def _each(value: Any, function: Callable[[Series], Series]) -> Value:
    if isinstance(value, list):
        return [function(one) for one in value]
    return function(_series(value))


def _series(value: Any) -> Series:
    if not isinstance(value, Series):
        raise ExpressionError("A time series is expected")
    return value


def _list(value: Any) -> list[Series]:
    return value if isinstance(value, list) else [_series(value)]


def _number(value: Any) -> float:
    if not isinstance(value, float):
        raise ExpressionError("A number is expected")
    return value


def _counted(name: str, arguments: list[Any], count: int) -> list[Any]:
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
        points_of = list(_series(value).points.values())
        return function(points_of) if points_of else math.nan

    return run


def _if(condition: Value, yes: Value, no: Value | None = None) -> Value:
    if isinstance(condition, float):
        chosen = yes if condition else no
        return chosen if chosen is not None else math.nan
    series = _series(condition)
    points: Points = {}
    for time, truth in series.points.items():
        branch = yes if truth else no
        value = branch.points.get(time) if isinstance(branch, Series) else branch
        if value is not None:
            points[time] = _number(value)
    return Series(points, series.period, series.label)


def _stepwise(function: Callable[[int, float, int, float], float]) -> Callable[[Any], Value]:
    """A series made of each point (time, value) and the one before it."""

    def run(value: Any) -> Value:
        def step(one: Series) -> Series:
            pairs = pairwise(sorted(one.points.items()))
            return Series({t1: function(t0, v0, t1, v1) for (t0, v0), (t1, v1) in pairs}, one.period, one.label)

        return _each(value, step)

    return run


def _running_sum(value: Any) -> Value:
    def run(one: Series) -> Series:
        total, points = 0.0, {}
        for time, point in sorted(one.points.items()):
            total += point
            points[time] = total
        return Series(points, one.period, one.label)

    return _each(value, run)


def _slice(value: Any, first: float, last: float | None = None) -> Value:
    chosen = _list(value)[int(first) : None if last is None else int(last)]
    return chosen[0] if len(chosen) == 1 else chosen


def _sort(value: Any, by: str, order: str, count: float | None = None) -> Value:
    reduce = _REDUCTIONS.get(by)
    if reduce is None or order not in ("ASC", "DESC"):
        raise ExpressionError("SORT takes AVG, MAX, MIN or SUM and then ASC or DESC")
    full = [one for one in _list(value) if one.points]
    ordered = sorted(full, key=lambda one: reduce(list(one.points.values())), reverse=order == "DESC")
    return ordered[: None if count is None else int(count)]


def _log10(value: float) -> float:
    return math.log10(value) if value > 0 else math.nan


_REDUCTIONS: dict[str, Callable[[list[float]], float]] = {
    "AVG": statistics.fmean,
    "MAX": max,
    "MIN": min,
    "SUM": math.fsum,
}
_WORDS = frozenset({"REPEAT", "LINEAR", "ASC", "DESC"})
_FUNCTIONS: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "ABS": (1, 1, lambda value: _apply(value, abs)),
    "CEIL": (1, 1, lambda value: _apply(value, lambda x: float(math.ceil(x)))),
    "FLOOR": (1, 1, lambda value: _apply(value, lambda x: float(math.floor(x)))),
    "LOG": (1, 1, lambda value: _apply(value, lambda x: math.log(x) if x > 0 else math.nan)),
    "LOG10": (1, 1, lambda value: _apply(value, _log10)),
    **{name: (1, 1, _reduce(function)) for name, function in _REDUCTIONS.items()},
    "STDDEV": (1, 1, _reduce(statistics.pstdev)),
    "DATAPOINT_COUNT": (1, 1, lambda value: float(sum(len(one.points) for one in _list(value)))),
    "METRIC_COUNT": (1, 1, lambda value: float(len(_list(value)))),
    "PERIOD": (1, 1, lambda value: float(_series(value).period)),
    "DIFF": (1, 1, _stepwise(lambda t0, v0, t1, v1: v1 - v0)),
    "DIFF_TIME": (1, 1, _stepwise(lambda t0, v0, t1, v1: float(t1 - t0))),
    "RATE": (1, 1, _stepwise(lambda t0, v0, t1, v1: (v1 - v0) / (t1 - t0))),
    "RUNNING_SUM": (1, 1, _running_sum),
    "IF": (2, 3, _if),
    "FIRST": (1, 1, lambda value: _list(value)[0]),
    "LAST": (1, 1, lambda value: _list(value)[-1]),
    "REMOVE_EMPTY": (1, 1, lambda value: [one for one in _list(value) if one.points]),
    "SLICE": (2, 3, _slice),
    "SORT": (3, 4, _sort),
}
