"""Joining the calls of several threads into one call of an engine, at no cost to a lone one.

There is no collecting thread: the first thread to come runs a batch itself. Whoever comes meanwhile waits,
and what has gathered by the end is the next batch. Only on the heels of a batch does the next one wait, at
most `max_wait_ms`, until as many items are there as were under way before: the callers that have just been
answered are about to come back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from honmono.engines.base import BatchRule

Row = tuple[Any, ...]
Run = Callable[[list[Row]], list[Any]]


class _Waiting:
    """One thread's rows and what has become of them."""

    __slots__ = ("answered", "error", "leads", "outcomes", "rows", "taken", "wake")

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.outcomes: list[Any] = [None] * len(rows)
        self.taken = 0
        self.answered = 0
        self.error: Exception | None = None
        self.leads = False
        self.wake = threading.Event()

    @property
    def is_done(self) -> bool:
        return self.error is not None or self.answered == len(self.rows)


class Batcher:
    """Collects rows from any thread and gives them to `run`, at most `rule.max_size` at a time, one run at
    a time."""

    def __init__(self, rule: BatchRule, run: Run) -> None:
        """`run` returns one outcome a row, in order."""
        self._rule = rule
        self._run = run
        self._lock = threading.Lock()
        self._arrival = threading.Condition(self._lock)
        self._queue: deque[_Waiting] = deque()  # those with rows that nobody has taken
        self._queued_rows = 0
        self._has_leader = False
        self._expected = 1
        self._last_end = 0.0

    def submit(self, rows: list[Row]) -> list[Any]:
        """The outcomes of `rows`, in order. What `run` raises is raised in every thread with a row in that
        batch."""
        if not rows:
            return []
        mine = _Waiting(rows)
        with self._lock:
            self._queue.append(mine)
            self._queued_rows += len(rows)
            if self._has_leader:
                self._arrival.notify()
            else:
                self._has_leader = mine.leads = True
        if not mine.leads:
            mine.wake.wait()
        if mine.leads:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return mine.outcomes

    def _lead(self, mine: _Waiting) -> None:
        try:
            while not mine.is_done:
                self._run_batch(self._collect())
        finally:
            with self._lock:
                self._has_leader = bool(self._queue)
                if self._queue:
                    self._queue[0].leads = True
                    self._queue[0].wake.set()

    def _collect(self) -> list[tuple[_Waiting, int]]:
        """The next batch: entries, and the index of the row that is taken of each."""
        rule = self._rule
        with self._lock:
            deadline = self._last_end + rule.max_wait_ms / 1000
            enough = min(self._expected, rule.max_size)
            while self._queued_rows < enough and (left := deadline - time.monotonic()) > 0:
                self._arrival.wait(left)
            batch: list[tuple[_Waiting, int]] = []
            while self._queue and len(batch) < rule.max_size:
                entry = self._queue[0]
                batch.append((entry, entry.taken))
                entry.taken += 1
                self._queued_rows -= 1
                if entry.taken == len(entry.rows):
                    self._queue.popleft()
            return batch

    def _run_batch(self, batch: list[tuple[_Waiting, int]]) -> None:
        error: Exception | None = None
        outcomes: list[Any] = []
        try:
            outcomes = self._run([entry.rows[index] for entry, index in batch])
        except Exception as raised:  # noqa: BLE001 - it goes to everyone whose rows these are
            error = raised
        except BaseException:  # an interrupt is for this thread alone
            error = RuntimeError("the thread that ran the batch was interrupted")
            raise
        finally:
            self._hand_out(batch, outcomes, error)

    def _hand_out(self, batch: list[tuple[_Waiting, int]], outcomes: list[Any], error: Exception | None) -> None:
        with self._lock:
            self._expected = len(batch) + self._queued_rows
            self._last_end = time.monotonic()
            for position, (entry, index) in enumerate(batch):
                if error is not None:
                    entry.error = error
                    self._forget(entry)
                else:
                    entry.outcomes[index] = outcomes[position]
                    entry.answered += 1
                if entry.is_done:
                    entry.wake.set()

    def _forget(self, entry: _Waiting) -> None:
        """Take back the rows of a failed entry that are still queued."""
        if entry in self._queue:
            self._queue.remove(entry)
            self._queued_rows -= len(entry.rows) - entry.taken
            entry.taken = len(entry.rows)
