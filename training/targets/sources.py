"""The training text: MAMS, and what `composed` draws.

MAMS (Q. Jiang, L. Chen, R. Xu, X. Ao and M. Yang, "A Challenge Dataset and Effective Models for Aspect-Based Sentiment
Analysis", EMNLP 2019): sentences of restaurant reviews, each with two or more aspect terms of different polarity.
Apache-2.0, https://github.com/siat-nlp/MAMS-for-ABSA, data/MAMS-ATSA/raw.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLASSES = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me)\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its mentions: (begin, end, class, weight)."""

    text: str
    mentions: tuple[tuple[int, int, int, float], ...]
    source: str


def mams(path: Path, speaker: bool) -> Iterator[Example]:
    """Sentences and their aspect terms. With `speaker`, those who tell are neutral mentions of half a weight."""
    for sentence in ElementTree.parse(path).getroot():
        text = sentence.findtext("text", "")
        mentions = [
            (int(term.get("from", 0)), int(term.get("to", 0)), CLASSES.index(term.get("polarity", "").upper()), 1.0)
            for term in sentence.iter("aspectTerm")
        ]
        if speaker:
            mentions += [(match.start(), match.end(), 2, 0.5) for match in _FIRST_PERSON.finditer(text)]
        yield Example(text, tuple(mentions), "mams")
