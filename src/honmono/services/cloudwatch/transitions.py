"""An alarm's change of state, and the history of all changes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection

from honmono.store.records import Records, Scope

HISTORY = "alarm-history"


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
