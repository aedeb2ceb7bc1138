"""The log of a job on its way into the table: bytes become lines, and there is an end to them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, update

from honmono.jobs.snapshot import JobId
from honmono.store import clock
from honmono.store.schema import job_logs, jobs

MAX_LINE_CHARACTERS = 8192
MAX_LOG_BYTES = 16 * 1024 * 1024
"""Of one job, over all attempts; what comes after is dropped, and a last line says so."""

MAX_PENDING_LINES = 200_000
"""Held in memory while the database cannot be written."""


@dataclass
class LogBuffer:
    """The lines of one attempt that are not in the table yet."""

    job_id: JobId
    attempt: int
    lines: int
    """Lines in the table."""
    size: int = 0
    """Characters in the table and here."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    _tails: dict[str, bytes] = field(default_factory=dict)

    def feed(self, stream: str, data: bytes) -> None:
        """Take in what the child wrote; a line that goes on is kept back until it ends or is too long."""
        *whole, tail = (self._tails.pop(stream, b"") + data).split(b"\n")
        for line in whole:
            self.add(stream, line.decode("utf-8", "replace").removesuffix("\r"))
        if len(tail) >= MAX_LINE_CHARACTERS * 4:
            self.add(stream, tail.decode("utf-8", "replace"))
        elif tail:
            self._tails[stream] = tail

    def finish(self) -> None:
        """Take the unfinished lines as they are: nothing more will come."""
        for stream, tail in self._tails.items():
            self.add(stream, tail.decode("utf-8", "replace"))
        self._tails.clear()

    def add(self, stream: str, text: str, time: int | None = None) -> None:
        """Add a text of any number of lines; `time` in microseconds since 1970 UTC, now if not given."""
        time = time or clock.now()
        for line in text.split("\n"):
            # PostgreSQL has no place for NUL in text.
            line = line.replace("\0", "\ufffd")
            for start in range(0, max(1, len(line)), MAX_LINE_CHARACTERS):
                self._append(stream, line[start : start + MAX_LINE_CHARACTERS], time)

    def _append(self, stream: str, text: str, time: int) -> None:
        if self.size > MAX_LOG_BYTES:
            return
        self.size += len(text.encode()) + 1
        full = len(self.pending) >= MAX_PENDING_LINES
        if self.size > MAX_LOG_BYTES or full:
            self.size = MAX_LOG_BYTES + 1
            limit = f"{MAX_PENDING_LINES} unwritten lines" if full else f"{MAX_LOG_BYTES} bytes"
            stream, text = "supervisor", f"the log's limit of {limit} is reached: what follows is dropped"
        self.pending.append(
            {
                "job_id": self.job_id,
                "number": self.lines + len(self.pending) + 1,
                "attempt": self.attempt,
                "time": time,
                "stream": stream,
                "text": text,
            }
        )

    def write(self, tx: Connection) -> None:
        """Write what is pending; call `written` once the transaction has committed."""
        if self.pending:
            tx.execute(insert(job_logs), self.pending)
            total = self.lines + len(self.pending)
            tx.execute(update(jobs).where(jobs.c.id == self.job_id).values(log_lines=total, log_bytes=self.size))

    def written(self) -> None:
        """The transaction of `write` has committed."""
        self.lines += len(self.pending)
        self.pending = []
