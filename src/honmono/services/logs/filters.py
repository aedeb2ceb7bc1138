"""Searching events, and the filters that make metrics of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from honmono.services.cloudwatch.values import Datum, Metric, MetricValues
from honmono.services.logs.events import LATEST, Event, Position
from honmono.services.logs.groups import every_filter, oldest
from honmono.services.logs.part import (
    FILTER,
    Answer,
    LogsPart,
    Request,
    as_group,
    bad_token,
    find_group,
    invalid,
    milliseconds,
    scope,
)
from honmono.services.logs.pattern_syntax import number
from honmono.services.logs.patterns import Match, PatternError, compile_pattern, extracted
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.paging import page_token, position
from honmono.store.records import Record, Records
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

log = logging.getLogger("honmono.logs")

_SCANNED = 100_000
"""Events that one call looks at; what does not match is passed over, and a token leads on."""
_PAGE_BYTES = 1_048_576
_FILTERS_PER_GROUP = 100


class Filters(LogsPart):
    """FilterLogEvents and the metric filters."""

    def filter_log_events(self, request: Request, ctx: Context) -> Answer:
        """The events of a group, or of some of its streams, that match a pattern, by time."""
        record = self._group(request, ctx)
        names = request.get("logStreamNames")
        prefix = request.get("logStreamNamePrefix", "")
        if names and prefix:
            raise invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.")
        match = read_pattern(request.get("filterPattern", ""))
        after: Position | None = None
        if "nextToken" in request:
            try:
                time, stream_id, count = position(request["nextToken"], int, int, int)
            except BadPageToken as error:
                raise bad_token(error) from error
            if max(int(time), int(stream_id), int(count)) > LATEST:
                raise invalid("The specified nextToken is invalid.")
            after = Position(int(time), int(stream_id), int(count))
        start, end = request.get("startTime"), request.get("endTime")
        cutoff = oldest(record)
        if cutoff is not None:
            start = max(start or 0, cutoff)
        streams = self.log_events.streams(as_group(record), names=names, prefix=prefix)
        before = None if end is None else min(end + 1, LATEST)
        walk = self.log_events.merged(streams, start=start, end=before, after=after)
        limit = request.get("limit", 10_000)
        found: list[Event] = []
        size = 0
        last: Event | None = None
        answer: Answer = {"searchedLogStreams": []}
        for scanned, event in enumerate(walk):
            if last is not None and (len(found) == limit or scanned == _SCANNED or size >= _PAGE_BYTES):
                where = last.position
                answer["nextToken"] = page_token(where.time, where.stream_id, where.number)
                break
            last = event
            if _matches(match, event.message):
                found.append(event)
                size += len(event.message)
        answer["events"] = [
            {
                "logStreamName": event.stream,
                "timestamp": event.position.time,
                "message": event.message,
                "ingestionTime": event.ingested,
                "eventId": event.id,
            }
            for event in found
        ]
        return answer

    def put_metric_filter(self, request: Request, ctx: Context) -> Answer:
        """Make a metric of the events that match from now on."""
        record = find_group(self.records, scope(ctx), request["logGroupName"])
        read_pattern(request["filterPattern"])
        for transformation in request["metricTransformations"]:
            if transformation.get("dimensions") and "defaultValue" in transformation:
                raise invalid("Invalid metric transformation: dimensions and default value are mutually exclusive.")
        name = f"{record.name}\n{request['filterName']}"
        body = {
            "group": record.name,
            "name": request["filterName"],
            "pattern": request["filterPattern"],
            "transformations": request["metricTransformations"],
        }
        with self.database.transaction() as tx:
            try:
                self.records.create(record.scope, FILTER, name, body, arn="", tx=tx)
            except RecordExists:
                self.records.modify(record.scope, FILTER, name, lambda _: body, tx=tx)
                return {}
        if len(every_filter(self.records, record.scope, record.name)) > _FILTERS_PER_GROUP:
            self.records.delete(record.scope, FILTER, name)
            raise ServiceError("LimitExceededException", "Resource limit exceeded.")
        return {}

    def describe_metric_filters(self, request: Request, ctx: Context) -> Answer:
        """The metric filters of a group, or those that make a metric."""
        group = request.get("logGroupName")
        if group is not None:
            find_group(self.records, scope(ctx), group)
        metric, namespace = request.get("metricName"), request.get("metricNamespace")
        if (metric is None) != (namespace is None):
            raise invalid("If you include the metricName parameter in your request, you must also include the "
                          "metricNamespace parameter.")  # fmt: skip
        found = [
            record
            for record in every_filter(self.records, scope(ctx), group)
            if record.body["name"].startswith(request.get("filterNamePrefix", ""))
            and (metric is None or _makes(record, namespace or "", metric))
        ]
        if "nextToken" in request:
            try:
                (last,) = position(request["nextToken"], str)
            except BadPageToken as error:
                raise bad_token(error) from error
            found = [record for record in found if record.name > str(last)]
        limit = request.get("limit", 50)
        more = {"nextToken": page_token(found[limit - 1].name)} if len(found) > limit else {}
        return {"metricFilters": [_metric_filter(record) for record in found[:limit]], **more}

    def delete_metric_filter(self, request: Request, ctx: Context) -> Answer:
        """Delete a metric filter; what it has published stays."""
        record = find_group(self.records, scope(ctx), request["logGroupName"])
        try:
            self.records.delete(record.scope, FILTER, f"{record.name}\n{request['filterName']}")
        except RecordMissing as error:
            message = "The specified metric filter does not exist."
            raise ServiceError("ResourceNotFoundException", message) from error
        return {}

    def test_metric_filter(self, request: Request, ctx: Context) -> Answer:
        """Which of the given messages a pattern matches, and the values that it finds in them."""
        match = read_pattern(request["filterPattern"])
        try:
            found = extracted(match, request["logEventMessages"])
        except PatternError as error:
            raise _refused(error) from error
        return {
            "matches": [
                {"eventNumber": count, "eventMessage": message, "extractedValues": dict(values)}
                for count, message, values in found
            ]
        }


def read_pattern(pattern: str) -> Match:
    """The function that applies a filter pattern.

    Raises:
        ServiceError: InvalidParameterException, it cannot be read.
    """
    try:
        return compile_pattern(pattern)
    except PatternError as error:
        raise _refused(error) from error


def _refused(error: PatternError) -> ServiceError:
    return invalid(f"Invalid filter pattern: {error}")


def _matches(match: Match, message: str) -> bool:
    try:
        return match(message) is not None
    except PatternError as error:
        raise _refused(error) from error


def publish_metrics(records: Records, values: MetricValues, group: Record, events: Sequence[tuple[int, str]]) -> None:
    """Let a group's metric filters publish what they make of new events."""
    data: list[tuple[Metric, Datum]] = []
    for record in every_filter(records, group.scope, group.name):
        try:
            data += _published(record, events)
        except PatternError as error:
            # The events are stored; a filter that takes too long must not refuse them.
            log.warning("metric filter %s of %s published nothing: %s", record.body["name"], group.name, error)
    if data:
        values.put(group.scope.account, group.scope.region, data)


