"""An engine as its callers see it: the engine's own methods, with batching, retries and counting behind
them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from honmono.engines.base import BatchedCall, EngineInfo
from honmono.engines.batching import Batcher, Row
from honmono.engines.errors import EngineCrashed, EngineError, EngineUnavailable
from honmono.engines.places import Chosen, Place
from honmono.engines.surface import Method

_METADATA = frozenset({"identity", *(each.name for each in fields(EngineInfo))})


@dataclass(slots=True)
class Counts:
    """What an engine has done so far: its own calls, the items in them, and the seconds they took."""

    calls: int = 0
    items: int = 0
    errors: int = 0
    crashes: int = 0
    seconds: float = 0.0


class Tally:
    """Counts that any thread adds to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = Counts()

    def add(self, items: int, errors: int, crashes: int, seconds: float) -> None:
        """One call of the engine."""
        with self._lock:
            self._counts.calls += 1
            self._counts.items += items
            self._counts.errors += errors
            self._counts.crashes += crashes
            self._counts.seconds += seconds

    def so_far(self) -> Counts:
        """A copy of the counts."""
        with self._lock:
            return replace(self._counts)


class Hosted:
    """Stands in for an engine. Its attributes are the engine's public methods and metadata.

    After a crash or an error of a batch each item is tried once more, alone, so that only the one that is
    to blame fails. A call that crashed alone is tried once more too: the crash may have come from outside
    (a full memory).
    """

    def __init__(self, chosen: Chosen, place: Place, tally: Tally) -> None:
        self._chosen = chosen
        self._place = place
        self._tally = tally
        self._calls: dict[str, Callable[..., Any]] = {
            method.name: self._offer(method) for method in chosen.methods.values()
        }

    def __getattr__(self, name: str) -> Any:
        if (call := self.__dict__.get("_calls", {}).get(name)) is not None:
            return call
        chosen = self.__dict__["_chosen"]
        if name in _METADATA:
            return getattr(chosen.info, name)
        raise AttributeError(f"engine {chosen.info.name} has no public method or metadata {name!r}")

    def __repr__(self) -> str:
        return f"<{self._chosen.info.identity} for {self._chosen.field}>"

    def load(self) -> None:
        """Load it now, not with the first call. Raises `EngineError`."""
        self._place.load(self._chosen)

    def _offer(self, method: Method) -> Callable[..., Any]:
        if method.rule is not None:
            return _HostedBatch(method, self._run_rows)

        def call(*args: Any, **kwargs: Any) -> Any:
            arguments = method.bind(args, kwargs)
            try:
                [outcome] = self._ask(method, arguments)
            except EngineCrashed:
                [outcome] = self._ask(method, arguments)
            if isinstance(outcome, EngineError):
                raise outcome
            return outcome

        call.__name__, call.__doc__ = method.name, method.function.__doc__
        return call

    def _run_rows(self, method: Method, rows: list[Row]) -> list[Any]:
        """An outcome for every row: the answer, or the error that it met alone."""
        try:
            return self._ask(method, tuple(list(column) for column in zip(*rows, strict=True)))
        except EngineUnavailable as error:
            return [error] * len(rows)
        except EngineError as error:
            if len(rows) == 1 and not isinstance(error, EngineCrashed):
                return [error]
            return [self._run_alone(method, row) for row in rows]

    def _run_alone(self, method: Method, row: Row) -> Any:
        try:
            return self._ask(method, tuple([value] for value in row))[0]
        except EngineError as error:
            return error

    def _ask(self, method: Method, arguments: tuple[Any, ...]) -> list[Any]:
        started, failed, crashed = time.monotonic(), 0, 0
        try:
            outcomes = self._place.ask(self._chosen, method, arguments)
            failed = sum(isinstance(outcome, EngineError) for outcome in outcomes)
            return outcomes
        except EngineError as error:
            failed, crashed = 1, isinstance(error, EngineCrashed)
            raise
        finally:
            items = 1 if method.rule is None else len(arguments[0])
            self._tally.add(items, failed, crashed, time.monotonic() - started)


class _HostedBatch(BatchedCall[..., Any]):
    """A batched method of a hosted engine."""

    def __init__(self, method: Method, run: Callable[[Method, list[Row]], list[Any]]) -> None:
        assert method.rule is not None
        self._method = method
        self._batcher = Batcher(method.rule, lambda rows: run(method, rows))
        self.__doc__ = method.function.__doc__

    def each(self, *args: Any, **kwargs: Any) -> list[Any]:
        """See `BatchedCall.each`; the items are joined with those of other threads."""
        return self._batcher.submit(self._method.columns(args, kwargs))
