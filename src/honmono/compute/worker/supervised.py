"""The parent's side of a worker: start it, call it, and clear away what is left when it dies."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from types import MappingProxyType

from honmono.compute.spawning import THREAD_VARIABLES, how_it_ended, spawn
from honmono.compute.worker.channel import (
    Answer,
    Call,
    ChannelClosed,
    Fault,
    Garbage,
    Ready,
    receive_reply,
    send,
)

log = logging.getLogger("honmono.compute.worker")

_GRACE = 2.0  # seconds that a worker has to end by itself
_LINE = 1 << 14  # bytes of one line of a worker's log


class WorkerError(Exception):
    """Base of what a call of a worker can raise."""


class WorkerNotStarted(WorkerError):
    """The child did not come up: its target raised, it died, or it took too long.

    Attributes:
        by_chance: it was killed from outside or too slow, so that another start may succeed; a target that raises
            does so again.
    """

    def __init__(self, reason: str, *, by_chance: bool = False) -> None:
        self.by_chance = by_chance
        super().__init__(reason)


class WorkerCrashed(WorkerError):
    """The child died during the call; `reason` says how. The next call starts another."""

    def __init__(self, name: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"worker {name} {reason}")


class WorkerTimeout(WorkerError):
    """The call took too long and its process was killed. The next call starts another."""

    def __init__(self, name: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"worker {name} gave no answer within {seconds:g} s and was ended")


class WorkerFault(WorkerError):
    """The target raised; the child lives on. `kind` is the exception's class name, for people to read."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(f"{kind}: {message}")


class Worker:
    """One child process and its calls, one at a time; more callers wait.

    It starts with the first call and again after a crash. Its standard output and error go, line by line,
    to the logger `honmono.compute.worker`.
    """

    def __init__(
        self,
        name: str,
        target: str,
        *,
        memory_limit: int | None = None,
        threads: int = 1,
        niceness: int = 0,
        environment: Mapping[str, str] = MappingProxyType({}),
        start_timeout: float = 60.0,
    ) -> None:
        """Remember how to start it.

        Args:
            name: for people.
            target: "module:attribute", called without arguments in the child; returns a `Handler`.
            memory_limit: bytes of private memory; beyond it allocations fail in the child (MemoryError or a
            crash).
            threads: of OpenMP, BLAS and the like.
            niceness: added to the parent's.
            environment: added to the parent's.
            start_timeout: seconds until the target must be imported.
        """
        self.name = name
        self.target = target
        self.memory_limit = memory_limit
        self.niceness = niceness
        self.start_timeout = start_timeout
        self.generation = 0
        """How often it was started: who keeps state in it must set it up again when this changes."""
        self._environment = {
            **{name: str(threads) for name in THREAD_VARIABLES},
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._number = 0

    def start(self) -> None:
        """Have it running, which a call does by itself.

        Raises:
            WorkerNotStarted: says why.
        """
        with self._lock:
            self._ensure_running()

    def call(self, method: str, body: bytes, timeout: float | None = None) -> bytes:
        """Ask, and wait at most `timeout` seconds for the answer (from when earlier calls are through).

        Raises:
            WorkerNotStarted, WorkerCrashed, WorkerTimeout, WorkerFault: see there.
            ValueError: `body` is over the limit of a message.
        """
        with self._lock:
            connection = self._ensure_running()
            self._number += 1
            deadline = None if timeout is None else time.monotonic() + timeout
            try:
                send(connection, Call(self._number, method, body), deadline)
                reply = receive_reply(connection, deadline)
                if not isinstance(reply, Answer | Fault) or reply.number != self._number:
                    raise Garbage(f"call {self._number} is answered by {type(reply).__name__}")
            except ChannelClosed:
                raise WorkerCrashed(self.name, self._bury(wait=_GRACE)) from None
            except Garbage as error:
                self._bury()
                raise WorkerCrashed(self.name, f"answered with garbage ({error}) and was ended") from error
            except TimeoutError:
                self._bury()
                raise WorkerTimeout(self.name, timeout or 0.0) from None
            except BaseException:  # an interrupt in the middle leaves an answer that nobody waits for
                self._bury()
                raise
        if isinstance(reply, Fault):
            raise WorkerFault(reply.kind, reply.message)
        return reply.body

    @property
    def pid(self) -> int | None:
        """The child's process id, if one runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def memory(self) -> int:
        """Resident bytes of the child; 0 where none runs or the system does not say."""
        pid = self.pid
        if pid is None or sys.platform != "linux":
            return 0
        try:
            with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123 - read often
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (FileNotFoundError, ProcessLookupError):  # gone since
            return 0

    def close(self) -> None:
        """End the child, after the call in progress. A later call would start it again."""
        with self._lock:
            if self._process is not None:
                self._bury(wait=_GRACE)

    def _ensure_running(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            log.warning("worker %s %s while idle; it is started again", self.name, self._bury())
        if self._connection is None:
            self._start()
        assert self._connection is not None
        return self._connection

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "honmono.compute.worker", str(theirs.fileno()), str(os.getpid())]
        with theirs:
            process = spawn(
                [*command, self.target, str(self.memory_limit or 0), str(self.niceness)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                env=_with_path(self._environment),
                process_group=0,
            )
        self._process, self._connection = process, ours
        self.generation += 1
        threading.Thread(target=_log_output, args=(process, self.name), name=f"log of {self.name}", daemon=True).start()
        try:
            reply = receive_reply(ours, time.monotonic() + self.start_timeout)
        except (ChannelClosed, Garbage, TimeoutError) as error:
            why = "took too long" if isinstance(error, TimeoutError) else ""
            ended = self._bury(wait=0 if why else _GRACE)
            raise WorkerNotStarted(
                f"worker {self.name} could not be started: it {why or _with_verb(ended)}",
                by_chance=bool(why) or ended.startswith("killed by"),
            ) from error
        except BaseException:
            self._bury()
            raise
        if not isinstance(reply, Ready):
            self._bury()
            said = f"{reply.kind}: {reply.message}" if isinstance(reply, Fault) else "it speaks out of turn"
            raise WorkerNotStarted(f"worker {self.name} could not be started: {said}")

    def _bury(self, wait: float = 0.0) -> str:
        """Close the connection, give the child `wait` seconds to end, kill its group; how it ended."""
        assert self._process is not None and self._connection is not None
        process = self._process
        self._connection.close()
        self._process = self._connection = None
        try:
            code = process.wait(wait)
        except subprocess.TimeoutExpired:
            code = None
        try:
            os.killpg(process.pid, signal.SIGKILL)  # and whatever the child has started
        except ProcessLookupError:
            pass  # nothing is left of the group
        process.wait()
        return how_it_ended(code) if code is not None else "was ended"


def _with_verb(ended: str) -> str:
    """ "was killed by SIGKILL", "exited with code 3"."""
    return f"was {ended}" if ended.startswith("killed") else ended


def _with_path(environment: Mapping[str, str]) -> dict[str, str]:
    """The child's environment; it imports from where this process does."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, **environment}


def _log_output(process: subprocess.Popen[bytes], name: str) -> None:
    assert process.stdout is not None
    level = logging.WARNING
    with process.stdout as output:
        while line := output.readline(_LINE):
            text = line.decode(errors="replace").rstrip()
            word, colon, rest = text.partition(":")
            if colon and word in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
                level, text = logging.getLevelNamesMapping()[word], rest
            if text:
                log.log(level, "[%s %d] %s", name, process.pid, text)
