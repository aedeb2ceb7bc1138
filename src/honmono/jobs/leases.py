"""Leases: which supervisor runs which attempt of which job, in SQL.

Every change is made `WHERE attempt = ? AND lease_owner = ?`: a runner whose lease was taken over, because its
host slept or was cut off, finds no row and can overwrite nothing.
"""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from honmono.jobs import owner as owners
from honmono.jobs.errors import JobKindUnknown
from honmono.jobs.kinds import kind_named
from honmono.jobs.logstore import LogBuffer
from honmono.jobs.rows import ended_values, job_of
from honmono.jobs.snapshot import Job, JobId, State
from honmono.jobs.table import Jobs
from honmono.store import StorageUnavailable, clock
from honmono.store.schema import jobs

log = logging.getLogger("honmono.jobs")

LEASE_SECONDS = 60
HEARTBEAT_SECONDS = 15

# A job that is resumed again and again, because it takes the server down with it, is given up after so many
# times.
MAX_INTERRUPTIONS = 50

# How many waiting jobs are looked at when there is room.
_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended."""

    state: State
    result: str | None = None
    """JSON."""
    error: str | None = None
    error_type: str | None = None
    again: bool = False
    """Put it back in the queue: it was interrupted, or may be tried again."""
    interrupted: bool = False


class Leases:
    """The leases of one supervisor."""

    def __init__(self, table: Jobs, owner: str):
        self._database = table.database
        self._table = table
        self.owner = owner

    def candidates(self, tx: Connection) -> list[Job]:
        """Waiting jobs, the longest waiting first."""
        query = select(jobs).where(jobs.c.state == State.QUEUED).order_by(jobs.c.created, jobs.c.id).limit(_CANDIDATES)
        return [job_of(row) for row in tx.execute(query).mappings()]

    def claim(self, tx: Connection, job: Job) -> LogBuffer | None:
        """Begin the next attempt of a candidate.

        Returns:
            Where its log goes on; None if another supervisor has the job, or is about to take it.
        """
        query = select(jobs.c.id).where(jobs.c.id == job.id, jobs.c.state == State.QUEUED)
        if tx.execute(query.with_for_update(skip_locked=True)).first() is None:
            return None
        time = clock.now()
        attempt = job.attempt + 1
        row = tx.execute(
            update(jobs)
            .where(jobs.c.id == job.id)
            .values(
                state=State.RUNNING,
                attempt=attempt,
                started=time,
                lease_owner=self.owner,
                lease_expires=time + LEASE_SECONDS * 1_000_000,
                heartbeat=time,
            )
            .returning(jobs.c.log_lines, jobs.c.log_bytes)
        ).one()
        return LogBuffer(job.id, attempt, row.log_lines, row.log_bytes)

    def held(self) -> dict[JobId, bool]:
        """The jobs whose leases are ours, and whether a stop was asked for."""
        query = select(jobs.c.id, jobs.c.stop_requested).where(
            jobs.c.lease_owner == self.owner, jobs.c.state == State.RUNNING
        )
        with self._database.reading() as connection:
            return {JobId(row.id): row.stop_requested for row in connection.execute(query)}

    def beat(self) -> None:
        """Renew all our leases."""
        time = clock.now()
        with self._database.transaction() as tx:
            tx.execute(
                update(jobs)
                .where(jobs.c.lease_owner == self.owner, jobs.c.state == State.RUNNING)
                .values(heartbeat=time, lease_expires=time + LEASE_SECONDS * 1_000_000)
            )

    def report(self, tx: Connection, job_id: JobId, attempt: int, values: dict[str, Any]) -> bool:
        """Change columns of a running attempt, progress for instance; False if the lease is not ours any
        more."""
        return tx.execute(update(jobs).where(self._ours(job_id, attempt)).values(values)).rowcount == 1

    def finish(
        self,
        job_id: JobId,
        attempt: int,
        outcome: Outcome,
        buffer: LogBuffer | None = None,
        progress: dict[str, Any] | None = None,
    ) -> bool:
        """Record how an attempt ended, with the last of its log and progress; hooks run in the same
        transaction.

        Returns:
            False if the lease was not ours any more: nothing was changed.

        Raises:
            StorageUnavailable: the database cannot be written now; nothing was changed, try again.
        """
        try:
            recorded = self._finish(job_id, attempt, outcome, buffer, progress, hooks=True)
        except StorageUnavailable:
            raise
        except Exception as error:
            log.exception("the hook of job %s failed", job_id)
            outcome = Outcome(
                State.FAILED,
                error=f"its result could not be recorded: {type(error).__name__}: {error}",
                error_type="JobHookFailed",
            )
            try:
                recorded = self._finish(job_id, attempt, outcome, buffer, progress, hooks=True)
            except StorageUnavailable:
                raise
            except Exception:
                log.exception("the hook of job %s failed for the failed job too: it ends without it", job_id)
                recorded = self._finish(job_id, attempt, outcome, buffer, progress, hooks=False)
        if buffer is not None:
            buffer.written()
        return recorded

    def _finish(
        self,
        job_id: JobId,
        attempt: int,
        outcome: Outcome,
        buffer: LogBuffer | None,
        progress: dict[str, Any] | None,
        *,
        hooks: bool,
    ) -> bool:
        with self._database.transaction() as tx:
            if not self.report(tx, job_id, attempt, {"error": outcome.error} | (progress or {})):
                return False
            if buffer is not None:
                buffer.write(tx)
            values = _values(outcome)
            if outcome.again:
                tx.execute(update(jobs).where(jobs.c.id == job_id).values(values))
            elif hooks:
                self._table.end(tx, job_id, values)
            else:
                self._table.end_without_hooks(tx, job_id, values)
        return True

    def take_over(self) -> int:
        """Put back or end the running jobs whose supervisor is dead; the answer is how many.

        On SQLite every lease that is not ours is a dead one's, as only one process has the database open. On
        a shared one, the dead are those of this host whose process is gone, and those whose lease has
        expired.
        """
        query = (
            select(jobs)
            .where(jobs.c.state == State.RUNNING, jobs.c.lease_owner != self.owner)
            .with_for_update(skip_locked=True)
        )
        with self._database.transaction() as tx:
            lost = [
                (job_of(row), row["interruptions"], row["lease_owner"])
                for row in tx.execute(query).mappings()
                if not self._database.shared or row["lease_expires"] < clock.now() or owners.is_dead(row["lease_owner"])
            ]
            for job, _, _ in lost:
                tx.execute(update(jobs).where(jobs.c.id == job.id).values(lease_owner=self.owner))
        # Ours now: each is ended in a transaction of its own, so that one failing hook harms no other.
        for job, interruptions, _ in lost:
            outcome = interruption(job, interruptions, "the server ended while it ran")
            self.finish(job.id, job.attempt, outcome)
            log.info("job %s (%s) was running when its server ended: now %s", job.id, job.kind, outcome.state)
        return len(lost)

    def _ours(self, job_id: JobId, attempt: int) -> ColumnElement[bool]:
        return and_(
            jobs.c.id == job_id,
            jobs.c.attempt == attempt,
            jobs.c.lease_owner == self.owner,
            jobs.c.state == State.RUNNING,
        )


def interruption(job: Job, interruptions: int, why: str) -> Outcome:
    """What becomes of a job whose attempt was cut off by no fault of its own."""
    if job.stop_requested:
        return Outcome(State.STOPPED)
    try:
        resumable = kind_named(job.kind).resumable and interruptions < MAX_INTERRUPTIONS
    except JobKindUnknown as error:
        return Outcome(State.FAILED, error=str(error), error_type="JobKindUnknown")
    if resumable or job.attempt < job.max_attempts:
        return Outcome(State.QUEUED, error=why, error_type="JobInterrupted", again=True, interrupted=True)
    return Outcome(
        State.FAILED,
        error=f"{why}, in attempt {job.attempt} of {job.max_attempts}, and cannot go on",
        error_type="JobInterrupted",
    )


def _values(outcome: Outcome) -> dict[str, Any]:
    if not outcome.again:
        return ended_values(outcome.state, result=outcome.result, error=outcome.error, error_type=outcome.error_type)
    return {
        "state": State.QUEUED,
        "error": outcome.error,
        "error_type": outcome.error_type,
        "lease_owner": None,
        "lease_expires": None,
        "interruptions": jobs.c.interruptions + int(outcome.interrupted),
    }
