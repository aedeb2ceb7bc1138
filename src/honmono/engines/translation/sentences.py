"""A text cut into sentences and what stands between them, so that joining gives every blank and line end back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_END = re.compile(r"[.!?…]+[\"'”’)\]»]*(?=\s)|[。！？．]+[」』）)\"'”’]*")
_SHORTENED = re.compile(
    r"(?:\b(?:[A-Za-z]|[A-Z][a-z]?|Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Jr|vs|etc|e\.g|i\.e|No|Nr|Fig|Inc|Ltd|Co|approx|Mme|Mlle|M"
    r"|Ud|Uds|pág|p|pp|bzw|usw|z\.B|ca|Hr|Fr)|\d)\.$"
)
_LONGEST = 600
"""Characters of a sentence; a longer one is cut at a comma or a blank, because networks lose their place in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: a sentence, or what stands between two."""

    text: str
    sentence: bool


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text.

    >>> [piece.text for piece in pieces("Dr. Smith left. He was late.\\n\\nWhy?")]
    ['Dr. Smith left.', ' ', 'He was late.', '\\n\\n', 'Why?']
    """
    at = 0
    for line in _LINE.finditer(text):
        if line.start() > at:
            yield Piece(text[at : line.start()], False)
        yield from _of_line(line[0])
        at = line.end()
    if at < len(text):
        yield Piece(text[at:], False)


def _of_line(line: str) -> Iterator[Piece]:
    begin = 0
    for end in _END.finditer(line):
        if _SHORTENED.search(line[begin : end.end()]) and end[0] == ".":
            continue
        yield from _trimmed(line[begin : end.end()])
        begin = end.end()
    if begin < len(line):
        yield from _trimmed(line[begin:])


def _trimmed(stretch: str) -> Iterator[Piece]:
    """A sentence without the blanks around it."""
    inner = stretch.strip()
    if not inner:
        yield Piece(stretch, False)
        return
    lead = stretch[: len(stretch) - len(stretch.lstrip())]
    if lead:
        yield Piece(lead, False)
    yield from _short_enough(inner)
    trail = stretch[len(stretch.rstrip()) :]
    if trail:
        yield Piece(trail, False)


def _short_enough(sentence: str) -> Iterator[Piece]:
    while len(sentence) > _LONGEST:
        window = sentence[:_LONGEST]
        cut = max(window.rfind(mark) + len(mark) for mark in (", ", "、", "; ", "，", "；"))
        if cut < _LONGEST // 4:
            cut = window.rfind(" ") + 1 or _LONGEST
        part = sentence[:cut]
        kept = part.rstrip()
        yield Piece(kept, True)
        if part != kept:
            yield Piece(part[len(kept) :], False)
        sentence = sentence[cut:]
        rest = sentence.lstrip()
        if rest != sentence:
            yield Piece(sentence[: len(sentence) - len(rest)], False)
            sentence = rest
    if sentence:
        yield Piece(sentence, True)
