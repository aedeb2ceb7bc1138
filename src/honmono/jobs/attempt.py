"""One attempt of a job while it runs: what it has said, what was asked of it, and how it ends."""

import logging
import time
from contextlib import ExitStack
from typing import Any

from honmono.jobs import messages
from honmono.jobs.leases import Outcome, interruption
from honmono.jobs.logstore import LogBuffer
from honmono.jobs.process import Child, why_it_ended
from honmono.jobs.snapshot import Job, State

log = logging.getLogger("honmono.jobs")

# A pipe holds 64 KiB unless asked for more, and a read takes as much.
_PIPE_READS = 16


class Attempt:
    """A child, its job, and the room it takes."""

    def __init__(self, job: Job, child: Child, log_buffer: LogBuffer, room: ExitStack):
        self.job = job
        self.child = child
        self.log = log_buffer
        self.room = room
        self.progress: dict[str, Any] | None = None
        """Columns that wait to be written."""
        self.lost = False
        """The lease is not ours any more: nothing is to be recorded."""
        self._said: messages.Returned | messages.Raised | None = None
        self._fault: str | None = None
        self._stopping: str | None = None
        """Why it was told to end: `stop`, `time`, `shutdown` or `lease`."""
        self._kill_at: float | None = None
        self._grace = job.limits.grace_seconds
        wall = job.limits.wall_seconds
        self._ends_at = None if wall is None else time.monotonic() + wall

    @property
    def deadline(self) -> float | None:
        """When `tick` must be called again at the latest, on the monotonic clock."""
        moments = [moment for moment in (self._kill_at, self._ends_at) if moment is not None]
        return min(moments, default=None)

    @property
    def unwritten(self) -> bool:
        """Whether it has said what the table does not know yet."""
        return bool(self.progress or self.log.pending)

    def lose(self) -> None:
        """The lease is another's: end at once, record nothing."""
        self.lost = True
        self.stop("lease", 0)

    def stop(self, why: str, grace: float | None = None) -> None:
        """Ask the child to end, and kill it if it has not after its grace. Asking again changes nothing."""
        if self._stopping is None or (why == "shutdown" and self._stopping == "stop"):
            # A job's own grace may be longer than a server has that is told to end.
            grace = self._grace if grace is None else min(grace, self._grace)
            self._kill_within(grace)
        if self._stopping is None:
            self._stopping = why
            self.child.ask_to_stop()

    def tick(self) -> None:
        """Enforce the limits that have run out."""
        now = time.monotonic()
        if self._ends_at is not None and now >= self._ends_at:
            self._ends_at = None
            self.stop("time")
        if self._kill_at is not None and now >= self._kill_at:
            self._kill_at = None
            self.child.kill()

    def _kill_within(self, seconds: float) -> None:
        moment = time.monotonic() + seconds
        self._kill_at = moment if self._kill_at is None else min(moment, self._kill_at)

    def on_channel(self) -> bool:
        """Take the messages that have arrived; whether more may come."""
        try:
            arrived, more = self.child.receive()
        except messages.ProtocolBroken as error:
            self._fault = f"its process sent what is no message: {error}"
            self.child.kill()
            return False
        for message in arrived:
            match message:
                case messages.Progressed(done, total, what):
                    self.progress = {"progress_done": done, "progress_total": total, "progress_what": what}
                case messages.Logged(moment, text):
                    self.log.add("log", text, moment)
                case messages.Returned() | messages.Raised():
                    self._said = message
                    # All is said: what is left of the process (a thread, say) has its grace to end.
                    self._ends_at = None
                    self._kill_within(self._grace)
        return more

    def on_output(self, stream: str) -> bool:
        """Take what it has written; whether more may come."""
        data = self.child.read(stream)
        if data:
            self.log.feed(stream, data)
        return data is not None

    def conclude(self) -> Outcome:
        """The child has ended: end its group, take what it said last; the answer is how the attempt ended."""
        self.child.kill()  # before reaping, while the number is still its own
        self.on_channel()
        for stream in self.child.outputs:
            # At most what a pipe holds: a process that escaped the group may go on writing for ever.
            for _ in range(_PIPE_READS):
                if not self.on_output(stream):
                    break
        self.log.finish()
        status = self.child.reap()
        self.child.close()
        self.room.close()
        outcome = self._outcome(status)
        if outcome.state is State.FAILED or outcome.again:
            again = "; it is tried again" if outcome.again else ""
            self.log.add("supervisor", f"attempt {self.job.attempt} failed: {outcome.error}{again}")
        return outcome

    def _outcome(self, status: int) -> Outcome:
        said = self._said
        if isinstance(said, messages.Returned) and not said.stopped:
            return Outcome(State.SUCCEEDED, result=said.result)
        if self._stopping == "time":
            limit = f"it ran longer than its limit of {self.job.limits.wall_seconds:g} s"
            return Outcome(State.FAILED, error=limit, error_type="JobTimedOut")
        if self._stopping == "shutdown":
            return interruption(self.job, 0, "the server was stopped while it ran")
        if self._stopping is not None:
            result = said.result if isinstance(said, messages.Returned) else None
            return Outcome(State.STOPPED, result=result)
        again = self.job.attempt < self.job.max_attempts
        state = State.QUEUED if again else State.FAILED
        if isinstance(said, messages.Raised):
            return Outcome(state, error=said.message, error_type=said.kind, again=again)
        return Outcome(state, error=self._fault or why_it_ended(status), error_type="JobCrashed", again=again)
