"""Which part of speech each word of a text is, in the tags of Universal Dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.taggers import LANGUAGES, LICENCE, MEMORY, WEIGHTS, TaggedWord, taggers

if TYPE_CHECKING:
    from honmono.engines.text.taggers import Taggers


class SyntaxEngine(Engine):
    """English by an averaged perceptron, Japanese by morphological analysis, five more on the encoder's states.

    English and Japanese take 93 MB together; the first text in another language loads the encoder, which adds
    430 MB and takes a second (three on a machine's first use), or next to nothing where another engine has it.
    """

    name = "perceptron-sudachi"
    version = "1.0"
    licence = LICENCE
    weights = WEIGHTS
    languages = LANGUAGES
    quality = (
        "given the treebank's words: English .947 on 400 sentences of UD EWT's test part (spaCy small .932 in the same "
        "run); Japanese from raw text, F1 of words and tags together .952 on 150 sentences of UD "
        "GSD (GiNZA .916), of words .982. "
        "On ten held-out sentences of our own each, signs left out: de .94, es .96, fr .99, it .99, pt .96 of 76 to 91 "
        "easy words: newspapers will be worse. English verbs with -s are at times taken for nouns"
    )
    cost = Cost(memory_bytes=MEMORY)

    _taggers: Taggers

    def load(self) -> None:
        """See `Engine.load`."""
        self._taggers = taggers(self.cache)

    @batched(max_size=16, max_wait_ms=0)
    def tag(self, texts: list[str], languages: list[str]) -> list[list[TaggedWord]]:
        """The words and signs of each text with their tags, in order.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(language, self.languages, "plug in a tagger, as engine of the field syntax")
        return [self._taggers.tag(text, language) for text, language in zip(texts, languages, strict=True)]
