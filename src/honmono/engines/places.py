"""Where engines run: in this process, or a group of them in one worker process.

A place loads an engine when it is first asked, lets it answer one call at a time, and can be emptied when
idle.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from honmono.compute import Lease
from honmono.compute.codec import encode
from honmono.compute.worker import (
    Worker,
    WorkerCrashed,
    WorkerFault,
    WorkerNotStarted,
    WorkerTimeout,
)
from honmono.engines.base import Engine, EngineInfo
from honmono.engines.errors import (
    EngineCrashed,
    EngineError,
    EngineFailed,
    EngineTimeout,
    EngineUnavailable,
    UnsupportedInput,
)
from honmono.engines.messages import Ask, Load, Outcome, declared, replies, unpack
from honmono.engines.registry import Registered
from honmono.engines.room import check_length
from honmono.engines.surface import Method
from honmono.weights import Cache

log = logging.getLogger("honmono.engines")

BASE_MEMORY = 1 << 30
"""Bytes of private memory that a worker may have before its engines' own: the interpreter and their
libraries."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine that the settings chose for a field, described and not loaded."""

    field: str
    registered: Registered
    engine_class: type[Engine]
    info: EngineInfo
    methods: Mapping[str, Method]
    options: Mapping[str, Any]


Reserve = Callable[[Chosen], Lease]


class Place(ABC):
    """Somewhere that engines are loaded and asked."""

    def __init__(self, reserve: Reserve) -> None:
        """`reserve` takes an engine's memory from the ledger or raises `EngineUnavailable`."""
        self._reserve = reserve
        self._lock = threading.Lock()
        self._leases: dict[str, Lease] = {}
        self._is_closed = False
        self.last_used = time.monotonic()

    def load(self, chosen: Chosen) -> None:
        """Have the engine ready. Raises `EngineError`."""
        with self._lock:
            self._refuse_if_closed(chosen)
            self._ensure_loaded(chosen)

    def ask(self, chosen: Chosen, method: Method, arguments: tuple[Any, ...]) -> list[Any]:
        """One answer or `EngineError` for each item (one in all if the method is not batched).

        Raises:
            EngineError: the call as a whole failed.
        """
        with self._lock:
            self._refuse_if_closed(chosen)
            try:
                return self._ask(chosen, method, arguments)
            finally:
                self.last_used = time.monotonic()

    def has_loaded(self, field: str) -> bool:
        """Whether the field's engine is ready."""
        return field in self._leases

    def empty_if_idle(self, since: float) -> bool:
        """Drop everything loaded unless a call is in progress or came after `since`; whether it was done."""
        if not self._leases or not self._lock.acquire(blocking=False):
            return False
        try:
            if self.last_used > since:
                return False
            self._empty()
            return True
        finally:
            self._lock.release()

    def close(self) -> None:
        """Drop everything, after the call in progress; later calls are refused."""
        with self._lock:
            self._is_closed = True
            self._empty()

    def _refuse_if_closed(self, chosen: Chosen) -> None:
        if self._is_closed:
            raise EngineUnavailable(chosen.info.name, "the engine host is closed")

    def _empty(self) -> None:
        for lease in self._leases.values():
            lease.release()
        self._leases.clear()

    @abstractmethod
    def memory(self) -> int:
        """Resident bytes of the process that the engines are in, if it is theirs alone; else 0."""

    @abstractmethod
    def describe(self) -> str:
        """For people: "server", "worker text, pid 4711"."""

    @abstractmethod
    def _ensure_loaded(self, chosen: Chosen) -> None: ...

    @abstractmethod
    def _ask(self, chosen: Chosen, method: Method, arguments: tuple[Any, ...]) -> list[Any]: ...


