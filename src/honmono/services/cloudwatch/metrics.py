"""Publishing metrics, and reading what was published."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from honmono.services.cloudwatch.part import Answer, CloudWatchPart, Request, bad_token
from honmono.services.cloudwatch.series import (
    Where,
    buckets,
    check_period,
    read_statistic,
    rounded_start,
    run_queries,
)
from honmono.services.cloudwatch.values import Bucket, Datum, Metric, metric_of
from honmono.store.errors import BadPageToken
from honmono.store.paging import page_token, position
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_HOUR = 3600
_DAY = 24 * _HOUR
_METRICS_PER_PAGE = 500
_DATUMS_PER_PUT = 1000
_VALUES_PER_DATUM = 150
_LIMIT = 2.0**360
_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


class Metrics(CloudWatchPart):
    """PutMetricData, GetMetricStatistics, GetMetricData and ListMetrics."""

    def put_metric_data(self, request: Request, ctx: Context) -> Answer:
        """Publish values."""
        namespace = request["Namespace"]
        if namespace.startswith("AWS/"):
            raise _invalid("The value AWS/ for parameter Namespace is invalid.")
        data = list(request.get("MetricData", []))
        for entity in request.get("EntityMetricData", []):
            data += entity.get("MetricData", [])
        if not data:
            raise ServiceError("MissingParameter", "The parameter MetricData is required.")
        if len(data) > _DATUMS_PER_PUT:
            raise _invalid(f"The collection MetricData must not have a size greater than {_DATUMS_PER_PUT}.")
        now = time.time()
        published = [
            (metric_of(namespace, given["MetricName"], given.get("Dimensions", [])), _datum(given, number, now))
            for number, given in enumerate(data, 1)
        ]
        self.metric_values.put(ctx.account, ctx.region, published)
        return {}

    def list_metrics(self, request: Request, ctx: Context) -> Answer:
        """The metrics that have values, by namespace and name."""
        wanted = {given["Name"]: given.get("Value") for given in request.get("Dimensions", [])}
        since = int((time.time() - 3 * _HOUR) * 1000) if request.get("RecentlyActive") == "PT3H" else None
        after = None
        if "NextToken" in request:
            try:
                last_namespace, last_name, last = position(request["NextToken"], str, str, str)
            except BadPageToken as error:
                raise bad_token() from error
            pairs = [part.split("\x1f", 1) for part in str(last).split("\x1e") if part]
            after = Metric(str(last_namespace), str(last_name), tuple((name, value) for name, value in pairs))
        found = self.metric_values.find(
            ctx.account,
            ctx.region,
            namespace=request.get("Namespace"),
            name=request.get("MetricName"),
            dimensions=wanted,
            since=since,
            after=after,
        )
        answer: Answer = {"Metrics": [write_metric(metric) for metric in found[:_METRICS_PER_PAGE]]}
        if len(found) > _METRICS_PER_PAGE:
            edge = found[_METRICS_PER_PAGE - 1]
            dimensions = "\x1e".join(f"{name}\x1f{value}" for name, value in edge.dimensions)
            answer["NextToken"] = page_token(edge.namespace, edge.name, dimensions)
        return answer

    def get_metric_statistics(self, request: Request, ctx: Context) -> Answer:
        """Statistics of one metric, period by period; values of different units are kept apart."""
        simple, extended = request.get("Statistics", []), request.get("ExtendedStatistics", [])
        if not simple and not extended:
            raise ServiceError("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
        start, end, period = request["StartTime"].timestamp(), request["EndTime"].timestamp(), request["Period"]
        if int(start) >= int(end):
            raise _invalid("The parameter StartTime must be less than the parameter EndTime.")
        check_period(period)
        first = rounded_start(start, time.time())
        points = math.ceil((end - first) / period)
        if points > 1440:
            raise ServiceError(
                "InvalidParameterCombination",
                f"You have requested up to {points:,} datapoints, which exceeds the limit of 1,440. You may reduce "
                "the datapoints requested by increasing Period, or decreasing the time range.",
            )
        metric = metric_of(request["Namespace"], request["MetricName"], request.get("Dimensions", []))
        where = Where(ctx.account, ctx.region)
        found = buckets(self.metric_values, where, metric, first, math.ceil(end), period, request.get("Unit"))
        datapoints = [
            _datapoint(moment, unit, bucket, simple, extended) for (moment, unit), bucket in sorted(found.items())
        ]
        return {"Label": metric.name, "Datapoints": datapoints}

    def get_metric_data(self, request: Request, ctx: Context) -> Answer:
        """The results of metric queries and of math over them."""
        start, end = request["StartTime"].timestamp(), request["EndTime"].timestamp()
        if int(start) >= int(end):
            message = "The parameter StartTime must not equal parameter EndTime."
            if int(start) > int(end):
                message = "The parameter EndTime must be greater than StartTime."
            raise ServiceError("ValidationError", message, status=400)
        first = rounded_start(start, time.time())
        queries = request["MetricDataQueries"]
        results = run_queries(self.metric_values, Where(ctx.account, ctx.region), queries, first, math.ceil(end))
        descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
        skipped = 0
        if "NextToken" in request:
            try:
                skipped = int(position(request["NextToken"], int)[0])
            except BadPageToken as error:
                raise bad_token() from error
        limit = request.get("MaxDatapoints", 100_800)
        labels = _default_labels(queries)
        shown: list[Answer] = []
        seen = 0
        for query in queries:
            if not query.get("ReturnData", True):
                continue
            for series in results[query["Id"]]:
                points = sorted(series.points.items(), reverse=descending)
                part = points[max(0, skipped - seen) : max(0, skipped + limit - seen)]
                seen += len(points)
                complete = seen <= skipped + limit
                shown.append(
                    {
                        "Id": query["Id"],
                        "Label": query.get("Label") or labels.get(query["Id"], series.label),
                        "Timestamps": [_moment(moment) for moment, _ in part],
                        "Values": [value for _, value in part],
                        "StatusCode": "Complete" if complete else "PartialData",
                    }
                )
        answer: Answer = {"MetricDataResults": shown, "Messages": []}
        if seen > skipped + limit:
            answer["NextToken"] = page_token(skipped + limit)
        return answer


def _default_labels(queries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The names of metrics by their queries' ids; with the statistic where several queries ask for one name."""
    asked = {query["Id"]: query["MetricStat"] for query in queries if "MetricStat" in query}
    names = {key: str(stat["Metric"].get("MetricName", "")) for key, stat in asked.items()}
    uses = Counter(names.values())
    return {key: f"{name} {asked[key]['Stat']}" if uses[name] > 1 else name for key, name in names.items()}


