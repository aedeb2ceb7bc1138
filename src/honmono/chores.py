"""What services want done now and then: one thread that does it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from honmono.wire.service import Chore

_log = logging.getLogger("honmono")


class Chores:
    """Does each chore every so many seconds, one at a time, until it is closed.

    A chore that fails is logged and tried again at its next time. Several servers on one database each do theirs: a
    chore must not mind being done twice.
    """

    def __init__(self, chores: Iterable[Chore]) -> None:
        now = time.monotonic()
        self._due = [(now + chore.seconds, chore) for chore in chores]
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begin, if there is anything to do."""
        if self._due:
            self._thread.start()

    def close(self) -> None:
        """End, after the chore in progress."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._due.sort(key=lambda due: due[0])
            at, chore = self._due[0]
            if self._closed.wait(max(0.0, at - time.monotonic())):
                return
            try:
                chore.do()
            except Exception:  # noqa: BLE001 - whatever it is, the other chores go on
                _log.exception("the chore %r failed; it is tried again in %g s", chore.name, chore.seconds)
            self._due[0] = (time.monotonic() + chore.seconds, chore)
