"""Engines that need no weights, for tests of jobs: an entry point plants them in the server and in its children."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from honmono.engines.base import Cost, Engine, UnsupportedInput, batched
from honmono.engines.text.entities import Entity
from honmono.engines.text.events import Argument, Event, FoundEvents, Mention
from honmono.engines.text.sentiment import Sentiment

ENTRY_POINTS = """[honmono.engines]
sentiment.words = tests.services.comprehend.planted_analysts:WordEngine
events.ipos = tests.services.comprehend.planted_analysts:FlotationEngine
recognizer.names = tests.services.comprehend.planted_analysts:NameEngine
"""


class WordEngine(Engine):
    """POSITIVE where the option `liked` stands, else NEGATIVE; a text may ask it for a mishap."""

    name = "words"
    version = "1.0"
    licence = "none"
    languages = ("en",)
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=0)
    def classify(self, texts: list[str], languages: list[str]) -> list[Sentiment]:
        """The mood of each."""
        time.sleep(self.options.get("seconds", 0))
        if "fall over" in texts:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "choke" in texts:
            raise UnsupportedInput("it is not to be swallowed")
        return [
            Sentiment("POSITIVE" if self.options.get("liked", "good") in text else "NEGATIVE", 0.4, 0.3, 0.2, 0.1)
            for text in texts
        ]


class FlotationEngine(Engine):
    """Takes every "IPO" for one, of the first word."""

    name = "ipos"
    version = "1.0"
    licence = "none"
    languages = ("en",)
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20)

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=0)
    def detect(self, texts: list[str], languages: list[str], types: list[list[str]]) -> list[FoundEvents]:
        """The IPOs in each, where they are asked for."""
        return [self._found(text, asked) for text, asked in zip(texts, types, strict=True)]

    def _found(self, text: str, types: list[str]) -> FoundEvents:
        at = text.find("IPO")
        if at < 0 or "IPO" not in types:
            return FoundEvents([], [])
        company = Mention(0, text.index(" "), "ORGANIZATION", 0.9, 1.0)
        trigger = Mention(at, at + 3, "IPO", 0.8, 1.0)
        return FoundEvents([[company]], [Event("IPO", [Argument(0, "OFFEROR", 0.7)], [trigger])])


class NameEngine(Engine):
    """A model of it is a folder with a file `names`: what it names, it finds, once in each text."""

    name = "names"
    version = "1.0"
    licence = "none"
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20)

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=0)
    def find(self, texts: list[str], models: list[str]) -> list[list[Entity]]:
        """The names in each text by the model beside it."""
        return [
            [Entity("MASCOT", at, at + len(name), 0.75) for name in _names(model) if (at := text.find(name)) >= 0]
            for text, model in zip(texts, models, strict=True)
        ]


def _names(folder: str) -> list[str]:
    return (Path(folder) / "names").read_text().split()
