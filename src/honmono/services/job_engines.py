"""Engines as a job asks them: in the job's own process, and those that the user chose.

The server's engine host is out of a child's reach, and a job that sent each document to it would wait in line with
real-time calls. So a job's child makes a host of its own from the same tables of honmono.toml and the same cache; what
its engines take, the job's `Limits` have taken from the server's ledger before the child was started.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.compute import Ledger, devices
from honmono.engines.host import EngineChoice, EngineHost
from honmono.jobs import Limits
from honmono.weights import Cache

if TYPE_CHECKING:
    from datetime import date, time

ENGINES = "HONMONO_ENGINES"
"""The variable that tells a job's child what the tables `[engines.FIELD]` say."""

_BASE_BYTES = 384 << 20
"""Of a child before its engines: the interpreter, numpy, and the documents in hand."""

_GRACE_SECONDS = 60.0
"""To end when told to: nothing interrupts an engine that is at work on a long document."""


def engines_text(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """The tables as JSON; TOML's dates become texts, as they do on their way to an engine's worker."""
    return json.dumps({field: dict(table) for field, table in tables.items()}, default=_moment)


def engines_of_parent(*, in_process: bool = True) -> EngineHost:
    """In a job's child: the engines of the server that started it, loaded in this process.

    Not `in_process`, they are loaded in workers: for engines that parse hostile files, so that one which crashes its
    reader costs itself, and not the job.
    """
    tables = json.loads(os.environ[ENGINES])
    return EngineHost(
        {field: EngineChoice.of_table(table) for field, table in tables.items()},
        Cache(Path(os.environ["HONMONO_CACHE"])),
        Ledger(devices.cores(), devices.memory_bytes()),
        in_process=in_process,
    )


def limits_for(engines: EngineHost, *fields: str) -> Limits:
    """What a job that asks the engines of these fields may use.

    Raises EngineUnavailable: a field has no engine.
    """
    costs = [engines.info(field).cost for field in fields]
    return Limits(
        cores=max((cost.cores for cost in costs), default=1),
        memory_bytes=_BASE_BYTES + sum(cost.memory_bytes for cost in costs),
        grace_seconds=_GRACE_SECONDS,
    )


def _moment(value: date | time) -> str:
    return value.isoformat()
