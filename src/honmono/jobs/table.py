"""The table of jobs as services see it: enqueue, look, stop, read the log."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from honmono.jobs.errors import JobNotEnded
from honmono.jobs.rows import Hook, ended_values, job_of, limits_text, read_job
from honmono.jobs.snapshot import Job, JobId, Limits, LogLine, State
from honmono.store import Database, Page, clock, documents
from honmono.store.paging import page_token, position
from honmono.store.schema import job_logs, jobs

log = logging.getLogger("honmono.jobs")

# How often `wait` looks when another process may be the one that ends the job (seconds).
_LOOK_INTERVAL = 0.5
_LOG_PAGE = 1000


class Jobs:
    """The durable table of long work; any thread may use it.

    Args:
        database: where the table is.
        directory: for the jobs' files, a folder each.
    """

    def __init__(self, database: Database, directory: Path):
        self.database = database
        self.directory = directory.absolute()
        self._hooks: dict[str, list[Hook]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._ended = threading.Condition()

    def enqueue(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        resource_arn: str | None = None,
        limits: Limits | None = None,
        max_attempts: int = 1,
        tx: Connection | None = None,
    ) -> JobId:
        """Add a job; with `tx`, in the transaction that writes the resource it serves: both or neither.

        Args:
            kind: which function does it, see `honmono.jobs.job`.
            payload: what the function gets, a JSON object.
            resource_arn: the resource it serves.
            limits: what an attempt may use.
            max_attempts: how often it is tried when it raises or crashes.
            tx: the transaction to join.

        Raises:
            NotStorable: the payload is not JSON.
        """
        # Time first, so that the order of ids is the order of arrival.
        job_id = JobId(f"{clock.now():014x}{os.urandom(9).hex()}")
        row = {
            "id": job_id,
            "kind": kind,
            "payload": documents.dump(payload, f"The payload of the job {kind}"),
            "resource_arn": resource_arn,
            "limits": limits_text(limits or Limits()),
            "state": State.QUEUED,
            "attempt": 0,
            "max_attempts": max_attempts,
            "interruptions": 0,
            "stop_requested": False,
            "created": clock.now(),
            "log_lines": 0,
            "log_bytes": 0,
        }
        with self.database.joined(tx) as connection:
            connection.execute(insert(jobs), row)
            self.database.after_commit(connection, self._notify)
        return job_id

    def get(self, job_id: JobId, *, tx: Connection | None = None) -> Job:
        """The job as it stands.

        Raises:
            JobMissing: there is none.
        """
        with self.database.reading(tx) as connection:
            return read_job(connection, job_id)

    def list(
        self,
        *,
        kind: str | None = None,
        state: State | None = None,
        resource_arn: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Job]:
        """A page of jobs, the newest first.

        Raises:
            BadPageToken: `after` did not come from such a call.
        """
        query = select(jobs).order_by(jobs.c.id.desc()).limit(limit + 1)
        for column, wanted in (
            (jobs.c.kind, kind),
            (jobs.c.state, state),
            (jobs.c.resource_arn, resource_arn),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if after is not None:
            query = query.where(jobs.c.id < position(after, str)[0])
        with self.database.reading() as connection:
            found = [job_of(row) for row in connection.execute(query).mappings()]
        return Page(found[:limit], page_token(found[limit - 1].id) if len(found) > limit else None)

    def stop(self, job_id: JobId, *, tx: Connection | None = None) -> None:
        """Ask a job to end: one that waits is stopped at once, one that runs gets its grace; an ended one
        stays.

        Raises:
            JobMissing: there is none.
        """
        with self.database.joined(tx) as connection:
            found = read_job(connection, job_id, locked=True)
            if found.state is State.QUEUED:
                self.end(connection, job_id, ended_values(State.STOPPED))
            elif found.state is State.RUNNING:
                connection.execute(update(jobs).where(jobs.c.id == job_id).values(stop_requested=True))
            self.database.after_commit(connection, self._notify)

    def logs(self, job_id: JobId, after: int = 0) -> Iterator[LogLine]:
        """The lines that the job has written so far, in order.

        Args:
            job_id: which.
            after: the number of the last line that is known already; to follow a job, call again with the
            last.

        Raises:
            JobMissing: there is no such job.
        """
        self.get(job_id)
        while True:
            query = (
                select(job_logs)
                .where(job_logs.c.job_id == job_id, job_logs.c.number > after)
                .order_by(job_logs.c.number)
                .limit(_LOG_PAGE)
            )
            with self.database.reading() as connection:
                rows = connection.execute(query).all()
            for row in rows:
                yield LogLine(row.number, row.attempt, clock.moment(row.time), row.stream, row.text)
            if len(rows) < _LOG_PAGE:
                return
            after = rows[-1].number

    def wait(self, job_id: JobId, timeout: float | None = None) -> Job:
        """Wait until the job has ended; never inside a transaction.

        Raises:
            TimeoutError: it has not after `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._ended:
            while not (found := self.get(job_id)).state.ended:
                pause = _LOOK_INTERVAL if self.database.shared else None
                if deadline is not None:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise TimeoutError(f"Job {job_id} is {found.state} still after {timeout} s")
                    pause = left if pause is None else min(pause, left)
                self._ended.wait(pause)
        return found

    def delete(self, job_id: JobId, *, tx: Connection | None = None) -> None:
        """Forget an ended job, its log and its files.

        Raises:
            JobMissing: there is none.
            JobNotEnded: it has not ended.
        """
        with self.database.joined(tx) as connection:
            found = read_job(connection, job_id, locked=True)
            if not found.state.ended:
                raise JobNotEnded(f"Job {job_id} is {found.state}: stop it before deleting it")
            connection.execute(delete(job_logs).where(job_logs.c.job_id == job_id))
            connection.execute(delete(jobs).where(jobs.c.id == job_id))
            self.database.after_commit(connection, lambda: _remove(self.job_directory(job_id)))

    def discard_output(self, job_id: JobId, *, tx: Connection) -> None:
        """Remove what an ended job has left in its output folder, once the transaction has committed."""
        self.database.after_commit(tx, lambda: _remove(self.job_directory(job_id) / "output"))

    def clear(self) -> None:
        """Forget every job, whatever its state; the supervisor then ends the children of those that ran."""
        with self.database.transaction() as tx:
            ids = [JobId(job_id) for job_id in tx.execute(select(jobs.c.id)).scalars()]
            tx.execute(delete(job_logs))
            tx.execute(delete(jobs))
        for job_id in ids:
            _remove(self.job_directory(job_id))

    def when_finished(self, kind: str, hook: Hook) -> None:
        """Call `hook(job, tx)` inside the transaction that ends a job of this kind, however it ends.

        What the hook writes through `tx` and the job's end are committed together. It must be quick. If it
        raises, its changes are undone and it is called again with the job as failed. Register hooks before
        the supervisor starts, which may end jobs at once.
        """
        self._hooks.setdefault(kind, []).append(hook)

    def job_directory(self, job_id: JobId) -> Path:
        """The folder of the job's files: `checkpoint` and `output`."""
        return self.directory / job_id

    # What the supervisor uses.

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever there is a new job or a request to stop one; it must return at once."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Take back `listen`."""
        self._listeners.remove(listener)

    def end(self, tx: Connection, job_id: JobId, values: dict[str, Any]) -> None:
        """End a job that the caller holds: write its last state and run the hooks of its kind."""
        tx.execute(update(jobs).where(jobs.c.id == job_id).values(values))
        ended = read_job(tx, job_id)
        for hook in self._hooks.get(ended.kind, ()):
            hook(ended, tx)
        self.database.after_commit(tx, lambda: self._tell_ended(job_id))

    def end_without_hooks(self, tx: Connection, job_id: JobId, values: dict[str, Any]) -> None:
        """End a job whose hooks fail even for a failed job."""
        tx.execute(update(jobs).where(jobs.c.id == job_id).values(values))
        self.database.after_commit(tx, lambda: self._tell_ended(job_id))

    def _tell_ended(self, job_id: JobId) -> None:
        _remove(self.job_directory(job_id) / "checkpoint")
        with self._ended:
            self._ended.notify_all()

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()


def _remove(directory: Path) -> None:
    try:
        shutil.rmtree(directory)
    except FileNotFoundError:
        return
    except OSError:
        log.warning("the job's folder %s could not be removed", directory, exc_info=True)
