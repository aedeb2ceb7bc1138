"""The supervisor: a thread that starts waiting jobs in child processes, watches them and records how they
end."""

import logging
import os
import selectors
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.compute.ledger import Ledger, NeverEnough, NotNow
from honmono.jobs import messages
from honmono.jobs.attempt import Attempt
from honmono.jobs.errors import JobKindUnknown
from honmono.jobs.kinds import kind_named
from honmono.jobs.leases import HEARTBEAT_SECONDS, Leases, Outcome
from honmono.jobs.logstore import LogBuffer
from honmono.jobs.owner import new_owner
from honmono.jobs.process import Child, Guard
from honmono.jobs.snapshot import Job, JobId, State
from honmono.jobs.table import Jobs
from honmono.store import StorageUnavailable, clock

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

log = logging.getLogger("honmono.jobs")

# Log lines and progress are gathered for so long before they are written (seconds).
_FLUSH_SECONDS = 0.25
# … or until there are so many lines.
_FLUSH_LINES = 2000
# How often a shared database is asked for jobs and stops that came by other servers.
_POLL_SECONDS = 2.0
# How often a job that waits for room is tried again: room is given back by engines too, who do not tell us.
_ROOM_SECONDS = 1.0
# After so long at the head of the queue without room, younger and smaller jobs wait behind it.
_PATIENCE_SECONDS = 60.0
# After the database could not be written.
_RETRY_SECONDS = 1.0


def _no_environment(_job: Job) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class _Ended:
    """An attempt that has ended and is to be recorded."""

    job_id: JobId
    attempt: int
    outcome: Outcome
    log: LogBuffer
    progress: dict[str, Any] | None = None


