"""Several threads' writes in one transaction.

A commit waits for the disk, and costs as much for one small object as for ten. While one thread commits, the others
line up; the next one takes the writes of all who wait into its transaction, each behind a savepoint, so that one that is
refused harms no other. Nobody is told "stored" before the commit that holds its write has returned.
"""

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from honmono.store.database import Database

_Result = TypeVar("_Result")

_MOST = 64


class _Write(Generic[_Result]):
    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Connection], _Result]):
        self.work = work
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None


class Commits:
    """Runs writes; any number of threads may call it. On a shared database each one has its own transaction."""

    def __init__(self, database: Database):
        self._database = database
        self._turn = threading.Lock()
        self._waiting: list[_Write[Any]] = []

    def run(self, work: Callable[[Connection], _Result]) -> _Result:
        """Call `work` within a transaction; its result, once that has committed.

        Raises:
            Whatever `work` raises, its own changes undone; what the commit raises, then for every write in it.
        """
        if self._database.shared:
            with self._database.transaction() as tx:
                return work(tx)
        write = _Write(work)
        self._waiting.append(write)
        with self._turn:
            if not write.done:
                some, self._waiting[:_MOST] = self._waiting[:_MOST], []
                self._commit(some)
                if not write.done:
                    # More than a commit takes were waiting before this one.
                    self._waiting.remove(write)
                    self._commit([write])
        if write.error is not None:
            raise write.error
        result: _Result = write.result
        return result

    def _commit(self, writes: list[_Write[Any]]) -> None:
        try:
            with self._database.transaction() as tx:
                for write in writes:
                    try:
                        with self._database.savepoint(tx):
                            write.result = write.work(tx)
                    except Exception as error:  # noqa: BLE001 - it is the caller's own, who gets it in `run`
                        write.error = error
        except BaseException as error:  # noqa: BLE001 - told to every caller whose write it was
            for write in writes:
                write.error = write.error or error
        finally:
            for write in writes:
                write.done = True
