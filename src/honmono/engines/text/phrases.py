"""What a text is about: its noun phrases, by a small grammar over parts of speech.

English phrases have their articles, possessives and adjectives ("my neighbour's dog"). Japanese ones are runs of
nouns with the adjectives that stand directly before them (新しい政府, きれいな写真); の divides them.
German, Spanish, French, Italian and Portuguese ones have their articles and adjectives; a preposition divides them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.taggers import LANGUAGES, LICENCE, MEMORY, WEIGHTS, TaggedWord, taggers

if TYPE_CHECKING:
    from honmono.engines.text.japanese import Morpheme
    from honmono.engines.text.taggers import Taggers


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
    licence = LICENCE
    weights = WEIGHTS
    languages = LANGUAGES
    quality = (
        "exact spans on our own held-out sentences: English F1 .876 (105 phrases; precision .88, recall .88), Japanese "
        ".887 (73; .86, .92), de .93, es .93, fr .95, it .95, pt .98 (about 20 phrases each). A Japanese 木の船 is "
        'two phrases, an English subject may swallow its verb ("the museum closes")'
    )
    cost = Cost(memory_bytes=MEMORY)

    _taggers: Taggers

    def load(self) -> None:
        """See `Engine.load`."""
        self._taggers = taggers(self.cache)

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
        return [self._phrases(text, language) for text, language in zip(texts, languages, strict=True)]

    def _phrases(self, text: str, language: str) -> list[KeyPhrase]:
        if language == "ja":
            return japanese_phrases(text, self._taggers.japanese().morphemes(text))
        words = self._taggers.tag(text, language)
        return english_phrases(text, words) if language == "en" else european_phrases(text, words)


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


# The adjective of German stands before the noun, that of the Romance languages mostly after it; neither has one on the
# other side, so that one grammar serves all five.
_EUROPEAN = re.compile(r"D*(?:#|R?A(?:CA)?)*[NP]+#?(?:R?A(?:CA)?)*|#")


def european_phrases(text: str, words: Sequence[TaggedWord]) -> list[KeyPhrase]:
    """The noun phrases of tagged German, Spanish, French, Italian or Portuguese."""
    found = []
    for match in _EUROPEAN.finditer("".join(_CODES.get(word.tag, "x") for word in words)):
        inside = words[match.start() : match.end()]
        if match.group() != "#" or inside[0].text.isdigit():
            found.append(_phrase(text, [(word.begin, word.end, word.score) for word in inside]))
    return found


# Japanese: A adjective that precedes, a adjectival noun, な its particle, N noun, x anything else.
_JAPANESE = re.compile(r"(?:D?(?:A|a+n))*D?N+(?:・N+)*")
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
    if morpheme.text == "・":  # joins the parts of a foreign name
        return "・"
    return "n" if morpheme.tag == "AUX" and morpheme.text == "な" else "x"


def _phrase(text: str, words: Sequence[tuple[int, int, float]]) -> KeyPhrase:
    begin, end = words[0][0], words[-1][1]
    return KeyPhrase(text[begin:end], begin, end, math.prod(score for _, _, score in words))