class Supervisor:
    """Runs the jobs of one server. Idle, it sleeps until somebody calls.

    Args:
        jobs: the table; its hooks must be registered before `start`.
        ledger: gives out cores and memory.
        environment: variables for a job's child, such as the credentials of its role.
    """

    def __init__(
        self,
        jobs: Jobs,
        ledger: Ledger,
        *,
        environment: Callable[[Job], Mapping[str, str]] = _no_environment,
    ):
        self._database = jobs.database
        self._jobs = jobs
        self._ledger = ledger
        self._environment = environment
        self._leases = Leases(jobs, new_owner())
        self._selector = selectors.DefaultSelector()
        self._bell_lock = threading.Lock()
        self._bell: int | None = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector.register(self._bell, selectors.EVENT_READ, self._on_bell)
        self._guard = Guard()
        self._thread: threading.Thread | None = None
        self._running: dict[JobId, Attempt] = {}
        self._buried = threading.Condition()
        self._exited: list[Attempt] = []
        self._ended: list[_Ended] = []
        self._closing = False
        self._close_grace = 0.0
        # When what is due, on the monotonic clock; None: not.
        self._look_at: float | None = 0.0
        self._flush_at: float | None = None
        self._beat_at = 0.0
        self._retry_at: float | None = None
        self._head: tuple[JobId, float] | None = None

    def start(self) -> None:
        """Take over what a dead supervisor has left, then run jobs until `close`."""
        self._leases.take_over()
        self._jobs.listen(self._wake)
        self._thread = threading.Thread(target=self._run, name="job-supervisor")
        self._thread.start()

    def close(self, grace: float = 5.0) -> None:
        """End the children and return when they are gone.

        Their jobs go back to the queue if they can be resumed or have attempts left, else they have failed.

        Args:
            grace: seconds that a child has to save what it has before it is killed.
        """
        self._close_grace = grace
        self._closing = True
        if self._thread is not None:
            self._jobs.unlisten(self._wake)
            self._wake()
            self._thread.join()
            self._thread = None
        with self._bell_lock:
            if self._bell is not None:
                self._selector.close()
                os.close(self._bell)
                self._bell = None

    def stop_all(self, timeout: float = 10.0) -> None:
        """Forget every job, those that wait and those that run, and return when the children are gone.

        No hook is called: this is for emptying a server together with all that the jobs served.
        """
        self._jobs.clear()
        self._wake()
        with self._buried:
            self._buried.wait_for(lambda: not self._running, timeout)

    def _wake(self) -> None:
        # Somebody may enqueue a job while we close: the descriptor's number may be another's by then.
        with self._bell_lock:
            if self._bell is not None:
                os.eventfd_write(self._bell, 1)

    def _on_bell(self) -> None:
        assert self._bell is not None  # closed after this thread has ended
        os.eventfd_read(self._bell)
        self._look_at = 0.0

    def _run(self) -> None:
        while self._running or self._ended or not self._closing:
            try:
                for key, _ in self._selector.select(self._timeout()):
                    key.data()
                self._watch()
                now = time.monotonic()
                if self._retry_at is None or now >= self._retry_at:
                    self._retry_at = None
                    self._update_table(now)
            except StorageUnavailable as error:
                if self._closing and not self._running:
                    log.error("%d ended jobs could not be recorded; the next start does it", len(self._ended))
                    break
                log.error("the database cannot be used now, jobs wait: %s", error)
                self._retry_at = time.monotonic() + _RETRY_SECONDS
            except Exception:  # the children end with this thread: it must not end by an error of ours
                log.exception("the job supervisor goes on after an error")
                time.sleep(_RETRY_SECONDS)
        self._guard.close()

    def _timeout(self) -> float | None:
        moments = [attempt.deadline for attempt in self._running.values()]
        if self._retry_at is not None:
            moments.append(self._retry_at)
        else:
            moments += [self._look_at, self._flush_at, self._beat_at if self._running else None]
            if self._ended:
                return 0
        known = [moment for moment in moments if moment is not None]
        return max(0.0, min(known) - time.monotonic()) if known else None

    # What concerns the children.

    def _watch(self) -> None:
        """Take leave of the children that have ended, and hold the others to their limits."""
        while self._exited:
            self._bury(self._exited.pop())
        for attempt in self._running.values():
            if self._closing:
                attempt.stop("shutdown", self._close_grace)
            attempt.tick()

    def _spawn(self, job: Job, log_buffer: LogBuffer, room: ExitStack) -> Outcome | None:
        """Start the child; an outcome if that failed."""
        kind = kind_named(job.kind)
        directory = self._jobs.job_directory(job.id)
        start = messages.Start(
            module=kind.module,
            function=kind.function,
            kind=kind.name,
            job_id=job.id,
            attempt=log_buffer.attempt,
            payload=job.payload,
            checkpoint_dir=str(directory / "checkpoint"),
            output_dir=str(directory / "output"),
            cpu_seconds=job.limits.cpu_seconds,
            address_space_bytes=job.limits.address_space_bytes,
        )
        try:
            for folder in (start.checkpoint_dir, start.output_dir):
                Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            child = Child(job.limits.cores, self._environment(job))
        except Exception as error:
            log.exception("job %s could not be started", job.id)
            return Outcome(State.FAILED, error=f"{type(error).__name__}: {error}", error_type="JobNotStarted")
        self._guard.watch(child.pid)
        child.begin(start)
        attempt = Attempt(replace(job, attempt=log_buffer.attempt), child, log_buffer, room)
        if not self._running:
            self._beat_at = time.monotonic() + HEARTBEAT_SECONDS
        self._running[job.id] = attempt
        self._listen(child.exited, partial(self._exited.append, attempt))
        self._listen(child.channel, partial(self._hear, attempt, child.channel, attempt.on_channel))
        for name, pipe in child.outputs.items():
            self._listen(pipe, partial(self._hear, attempt, pipe, partial(attempt.on_output, name)))
        return None

    def _listen(self, source: "FileDescriptorLike", callback: Callable[[], None]) -> None:
        self._selector.register(source, selectors.EVENT_READ, callback)

    def _hear(self, attempt: Attempt, source: Any, take: Callable[[], bool]) -> None:
        if not take():
            self._selector.unregister(source)
        if len(attempt.log.pending) > _FLUSH_LINES:
            self._flush_at = 0.0
        elif self._flush_at is None and attempt.unwritten:
            self._flush_at = time.monotonic() + _FLUSH_SECONDS

    def _bury(self, attempt: Attempt) -> None:
        child = attempt.child
        sources: list[FileDescriptorLike] = [child.exited, child.channel, *child.outputs.values()]
        for source in sources:
            if source in self._selector.get_map():
                self._selector.unregister(source)
        outcome = attempt.conclude()
        self._guard.forget(child.pid)
        with self._buried:
            del self._running[attempt.job.id]
            self._buried.notify_all()
        if not attempt.lost:
            ended = _Ended(attempt.job.id, attempt.job.attempt, outcome, attempt.log, attempt.progress)
            self._ended.append(ended)
        self._look_at = 0.0  # there is room for another

    # What concerns the table. Each raises StorageUnavailable and is then called again.

    def _update_table(self, now: float) -> None:
        while self._ended:
            self._record(self._ended[0])
            del self._ended[0]
        if self._running and now >= self._beat_at:
            self._leases.beat()
            self._beat_at = now + HEARTBEAT_SECONDS
            self._look_at = now
        if self._flush_at is not None and now >= self._flush_at:
            self._flush()
            self._flush_at = None
        if self._look_at is not None and now >= self._look_at:
            if self._running:
                self._heed()
            crowded = False
            if not self._closing:
                if self._database.shared:
                    self._leases.take_over()
                crowded = self._start_waiting(now)
            pause = _ROOM_SECONDS if crowded else _POLL_SECONDS if self._database.shared else None
            self._look_at = None if pause is None else now + pause

    def _record(self, ended: _Ended) -> None:
        if not self._leases.finish(ended.job_id, ended.attempt, ended.outcome, ended.log, ended.progress):
            log.warning("job %s: attempt %d had lost its lease", ended.job_id, ended.attempt)

    def _flush(self) -> None:
        """Write the log lines and the progress that have gathered, of all jobs in one transaction."""
        attempts = [attempt for attempt in self._running.values() if attempt.unwritten]
        with self._database.transaction() as tx:
            for attempt in attempts:
                values = attempt.progress or {"heartbeat": clock.now()}
                if self._leases.report(tx, attempt.job.id, attempt.job.attempt, values):
                    attempt.log.write(tx)
                else:
                    attempt.lose()
        for attempt in attempts:
            attempt.log.written()
            attempt.progress = None

    def _heed(self) -> None:
        """Pass requests to stop on; give up what another supervisor has taken over."""
        held = self._leases.held()
        for job_id, attempt in self._running.items():
            if job_id not in held:
                attempt.lose()
            elif held[job_id]:
                attempt.stop("stop")

    def _start_waiting(self, now: float) -> bool:
        """Start the jobs that there is room for; whether some have to wait for room."""
        crowded = False
        claimed: list[tuple[Job, LogBuffer, ExitStack, Outcome | None]] = []
        with ExitStack() as undo:
            with self._database.transaction() as tx:
                for job in self._leases.candidates(tx):
                    room = undo.enter_context(ExitStack())
                    try:
                        refusal = self._admit(job, room)
                    except NotNow:
                        if not crowded and self._impatient(job.id, now):
                            crowded = True
                            break
                        crowded = True
                        continue
                    log_buffer = self._leases.claim(tx, job)
                    if log_buffer is None:
                        room.close()
                    else:
                        claimed.append((job, log_buffer, room, refusal))
            undo.pop_all()  # committed: the rooms are the attempts' from here on
        for job, log_buffer, room, refusal in claimed:
            failure = refusal or self._spawn(job, log_buffer, room)
            if failure is not None:
                room.close()
                log_buffer.add("supervisor", f"not started: {failure.error}")
                self._ended.append(_Ended(job.id, log_buffer.attempt, failure, log_buffer))
        return crowded

    def _admit(self, job: Job, room: ExitStack) -> Outcome | None:
        """Take room for a job; an outcome if it cannot run at all.

        Raises:
            NotNow: there is no room now.
        """
        if job.stop_requested:
            return Outcome(State.STOPPED)
        try:
            kind_named(job.kind)
            limits = job.limits
            label = f"job {job.kind}"
            room.enter_context(self._ledger.take(limits.cores, limits.memory_bytes, wait=0, label=label))
        except JobKindUnknown as error:
            return Outcome(State.FAILED, error=str(error), error_type="JobKindUnknown")
        except (NeverEnough, ValueError) as error:
            return Outcome(State.FAILED, error=str(error), error_type="JobTooLarge")
        return None

    def _impatient(self, head: JobId, now: float) -> bool:
        """Whether the job at the head of those without room has waited so long that others must not pass
        it."""
        if self._head is None or self._head[0] != head:
            self._head = (head, now)
        return now - self._head[1] > _PATIENCE_SECONDS
