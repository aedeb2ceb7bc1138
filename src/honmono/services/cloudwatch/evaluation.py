"""What state an alarm is in: thresholds over the last periods, and rules over other alarms.

Source: "Using Amazon CloudWatch alarms", CloudWatch user guide: "Evaluating an alarm" and "Configuring how CloudWatch
alarms treat missing data"; "AlarmRule" in the API reference of PutCompositeAlarm.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from honmono.services.cloudwatch.series import Where, metric_series, run_queries
from honmono.services.cloudwatch.values import MetricValues

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"

_COMPARISONS: Mapping[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
COMPARISONS = frozenset(_COMPARISONS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state, why, and the reason's data as JSON."""

    state: str
    reason: str
    data: str


def metric_outcome(
    alarm: Mapping[str, Any], current: str, values: MetricValues, where: Where, now: float
) -> Outcome | None:
    """The state of a metric alarm; None where it stays as it is for want of data.

    The periods looked at are the last ones; the one that is under way counts once it has data.

    Args:
        alarm: the members of PutMetricAlarm.
        current: the state it is in.
        values: where the metrics are.
        where: whose.
        now: seconds since 1970 UTC.
    """
    period = _period(alarm)
    count = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm", count)
    this = int(now // period * period)
    points = _points(alarm, values, where, this - count * period, this + period)
    last = this if this in points else this - period
    window = [last - period * index for index in range(count)]
    present = [(moment, points[moment]) for moment in window if moment in points]
    compare, words = _COMPARISONS[alarm["ComparisonOperator"]]
    threshold = alarm["Threshold"]
    breaching = [(moment, value) for moment, value in present if compare(value, threshold)]
    state = _state(alarm.get("TreatMissingData", "missing"), count, needed, len(present), len(breaching), current)
    if state is None:
        return None
    data = json.dumps(
        {
            "version": "1.0",
            "queryDate": _iso(now),
            "period": period,
            "recentDatapoints": [value for _, value in reversed(present)],
            "threshold": threshold,
            "evaluatedDatapoints": [{"timestamp": _iso(moment), "value": value} for moment, value in present],
        }
    )
    if not present and state == INSUFFICIENT:
        return Outcome(state, "Insufficient Data: No datapoints were received.", data)
    shown = breaching if state == ALARM else [pair for pair in present if pair not in breaching]
    listed = ", ".join(f"{value} ({datetime.fromtimestamp(moment, UTC):%d/%m/%y %H:%M:%S})" for moment, value in shown)
    negation = "" if state == ALARM else "not "
    reason = (
        f"Threshold Crossed: {len(shown)} out of the last {count} datapoints [{listed}] "
        f"{'was' if len(shown) == 1 else 'were'} {negation}{words} the threshold ({threshold}) "
        f"(minimum {needed} datapoint{'s' if needed > 1 else ''} for OK -> ALARM transition)."
    )
    return Outcome(state, reason, data)


def _state(missing: str, count: int, needed: int, present: int, breaching: int, current: str) -> str | None:
    """The state by the counts of periods: asked about, needed to alarm, with data, over the threshold."""
    absent = count - present
    if missing == "breaching":
        return ALARM if breaching + absent >= needed else OK
    if missing == "notBreaching":
        return ALARM if breaching >= needed else OK
    if missing == "ignore":
        if breaching >= needed:
            return ALARM
        return OK if present - breaching > count - needed else None
    if not present:
        return INSUFFICIENT if current != INSUFFICIENT else None
    # What is missing is left out: the periods with data decide alone.
    return ALARM if breaching >= min(needed, present) else OK


def _period(alarm: Mapping[str, Any]) -> int:
    if "Metrics" not in alarm:
        return int(alarm["Period"])
    periods = [query["MetricStat"]["Period"] for query in alarm["Metrics"] if "MetricStat" in query]
    return int(max(periods, default=60))


def _points(alarm: Mapping[str, Any], values: MetricValues, where: Where, start: int, end: int) -> dict[int, float]:
    if "Metrics" in alarm:
        results = run_queries(values, where, alarm["Metrics"], start, end)
        for query in alarm["Metrics"]:
            if query.get("ReturnData", True):
                return results[query["Id"]][0].points if results[query["Id"]] else {}
        return {}
    query = {
        "Metric": {
            "Namespace": alarm["Namespace"],
            "MetricName": alarm["MetricName"],
            "Dimensions": alarm.get("Dimensions", []),
        },
        "Period": alarm["Period"],
        "Stat": alarm.get("Statistic") or alarm["ExtendedStatistic"],
    }
    if "Unit" in alarm:
        query["Unit"] = alarm["Unit"]
    return metric_series(values, where, query, start, end).points


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.000+0000"


class RuleError(ValueError):
    """An alarm rule cannot be read."""


_RULE_TOKEN = re.compile(r'\s*(\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+)')
_RULE_DEPTH = 100
Rule = Callable[[Mapping[str, str]], bool]
"""Takes the states by the alarms' names."""


def read_rule(text: str) -> tuple[Rule, frozenset[str]]:
    """A composite alarm's rule, and the names or ARNs of the alarms in it.

    Raises:
        RuleError: it cannot be read, or names no alarm where it should.
    """
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        found = _RULE_TOKEN.match(text, position)
        if found is None:
            raise RuleError(f"The rule cannot be read at '{text[position:][:40]}'")
        tokens.append(found[1])
        position = found.end()
    reader = _RuleReader(tokens)
    rule = reader.disjunction()
    if reader.tokens:
        raise RuleError(f"'{reader.tokens[0]}' is not expected in the rule")
    return rule, frozenset(reader.names)


class _RuleReader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.names: set[str] = set()
        self._depth = 0

    def _take(self) -> str:
        if not self.tokens:
            raise RuleError("The rule ends too early")
        return self.tokens.pop(0)

    def disjunction(self) -> Rule:
        parts = [self._conjunction()]
        while self.tokens and self.tokens[0].upper() == "OR":
            self._take()
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda states: any(part(states) for part in parts)

    def _conjunction(self) -> Rule:
        parts = [self._negation()]
        while self.tokens and self.tokens[0].upper() == "AND":
            self._take()
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda states: all(part(states) for part in parts)

    def _negation(self) -> Rule:
        self._depth += 1
        if self._depth > _RULE_DEPTH:
            raise RuleError("The rule is nested too deeply")
        try:
            return self._operand()
        finally:
            self._depth -= 1

    def _operand(self) -> Rule:
        token = self._take()
        word = token.upper()
        if word == "NOT":
            inner = self._negation()
            return lambda states: not inner(states)
        if token == "(":
            inner = self.disjunction()
            self._close()
            return inner
        if word in ("TRUE", "FALSE"):
            return lambda states: word == "TRUE"
        if word not in (OK, ALARM, INSUFFICIENT):
            raise RuleError(f"'{token}' is not expected in the rule")
        if self._take() != "(":
            raise RuleError(f"{word} is followed by an alarm in parentheses")
        name = _alarm_name(self._take())
        self._close()
        self.names.add(name)
        return lambda states: states.get(name) == word

    def _close(self) -> None:
        if self._take() != ")":
            raise RuleError("A parenthesis is not closed in the rule")


def _alarm_name(token: str) -> str:
    text = re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token
    return text.split(":alarm:", 1)[1] if text.startswith("arn:") and ":alarm:" in text else text
