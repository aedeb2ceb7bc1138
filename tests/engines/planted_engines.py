"""Engines with faults planted in them. Their module imports nothing heavy, as the rule for engines says."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedInput, UnsupportedLanguage, batched
from honmono.engines.room import Room

if TYPE_CHECKING:
    import numpy as np

REGISTRY = {
    "planted": {"planted": "engines.planted_engines:Planted"},
    "sibling": {"sibling": "engines.planted_engines:Sibling"},
    "cheap": {"cheap": "engines.planted_engines:Cheap"},
}


@dataclass(frozen=True, slots=True)
class Echo:
    text: str
    language: str
    pid: int
    batch: int


class OwnError(UnsupportedInput):
    """An engine's own error is still a known one to its callers."""


class Planted(Engine):
    name = "planted"
    version = "1.0"
    licence = "Apache-2.0"
    languages = ("en", "ja")
    quality = "it does what its input says"
    cost = Cost(memory_bytes=64 << 20)
    call_timeout = 2.0

    def load(self) -> None:
        self.loaded = True

    @batched(max_size=8, max_wait_ms=50)
    def echo(self, texts: list[str], languages: list[str]) -> list[Echo]:
        """The texts again, unless one of them is an order."""
        for text, language in zip(texts, languages, strict=True):
            if language not in self.languages:
                raise UnsupportedLanguage(language, self.languages, "plug in another")
            obey(text)
        return [Echo(text, language, os.getpid(), len(texts)) for text, language in zip(texts, languages, strict=True)]

    @batched(max_size=8)
    def partly(self, numbers: list[int]) -> list[int]:
        return [n * n if n >= 0 else UnsupportedInput(f"{n} is negative") for n in numbers]  # type: ignore[misc]

    @batched(max_size=8)
    def short(self, numbers: list[int]) -> list[int]:
        return numbers[:-1]

    def alone(self, text: str, times: int = 2) -> str:
        obey(text)
        return text * times

    def scale(self, array: np.ndarray, factor: float) -> np.ndarray:
        return array * factor

    def wrong(self, text: str) -> int:
        return text  # type: ignore[return-value]


class Sibling(Engine):
    name = "sibling"
    version = "2.1"
    licence = "Apache-2.0"
    quality = "none"
    cost = Cost(memory_bytes=96 << 20)

    def load(self) -> None:
        self.answer = "sibling"

    def pid(self) -> int:
        return os.getpid()


class Cheap(Engine):
    name = "cheap"
    version = "1"
    licence = "Apache-2.0"
    quality = "none"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        self.prefix = str(self.options.get("prefix", ""))

    def pid(self) -> int:
        return os.getpid()

    @batched(max_size=4)
    def greet(self, names: list[str]) -> list[str]:
        for name in names:
            obey(name)
        return [self.prefix + name for name in names]


def killed_while_it_starts() -> Room:
    """A worker's room whose process is killed as often as the file PLANTED_KILLS has lines."""
    kills = Path(os.environ["PLANTED_KILLS"])
    if left := kills.read_text().splitlines():
        kills.write_text("\n".join(left[1:]))
        os.kill(os.getpid(), signal.SIGKILL)
    return Room()


def obey(order: str) -> None:
    if order == "segfault":
        ctypes.string_at(0)
    elif order == "abort":
        os.abort()
    elif order == "hang":
        time.sleep(60)
    elif order == "hog":
        hoard = []
        while True:
            hoard.append(bytes(64 << 20))
    elif order == "bug":
        raise ZeroDivisionError("a secret of the engine's")
    elif order == "own":
        raise OwnError("not like this", "plug in that")
    elif order.startswith("slow"):
        time.sleep(0.2)
