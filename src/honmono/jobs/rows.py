"""Jobs as rows: how they are read and how they are found."""

import dataclasses
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from honmono.jobs.errors import JobMissing
from honmono.jobs.snapshot import Job, JobId, Limits, Progress, State
from honmono.store import clock, documents
from honmono.store.schema import jobs

Hook = Callable[[Job, Connection], None]
"""Called with an ended job inside the transaction that ends it."""


def read_job(tx: Connection, job_id: str, *, locked: bool = False) -> Job:
    """The job of this id; `locked` holds its row for the rest of the transaction.

    Raises:
        JobMissing: there is none.
    """
    query = select(jobs).where(jobs.c.id == job_id)
    row = tx.execute(query.with_for_update() if locked else query).mappings().first()
    if row is None:
        raise JobMissing(f"There is no job {job_id}")
    return job_of(row)


def job_of(row: RowMapping) -> Job:
    """A row as a value."""
    return Job(
        id=JobId(row["id"]),
        kind=row["kind"],
        payload=documents.load(row["payload"]),
        resource_arn=row["resource_arn"],
        limits=Limits(**documents.load(row["limits"])),
        state=State(row["state"]),
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        stop_requested=row["stop_requested"],
        progress=_progress(row),
        result=None if row["result"] is None else documents.load(row["result"]),
        error=row["error"],
        error_type=row["error_type"],
        created=clock.moment(row["created"]),
        started=None if row["started"] is None else clock.moment(row["started"]),
        finished=None if row["finished"] is None else clock.moment(row["finished"]),
        log_lines=row["log_lines"],
    )


def limits_text(limits: Limits) -> str:
    """Limits as the row holds them."""
    return documents.dump(dataclasses.asdict(limits), "The limits")


def _progress(row: RowMapping) -> Progress | None:
    if row["progress_done"] is None:
        return None
    return Progress(row["progress_done"], row["progress_total"], row["progress_what"])


def ended_values(
    state: State, *, result: str | None = None, error: str | None = None, error_type: str | None = None
) -> dict[str, Any]:
    """The columns that change when a job ends."""
    return {
        "state": state,
        "result": result,
        "error": error,
        "error_type": error_type,
        "finished": clock.now(),
        "lease_owner": None,
        "lease_expires": None,
    }
