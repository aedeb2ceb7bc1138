"""Which words of a hypothesis will stay: LocalAgreement-n.

Words that n hypotheses in a row have in common, from the beginning on, are settled and are not changed any more.
Source: D. Macháček, R. Dabre, O. Bojar, "Turning Whisper into Real-Time Transcription System", IJCNLP-AACL 2023
(with n = 2, after D. Liu and others, 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class Spoken(Protocol):
    """A word with its times in seconds."""

    @property
    def text(self) -> str:
        """As it was heard, with the marks that cling to it."""

    @property
    def begin(self) -> float:
        """When it begins."""

    @property
    def end(self) -> float:
        """When it ends."""


W = TypeVar("W", bound=Spoken)


class Agreement(Generic[W]):
    """The hypotheses of one utterance, one after the other."""

    def __init__(self, needed: int = 2) -> None:
        """`needed` hypotheses in a row must agree."""
        self._needed = needed
        self._earlier: list[list[W]] = []
        self.settled: list[W] = []

    def take(self, hypothesis: Sequence[W]) -> list[W]:
        """The words as they now stand: the settled ones, of which there may be more now, and the rest of this one."""
        rest = self._behind_settled(hypothesis)
        self._earlier = [*self._earlier[1 - self._needed :], rest] if self._needed > 1 else [rest]
        if len(self._earlier) == self._needed:
            common = _common(self._earlier)
            self.settled += rest[:common]
            self._earlier = [each[common:] for each in self._earlier]
            return self.settled + rest[common:]
        return self.settled + rest

    def end(self, hypothesis: Sequence[W]) -> list[W]:
        """The words of the utterance that has ended: the settled ones as they were, and the rest of the last look."""
        return self.settled + self._behind_settled(hypothesis)

    def _behind_settled(self, hypothesis: Sequence[W]) -> list[W]:
        """The hypothesis without the beginning that is most like the settled words.

        Most like is which has the least edit distance; of two the longer, so that no word is said twice.
        """
        if not self.settled:
            return list(hypothesis)
        known, heard = _plain(self.settled), _plain(hypothesis)
        distances = list(range(len(known) + 1))
        best, cut = distances[-1], 0
        for at, word in enumerate(heard, 1):
            above, distances[0] = distances[0], at
            for place, other in enumerate(known, 1):
                above, distances[place] = (
                    distances[place],
                    min(distances[place] + 1, distances[place - 1] + 1, above + (word != other)),
                )
            if distances[-1] < best or (distances[-1] == best and word == known[-1]):
                best, cut = distances[-1], at
        behind = self.settled[-1].end
        # Where the likeness ends too early, the times know better.
        while cut < len(hypothesis) and (hypothesis[cut].begin + hypothesis[cut].end) / 2 < behind - 0.2:
            cut += 1
        return list(hypothesis[cut:])


def _common(hypotheses: Sequence[Sequence[Spoken]]) -> int:
    """How many words all have in common at their beginnings."""
    count = 0
    for words in zip(*(_plain(each) for each in hypotheses), strict=False):
        if len(set(words)) > 1:
            break
        count += 1
    return count


def _plain(words: Sequence[Spoken]) -> list[str]:
    return ["".join(sign for sign in word.text.casefold() if sign.isalnum()) or word.text.strip() for word in words]
