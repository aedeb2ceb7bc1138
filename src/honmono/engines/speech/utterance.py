"""What is to be said, between reading a text and speaking it: sentences of words, pauses and marks.

`ssml` and `plain` make them of a text, in which numbers, dates and abbreviations have become the words that people say;
a synthesiser speaks them, sentence by sentence. Offsets are bytes of the text in UTF-8, markup included: Polly's speech
marks count so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING


@dataclass(frozen=True, slots=True)
class Style:
    """How words are said.

    Attributes:
        language: AWS's code, `en-US`; within `<lang>` another than the voice's.
        rate: 1 is the voice's own pace, 2 twice as fast.
        pitch: semitones above the voice's own.
        volume: decibels above the voice's own.
        emphasis: -1 reduced, 0 none, 1 moderate, 2 strong.
        effects: Polly's: `whispered`, `drc`, `soft`, `vocal-tract-length:+10%`.
    """

    language: str
    rate: float = 1.0
    pitch: float = 0.0
    volume: float = 0.0
    emphasis: int = 0
    effects: tuple[str, ...] = ()


class _Part:
    """A word, a pause or a mark: one of its dataclasses, as values travel between processes (`compute.codec`)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Word(_Part):
    """A word of the text, and what is said for it.

    Attributes:
        text: as it stands there: `$5`.
        begin, end: its bytes.
        spoken: the words that are said for it: `("five", "dollars")`; in Japanese the text itself or its reading in kana.
        style: how.
        pronunciation: in IPA, where the text or a lexicon gives one: it is said in place of `spoken`.
        role: the part of speech or sense that the text asks for (`amazon:VB`, `ivona:SENSE_1`), or "".
        behind: the punctuation behind it, which the melody follows: ",", ".", "?", "" …
    """

    text: str
    begin: int
    end: int
    spoken: tuple[str, ...]
    style: Style
    pronunciation: str = ""
    role: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Pause(_Part):
    """Silence of so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Mark(_Part):
    """A `<mark>`: its name, and the bytes of its tag."""

    name: str
    begin: int
    end: int


if TYPE_CHECKING:
    Part = Word | Pause | Mark
else:
    Part = _Part


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, spoken in one go: what it reads, its bytes, and its parts in order."""

    text: str
    begin: int
    end: int
    parts: list[Part] = field(default_factory=list)
