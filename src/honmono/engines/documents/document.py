"""A document that was read: its pages, their lines and words, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["pdf", "word", "image", "text"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is seen, in shares of the page's width and height; (0, 0) is the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right = max(self.left + self.width, other.left + other.width)
        bottom = max(self.top + self.height, other.top + other.height)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a blank between them.

    Attributes:
        begin: where it begins in the page's text.
        box: None where the format has no places (Word, plain text).
    """

    text: str
    begin: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; in a Word document a paragraph, or a line of one.

    Attributes:
        begin: where it begins in the page's text.
    """

    text: str
    begin: int
    words: list[Word]
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        number: from 1.
        scanned: the page itself has no text: what it shows is a picture.
        recognised: the text was recognised in the picture of the page.
        text: its lines, with line breaks between them.
        problem: why the page could not be read; empty where it was.
    """

    number: int
    scanned: bool = False
    recognised: bool = False
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a document.

    Attributes:
        pages_in_all: how many it has.
        pages: those that were asked for, in order; fewer where time ran out: ask again from the next.
    """

    kind: Kind
    pages_in_all: int
    pages: list[Page]


def laid_out(lines: list[tuple[list[str], list[Box | None]]]) -> tuple[str, list[Line]]:
    """A page's text and lines, from the words of each line and their boxes; a blank goes between words."""
    made: list[Line] = []
    begin = 0
    for texts, boxes in lines:
        words, at, around = [], begin, None
        for text, box in zip(texts, boxes, strict=True):
            words.append(Word(text, at, box))
            at += len(text) + 1
            if box is not None:
                around = box if around is None else around.joined(box)
        line = Line(" ".join(texts), begin, words, around)
        made.append(line)
        begin += len(line.text) + 1
    return "\n".join(line.text for line in made), made


def lines_of(text: str) -> list[Line]:
    """The lines and words of a text that has no places, where they stand in it."""
    made: list[Line] = []
    begin = 0
    for text_of_line in text.split("\n"):
        if text_of_line.strip():
            words, at = [], 0
            for word in text_of_line.split():
                at = text_of_line.index(word, at)
                words.append(Word(word, begin + at))
                at += len(word)
            made.append(Line(text_of_line, begin, words))
        begin += len(text_of_line) + 1
    return made
