"""From published values to time series, and from a set of queries to their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from honmono.services.cloudwatch.expressions import ExpressionError, Range, Series, evaluate, references
from honmono.services.cloudwatch.statistics import Statistic, StatisticError, statistic
from honmono.services.cloudwatch.values import Bucket, Metric, MetricValues, metric_of
from honmono.wire.errors import ServiceError

_DAY = 86_400
_SHORT_PERIODS = (1, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Where:
    """Whose metrics, where."""

    account: str
    region: str


def buckets(
    values: MetricValues, where: Where, metric: Metric, start: int, end: int, period: int, unit: str | None
) -> dict[tuple[int, str], Bucket]:
    """What was published, by the period (its first second) and the unit. Periods follow each other from ``start``."""
    found: dict[tuple[int, str], Bucket] = {}
    published = values.read(where.account, where.region, metric, start * 1000, end * 1000, unit=unit)
    for time, its_unit, datum in published:
        # Below a minute only values of high resolution stand where they fell; others belong to their minute.
        second = time // 1000 if datum.resolution == 1 else time // 60_000 * 60
        moment = start + (second - start) // period * period
        found.setdefault((moment, its_unit), Bucket()).add(datum)
    return found


def rounded_start(start: float, now: float) -> int:
    """The start of a range as CloudWatch rounds it: to the minute, for older data to five minutes or the hour."""
    age = now - start
    step = 60 if age < 15 * _DAY else 300 if age < 63 * _DAY else 3600
    return int(start // step * step)


def check_period(period: int) -> None:
    """Refuse a period that CloudWatch has not.

    Raises:
        ServiceError: InvalidParameterValue.
    """
    if period <= 0 or (period not in _SHORT_PERIODS and period % 60):
        raise ServiceError(
            "InvalidParameterValue",
            f"The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not {period}.",
        )


def read_statistic(name: str, parameter: str = "Stat") -> Statistic:
    """The function of a statistic; ``parameter`` is where the request names it.

    Raises:
        ServiceError: ValidationError, there is none of that name.
    """
    try:
        return statistic(name)
    except StatisticError as error:
        message = f"The value {name} for parameter {parameter} is not supported."
        raise ServiceError("InvalidParameterValue", message) from error


def metric_series(values: MetricValues, where: Where, query: Mapping[str, Any], start: int, end: int) -> Series:
    """The series of a MetricStat."""
    wanted = query["Metric"]
    metric = metric_of(wanted.get("Namespace", ""), wanted.get("MetricName", ""), wanted.get("Dimensions", []))
    period = query["Period"]
    check_period(period)
    compute = read_statistic(query["Stat"])
    merged: dict[int, Bucket] = {}
    for (moment, _), bucket in buckets(values, where, metric, start, end, period, query.get("Unit")).items():
        held = merged.get(moment)
        merged[moment] = bucket if held is None else _joined(held, bucket)
    points = {moment: value for moment, bucket in merged.items() if (value := compute(bucket)) is not None}
    return Series(points, period, metric.name)


def _joined(one: Bucket, other: Bucket) -> Bucket:
    counts = dict(one.counts)
    for value, count in other.counts.items():
        counts[value] = counts.get(value, 0.0) + count
    return Bucket(
        one.samples + other.samples,
        one.total + other.total,
        min(one.minimum, other.minimum),
        max(one.maximum, other.maximum),
        counts,
        one.whole and other.whole,
    )


def run_queries(
    values: MetricValues, where: Where, queries: Sequence[Mapping[str, Any]], start: int, end: int
) -> dict[str, list[Series]]:
    """The results of metric queries and of the expressions over them, by id.

    Raises:
        ServiceError: ValidationError.
    """
    known: dict[str, Series | list[Series]] = {}
    pending: dict[str, Mapping[str, Any]] = {}
    for number, query in enumerate(queries, 1):
        if query["Id"] in known or query["Id"] in pending:
            raise _refused(f"The values for parameter id in the metric queries are not unique: {query['Id']}")
        if "MetricStat" in query and "Expression" in query:
            raise _refused(f"MetricDataQueries.member.{number} has both a MetricStat and an Expression.")
        if "MetricStat" in query:
            known[query["Id"]] = metric_series(values, where, query["MetricStat"], start, end)
        elif "Expression" in query:
            pending[query["Id"]] = query
        else:
            raise _refused(f"The parameter MetricDataQueries.member.{number}.MetricStat is required.\n")
    metrics = list(known)
    while pending:
        ready = [name for name, query in pending.items() if _references(query) <= known.keys()]
        if not ready:
            name, query = next(iter(pending.items()))
            lacking = ", ".join(sorted(_references(query) - known.keys()))
            raise _refused(f"Error in expression '{name}': it refers to {lacking}, which no query before it gives.")
        for name in ready:
            known[name] = _expression(name, pending.pop(name), known, metrics, Range(start, end))
    return {name: value if isinstance(value, list) else [value] for name, value in known.items()}


def _references(query: Mapping[str, Any]) -> set[str]:
    try:
        return references(query["Expression"])
    except ExpressionError as error:
        raise _refused(f"Error in expression '{query['Id']}': {error}.") from error


def _expression(
    name: str,
    query: Mapping[str, Any],
    known: Mapping[str, Series | list[Series]],
    metrics: Sequence[str],
    span: Range,
) -> Series | list[Series]:
    try:
        value = evaluate(query["Expression"], known, metrics, span)
    except ExpressionError as error:
        raise _refused(f"Error in expression '{name}': {error}.") from error
    if isinstance(value, float):
        message = f"Error in expression '{name}': its result is a number; it must be a time series."
        raise _refused(message)
    return value if isinstance(value, list) else Series(value.points, value.period, name)


def _refused(message: str) -> ServiceError:
    return ServiceError("ValidationError", message, status=400)
