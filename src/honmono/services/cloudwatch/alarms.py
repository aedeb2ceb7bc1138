"""Alarms: their life, their state and its history."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from honmono.services.cloudwatch.evaluation import (
    COMPARISONS,
    INSUFFICIENT,
    Outcome,
    RuleError,
    read_rule,
)
from honmono.services.cloudwatch.part import Answer, CloudWatchPart, Request, bad_token, scope
from honmono.services.cloudwatch.series import Where, check_period, read_statistic, run_queries
from honmono.services.cloudwatch.transitions import HISTORY, KIND, evaluate_scope, every_alarm, move, write_history
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.paging import page_token, position
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_DAY = 86_400
_DATES = ("AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp")


class Alarms(CloudWatchPart):
    """PutMetricAlarm and what goes with it. States are computed from the data, when asked and by ``evaluate``."""

    def put_metric_alarm(self, request: Request, ctx: Context) -> Answer:
        """Make or replace an alarm on a metric or on metric math."""
        _check_metric_alarm(request)
        if "Metrics" in request:
            run_queries(self.metric_values, Where(ctx.account, ctx.region), request["Metrics"], 0, 60)
        self._put(request, ctx, "MetricAlarm")
        return {}

    def put_composite_alarm(self, request: Request, ctx: Context) -> Answer:
        """Make or replace an alarm on other alarms."""
        try:
            _, names = read_rule(request["AlarmRule"])
        except RuleError as error:
            raise _refused(f"AlarmRule cannot be read: {error}") from error
        for name in sorted(names):
            if self._alarm(ctx, name) is None:
                raise _refused(f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist")
        self._put(request, ctx, "CompositeAlarm")
        return {}

    def _put(self, request: Request, ctx: Context, kind: str) -> None:
        name = request["AlarmName"]
        given = {key: value for key, value in request.items() if key != "Tags"}
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        arn = f"arn:aws:cloudwatch:{ctx.region}:{ctx.account}:alarm:{name}"
        now = datetime.now(UTC).isoformat()
        fresh = {
            "type": kind,
            "given": {"ActionsEnabled": True, **given},
            "StateValue": INSUFFICIENT,
            "StateReason": "Unchecked: Initial alarm creation",
            "AlarmConfigurationUpdatedTimestamp": now,
            "StateUpdatedTimestamp": now,
            "StateTransitionedTimestamp": now,
            "set_at": 0.0,
        }

        def replaced(record: Record) -> dict[str, Any]:
            changed = ("given", "type", "AlarmConfigurationUpdatedTimestamp")
            return {**record.body, **{key: fresh[key] for key in changed}}

        with self.database.transaction() as tx:
            try:
                self.records.create(scope(ctx), KIND, name, fresh, arn=arn, tags=tags, tx=tx)
                summary = f'Alarm "{name}" created'
            except RecordExists:
                self.records.modify(scope(ctx), KIND, name, replaced, tx=tx)
                summary = f'Alarm "{name}" updated'
            data = json.dumps({"version": "1.0", "type": "Create" if "created" in summary else "Update"})
            write_history(self.records, scope(ctx), name, kind, "ConfigurationUpdate", summary, data, tx=tx)

    def describe_alarms(self, request: Request, ctx: Context) -> Answer:
        """Alarms by name, in the state that the data put them in."""
        if "AlarmNames" in request and "AlarmNamePrefix" in request:
            raise _refused("AlarmNamePrefix and AlarmNames cannot be specified together.")
        evaluate_scope(self.records, self.metric_values, scope(ctx), time.time())
        types = set(request.get("AlarmTypes") or ("MetricAlarm",))
        if "AlarmNames" in request and "AlarmTypes" not in request:
            types = {"MetricAlarm", "CompositeAlarm"}
        related = self._related(request, ctx)
        found = [
            record
            for record in every_alarm(self.records, scope(ctx), request.get("AlarmNamePrefix", ""))
            if record.body["type"] in types
            and ("AlarmNames" not in request or record.name in request["AlarmNames"])
            and request.get("StateValue") in (None, record.body["StateValue"])
            and _acts(record, request.get("ActionPrefix"))
            and (related is None or record.name in related)
        ]
        if "NextToken" in request:
            try:
                (last,) = position(request["NextToken"], str)
            except BadPageToken as error:
                raise bad_token() from error
            found = [record for record in found if record.name > str(last)]
        limit = request.get("MaxRecords", 50)
        shown = found[:limit]
        answer: Answer = {
            "MetricAlarms": [_alarm(record) for record in shown if record.body["type"] == "MetricAlarm"],
            "CompositeAlarms": [_alarm(record) for record in shown if record.body["type"] == "CompositeAlarm"],
        }
        if len(found) > limit:
            answer["NextToken"] = page_token(shown[-1].name)
        return answer

    def _related(self, request: Request, ctx: Context) -> set[str] | None:
        """The names that ChildrenOfAlarmName or ParentsOfAlarmName means; None where neither is asked."""
        if "ChildrenOfAlarmName" in request:
            parent = self._alarm(ctx, request["ChildrenOfAlarmName"])
            return set(_members(parent)) if parent is not None else set()
        if "ParentsOfAlarmName" in request:
            child = request["ParentsOfAlarmName"]
            return {record.name for record in every_alarm(self.records, scope(ctx)) if child in _members(record)}
        return None

    def describe_alarms_for_metric(self, request: Request, ctx: Context) -> Answer:
        """The alarms on one metric."""
        evaluate_scope(self.records, self.metric_values, scope(ctx), time.time())
        dimensions = _pairs(request.get("Dimensions", []))
        found = [
            record
            for record in every_alarm(self.records, scope(ctx))
            for given in [record.body["given"]]
            if given.get("MetricName") == request["MetricName"]
            and given.get("Namespace") == request["Namespace"]
            and _pairs(given.get("Dimensions", [])) == dimensions
            and all(
                request.get(key) in (None, given.get(key))
                for key in ("Statistic", "ExtendedStatistic", "Period", "Unit")
            )
        ]
        return {"MetricAlarms": [_alarm(record) for record in found]}

    def delete_alarms(self, request: Request, ctx: Context) -> Answer:
        """Delete alarms: all that are named, or none where one is missing."""
        names = list(dict.fromkeys(request["AlarmNames"]))
        missing = [name for name in names if self._alarm(ctx, name) is None]
        if missing:
            message = f"The following alarms do not exist: [{', '.join(missing)}]"
            raise ServiceError("ResourceNotFound", message)
        with self.database.transaction() as tx:
            for name in names:
                self.records.delete(scope(ctx), KIND, name, tx=tx)
        return {}

    def set_alarm_state(self, request: Request, ctx: Context) -> Answer:
        """Put an alarm into a state; after a minute the data decide again."""
        record = self._alarm(ctx, request["AlarmName"])
        if record is None:
            raise ServiceError("ResourceNotFound", "Unknown")
        data = request.get("StateReasonData", "")
        if data:
            try:
                json.loads(data)
            except ValueError as error:
                raise ServiceError("InvalidFormat", f"StateReasonData is not JSON: {error}") from error
        outcome = Outcome(request["StateValue"], request["StateReason"], data)
        move(self.records, record, outcome, time.time(), by_hand=True)
        return {}

    def enable_alarm_actions(self, request: Request, ctx: Context) -> Answer:
        """Let alarms act."""
        return self._set_actions(request, ctx, enabled=True)

    def disable_alarm_actions(self, request: Request, ctx: Context) -> Answer:
        """Let alarms change their state and do nothing else."""
        return self._set_actions(request, ctx, enabled=False)

    def _set_actions(self, request: Request, ctx: Context, *, enabled: bool) -> Answer:
        def change(record: Record) -> dict[str, Any]:
            return {**record.body, "given": {**record.body["given"], "ActionsEnabled": enabled}}

        for name in request["AlarmNames"]:
            if self._alarm(ctx, name) is not None:
                self.records.modify(scope(ctx), KIND, name, change)
        return {}

    def describe_alarm_history(self, request: Request, ctx: Context) -> Answer:
        """What happened to alarms, the newest first unless asked otherwise."""
        descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
        types = request.get("AlarmTypes") or ["MetricAlarm"]
        found: list[Record] = []
        limit = request.get("MaxRecords", 100)
        after = request.get("NextToken")
        try:
            while True:
                page = self.records.list(
                    scope(ctx), HISTORY, after=after, limit=limit, order="created", descending=descending
                )
                found += [record for record in page.items if _asked(record, request, types)]
                after = page.next
                if after is None or len(found) >= limit:
                    break
        except BadPageToken as error:
            raise bad_token() from error
        if len(found) > limit:
            edge = found[limit - 1]
            found = found[:limit]
            after = page_token(int(edge.created.timestamp() * 1_000_000), edge.name)
        items = [
            {
                "AlarmName": record.body["alarm"],
                "AlarmType": record.body["alarm_type"],
                "Timestamp": record.created,
                "HistoryItemType": record.body["type"],
                "HistorySummary": record.body["summary"],
                "HistoryData": record.body["data"],
            }
            for record in found
        ]
        return {"AlarmHistoryItems": items, **({"NextToken": after} if after is not None else {})}

    def _alarm(self, ctx: Context, name: str) -> Record | None:
        try:
            return self.records.get(scope(ctx), KIND, name)
        except RecordMissing:
            return None


def _check_metric_alarm(request: Request) -> None:
    if ("Metrics" in request) == ("MetricName" in request):
        raise _refused("Exactly one of MetricName and Metrics must be given.")
    if request.get("ComparisonOperator") not in COMPARISONS:
        raise _refused(
            f"The ComparisonOperator {request.get('ComparisonOperator')} is not answered here: only those that compare "
            "with a fixed threshold are."
        )
    for name in ("Threshold", "EvaluationPeriods"):
        if name not in request:
            raise _refused(f"The parameter {name} is required.")
    if request.get("DatapointsToAlarm", 1) > request["EvaluationPeriods"]:
        raise _refused("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    if request.get("TreatMissingData", "missing") not in ("missing", "breaching", "notBreaching", "ignore"):
        raise _refused(f"Invalid value '{request['TreatMissingData']}' for parameter TreatMissingData.")
    if "Metrics" in request:
        _check_span(request, [query["MetricStat"]["Period"] for query in request["Metrics"] if "MetricStat" in query])
        if sum(query.get("ReturnData", True) for query in request["Metrics"]) != 1:
            raise _refused("Exactly one element of the metrics list should return data.")
        return
    for name in ("Namespace", "Period"):
        if name not in request:
            raise _refused(f"The parameter {name} is required.")
    _check_span(request, [request["Period"]])
    if ("Statistic" in request) == ("ExtendedStatistic" in request):
        raise _refused("Exactly one of Statistic and ExtendedStatistic must be given.")
    if "ExtendedStatistic" in request:
        read_statistic(request["ExtendedStatistic"], "ExtendedStatistic")
    low_samples = request.get("EvaluateLowSampleCountPercentile", "evaluate")
    if low_samples not in ("evaluate", "ignore"):
        raise _refused(
            f"Option {low_samples} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile "
            "are evaluate and ignore."
        )


def _check_span(request: Request, periods: list[int]) -> None:
    period = max(periods, default=60)
    check_period(period)
    limit, words = (7 * _DAY, "a week") if period >= 3600 else (_DAY, "a day")
    if request["EvaluationPeriods"] * period > limit:
        raise _refused(
            f"Metrics cannot be checked across more than {words} (EvaluationPeriods * Period must be <= {limit})."
        )


def _refused(message: str) -> ServiceError:
    return ServiceError("ValidationError", message, status=400)


def _pairs(dimensions: list[Mapping[str, str]]) -> list[tuple[str, str]]:
    return sorted((given["Name"], given["Value"]) for given in dimensions)


def _members(record: Record) -> frozenset[str]:
    """The alarms that a composite alarm's rule names."""
    given = record.body["given"]
    return read_rule(given["AlarmRule"])[1] if "AlarmRule" in given else frozenset()


def _acts(record: Record, prefix: str | None) -> bool:
    given = record.body["given"]
    actions = [
        action for key in ("OKActions", "AlarmActions", "InsufficientDataActions") for action in given.get(key, [])
    ]
    return prefix is None or any(action.startswith(prefix) for action in actions)


def _asked(record: Record, request: Request, types: list[str]) -> bool:
    body = record.body
    return (
        request.get("AlarmName") in (None, body["alarm"])
        and request.get("HistoryItemType") in (None, body["type"])
        and body["alarm_type"] in types
        and ("StartDate" not in request or record.created >= request["StartDate"])
        and ("EndDate" not in request or record.created <= request["EndDate"])
    )


def _alarm(record: Record) -> Answer:
    body = record.body
    alarm: Answer = {
        "AlarmArn": record.arn,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        **({"Dimensions": []} if "MetricName" in body["given"] else {}),
        **body["given"],
        "StateValue": body["StateValue"],
        "StateReason": body["StateReason"],
        **{name: datetime.fromisoformat(body[name]) for name in _DATES},
    }
    if body.get("StateReasonData"):
        alarm["StateReasonData"] = body["StateReasonData"]
    return alarm