class InServer(Place):
    """One engine in this process. It cannot be stopped when it hangs: for cheap ones, tests and notebooks."""

    def __init__(self, reserve: Reserve, cache: Cache) -> None:
        super().__init__(reserve)
        self._cache = cache
        self._engine: Engine | None = None

    def memory(self) -> int:
        """Always 0: it is the server's memory."""
        return 0

    def describe(self) -> str:
        """Always "server"."""
        return "server"

    def _ensure_loaded(self, chosen: Chosen) -> None:
        if self._engine is not None:
            return
        lease = self._reserve(chosen)
        engine = chosen.engine_class(self._cache, chosen.options)
        try:
            engine.load()
        except Exception as error:
            lease.release()
            log.exception("engine %s could not be loaded", chosen.info.name)
            raise declared(chosen.info.name, error) from error
        self._engine = engine
        self._leases[chosen.field] = lease

    def _ask(self, chosen: Chosen, method: Method, arguments: tuple[Any, ...]) -> list[Any]:
        self._ensure_loaded(chosen)
        try:
            answer = method.function(self._engine, *arguments)
            if method.rule is None:
                return [answer]
            check_length(method, answer, arguments)
            return list(answer)
        except EngineError:
            raise
        except Exception as error:
            log.exception("engine %s failed in %s", chosen.info.name, method.name)
            raise declared(chosen.info.name, error) from error

    def _empty(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        super()._empty()


class InWorker(Place):
    """The engines of one group in one worker process."""

    def __init__(self, reserve: Reserve, cache: Cache, group: str, load_timeout: float) -> None:
        super().__init__(reserve)
        self._cache = cache
        self._load_timeout = load_timeout
        self._generation = 0
        self._worker = Worker(group, "honmono.engines.room:Room", memory_limit=BASE_MEMORY)

    def memory(self) -> int:
        """The worker's."""
        return self._worker.memory()

    def describe(self) -> str:
        """The worker's name and process."""
        return f"worker {self._worker.name}, pid {self._worker.pid}" if self._worker.pid else "not running"

    def _ensure_loaded(self, chosen: Chosen) -> None:
        name = chosen.info.name
        self._start(name)
        if self._worker.generation != self._generation:  # nothing of an earlier process is there any more
            super()._empty()
            self._generation = self._worker.generation
        if chosen.field in self._leases:
            return
        lease = self._reserve(chosen)
        started = time.monotonic()
        load = Load(
            field=chosen.field,
            path=chosen.registered.path,
            options=dict(chosen.options),
            cache=str(self._cache.folder),
            manifests=[str(path) for path in self._cache.manifest.more],
        )
        try:
            self._call(chosen, "load", encode(load), self._load_timeout)
        except BaseException:
            lease.release()
            raise
        self._leases[chosen.field] = lease
        log.info("loaded %s in %.1f s", chosen.info.identity, time.monotonic() - started)

    def _start(self, name: str) -> None:
        """Have the worker running. One that is killed while it starts (a full memory) is started once more."""
        try:
            try:
                self._worker.start()
            except WorkerNotStarted as error:
                if not error.by_chance:
                    raise
                log.warning("%s; it is started again", error)
                self._worker.start()
        except WorkerNotStarted as error:
            raise _not_started(name, error) from error

    def _ask(self, chosen: Chosen, method: Method, arguments: tuple[Any, ...]) -> list[Any]:
        body = encode(Ask(chosen.field, method.name, encode(arguments)))
        self._ensure_loaded(chosen)
        outcomes = self._call(chosen, "ask", body, chosen.engine_class.call_timeout)
        items = 1 if method.rule is None else len(arguments[0])
        if len(outcomes) != items:
            raise EngineFailed(chosen.info.name, f"its process sent {len(outcomes)} answers to {items} items")
        return [_answer(chosen, method, outcome) for outcome in outcomes]

    def _call(self, chosen: Chosen, method: str, body: bytes, timeout: float) -> list[Outcome]:
        name = chosen.info.name
        try:
            answer = self._worker.call(method, body, timeout)
        except WorkerTimeout as error:
            super()._empty()
            raise EngineTimeout(name, error.seconds) from error
        except WorkerCrashed as error:
            super()._empty()
            raise EngineCrashed(name, error.reason) from error
        except WorkerNotStarted as error:
            raise _not_started(name, error) from error
        except WorkerFault as error:
            raise EngineFailed(name, str(error)) from error
        except ValueError as error:
            raise UnsupportedInput(str(error)) from error
        try:
            reply = replies.decode(answer)
        except ValueError as error:
            raise EngineFailed(name, f"its process sent something that is no reply: {error}") from error
        if reply.failure is not None:
            raise unpack(name, reply.failure)
        return reply.outcomes

    def _empty(self) -> None:
        self._worker.close()
        super()._empty()


def _not_started(name: str, error: WorkerNotStarted) -> EngineError:
    """What a client is told: to try again, or that a person has to do something first."""
    return EngineFailed(name, str(error)) if error.by_chance else EngineUnavailable(name, str(error))


def _answer(chosen: Chosen, method: Method, outcome: Outcome) -> Any:
    if outcome.failure is not None:
        return unpack(chosen.info.name, outcome.failure)
    try:
        return method.answer.decode(outcome.answer)
    except ValueError as error:
        return EngineFailed(chosen.info.name, f"{method.name} did not return what its annotation says: {error}")
