"""The one account of a machine's cores and memory: whoever runs something large takes from it first."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Self


class LedgerError(Exception):
    """Base of the ledger's refusals."""


class NeverEnough(LedgerError):
    """More is asked for than the ledger has when nothing is taken: waiting would not help."""


class NotNow(LedgerError):
    """It did not become free in time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One lease for display: who holds what since when (`time.monotonic`)."""

    label: str
    cores: float
    memory_bytes: int
    since: float


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How the ledger stands at a moment."""

    cores: float
    memory_bytes: int
    free_cores: float
    free_memory_bytes: int
    leases: tuple[Entry, ...]
    waiting: int


class Lease:
    """A part of the ledger, held until `release` or the end of the `with` block."""

    def __init__(self, ledger: Ledger, entry: Entry) -> None:
        self._ledger = ledger
        self.entry = entry

    def release(self) -> None:
        """Give it back; doing so twice is harmless."""
        self._ledger._give_back(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Ledger:
    """Cores and memory to be taken and given back by any thread.

    Who waits is served in the order of coming: a large request is not overtaken for ever by small ones.
    """

    def __init__(self, cores: float, memory_bytes: int) -> None:
        """Start with everything free."""
        if cores <= 0 or memory_bytes <= 0:
            raise ValueError(f"a ledger needs cores and memory, not {cores} and {memory_bytes}")
        self.cores = cores
        self.memory_bytes = memory_bytes
        self._free_cores = float(cores)
        self._free_memory = memory_bytes
        self._leases: set[Lease] = set()
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    def take(self, cores: float, memory: int, *, wait: float | None = None, label: str = "") -> Lease:
        """Take `cores` and `memory` bytes, waiting at most `wait` seconds for them (None: without end; 0:
        not).

        Raises:
            NeverEnough: the whole ledger has less.
            NotNow: not free in time, or others were waiting before.
        """
        if cores < 0 or memory < 0:
            raise ValueError(f"nobody can take {cores} cores and {memory} bytes")
        if cores > self.cores or memory > self.memory_bytes:
            raise NeverEnough(
                f"{label or 'it'} needs {cores:g} cores and {memory >> 20} MB; "
                f"there are {self.cores:g} and {self.memory_bytes >> 20} MB in all"
            )
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                if not self._changed.wait_for(lambda: self._is_next(ticket, cores, memory), wait):
                    raise NotNow(
                        f"{label or 'it'} needs {cores:g} cores and {memory >> 20} MB; free are "
                        f"{self._free_cores:g} and {self._free_memory >> 20} MB, {len(self._queue) - 1} wait"
                    )
                self._free_cores -= cores
                self._free_memory -= memory
                lease = Lease(self, Entry(label, cores, memory, time.monotonic()))
                self._leases.add(lease)
                return lease
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def snapshot(self) -> LedgerState:
        """How it stands now."""
        with self._changed:
            return LedgerState(
                cores=self.cores,
                memory_bytes=self.memory_bytes,
                free_cores=self._free_cores,
                free_memory_bytes=self._free_memory,
                leases=tuple(sorted((lease.entry for lease in self._leases), key=lambda entry: entry.since)),
                waiting=len(self._queue),
            )

    def _is_next(self, ticket: object, cores: float, memory: int) -> bool:
        return self._queue[0] is ticket and cores <= self._free_cores and memory <= self._free_memory

    def _give_back(self, lease: Lease) -> None:
        with self._changed:
            if lease in self._leases:
                self._leases.remove(lease)
                self._free_cores += lease.entry.cores
                self._free_memory += lease.entry.memory_bytes
                self._changed.notify_all()
