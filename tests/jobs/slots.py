import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """A ledger of cores for the tests."""

    def __init__(self, cores: float = 4):
        self.cores = cores
        self.free = cores
        self.least = cores
        self._lock = threading.Lock()

    @contextmanager
    def _taken(self, cores: float) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                self.free += cores

    def take(self, cores: float, memory: int, *, wait: float | None = None):
        assert wait == 0, "the supervisor must not block"
        if cores > self.cores:
            raise ValueError(f"{cores:g} cores are asked for, the machine has {self.cores:g}")
        with self._lock:
            if cores > self.free:
                raise TimeoutError
            self.free -= cores
            self.least = min(self.least, self.free)
        return self._taken(cores)
