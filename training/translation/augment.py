"""Variants of training pairs that teach to copy: other numbers and names in the place of those that both sides hold."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from pathlib import Path

from training.translation.sources import Pair

_NUMBER = re.compile(r"\d+")
_NAMES = Path(__file__).parent / "names.tsv"
_NAME_CHANCE = 0.3
_LATIN_CHANCE = 0.1
_SYLLABLES = [consonant + vowel for consonant in "bcdfgklmnprstvz" for vowel in "aeiou"]
_KATAKANA_LETTER = re.compile(r"[\u30a0-\u30ff]")


def other_numbers(pair: Pair, chance: random.Random) -> Pair | None:
    """The pair with each of its numbers replaced by another of a like kind; None where the sides' numbers differ.

    >>> other_numbers(Pair("Room 12.", "12号室。", "x"), random.Random(1)).english
    'Room 82.'
    """
    numbers = Counter(_NUMBER.findall(pair.english))
    if not numbers or numbers != Counter(_NUMBER.findall(pair.japanese)):
        return None
    others = {number: _like(number, chance) for number in sorted(numbers)}

    def other(match: re.Match[str]) -> str:
        return others[match[0]]

    return Pair(_NUMBER.sub(other, pair.english), _NUMBER.sub(other, pair.japanese), pair.source)


def _like(number: str, chance: random.Random) -> str:
    if len(number) == 4 and number[:2] in ("18", "19", "20"):
        return str(chance.randrange(1850, 2050))
    if number.startswith("0"):
        return "".join(str(chance.randrange(10)) for _ in number)
    length = chance.choice((len(number), len(number), 1, 2, 3)) if len(number) < 4 else len(number)
    return str(chance.randrange(10 ** (length - 1), 10**length))


class Names:
    """Replaces a name that both sides hold by another of its kind, now and then by an invented one in Latin letters."""

    def __init__(self, path: Path = _NAMES) -> None:
        self._kind: dict[str, tuple[str, str]] = {}
        self._others: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                kind, english, japanese = line.split("\t")
                self._kind.setdefault(english, (kind, japanese))
                self._others[kind].append((english, japanese))
        self._name = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, self._kind), key=len, reverse=True))})\b")

    def replace(self, pair: Pair, chance: random.Random) -> Pair:
        """The pair with some of its names replaced, each with chance .3."""
        english, japanese = pair.english, pair.japanese
        for name in dict.fromkeys(self._name.findall(english)):
            kind, translated = self._kind[name]
            if not self._stands_alone(translated, japanese) or chance.random() >= _NAME_CHANCE:
                continue
            if chance.random() < _LATIN_CHANCE:
                other = "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 3)))).capitalize()
                others = (other, other)
            else:
                others = chance.choice(self._others[kind])
            english = re.sub(rf"\b{re.escape(name)}\b", others[0], english)
            japanese = japanese.replace(translated, others[1])
        return Pair(english, japanese, pair.source)

    @staticmethod
    def _stands_alone(translated: str, japanese: str) -> bool:
        """Once in the sentence and no part of a longer katakana word; one kanji alone may be any word."""
        if len(translated) < 2 or japanese.count(translated) != 1:
            return False
        begin = japanese.index(translated)
        around = japanese[max(0, begin - 1) : begin] + japanese[begin + len(translated) :][:1]
        return not (_KATAKANA_LETTER.match(translated) and any(_KATAKANA_LETTER.match(one) for one in around))
