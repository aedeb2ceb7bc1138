"""What can go wrong in an engine, as types that cross a process boundary by name and fields.

A service catches these and answers in AWS's own words; a notebook reads the message.
"""

from __future__ import annotations

from typing import Any, ClassVar


class EngineError(Exception):
    """Base of everything an engine or its host raises on purpose.

    `fields` names the attributes that, given as keywords to the constructor, make an equal error again: the
    engine host sends exactly these across the process boundary.
    """

    fields: ClassVar[tuple[str, ...]] = ()

    def members(self) -> dict[str, Any]:
        """The values of `fields`, by name."""
        return {name: getattr(self, name) for name in self.fields}


class UnsupportedLanguage(EngineError):
    """The engine does not know this language (pair)."""

    fields = ("language", "supported", "plug_in")

    def __init__(self, language: str, supported: tuple[str, ...] | list[str], plug_in: str) -> None:
        """`plug_in` says which engine would know it and how to plug it in."""
        self.language = language
        self.supported = tuple(supported)
        self.plug_in = plug_in
        super().__init__(f"language {language!r} is not supported (supported: {', '.join(self.supported)}); {plug_in}")


class UnsupportedInput(EngineError):
    """The input is of a kind, form or size that the engine cannot read; the message says which and why."""

    fields = ("reason", "plug_in")

    def __init__(self, reason: str, plug_in: str = "") -> None:
        """`plug_in`, if any engine could read it, says which and how to plug it in."""
        self.reason = reason
        self.plug_in = plug_in
        super().__init__(f"{reason}; {plug_in}" if plug_in else reason)


class DamagedInput(EngineError):
    """The input is of a kind that the engine reads, and this one cannot be: damaged, encrypted, or made to exhaust its
    reader; the message says which."""

    fields = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class InputTooLarge(EngineError):
    """The input is of a kind that the engine reads, and has more pixels, pages or seconds than it takes."""

    fields = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class InputTooSmall(EngineError):
    """The input is of a kind that the engine reads, and has fewer pixels than it needs."""

    fields = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class EngineUnavailable(EngineError):
    """The engine cannot be started: its package, weights, device or memory is missing."""

    fields = ("engine", "reason")

    def __init__(self, engine: str, reason: str) -> None:
        self.engine = engine
        self.reason = reason
        super().__init__(f"engine {engine} is not available: {reason}")


class EngineTimeout(EngineError):
    """The call took longer than its limit; its process was ended."""

    fields = ("engine", "seconds")

    def __init__(self, engine: str, seconds: float) -> None:
        self.engine = engine
        self.seconds = seconds
        super().__init__(f"engine {engine} gave no answer within {seconds:g} s")


class EngineCrashed(EngineError):
    """The engine's process died during this call, and again when the call was tried alone."""

    fields = ("engine", "reason")

    def __init__(self, engine: str, reason: str) -> None:
        """`reason` says how it died, e.g. "killed by SIGSEGV"."""
        self.engine = engine
        self.reason = reason
        super().__init__(f"engine {engine} crashed on this input: {reason}")


class EngineFailed(EngineError):
    """The engine raised an error that it had not declared; the log has the traceback."""

    fields = ("engine", "reason")

    def __init__(self, engine: str, reason: str) -> None:
        self.engine = engine
        self.reason = reason
        super().__init__(f"engine {engine} failed: {reason}")


KNOWN: dict[str, type[EngineError]] = {
    "UnsupportedLanguage": UnsupportedLanguage,
    "UnsupportedInput": UnsupportedInput,
    "DamagedInput": DamagedInput,
    "InputTooLarge": InputTooLarge,
    "InputTooSmall": InputTooSmall,
    "EngineUnavailable": EngineUnavailable,
    "EngineTimeout": EngineTimeout,
    "EngineCrashed": EngineCrashed,
    "EngineFailed": EngineFailed,
}
"""The errors that are made again by name on the other side of a process boundary. Any other one arrives there
as `EngineFailed`: a class is never looked up by a name that a message brings."""
