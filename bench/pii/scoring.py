"""Comparing found entities with the true ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bench.pii.documents import Document, Span


@dataclass
class Tally:
    """Counts over documents, by type.

    A found entity is right if its type is that of a true one that it overlaps with at least half of the characters of
    their union; each true one is matched once. `exact` counts those of equal bounds.
    """

    right: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, document: Document, found: list[Span]) -> list[bool]:
        """Count a document's entities; whether each found one is right."""
        free, verdicts = list(document.spans), []
        self.true.update(span.type for span in free)
        for span in found:
            self.found[span.type] += 1
            match = max((each for each in free if each.type == span.type), key=lambda e: _shared(e, span), default=None)
            right = match is not None and _shared(match, span) >= 0.5
            verdicts.append(right)
            value = document.text[span.begin : span.end]
            if right and match is not None:
                free.remove(match)
                self.right[span.type] += 1
                self.exact[span.type] += match == span
                if match != span:
                    true = document.text[match.begin : match.end]
                    self.wrong.append(f"~ {document.name} {span.type} {value!r} for {true!r}")
            else:
                around = document.text[max(0, span.begin - 25) : span.end + 12]
                self.wrong.append(f"+ {document.name} {span.type} {value!r} in {around!r}")
        for missed in free:
            value = document.text[missed.begin : missed.end]
            self.wrong.append(f"- {document.name} {missed.type} {value!r}")
        return verdicts

    def of(self, kinds: list[str]) -> Tally:
        """The counts of some types only."""
        counts = (
            {kind: counter[kind] for kind in kinds} for counter in (self.right, self.exact, self.true, self.found)
        )
        return Tally(*map(Counter, counts))

    def precision(self, exact: bool = False) -> float:
        return (self.exact if exact else self.right).total() / max(self.found.total(), 1)

    def recall(self, exact: bool = False) -> float:
        return (self.exact if exact else self.right).total() / max(self.true.total(), 1)


def _shared(one: Span, other: Span) -> float:
    both = min(one.end, other.end) - max(one.begin, other.begin)
    return max(both, 0) / (max(one.end, other.end) - min(one.begin, other.begin))
