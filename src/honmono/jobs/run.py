"""What a job's function gets: its payload, and a way to say how it goes."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Progress is sent at most so often (seconds); the last one always is.
_PROGRESS_INTERVAL = 0.1


class JobRun:
    """One attempt of a job, in the child process.

    A function that calls `should_stop` now and then is trusted to end by itself when told to, after saving
    what it has. One that never does is interrupted by an exception. Either has `Limits.grace_seconds`, then
    it is killed.
    """

    def __init__(
        self,
        kind: str,
        job_id: str,
        attempt: int,
        payload: dict[str, Any],
        checkpoint_dir: Path,
        output_dir: Path,
        send_progress: Callable[[float, float | None, str], None],
    ):
        self.job_id = job_id
        self.attempt = attempt
        """From 1."""
        self.payload = payload
        self.checkpoint_dir = checkpoint_dir
        """Kept from attempt to attempt, removed when the job has ended."""
        self.output_dir = output_dir
        """Kept until the job is deleted: large results, named in the returned dict."""
        self.log = logging.getLogger(f"honmono.job.{kind}")
        """Its lines, and those of every other logger from INFO up, go to the job's log."""
        self._send_progress = send_progress
        self._stop = threading.Event()
        self._asks = False
        self._knows = False
        self._sent_at = 0.0
        self._unsent: tuple[float, float | None, str] | None = None

    def progress(self, done: float, total: float | None = None, what: str = "") -> None:
        """Say how far it is; as often as you like.

        Args:
            done: units done.
            total: units in all, None where unknown.
            what: what is being done: `epoch`, `pages`.
        """
        # numpy's numbers too, which cannot travel.
        self._unsent = (float(done), None if total is None else float(total), what)
        if time.monotonic() - self._sent_at >= _PROGRESS_INTERVAL or done == total:
            self._flush()

    def should_stop(self) -> bool:
        """Whether the job was told to stop, or the server is about to end: save what you have and return."""
        self._asks = True
        self._knows = self._knows or self._stop.is_set()
        return self._knows

    def _flush(self) -> None:
        if self._unsent:
            self._send_progress(*self._unsent)
            self._sent_at = time.monotonic()
            self._unsent = None
