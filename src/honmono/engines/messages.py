"""What the host and a worker's room say to each other, inside the worker's calls."""

from __future__ import annotations

from typing import Any

import msgspec

from honmono.compute.codec import Decoder
from honmono.engines.errors import KNOWN, EngineError, EngineFailed, EngineUnavailable
from honmono.weights import WeightsError


class Load(msgspec.Struct, frozen=True):
    """Make an engine ready: its class, its options, and where the weights are."""

    field: str
    path: str
    options: dict[str, Any]
    cache: str
    manifests: list[str]


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """Call a method of a loaded engine with the encoded tuple of its arguments."""

    field: str
    method: str
    arguments: bytes


class Failure(msgspec.Struct, array_like=True, frozen=True):
    """An `EngineError` on its way: the name of its class, for a fixed table, and its fields."""

    name: str
    fields: dict[str, Any]


class Outcome(msgspec.Struct, array_like=True, frozen=True):
    """One item's answer, encoded, or its failure."""

    answer: bytes = b""
    failure: Failure | None = None


class Reply(msgspec.Struct, array_like=True, frozen=True):
    """The outcomes of a call, one an item (one in all where the method is not batched); or the whole call
    failed."""

    outcomes: list[Outcome] = []
    failure: Failure | None = None


asks: Decoder[Ask] = Decoder(Ask)
loads: Decoder[Load] = Decoder(Load)
replies: Decoder[Reply] = Decoder(Reply)


def declared(engine: str, error: Exception) -> EngineError:
    """What an exception from an engine counts as: itself if it is a known one, else `EngineFailed`."""
    if isinstance(error, WeightsError):
        return EngineUnavailable(engine, str(error))
    if isinstance(error, EngineError):
        return error
    return EngineFailed(engine, f"{type(error).__name__}: {error}")


def pack(engine: str, error: Exception) -> Failure:
    """An exception from an engine as a message. A subclass of a known error travels as the known one."""
    known = declared(engine, error)
    for kind in type(known).__mro__:
        if KNOWN.get(kind.__name__) is kind:
            return Failure(kind.__name__, {name: getattr(known, name) for name in KNOWN[kind.__name__].fields})
    return Failure("EngineFailed", {"engine": engine, "reason": str(known)})


def unpack(engine: str, failure: Failure) -> EngineError:
    """The error that a message tells of."""
    try:
        return KNOWN[failure.name](**failure.fields)
    except (KeyError, TypeError):
        return EngineFailed(engine, "its process told of an error in a way that is not understood")