def write_metric(metric: Metric) -> Answer:
    """A metric as AWS lists it."""
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _datapoint(moment: int, unit: str, bucket: Bucket, simple: Sequence[str], extended: Sequence[str]) -> Answer:
    point: Answer = {"Timestamp": _moment(moment), "Unit": unit}
    for name in _STATISTICS:
        if name in simple:
            point[name] = read_statistic(name)(bucket)
    found = {
        name: value for name in extended if (value := read_statistic(name, "ExtendedStatistics")(bucket)) is not None
    }
    if found:
        point["ExtendedStatistics"] = found
    return point


def _datum(given: Mapping[str, Any], number: int, now: float) -> Datum:
    where = f"MetricData.member.{number}"
    forms = [name for name in ("Value", "Values", "StatisticValues") if name in given]
    if len(forms) > 1:
        raise ServiceError(
            "InvalidParameterCombination",
            f"The parameters {where}.{forms[0]} and {where}.{forms[1]} are mutually exclusive and you have specified "
            "both.",
        )
    if not forms:
        raise ServiceError("MissingParameter", f"At least one of the parameters {where}.Value must be specified.")
    moment = given["Timestamp"].timestamp() if "Timestamp" in given else now
    if not now - 14 * _DAY <= moment <= now + 2 * _HOUR:
        raise _invalid(
            f"The value of {where}.Timestamp must be at most two weeks in the past and two hours in the future."
        )
    resolution = given.get("StorageResolution", 60)
    if resolution not in (1, 60):
        raise _invalid(f"The value {resolution} for parameter {where}.StorageResolution must be 1 or 60.")
    at, unit = int(moment * 1000), given.get("Unit", "None")
    if "StatisticValues" in given:
        return _statistic_set(given["StatisticValues"], where, at, unit, resolution)
    values = given["Values"] if "Values" in given else [given["Value"]]
    counts = given.get("Counts") or [1.0] * len(values)
    if not values or len(values) > _VALUES_PER_DATUM:
        raise _invalid(f"The collection {where}.Values must have 1 to {_VALUES_PER_DATUM} members.")
    if len(counts) != len(values):
        raise _invalid(f"The parameters {where}.Values and {where}.Counts must be of the same size.")
    for value in (*values, *counts):
        _check_value(value, f"{where}.Value")
    pairs = tuple((float(value), float(count)) for value, count in zip(values, counts, strict=True))
    return Datum(
        at,
        sum(count for _, count in pairs),
        math.fsum(value * count for value, count in pairs),
        min(values),
        max(values),
        pairs,
        unit,
        resolution,
    )


def _statistic_set(given: Mapping[str, float], where: str, at: int, unit: str, resolution: int) -> Datum:
    for name, value in given.items():
        _check_value(value, f"{where}.StatisticValues.{name}")
    low, high = given["Minimum"], given["Maximum"]
    if given["SampleCount"] <= 0:
        raise _invalid(f"The value for parameter {where}.StatisticValues.SampleCount must be greater than 0.")
    if low > high:
        raise ServiceError(
            "InvalidParameterCombination",
            f"The parameter {where}.StatisticValues.Maximum must be greater than {where}.StatisticValues.Minimum.",
        )
    known = ((low, given["SampleCount"]),) if low == high else None
    return Datum(at, given["SampleCount"], given["Sum"], low, high, known, unit, resolution)


def _check_value(value: float, where: str) -> None:
    if math.isnan(value):
        raise _invalid(f"The value NaN for parameter {where} is invalid.")
    if abs(value) > _LIMIT:
        raise _invalid(f"The value {value} for parameter {where} is out of range.")


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValue", message)
