"""What a text is about: its noun phrases, by a small grammar over parts of speech.

English phrases have their articles, possessives and adjectives ("my neighbour's dog"). Japanese ones are runs of
nouns with the adjectives that stand directly before them (新しい政府, きれいな写真); の divides them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.syntax import WEIGHTS, TaggedWord, english_tagger, tag_english

if TYPE_CHECKING:
    from honmono.engines.text.japanese import JapaneseAnalyser, Morpheme
    from honmono.engines.text.perceptron import PerceptronTagger


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """A phrase, where it stands in code points, and the probability that all its words are tagged rightly."""

    text: str
    begin: int
    end: int
    score: float


class PhraseEngine(Engine):
    """Grammars over the tags of the syntax engine's taggers."""

    name = "noun-phrases"
    version = "1.0"
    licence = "Apache-2.0 (code, Sudachi and its dictionary), CC BY-SA 4.0 (English weights, trained on UD English EWT)"
    weights = (WEIGHTS,)
    languages = ("en", "ja")
    quality = (
        "exact spans on own held-out sentences: English F1 .876 (105 phrases; precision .88, recall .88), Japanese .887 "
        "(73 phrases; .86, .92)"
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
    def find(self, texts: list[str], languages: list[str]) -> list[list[KeyPhrase]]:
        """The phrases of each text in order; they do not overlap.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(
                    language, self.languages, "plug in a phrase finder, as engine of the field key-phrases"
                )
        return [
            japanese_phrases(text, self._japanese.morphemes(text))
            if language == "ja"
            else english_phrases(text, tag_english(self._english, text))
            for text, language in zip(texts, languages, strict=True)
        ]


_CODES = {
    "DET": "D", "ADJ": "A", "ADV": "R", "NOUN": "N", "PROPN": "P", "NUM": "#", "VERB": "V", "CCONJ": "C", "ADP": "x",
}  # fmt: skip
_POSSESSIVE = frozenset({"my", "your", "his", "her", "its", "our", "their", "whose"})
_SOMEBODY = re.compile(r"(?:some|any|every|no)(?:body|one|thing)", re.IGNORECASE)
# D article or determiner, $ possessive, A adjective, R adverb, N noun, P name, # number, V verb, s the clitic 's, - hyphen,
# C and/or, B somebody or something.
_MODIFIER = r"(?:R*A(?:CR*A)?-?|#-?)"
_ENGLISH = re.compile(
    rf"(?:[D$]+(?:V(?=[NPA]))?)?{_MODIFIER}*(?:[NP]-?(?:[A#](?=[NP]))?)*[NP]#*(?:s{_MODIFIER}*(?:[NP]-?)*[NP])*|#|B"
)


def english_phrases(text: str, words: Sequence[TaggedWord]) -> list[KeyPhrase]:
    """The noun phrases of tagged English."""
    codes = "".join(map(_code, words))
    found = []
    for match in _ENGLISH.finditer(codes):
        inside = words[match.start() : match.end()]
        if match.group() == "#" and not inside[0].text.isdigit():
            continue
        found.append(_phrase(text, [(word.begin, word.end, word.score) for word in inside]))
    return found


def _code(word: TaggedWord) -> str:
    lower = word.text.lower()
    if word.tag == "PRON":
        return "$" if lower in _POSSESSIVE else "B" if _SOMEBODY.fullmatch(lower) else "x"
    if word.tag in ("PART", "PUNCT"):
        return "s" if lower in ("'s", "’s", "'", "’") else "-" if lower == "-" else "x"
    return _CODES.get(word.tag, "x")


# Japanese: A adjective that precedes, a adjectival noun, な its particle, N noun, x anything else.
_JAPANESE = re.compile(r"(?:D?(?:A|a+n))*D?N+")
_FORMAL = frozenset(
    {"事", "こと", "物", "もの", "為", "ため", "所", "ところ", "時", "とき", "筈", "はず", "訳", "わけ", "よう", "まま",
     "うち", "ほう", "方", "近く", "中", "上", "下", "前", "後", "間", "他", "ほか", "つもり", "それぞれ", "たび", "ごと"}
)  # fmt: skip
"""Nouns that serve as conjunctions and particles when they stand alone."""


def japanese_phrases(text: str, morphemes: Sequence[Morpheme]) -> list[KeyPhrase]:
    """The noun runs of analysed Japanese, with the adjectives directly before them."""
    codes = "".join(map(_japanese_code, morphemes))
    found = []
    for match in _JAPANESE.finditer(codes):
        inside = morphemes[match.start() : match.end()]
        nouns = inside[match.group().index("N") :]
        if len(nouns) == 1 and nouns[0].text in _FORMAL:
            continue
        if all(noun.tag == "NUM" or _counts(noun) for noun in nouns):
            continue
        found.append(_phrase(text, [(noun.begin, noun.end, 0.98 if noun.known else 0.8) for noun in inside]))
    return found


def _counts(morpheme: Morpheme) -> bool:
    """A counter in Japan's own numerals: the つ of 三つ."""
    return morpheme.text == "つ"


def _japanese_code(morpheme: Morpheme) -> str:
    form = morpheme.classes[5]
    if morpheme.tag in ("NOUN", "PROPN", "NUM"):
        return "N"
    if morpheme.tag == "DET":
        return "D"
    if morpheme.tag == "ADJ":
        if morpheme.classes[0] == "形容詞":
            return "A" if form.startswith("連体形") else "x"
        return "A" if morpheme.classes[0] == "連体詞" else "a"
    return "n" if morpheme.tag == "AUX" and morpheme.text == "な" else "x"


def _phrase(text: str, words: Sequence[tuple[int, int, float]]) -> KeyPhrase:
    begin, end = words[0][0], words[-1][1]
    return KeyPhrase(text[begin:end], begin, end, math.prod(score for _, _, score in words))
