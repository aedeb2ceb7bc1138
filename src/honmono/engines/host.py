"""The one place that decides which engine answers for a field, where it runs, and when it is loaded and
dropped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from types import MappingProxyType, TracebackType
from typing import Any, Self

from honmono.compute import Lease, Ledger, NeverEnough, NotNow
from honmono.engines.base import EngineInfo
from honmono.engines.errors import EngineError, EngineUnavailable
from honmono.engines.hosted import Counts, Hosted, Tally
from honmono.engines.places import Chosen, InServer, InWorker, Place
from honmono.engines.registry import Registry
from honmono.engines.surface import surface
from honmono.weights import Cache

log = logging.getLogger("honmono.engines")


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """`[engines.FIELD]` of honmono.toml.

    Attributes:
        engine: its name; None: the field's default.
        device: "cpu", "cuda" …
        options: the engine's own, everything else in the table.
    """

    engine: str | None = None
    device: str = "cpu"
    options: Mapping[str, Any] = member(default_factory=dict)

    @classmethod
    def of_table(cls, table: Mapping[str, Any]) -> Self:
        """The choice that a table `[engines.FIELD]` makes: engine, device, and the engine's options."""
        options = {name: value for name, value in table.items() if name not in ("engine", "device")}
        return cls(table.get("engine"), table.get("device", "cpu"), options)


@dataclass(frozen=True, slots=True)
class EngineState:
    """How a field's engine stands, for `doctor`, health and the console.

    Attributes:
        info: None where the engine cannot even be described; `problem` says why.
        place: where it runs, in words.
        memory_bytes: resident bytes of its worker, which engines of one group share; 0 in the server's
        process.
        missing_weights: those that `honmono weights pull` would bring.
    """

    field: str
    info: EngineInfo | None
    loaded: bool = False
    place: str = ""
    memory_bytes: int = 0
    counts: Counts = member(default_factory=Counts)
    missing_weights: tuple[str, ...] = ()
    problem: str = ""

    @property
    def mean_ms(self) -> float:
        """Milliseconds a call of the engine, on the average; 0 before the first."""
        return 1000 * self.counts.seconds / self.counts.calls if self.counts.calls else 0.0


@dataclass(frozen=True, slots=True)
class _Field:
    """All that belongs to one field."""

    hosted: Hosted
    chosen: Chosen
    place: Place
    tally: Tally


