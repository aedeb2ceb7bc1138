"""The main program of a job's child process: `python -m honmono.jobs.child CHANNEL PARENT`.

CHANNEL is the descriptor of a socket to the supervisor, PARENT its process id. It imports neither the store
nor the server: a child is up in well under a tenth of a second.
"""

import importlib
import logging
import os
import resource
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import orjson

from honmono.compute.spawning import die_with_parent
from honmono.jobs import messages
from honmono.jobs.run import JobRun


class _Interrupted(BaseException):
    """Raised in the job's function by a request to stop; like KeyboardInterrupt not an Exception."""


class _ToSupervisor(logging.Handler):
    """Sends log records to the job's log."""

    def __init__(self, sender: messages.Sender):
        super().__init__()
        self._sender = sender

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = messages.sendable(self.format(record))
            self._sender.send(messages.Logged(int(record.created * 1_000_000), text))
        except OSError:
            self.handleError(record)


def main() -> None:
    """Do the one job that the supervisor sends."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent(int(sys.argv[2]))
    start = messages.receive(channel)
    if not isinstance(start, messages.Start):
        sys.exit("this program is started by honmono's supervisor only")
    sender = messages.Sender(channel)
    run = JobRun(
        start.kind,
        start.job_id,
        start.attempt,
        start.payload,
        Path(start.checkpoint_dir),
        Path(start.output_dir),
        lambda done, total, what: sender.send(messages.Progressed(done, total, messages.sendable(what))),
    )
    signal.signal(signal.SIGTERM, lambda number, where: _on_terminate(run, number, where))
    threading.Thread(target=_listen, args=(channel, run), name="supervisor", daemon=True).start()
    _limit(start)
    logging.basicConfig(level=logging.INFO, handlers=[_ToSupervisor(sender)], format="%(levelname)s %(message)s")
    outcome = _work(start, run)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the work is done: nothing is left to interrupt
    run._flush()
    sys.stdout.flush()
    sys.stderr.flush()
    sender.send(outcome)


def _work(start: messages.Start, run: JobRun) -> messages.Returned | messages.Raised:
    try:
        function = getattr(importlib.import_module(start.module), start.function)
        result = function(run)
        return messages.Returned(_as_json(result, start.kind), run._knows)
    except _Interrupted:
        return messages.Raised("JobInterrupted", "it was told to stop", True)
    except BaseException as error:  # noqa: BLE001  whatever it is, it is the job's outcome, SystemExit too
        traceback.print_exc()
        return messages.Raised(type(error).__name__, messages.sendable(str(error)) or "(no message)", run._knows)


def _as_json(result: Any, kind: str) -> str:
    if result is None:
        return "{}"
    if not isinstance(result, dict):
        raise TypeError(f"a job returns a dict or None; {kind} returned {type(result).__name__}")
    try:
        return orjson.dumps(result, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except TypeError as error:
        raise TypeError(f"the result of {kind} cannot be stored as JSON: {error}") from error


def _listen(channel: socket.socket, run: JobRun) -> None:
    """Take requests to stop; at the end of the stream the supervisor is gone, and so are we and all we
    started."""
    while (message := messages.receive(channel)) is not None:
        if isinstance(message, messages.Stop):
            run._stop.set()
    os.killpg(0, signal.SIGKILL)


def _on_terminate(run: JobRun, _number: int, _where: FrameType | None) -> None:
    run._stop.set()
    if not run._asks:
        raise _Interrupted


def _limit(start: messages.Start) -> None:
    """Set the fences that hold against a process without a container; see `Limits`."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if start.cpu_seconds is not None:
        # SIGXCPU at the limit, SIGKILL five seconds later should it be ignored.
        resource.setrlimit(resource.RLIMIT_CPU, (start.cpu_seconds, start.cpu_seconds + 5))
    if start.address_space_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (start.address_space_bytes, start.address_space_bytes))


if __name__ == "__main__":
    main()
