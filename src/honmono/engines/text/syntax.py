"""Which part of speech each word of a text is, in the tags of Universal Dependencies."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.words import Word, sentences, split_words

if TYPE_CHECKING:
    from honmono.engines.text.japanese import JapaneseAnalyser
    from honmono.engines.text.perceptron import PerceptronTagger
    from honmono.weights import Cache

WEIGHTS = "english-tagger"
FILE = "tagger.json.gz"
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


class SyntaxEngine(Engine):
    """English by an averaged perceptron, Japanese by morphological analysis."""

    name = "perceptron-sudachi"
    version = "1.0"
    licence = "Apache-2.0 (code, Sudachi and its dictionary), CC BY-SA 4.0 (English weights, trained on UD English EWT)"
    weights = (WEIGHTS,)
    languages = ("en", "ja")
    quality = (
        "given the treebank's words: English .945 on 400 sentences of UD EWT's test part (spaCy small .928); Japanese "
        "from raw text, F1 of words and tags together .952 on 150 sentences of UD GSD (GiNZA .916), of words .982"
    )
    cost = Cost(memory_bytes=130 << 20)

    _english: PerceptronTagger
    _japanese: JapaneseAnalyser

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.text.japanese import analyser

        self._english = english_tagger(self.cache)
        self._japanese = analyser()

    @batched(max_size=16, max_wait_ms=0)
    def tag(self, texts: list[str], languages: list[str]) -> list[list[TaggedWord]]:
        """The words and signs of each text with their tags, in order.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(language, self.languages, "plug in a tagger, as engine of the field syntax")
        return [
            tag_japanese(self._japanese, text) if language == "ja" else tag_english(self._english, text)
            for text, language in zip(texts, languages, strict=True)
        ]


def english_tagger(cache: Cache) -> PerceptronTagger:
    """The English tagger from pulled weights. Raises `WeightsMissing` where they were not pulled."""
    from honmono.engines.text.perceptron import PerceptronTagger

    return PerceptronTagger.read(cache.path(WEIGHTS, FILE))


def tag_english(tagger: PerceptronTagger, text: str) -> list[TaggedWord]:
    """The words of a text with their tags."""
    return [word for sentence in sentences(split_words(text, "en")) for word in tag_words(tagger, sentence)]


def tag_words(tagger: PerceptronTagger, sentence: list[Word]) -> list[TaggedWord]:
    """Signs and numbers by their characters, words by the perceptron, which never saw signs."""
    found = []
    spoken = iter(tagger.tag([word.text for word in sentence if not word.is_sign]))
    for word in sentence:
        tag, score = (_sign(word), _PLAIN) if word.is_sign else next(spoken)
        if word.text[0].isdigit() and word.text[-1].isdigit():
            tag, score = "NUM", _PLAIN
        found.append(TaggedWord(word.text, word.begin, word.end, tag, score))
    return found


def tag_japanese(analyser: JapaneseAnalyser, text: str) -> list[TaggedWord]:
    """Sudachi's morphemes with their tags."""
    return [
        TaggedWord(found.text, found.begin, found.end, found.tag, _KNOWN if found.known else _UNKNOWN)
        for found in analyser.morphemes(text)
    ]


def _sign(word: Word) -> str:
    """SYM for what stands for something ($, %, 😀, :-), PUNCT for what divides and ends."""
    if word.text in "%§#&" or (len(word.text) > 1 and word.text[0] in ":;=8"):
        return "SYM"
    return "SYM" if unicodedata.category(word.text[0]).startswith("S") else "PUNCT"
