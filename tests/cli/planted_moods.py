"""Engines that read one word; what they know is what the tests say of them."""

from __future__ import annotations

from collections.abc import Iterator

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.entities import Entity
from honmono.engines.text.pii.entity import PiiEntity
from honmono.engines.text.sentiment import Sentiment
from honmono.engines.text.taggers import TaggedWord


class WordEngine(Engine):
    """POSITIVE where there is "good", NEGATIVE where there is "bad", else NEUTRAL."""

    name = "words"
    version = "1.0"
    licence = "none"
    languages = ("en",)
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20)
    good = "good"

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=1)
    def classify(self, texts: list[str], languages: list[str]) -> list[Sentiment]:
        """The mood of each."""
        for language in languages:
            if language != "en":
                raise UnsupportedLanguage(language, self.languages, "plug in another")
        return [self._mood(text) for text in texts]

    def _mood(self, text: str) -> Sentiment:
        if self.good in text:
            return Sentiment("POSITIVE", 0.7, 0.1, 0.1, 0.1)
        if "bad" in text:
            return Sentiment("NEGATIVE", 0.1, 0.7, 0.1, 0.1)
        return Sentiment("NEUTRAL", 0.2, 0.1, 0.6, 0.1)


class DeafEngine(WordEngine):
    """Hears only "bad"."""

    name = "deaf"
    good = "never said"


class PlaceEngine(Engine):
    """Finds "Kyoto", and calls "Ann" an organization."""

    name = "places"
    version = "1.0"
    licence = "none"
    languages = ("en",)
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20)

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], languages: list[str]) -> list[list[Entity]]:
        """What each names."""
        return [
            [
                Entity(kind, text.index(word), text.index(word) + len(word), score)
                for word, kind, score in (("Kyoto", "LOCATION", 0.9), ("Ann", "ORGANIZATION", 0.6))
                if word in text
            ]
            for text in texts
        ]


class SpaceEngine(Engine):
    """Cuts at spaces and takes every word with a capital for a name, every other for a noun."""

    name = "spaces"
    version = "1.0"
    licence = "none"
    languages = ("en",)
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20)

    def load(self) -> None:
        """Nothing to load."""

    @batched(max_size=16, max_wait_ms=1)
    def tag(self, texts: list[str], languages: list[str]) -> list[list[TaggedWord]]:
        """The words of each."""
        for language in languages:
            if language != "en":
                raise UnsupportedLanguage(language, self.languages, "plug in another")
        return [list(self._words(text)) for text in texts]

    def _words(self, text: str) -> Iterator[TaggedWord]:
        begin = 0
        for word in text.split(" "):
            yield TaggedWord(word, begin, begin + len(word), "PROPN" if word[:1].isupper() else "NOUN", 0.8)
            begin += len(word) + 1


class AtSignEngine(SpaceEngine):
    """Takes every word with an @ for an address."""

    name = "at-signs"

    @batched(max_size=16, max_wait_ms=1)
    def detect(self, texts: list[str], languages: list[str]) -> list[list[PiiEntity]]:
        """The addresses of each."""
        return [
            [PiiEntity("EMAIL", word.begin, word.end, 0.9, "@") for word in self._words(text) if "@" in word.text]
            for text in texts
        ]
