"""Who may start: the supervisor takes cores and memory for a job before it starts it."""

from contextlib import AbstractContextManager
from typing import Any, Protocol


class Admission(Protocol):
    """What counts cores and memory; `compute`'s ledger is one."""

    def take(self, cores: float, memory: int, *, wait: float | None = None) -> AbstractContextManager[Any]:
        """Take cores and bytes of memory; leaving the context gives them back.

        Args:
            cores: how many.
            memory: in bytes.
            wait: seconds to wait for room; the supervisor says 0.

        Raises:
            TimeoutError: there is no room yet.
            ValueError: there never will be: it is more than the machine has.
        """
