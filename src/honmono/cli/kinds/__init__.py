"""Kinds of input that `honmono try` can show something about. A service that adds one adds a module here.

Each names a class with the methods of `Kind`; the first that recognises the input shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console

    from honmono.engines.host import EngineHost

_KINDS = (
    "honmono.cli.kinds.speech:Speech",
    "honmono.cli.kinds.text:Text",
    "honmono.cli.kinds.picture:Picture",
    "honmono.cli.kinds.recording:Recording",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the user gave: a file's first bytes and its path, or a text from the command line."""

    name: str
    head: bytes
    path: Path | None = None

    def read(self, limit: int) -> bytes:
        """At most `limit` bytes of the content."""
        if self.path is None:
            return self.head[:limit]
        with self.path.open("rb") as file:
            return file.read(limit)


class Kind(Protocol):
    """One kind of input."""

    def recognises(self, sample: Sample) -> bool:
        """Whether the sample is of this kind, by its first bytes; never by its name alone."""

    def show(self, sample: Sample, engines: EngineHost, screen: Console) -> None:
        """Compute answers and draw them.

        Raises EngineError, WeightsError.
        """


def kinds() -> list[Kind]:
    """Every kind, in the order in which they are asked."""
    found = []
    for place in _KINDS:
        module, _, name = place.partition(":")
        make: Callable[[], Kind] = getattr(import_module(module), name)
        found.append(make())
    return found
