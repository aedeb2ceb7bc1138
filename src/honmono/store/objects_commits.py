"""Several callers' writes in one transaction.

A commit waits for the disk, and costs as much for one small object as for ten. One thread writes; while it commits, the
writes that arrive line up, and the next transaction takes them all, each behind a savepoint, so that one that is refused
harms no other. Nobody is told "stored" before the commit that holds the write has returned.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection

from honmono.store.database import Database

_Result = TypeVar("_Result")
_Write = tuple[Callable[[Connection], Any], Future[Any]]

_MOST = 64
_SHARED_WRITERS = 8


class Commits:
    """Runs writes. On a database that other servers share, each one has its own transaction, several at a time."""

    def __init__(self, database: Database):
        self._database = database
        self._waiting: deque[_Write] = deque()
        self._threads = ThreadPoolExecutor(_SHARED_WRITERS if database.shared else 1, thread_name_prefix="commit")
        self._most = 1 if database.shared else _MOST

    def submit(self, work: Callable[[Connection], _Result]) -> Future[_Result]:
        """Have `work` called within a transaction; the result comes once that has committed.

        The future has what `work` raised, its own changes undone, or what the commit raised.
        """
        future: Future[_Result] = Future()
        self._waiting.append((work, future))
        self._threads.submit(self._commit_waiting)
        return future

    def run(self, work: Callable[[Connection], _Result]) -> _Result:
        """`submit`, and wait: not from within a transaction of this thread's own, nor from an event loop."""
        return self.submit(work).result()

    def close(self) -> None:
        """Wait for the writes under way."""
        self._threads.shutdown()

    def _commit_waiting(self) -> None:
        writes: list[_Write] = []
        while self._waiting and len(writes) < self._most:
            try:
                writes.append(self._waiting.popleft())
            except IndexError:
                break  # another thread was faster
        if not writes:
            return
        results: list[tuple[Any, Exception | None]] = []
        try:
            with self._database.transaction() as tx:
                alone = len(writes) == 1
                results = [(work(tx), None) if alone else self._attempt(tx, work) for work, _ in writes]
        except Exception as error:  # noqa: BLE001 - told to every caller whose write was in the transaction
            results = [(None, error)] * len(writes)
        for (_, future), (result, failure) in zip(writes, results, strict=True):
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(result)

    def _attempt(self, tx: Connection, work: Callable[[Connection], Any]) -> tuple[Any, Exception | None]:
        try:
            with self._database.savepoint(tx):
                return work(tx), None
        except Exception as error:  # noqa: BLE001 - it is the caller's own, who gets it
            return None, error
