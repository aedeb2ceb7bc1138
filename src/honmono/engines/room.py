"""The inside of an engine worker: engines of one group, loaded when asked for, answering one call at a
time."""

from __future__ import annotations

import logging
import resource
from pathlib import Path
from typing import Any

from honmono.compute.codec import encode
from honmono.engines.base import Engine
from honmono.engines.errors import EngineError
from honmono.engines.messages import Ask, Load, Outcome, Reply, asks, loads, pack
from honmono.engines.registry import Registered
from honmono.engines.surface import Method, surface
from honmono.weights import Cache, Manifest

log = logging.getLogger("honmono.engines")


class Room:
    """Target of the worker process (`honmono.engines.room:Room`)."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._methods: dict[str, dict[str, Method]] = {}

    def __call__(self, method: str, body: bytes) -> bytes:
        """Answer "load" and "ask" with a `Reply`."""
        reply = self._load(loads.decode(body)) if method == "load" else self._ask(asks.decode(body))
        return encode(reply)

    def _load(self, load: Load) -> Reply:
        engine_class = Registered(load.field, load.field, load.path, "").load_class()
        manifest = Manifest.load(*(Path(path) for path in load.manifests))
        engine = engine_class(Cache(Path(load.cache), manifest), load.options)
        try:
            cost = engine_class.configured(load.options).cost
            _raise_memory_limit(2 * cost.memory_bytes, load.options.get("device", "cpu"))
            engine.load()
        except Exception as error:
            log.exception("engine %s could not be loaded", engine.name)
            return Reply(failure=pack(engine.name, error))
        self._methods[load.field] = surface(engine_class)
        self._engines[load.field] = engine
        return Reply()

    def _ask(self, ask: Ask) -> Reply:
        engine, method = self._engines[ask.field], self._methods[ask.field][ask.method]
        arguments = method.arguments.decode(ask.arguments)
        try:
            answer = method.function(engine, *arguments)
            if method.rule is None:
                return Reply([Outcome(encode(answer))])
            check_length(method, answer, arguments)
            return Reply([_outcome(engine.name, each) for each in answer])
        except EngineError as error:
            return Reply(failure=pack(engine.name, error))
        except Exception as error:
            log.exception("engine %s failed in %s", engine.name, ask.method)
            return Reply(failure=pack(engine.name, error))


def check_length(method: Method, answer: list[Any], arguments: tuple[list[Any], ...]) -> None:
    """Raise ValueError unless a batched method's answer has one entry an item."""
    if len(answer) != len(arguments[0]):
        raise ValueError(f"{method.name} returned {len(answer)} answers to {len(arguments[0])} items")


def _outcome(engine: str, answer: object) -> Outcome:
    if isinstance(answer, EngineError):
        return Outcome(failure=pack(engine, answer))
    return Outcome(encode(answer))


def _raise_memory_limit(more: int, device: str) -> None:
    """Let the process have `more` bytes for an engine that it is about to load.

    A GPU's driver reserves ranges that dwarf what is used: with one the limit is lifted.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft != resource.RLIM_INFINITY:
        wanted = hard if device != "cpu" else soft + more
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