def _published(record: Record, events: Sequence[tuple[int, str]]) -> Iterator[tuple[Metric, Datum]]:
    """What a metric filter makes of events."""
    match = compile_pattern(record.body["pattern"])
    for moment, message in events:
        fields = match(message)
        for transformation in record.body["transformations"]:
            value = _value(transformation, fields)
            if value is not None:
                datum = Datum.of(moment, value, unit=transformation.get("unit", "None"))
                yield _metric(transformation, fields or {}), datum


def _value(transformation: Mapping[str, Any], fields: Mapping[str, str] | None) -> float | None:
    if fields is None:
        return transformation.get("defaultValue")
    wanted = transformation["metricValue"]
    return number(fields.get(wanted, "") if wanted.startswith("$") else wanted)


def _metric(transformation: Mapping[str, Any], fields: Mapping[str, str]) -> Metric:
    dimensions = sorted(
        (name, fields[source]) for name, source in transformation.get("dimensions", {}).items() if source in fields
    )
    return Metric(transformation["metricNamespace"], transformation["metricName"], tuple(dimensions))


def _makes(record: Record, namespace: str, metric: str) -> bool:
    return any(
        made["metricName"] == metric and made["metricNamespace"] == namespace for made in record.body["transformations"]
    )


def _metric_filter(record: Record) -> Answer:
    return {
        "filterName": record.body["name"],
        "filterPattern": record.body["pattern"],
        "metricTransformations": record.body["transformations"],
        "creationTime": milliseconds(record),
        "logGroupName": record.body["group"],
    }
