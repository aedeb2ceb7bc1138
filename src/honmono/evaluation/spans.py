"""How well marked places in texts are found: names, addresses, phrases.

A span counts whole: the one thing that is asked is whether it is the right place with the right type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from honmono.evaluation.arrays import NotMeasurable, same_length
from honmono.evaluation.classification import LabelRates, Rates, rates_of

Matching = Literal["exact", "overlap"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to, not including, `end` of a text, and what they are."""

    start: int
    end: int
    type: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise NotMeasurable(f"a span from {self.start} to {self.end} holds no character")


@dataclass(frozen=True, slots=True)
class SpanScores:
    """The rates of each type, in the order of the alphabet; of all spans together; and the mean over the types."""

    by_type: tuple[LabelRates, ...]
    micro: Rates
    macro: Rates


def span_scores(
    truth: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], matching: Matching = "exact"
) -> SpanScores:
    """Compare the spans of each text, texts in the same order.

    exact: start, end and type are the same, as CoNLL-2003 counts (Tjong Kim Sang and De Meulder, 2003). overlap: the
    type is the same and they share a character; each span is used once, pairs with the most in common first.

    Raises NotMeasurable: other numbers of texts, or no texts.
    """
    same_length(truth=truth, found=found)
    right: dict[str, int] = {}
    support: dict[str, int] = {}
    given: dict[str, int] = {}
    for true, said in zip(truth, found, strict=True):
        for spans, counts in ((set(true), support), (set(said), given)):
            for span in spans:
                counts[span.type] = counts.get(span.type, 0) + 1
        for hit in _exact(true, said) if matching == "exact" else _overlapping(true, said):
            right[hit] = right.get(hit, 0) + 1
    types = sorted({*support, *given})
    by_type = tuple(
        LabelRates(
            name,
            rates_of(right.get(name, 0), support.get(name, 0), given.get(name, 0)),
            support.get(name, 0),
            given.get(name, 0),
        )
        for name in types
    )
    means = [
        sum(getattr(each.rates, rate) for each in by_type) / len(by_type) if by_type else 0.0
        for rate in ("precision", "recall", "f1")
    ]
    return SpanScores(by_type, rates_of(sum(right.values()), sum(support.values()), sum(given.values())), Rates(*means))


def _exact(true: Sequence[Span], said: Sequence[Span]) -> list[str]:
    return [span.type for span in set(true) & set(said)]


def _overlapping(true: Sequence[Span], said: Sequence[Span]) -> list[str]:
    return [one.type for one, _ in overlapping(true, said, same_type=True)]


def overlapping(true: Sequence[Span], said: Sequence[Span], *, same_type: bool) -> list[tuple[Span, Span]]:
    """Pairs of a true and a found span that share a character, those with the most in common first, each used once."""
    pairs = [
        (min(one.end, two.end) - max(one.start, two.start), one, two)
        for one in set(true)
        for two in set(said)
        if one.start < two.end and two.start < one.end and (one.type == two.type or not same_type)
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    used_true: set[Span] = set()
    used_said: set[Span] = set()
    kept = []
    for _, one, two in pairs:
        if one not in used_true and two not in used_said:
            used_true.add(one)
            used_said.add(two)
            kept.append((one, two))
    return kept
