"""Cut a text into the units that are tagged: words, numbers, signs, and in Japanese and Chinese single characters.

Offsets are in the characters (code points) of the text as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

# Scripts that set no spaces between words are read by the character: a name may begin and end anywhere.
_UNIT = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆〇]\p{M}*"
    r"|[\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆]]"
    r"[[\p{L}\p{M}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆]]*"
    r"|\p{N}[\p{N}\p{M}]*"
    r"|\S\p{M}*",
    regex.VERSION1,
)
_SENTENCE_ENDS = ".!?。！？…"
LONGEST_SEGMENT = 160
"""Units that are tagged in one piece where no sentence ends before."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, a number, a sign or a character of a text, from `begin` up to, not including, `end`."""

    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Characters `begin` up to, not including, `end` of a text, and the type of what they name."""

    begin: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what it names, in order and without overlaps."""

    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Characters `begin` up to, not including, `end` of a text (code points), what they name, and the probability that
    place and type are right."""

    type: str
    begin: int
    end: int
    score: float


def cut(text: str) -> list[Unit]:
    """The units in order; white space belongs to none.

    >>> [unit.text for unit in cut("AX-12を2台")]
    ['AX', '-', '12', 'を', '2', '台']
    """
    return [Unit(found[0], found.start(), found.end()) for found in _UNIT.finditer(text)]


def segments(text: str, units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """From which unit to which the text is tagged in one piece: line by line, sentence by sentence where a line is
    long."""
    start = 0
    for place in range(1, len(units) + 1):
        length = place - start
        if place == len(units):
            yield start, place
        elif (
            "\n" in text[units[place - 1].end : units[place].begin]
            or (length >= LONGEST_SEGMENT // 2 and units[place - 1].text in _SENTENCE_ENDS)
            or length >= LONGEST_SEGMENT
        ):
            yield start, place
            start = place


def tags(units: Sequence[Unit], mentions: Iterable[Mention], types: Sequence[str]) -> list[int]:
    """The number of each unit's tag: 0 outside, 1 + 2t the first unit of a mention of type t, 2 + 2t its others.

    A unit that lies only in part within a mention is taken whole.
    """
    number = {kind: place for place, kind in enumerate(types)}
    found = [0] * len(units)
    waiting = iter(sorted(mentions))
    mention = next(waiting, None)
    first = True
    place = 0
    while place < len(units) and mention is not None:
        unit = units[place]
        if mention.end <= unit.begin:
            mention, first = next(waiting, None), True
            continue
        if unit.end > mention.begin:
            found[place] = 1 + 2 * number[mention.type] + (not first)
            first = False
        place += 1
    return found
