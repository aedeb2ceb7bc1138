"""Metric math: ``IF(m1 > 100, m1 / m2 * 100, 0)`` over time series, by a parser and evaluator of its own.

Source: "Using math expressions with CloudWatch metrics", CloudWatch user guide. SEARCH, anomaly bands and Metrics
Insights queries (SELECT) are refused with an error that names them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from honmono.services.cloudwatch.math_functions import (
    FUNCTIONS,
    OPERATORS,
    REDUCTIONS,
    WORDS,
    ExpressionError,
    Range,
    Series,
    Value,
    apply,
    combine,
    counted,
    each,
    filler_at,
    series_list,
)

__all__ = ["ExpressionError", "Range", "Series", "Value", "evaluate", "references"]

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
            left = combine(left, right, OPERATORS[operator.upper()])

    def operand(self) -> Value:
        token = self.take()
        if token == "-":
            return apply(self.expression(_UNARY), lambda value: -value)
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
            is_word = token in WORDS or (name == "SORT" and token in REDUCTIONS)
            arguments.append(self.take().strip("\"'") if is_word or token[:1] in "\"'" else self.expression(0))
            if self.peek() == ",":
                self.take()
            elif self.peek() != ")":
                raise ExpressionError(f"',' or ')' is expected in {name}(…)")
        self.expect(")")
        if name == "METRICS":
            text = arguments[0] if arguments else ""
            return [s for key in self.metrics if text in key for s in series_list(self.known[key])]
        if name == "FILL":
            return self._fill(*counted(name, arguments, 2))
        function = FUNCTIONS.get(name)
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
                if time not in points and (value := filler_at(filler, one.points, given, time)) is not None:
                    points[time] = value
            return Series(points, one.period, one.label)

        return each(series, fill)