class EngineHost:
    """Engines by field: `host.get("sentiment").classify("Great!", "en")`.

    A cheap engine runs in this process, the others in one worker process a group. Memory is taken from the
    ledger for as long as an engine is loaded; where it does not suffice, the longest idle engines are
    dropped. Cores are not
    taken: a call is short and somebody waits for it, so it shares the processor with long work instead of
    queueing behind it.
    """

    def __init__(
        self,
        settings: Mapping[str, EngineChoice],
        cache: Cache,
        ledger: Ledger,
        *,
        registry: Registry | None = None,
        in_process: bool = False,
        idle_seconds: float = 600.0,
        load_timeout: float = 300.0,
        memory_wait: float = 10.0,
    ) -> None:
        """Load nothing yet.

        Args:
            settings: the user's choices; a field without one has its default engine.
            cache: where the weights are.
            ledger: the machine's memory.
            registry: the engines there are; by default the built-in ones and the installed entry points.
            in_process: run every engine in this process (notebooks, debugging).
            idle_seconds: engines unused for so long are dropped.
            load_timeout: seconds that loading an engine may take.
            memory_wait: seconds to wait for memory that others hold, once nothing idle is left to drop.
        """
        self._settings = settings
        self._cache = cache
        self._ledger = ledger
        self._registry = registry or Registry()
        self._in_process = in_process
        self._idle_seconds = idle_seconds
        self._load_timeout = load_timeout
        self._memory_wait = memory_wait
        self._lock = threading.Lock()
        self._hosted: dict[str, _Field] = {}
        self._places: dict[str, Place] = {}
        self._closed = threading.Event()
        self._caretaker: threading.Thread | None = None

    def get(self, field: str) -> Any:
        """The field's engine: an object with the methods of its class. Annotate the variable with that class.

        It may be kept; it loads the engine when it is called and again after it was dropped.

        Raises:
            EngineUnavailable: there is no such field or engine, or its class cannot be imported.
        """
        return self._host(field).hosted

    def info(self, field: str) -> EngineInfo:
        """What there is to say about the field's engine. Raises `EngineUnavailable`."""
        return self._host(field).chosen.info

    def identity(self, field: str) -> str:
        """Who answers for the field, as the header `x-honmono-engine` says it: "e5-sentiment/1.0"."""
        return self.info(field).identity

    def options(self, field: str) -> Mapping[str, Any]:
        """What the user chose for the field's engine, "device" among it. Raises `EngineUnavailable`."""
        return self._host(field).chosen.options

    def fields(self) -> list[str]:
        """The fields that there are engines for."""
        return self._registry.fields()

    def states(self) -> list[EngineState]:
        """How every field's engine stands. Starts nothing."""
        return [self._state(field) for field in self.fields()]

    def close(self) -> None:
        """Drop every engine and end every worker, after the calls in progress."""
        self._closed.set()
        with self._lock:
            places = list(self._places.values())
        for place in places:
            place.close()
        if self._caretaker is not None:
            self._caretaker.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _host(self, field: str) -> _Field:
        found = self._hosted.get(field)
        if found is None:
            with self._lock:
                found = self._hosted.get(field)
                if found is None:
                    chosen = self._choose(field)
                    place = self._place(chosen)
                    tally = Tally()
                    found = _Field(Hosted(chosen, place, tally), chosen, place, tally)
                    self._hosted[field] = found
                    self._ensure_caretaker()
        return found

    def _choose(self, field: str) -> Chosen:
        choice = self._settings.get(field, EngineChoice())
        registered = self._registry.find(field, choice.engine)
        engine_class = registered.load_class()
        options = MappingProxyType({**choice.options, "device": choice.device})
        try:
            info, methods = engine_class.configured(options), surface(engine_class)
        except TypeError as error:
            raise EngineUnavailable(registered.name, str(error)) from error
        return Chosen(field, registered, engine_class, info, methods, options)

    def _place(self, chosen: Chosen) -> Place:
        if self._in_process or chosen.info.cost.in_process:
            return self._places.setdefault(f"server {chosen.field}", InServer(self._reserve, self._cache))
        group = chosen.registered.group
        if group not in self._places:
            self._places[group] = InWorker(self._reserve, self._cache, group, self._load_timeout)
        return self._places[group]

    def _reserve(self, chosen: Chosen) -> Lease:
        """Take an engine's memory from the ledger, dropping idle engines where that is needed."""
        need, label = chosen.info.cost.memory_bytes, f"engine {chosen.info.name}"
        try:
            while True:
                try:
                    return self._ledger.take(0, need, wait=0, label=label)
                except NotNow:
                    if not self._drop_longest_idle():
                        return self._ledger.take(0, need, wait=self._memory_wait, label=label)
        except (NeverEnough, NotNow) as error:
            raise EngineUnavailable(chosen.info.name, str(error)) from error

    def _drop_longest_idle(self) -> bool:
        with self._lock:
            places = sorted(self._places.values(), key=lambda place: place.last_used)
        return any(place.empty_if_idle(time.monotonic()) for place in places)

    def _ensure_caretaker(self) -> None:
        if self._caretaker is None:
            self._caretaker = threading.Thread(target=self._drop_idle, name="engine-caretaker", daemon=True)
            self._caretaker.start()

    def _drop_idle(self) -> None:
        while not self._closed.wait(min(30.0, self._idle_seconds / 4)):
            with self._lock:
                places = list(self._places.items())
            for name, place in places:
                if place.empty_if_idle(time.monotonic() - self._idle_seconds):
                    log.info("dropped the engines of %s, idle for %g s", name, self._idle_seconds)

    def _state(self, field: str) -> EngineState:
        try:
            found = self._host(field)
        except EngineError as error:
            return EngineState(field, None, problem=str(error))
        chosen, place = found.chosen, found.place
        known = self._cache.manifest
        unknown = [name for name in chosen.info.weights if name not in known]
        return EngineState(
            field=field,
            info=chosen.info,
            loaded=place.has_loaded(field),
            place=place.describe(),
            memory_bytes=place.memory(),
            counts=found.tally.so_far(),
            missing_weights=tuple(
                name for name in chosen.info.weights if name in known and self._cache.state(name).state != "present"
            ),
            problem=f"the manifest does not know the weights {', '.join(unknown)}" if unknown else "",
        )
