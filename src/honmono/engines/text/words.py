"""Cut a text in a European language into words and signs, as treebanks of Universal Dependencies do.

A clitic is a word of its own ("do" "n't", "l'" "hôtel"), a hyphen between two English words a sign; an address, an
abbreviation with its full stop and an emoji with all its parts stay whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

_ABBREVIATIONS = (
    "Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|Inc|Ltd|Corp|Co|vs|etc|No|Fig|Gen|Col|Gov|Sen|Rep|Rev|Sra?|Dra?|D|Mme|Mlle|Nr|Str|"
    "bzw|usw|ca|Sig|dott|approx|dept|est|Jan|Feb|Aug|Sept?|Oct|Nov|Dec"
)
_SHAPES = rf"""
      (?:https?://|www\.)[^\s<>()"']+[^\s<>()"'.,;:!?]          # an address on the web
    | [\p{{L}}\p{{N}}][\w-]*\.(?:com|org|net|io|gov|edu|co\.\w\w)\b(?!@)  # amazon.com
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                              # an address for mail
    | [:;=8][-']?[)(DPp/|](?!\w)                                # a face of signs
    | (?:\p{{L}}\.){{2,}}                                       # U.S.
    | (?:{_ABBREVIATIONS})\.(?=\s)
    | \d+(?:[.,:/]\d+)*(?:\p{{L}}+)?                            # 3.50, 10:30, 19th
    | \p{{L}}[\p{{L}}\p{{M}}\p{{N}}_]*(?:['’][\p{{L}}\p{{M}}]+)*  # a word with what its apostrophes join
    | ['’](?:\p{{L}}{{1,2}}|\d\ds)\b                            # 's after a bracket
    | \.{{2,}} | -{{2,}}
    | \X                                                        # anything else, one seen character
    """
_PATTERN = regex.compile(_SHAPES, regex.VERBOSE)
# Elsewhere than in English a compound with hyphens is one word: "guarda-chuva", "E-Mail"; not so French "peux-tu".
_FRENCH_CLITIC = r"-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|moi|toi|lui|leur|les?|la|y|en|ce|là|ci)\b"
_HYPHENED = regex.compile(
    rf"\p{{L}}[\p{{L}}\p{{M}}]*(?:(?!{_FRENCH_CLITIC})-\p{{L}}[\p{{L}}\p{{M}}]*)+(?!['’@])|{_SHAPES}", regex.VERBOSE
)
_SENTENCE_ENDS = frozenset(".!?…。！？")
_ENGLISH_CLITIC = regex.compile(r"(?:n['’]t|['’](?:s|m|re|ve|ll|d|em))$", regex.IGNORECASE)
_ELISION = regex.compile(r"(?:\p{L}{1,6}|quelqu|lorsqu|puisqu)['’]", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign, and where it stands: `begin` and `end` count code points, `end` is the first after it."""

    text: str
    begin: int
    end: int

    @property
    def is_sign(self) -> bool:
        """Neither a letter nor a digit in it."""
        return not any(map(str.isalnum, self.text))


def split_words(text: str, language: str) -> list[Word]:
    """The words and signs of `text` in order; white space falls out, nothing else does."""
    words: list[Word] = []
    for match in (_PATTERN if language == "en" else _HYPHENED).finditer(text):
        if match.group().isspace():
            continue
        begin = match.start()
        for part in _parts(match.group(), language):
            words.append(Word(part, begin, begin + len(part)))
            begin += len(part)
    return words


def sentences(words: list[Word]) -> list[list[Word]]:
    """The words by sentence; one ends after its full stop and what closes quotes and brackets there."""
    found: list[list[Word]] = []
    ended = True
    for word in words:
        starts = ended and not (word.is_sign and found and word.begin == found[-1][-1].end)
        if starts:
            found.append([])
        found[-1].append(word)
        ended = word.text[0] in _SENTENCE_ENDS or (ended and not starts)
    return found


def _parts(word: str, language: str) -> list[str]:
    """A word without its clitics, and these."""
    if not word[0].isalpha() or "@" in word or "/" in word:
        return [word]
    if language == "en":
        clitic = _ENGLISH_CLITIC.search(word)
        if clitic and clitic.start():
            return [word[: clitic.start()], clitic.group()]
        if word.lower() == "cannot":
            return [word[:3], word[3:]]
        return [word]
    if language in ("fr", "it", "pt", "es"):
        elision = _ELISION.match(word)
        whole = word.lower().replace("’", "'") in _whole(language)
        if elision and not whole and elision.end() < len(word):
            return [elision.group(), *_parts(word[elision.end() :], language)]
    return [word]


@cache
def _whole(language: str) -> frozenset[str]:
    """Words that keep their apostrophe inside."""
    return frozenset({"fr": ("aujourd'hui", "presqu'île", "quelqu'un"), "it": ("po'",)}.get(language, ()))
