"""Sentences of plain text, as the reader of texts makes them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from honmono.engines.speech.synthesis.psola import fundamentals
from honmono.engines.speech.synthesis.said import Said, SpokenMark
from honmono.engines.speech.utterance import Pause, Sentence, Style, Word

JAPANESE_SIGNS = "、。？！"


def sentence(text: str, language: str = "en-US", **style: Any) -> Sentence:
    """The text cut at blanks and punctuation; Japanese at `|`, which is not part of it."""
    return Sentence(text.replace("|", ""), 0, len(text.replace("|", "").encode()), words(text, language, **style))


def words(text: str, language: str = "en-US", shift: int = 0, **style: Any) -> list[Word | Pause]:
    pattern = r"([^|、。？！]+)([、。？！]*)" if language == "ja-JP" else r"([\w'’-]+)([^\w\s]*)"
    found: list[Word | Pause] = []
    for match in re.finditer(pattern, text):
        begin = shift + len(text[: match.start(1)].replace("|", "").encode())
        end = begin + len(match[1].encode())
        found.append(Word(match[1], begin, end, (match[1],), Style(language, **style), behind=match[2]))
    return found


def marks(said: Said, kind: str = "word") -> list[SpokenMark]:
    return [mark for mark in said.marks if mark.kind == kind]


def seconds(said: Said) -> float:
    return len(said.samples) / said.rate


def pitch(said: Said) -> float:
    """The median fundamental frequency in hertz."""
    found = fundamentals(said.samples, said.rate)
    return float(np.median(found[found > 0]))


def strength(said: Said) -> float:
    return float(np.sqrt(np.mean(said.samples**2)))
