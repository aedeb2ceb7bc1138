"""Alarms going from one state to another: by the data, by hand, and the history of all changes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from honmono.services.cloudwatch.evaluation import ALARM, INSUFFICIENT, OK, Outcome, metric_outcome, read_rule
from honmono.services.cloudwatch.series import Where
from honmono.services.cloudwatch.values import MetricValues
from honmono.services.platform import Platform
from honmono.store.errors import RecordChanged
from honmono.store.records import Record, Records, Scope
from honmono.store.schema import resources
from honmono.wire.errors import ServiceError

log = logging.getLogger("honmono.cloudwatch")

HISTORY = "alarm-history"
KIND = "alarm"
_SET_LASTS = 60.0
"""Seconds for which a state that was set by hand stays; then the data decide again."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An alarm went from one state to another. ``actions`` are the ARNs to act on; empty where it must not act."""

    arn: str
    name: str
    old: str
    new: str
    reason: str
    actions: tuple[str, ...]


def write_history(
    records: Records,
    where: Scope,
    name: str,
    alarm_type: str,
    item_type: str,
    summary: str,
    data: str,
    *,
    tx: Connection | None = None,
) -> None:
    """Note what happened to an alarm; ``data`` is JSON."""
    body = {"alarm": name, "alarm_type": alarm_type, "type": item_type, "summary": summary, "data": data}
    records.create(where, HISTORY, str(uuid4()), body, arn="", tx=tx)


def every_alarm(records: Records, where: Scope, prefix: str = "") -> list[Record]:
    """All alarms of an account in a region, by name."""
    found: list[Record] = []
    after: str | None = None
    while True:
        page = records.list(where, KIND, after=after, limit=500, prefix=prefix)
        found += page.items
        after = page.next
        if after is None:
            return found


def evaluate(platform: Platform, now: float, act: Callable[[Transition], None] | None = None) -> list[Transition]:
    """Bring every alarm of every account into the state that the data put it in: for a timer, once a minute.

    Args:
        platform: the stores.
        now: seconds since 1970 UTC.
        act: called for each change of state of an alarm whose actions are enabled, with the ARNs to act on.
    """
    query = (
        select(resources.c.account, resources.c.region)
        .where(resources.c.service == "cloudwatch", resources.c.kind == KIND)
        .distinct()
    )
    with platform.database.reading() as connection:
        places = connection.execute(query).all()
    values = MetricValues(platform.database)
    moved = [
        transition
        for account, region in places
        for transition in evaluate_scope(platform.records, values, Scope(account, region, "cloudwatch"), now)
    ]
    if act is not None:
        for transition in moved:
            if transition.actions:
                act(transition)
    return moved


def evaluate_scope(records: Records, values: MetricValues, where: Scope, now: float) -> list[Transition]:
    """Bring the alarms of one account in one region into the state that the data put them in."""
    alarms = every_alarm(records, where)
    states = {record.name: record.body["StateValue"] for record in alarms}
    moved: list[Transition] = []
    for record in sorted(alarms, key=lambda record: record.body["type"], reverse=True):  # metric alarms first
        if now - record.body["set_at"] < _SET_LASTS:
            continue
        given = record.body["given"]
        try:
            if record.body["type"] == "MetricAlarm":
                outcome = metric_outcome(given, states[record.name], values, Where(where.account, where.region), now)
            else:
                outcome = _composite_outcome(given, states)
        except ServiceError as error:  # math that the data no longer fit: the other alarms go on
            log.warning("the alarm %s cannot be evaluated: %s", record.arn, error)
            continue
        if outcome is None or outcome.state == states[record.name]:
            continue
        transition = move(records, record, outcome, now, by_hand=False)
        if transition is not None:
            states[record.name] = outcome.state
            moved.append(transition)
    return moved


def _composite_outcome(given: Mapping[str, Any], states: Mapping[str, str]) -> Outcome:
    rule, names = read_rule(given["AlarmRule"])
    state = ALARM if rule(states) else OK
    members = ", ".join(f"{name} is {states.get(name, 'missing')}" for name in sorted(names))
    return Outcome(state, f"The alarm rule is {'true' if state == ALARM else 'false'}: {members}", "{}")


def move(records: Records, record: Record, outcome: Outcome, now: float, *, by_hand: bool) -> Transition | None:
    """Put an alarm into a state and write it into the history; None where somebody else was faster."""
    old = record.body["StateValue"]
    moment = datetime.fromtimestamp(now, UTC).isoformat()
    body = {
        **record.body,
        "StateValue": outcome.state,
        "StateReason": outcome.reason,
        "StateReasonData": outcome.data,
        "StateUpdatedTimestamp": moment,
        "set_at": now if by_hand else 0.0,
    }
    if old != outcome.state:
        body["StateTransitionedTimestamp"] = moment
    try:
        records.update(record, body=body)
    except RecordChanged:
        return None
    given = record.body["given"]
    if old != outcome.state:
        data = {
            "version": "1.0",
            "oldState": {"stateValue": old, "stateReason": record.body["StateReason"]},
            "newState": {"stateValue": outcome.state, "stateReason": outcome.reason},
        }
        summary = f"Alarm updated from {old} to {outcome.state}"
        write_history(records, record.scope, record.name, record.body["type"], "StateUpdate", summary, json.dumps(data))
    key = {OK: "OKActions", ALARM: "AlarmActions", INSUFFICIENT: "InsufficientDataActions"}[outcome.state]
    actions = tuple(given.get(key, [])) if given["ActionsEnabled"] and old != outcome.state else ()
    return Transition(record.arn, record.name, old, outcome.state, outcome.reason, actions)
