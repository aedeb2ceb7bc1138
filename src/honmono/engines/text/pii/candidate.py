"""What rules propose, and how proposals that overlap are settled."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass

from honmono.engines.text.pii.entity import PiiEntity
from honmono.engines.text.pii.scores import SCORES


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal: `rule` names the class of rule whose measured precision is the score, unless `given` is one."""

    type: str
    begin: int
    end: int
    rule: str
    given: float | None = None

    @property
    def score(self) -> float:
        """See `scores`."""
        return SCORES[self.rule] if self.given is None else self.given


def settle(candidates: list[Candidate]) -> list[PiiEntity]:
    """The best candidates that do not overlap, in order.

    A right checksum goes before any label: a card's number after the word "account" is a card's. Then higher scores go
    first, then longer ones.
    """
    taken: list[tuple[int, int]] = []
    kept: list[PiiEntity] = []
    for each in sorted(candidates, key=lambda c: (c.rule != "checksum", -c.score, c.begin - c.end, c.begin, c.type)):
        at = bisect_left(taken, (each.begin, each.end))
        free_left = at == 0 or taken[at - 1][1] <= each.begin
        free_right = at == len(taken) or taken[at][0] >= each.end
        if free_left and free_right:
            insort(taken, (each.begin, each.end))
            kept.append(PiiEntity(each.type, each.begin, each.end, each.score, each.rule))
    return sorted(kept, key=lambda entity: entity.begin)
