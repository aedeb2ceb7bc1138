"""The words of a document that may tell its topic: what is left without grammar, numbers and signs.

Languages with spaces are cut by `words`, in lower case, without their words of grammar; where we have no list of these,
without words of three letters or fewer. Japanese: the nouns, verbs and adjectives of its morphological analysis, in
their dictionary form. Chinese: pairs of neighbouring characters, as is usual where nothing cuts it into words (Nie et
al., On the use of words and n-grams for Chinese information retrieval, 2000).
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import regex

from honmono.engines.text.japanese import Morpheme, analyser
from honmono.engines.text.words import split_words

UNCUT = ("th", "lo", "km", "my")
"""Languages without spaces between words that nothing here cuts: Thai, Lao, Khmer, Burmese."""

_LONGEST = 40
"""Characters; what is longer is a key, a line of code, or hostile."""
_SHORTEST_UNLISTED = 4

_JAPANESE_TAGS = frozenset({"NOUN", "PROPN", "VERB", "ADJ"})
_HAN = regex.compile(r"\p{Han}+")
_CHINESE_GRAMMAR = regex.compile(
    r"[的了是在和有不我你他她它这這那也就都而及与與或被把们們个個着著过過所以为為之於于对對从從到很]"
)
_LETTERS = regex.compile(r"[\p{L}\p{M}\p{N}_'’-]+")


def terms_of(text: str, language: str) -> list[str]:
    """The terms of a document in a language of `language`'s codes, in order, each as often as it stands there."""
    if language == "ja":
        found = _japanese(text)
    elif language.startswith("zh"):
        found = _chinese(text)
    else:
        found = _spaced(text, language)
    # Shared by all documents: a corpus has far fewer words than places where they stand.
    return [sys.intern(term) for term in found]


def _spaced(text: str, language: str) -> Iterator[str]:
    little = _words_of_grammar(language)
    shortest = 2 if little else _SHORTEST_UNLISTED
    for word in split_words(text, language):
        term = word.text.lower()
        if not term[0].isalpha() or len(term) > _LONGEST or term in little or not _LETTERS.fullmatch(term):
            continue
        # A Korean word of two syllables is as long as a European one of five letters.
        if len(term) >= (2 if "가" <= term[0] <= "힣" else shortest):
            yield term


@cache
def _words_of_grammar(language: str) -> frozenset[str]:
    """Words that tell no topic, lower-cased; none for a language that we have no list of."""
    ours = _table("little_words.toml", "honmono.engines.text.topics")["words"]
    if language in ours:
        return frozenset(ours[language].split())
    tags = _table("function_words.toml", "honmono.engines.text").get(language, {})
    nouns = set(tags.get("NOUN", "").split())
    return frozenset(word for words in tags.values() for word in words.split() if word not in nouns)


@cache
def _table(file: str, package: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(package).joinpath(file).read_text(encoding="utf-8"))


def _japanese(text: str) -> Iterator[str]:
    before: Morpheme | None = None
    for morpheme in analyser().morphemes(text):
        if _tells(morpheme, before):
            yield morpheme.lemma.lower()
        before = morpheme


def _tells(morpheme: Morpheme, before: Morpheme | None) -> bool:
    """Whether a morpheme carries a meaning of its own."""
    first, second, third = morpheme.classes[:3]
    if morpheme.tag not in _JAPANESE_TAGS or first in ("接尾辞", "接頭辞", "助動詞", "連体詞"):
        return False
    if second == "非自立可能" or morpheme.lemma in _words_of_grammar("ja") or len(morpheme.lemma) > _LONGEST:
        return False
    if third == "助数詞可能" and before is not None and before.tag == "NUM":
        return False
    if not any(map(str.isalpha, morpheme.lemma)):
        return False
    # A single kana is a slip of the analysis or a word of grammar.
    return len(morpheme.lemma) > 1 or bool(_HAN.match(morpheme.lemma))


def _chinese(text: str) -> Iterator[str]:
    for run in _HAN.finditer(text):
        for part in _CHINESE_GRAMMAR.split(run.group()):
            yield from (part[at : at + 2] for at in range(len(part) - 1))
    yield from _spaced(_HAN.sub(" ", text), "en")
