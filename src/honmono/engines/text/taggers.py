"""The taggers that syntax and key phrases stand on, each loaded once a process and on first need."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.text.words import Word, sentences, split_words

if TYPE_CHECKING:
    from honmono.engines.text.japanese import JapaneseAnalyser
    from honmono.engines.text.perceptron import PerceptronTagger
    from honmono.engines.text.transfer import TransferTagger
    from honmono.weights import Cache

WEIGHTS = ("english-tagger", "e5-small")
LANGUAGES = ("en", "ja", "de", "es", "fr", "it", "pt")
LICENCE = (
    "Apache-2.0 (code, our weights, Sudachi and its dictionary), MIT (multilingual-e5-small), CC BY-SA 4.0 (English "
    "weights, trained on UD English EWT)"
)
MEMORY = 500 << 20
"""Bytes, of which 430 MB come with the first text that is neither English nor Japanese."""

_PLAIN = 0.99
"""What a sign or a number gets: its tag follows from its characters."""
_KNOWN, _UNKNOWN = 0.97, 0.7
"""Sudachi gives no probabilities: set by hand for a morpheme in its dictionary and for one that is not."""


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word, where it stands in code points, its tag ("NOUN", "X") and the probability that the tag is right."""

    text: str
    begin: int
    end: int
    tag: str
    score: float


class Taggers:
    """One for each language. Safe to call from many threads.

    Args:
        cache: where the pulled weights are.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._transfer: TransferTagger | None = None
        self._english = english_tagger(cache)

    def tag(self, text: str, language: str) -> list[TaggedWord]:
        """The words and signs of `text` in order, in one of `LANGUAGES`."""
        if language == "ja":
            return [
                TaggedWord(found.text, found.begin, found.end, found.tag, _KNOWN if found.known else _UNKNOWN)
                for found in self.japanese().morphemes(text)
            ]
        return [word for sentence in self.sentences(text, language) for word in sentence]

    def sentences(self, text: str, language: str) -> list[list[TaggedWord]]:
        """The same by sentence, in one of `LANGUAGES` but Japanese."""
        found: list[list[TaggedWord]] = []
        for sentence in sentences(split_words(text, language)):
            if language == "en":
                found.append(tag_words(self._english, sentence))
            else:
                found.append(_merge(sentence, self._encoder().tag(text, sentence, language)))
        return found

    def japanese(self) -> JapaneseAnalyser:
        """The morphological analyser."""
        from honmono.engines.text.japanese import analyser

        return analyser()

    def _encoder(self) -> TransferTagger:
        with self._lock:
            if self._transfer is None:
                from honmono.engines.text.transfer import TransferTagger

                self._transfer = TransferTagger.from_cache(self._cache)
            return self._transfer


_shared: dict[Path, Taggers] = {}
_sharing = threading.Lock()


def taggers(cache: Cache) -> Taggers:
    """Those of a weight cache, once a process. Raises `WeightsMissing` where the English one was not pulled."""
    with _sharing:
        if cache.folder not in _shared:
            _shared[cache.folder] = Taggers(cache)
        return _shared[cache.folder]


def english_tagger(cache: Cache) -> PerceptronTagger:
    """The English tagger from pulled weights. Raises `WeightsMissing` where they were not pulled."""
    from honmono.engines.text.perceptron import PerceptronTagger

    return PerceptronTagger.read(cache.path("english-tagger", "tagger.json.gz"))


def tag_words(tagger: PerceptronTagger, sentence: list[Word]) -> list[TaggedWord]:
    """An English sentence; the perceptron never saw signs."""
    return _merge(sentence, tagger.tag([word.text for word in sentence if not word.is_sign]))


def _merge(sentence: list[Word], spoken: list[tuple[str, float]]) -> list[TaggedWord]:
    """Signs and numbers get their tag by their characters, words the one in `spoken`."""
    tags = iter(spoken)
    found = []
    for word in sentence:
        tag, score = (_sign(word), _PLAIN) if word.is_sign else next(tags)
        if word.text[0].isdigit() and word.text[-1].isdigit():
            tag, score = "NUM", _PLAIN
        found.append(TaggedWord(word.text, word.begin, word.end, tag, score))
    return found


def _sign(word: Word) -> str:
    """SYM for what stands for something ($, %, 😀, :-), PUNCT for what divides and ends."""
    if word.text in "%§#&" or (len(word.text) > 1 and word.text[0] in ":;=8"):
        return "SYM"
    return "SYM" if unicodedata.category(word.text[0]).startswith("S") else "PUNCT"
