"""What a sequence of tagged tokens spells: IOB1, IOB2, BIOES, BILOU, or bare labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.text.pieces import same_word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PREFIXED = re.compile(r"([BILOESUM])[-_](.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters begin … end with a label and the probability of their weakest word."""

    label: str
    begin: int
    end: int
    score: float


@dataclass(slots=True)
class _Word:
    begin: int
    end: int
    probabilities: NDArray[np.float64]


def split_label(label: str) -> tuple[str, str]:
    """("B", "PER") of "B-PER", ("", "PER") of a bare "PER", ("O", "") of what is nothing."""
    if label in ("O", "o", "NONE", ""):
        return "O", ""
    found = _PREFIXED.fullmatch(label)
    return (found[1], found[2]) if found else ("", label)


def kinds(labels: Iterable[str]) -> list[str]:
    """The labels without prefixes, each once, "O" left out."""
    return list(dict.fromkeys(kind for _, kind in map(split_label, labels) if kind))


def spans(
    text: str, tokens: Iterable[tuple[tuple[int, int], NDArray[np.float64]]], labels: Sequence[str]
) -> Iterator[Span]:
    """The spans in order.

    A word of several tokens is what its first one is: models are trained so, and what they say of the further ones
    means nothing. `tokens` are the characters of each and its probabilities over `labels`.
    """
    begun: Span | None = None
    open_ended = False
    for word in _words(text, tokens):
        number = int(word.probabilities.argmax())
        prefix, kind = split_label(labels[number])
        score = float(word.probabilities[number])
        goes_on = prefix in ("I", "M", "E", "L", "")
        if begun is not None and open_ended and kind == begun.label and goes_on:
            begun = Span(kind, begun.begin, word.end, min(begun.score, score))
        else:
            if begun is not None:
                yield begun
            begun = Span(kind, word.begin, word.end, score) if kind else None
        open_ended = prefix not in ("E", "L", "S", "U")
    if begun is not None:
        yield begun


def _words(text: str, tokens: Iterable[tuple[tuple[int, int], NDArray[np.float64]]]) -> Iterator[_Word]:
    word: _Word | None = None
    for (begin, end), probabilities in tokens:
        if begin == end:
            continue
        if word is not None and (begin < word.end or (begin == word.end and same_word(text[begin - 1], text[begin]))):
            word.end = max(word.end, end)
            continue
        if word is not None:
            yield word
        word = _Word(begin, end, probabilities)
    if word is not None:
        yield word
