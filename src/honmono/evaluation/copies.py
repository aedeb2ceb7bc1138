"""Texts that are copies of each other, word for word or nearly: a test set with copies of what a model was trained on
shows what it remembers, not what it learned.

Texts are compared by their shingles, the sets of all runs of eight characters (Broder, On the resemblance and
containment of documents, 1997), after case, width, spaces and punctuation are levelled.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SIZE = 8
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Copy:
    """The text at `position` copies the one at `of`; `share` of the shorter one's shingles are in both, 1 where the
    levelled texts are equal."""

    position: int
    of: int
    share: float


def levelled(text: str) -> str:
    """The text in one form of each character, without case, spaces and punctuation: "Ｇｒｅａｔ, really!" → "greatreally"."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if unicodedata.category(character)[0] in "LNMS")


def shingles(text: str, size: int = SIZE) -> frozenset[str]:
    """All runs of `size` characters of the levelled text; of a shorter text, the whole."""
    plain = levelled(text)
    if not plain:
        return frozenset()
    return frozenset(plain[start : start + size] for start in range(max(1, len(plain) - size + 1)))


class Copies:
    """Finds copies of the texts that it was made of. The memory is that of their shingles: make it of the smaller set,
    the test, and stream the larger one, the training texts, through `find`."""

    def __init__(self, texts: Iterable[str] = (), *, size: int = SIZE, share: float = SHARE) -> None:
        """Texts whose shorter one has at least `share` of its shingles in both are copies."""
        self._size = size
        self._share = share
        self._holders: dict[str, list[int]] = {}
        self._lengths: list[int] = []
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """One more text to find copies of."""
        found = shingles(text, self._size)
        for shingle in found:
            self._holders.setdefault(shingle, []).append(len(self._lengths))
        self._lengths.append(len(found))

    def of(self, text: str) -> list[tuple[int, float]]:
        """The texts that this one copies, by position, with the share; the nearest first."""
        found = shingles(text, self._size)
        common = Counter(holder for shingle in found for holder in self._holders.get(shingle, ()))
        shares = ((holder, count / min(len(found), self._lengths[holder])) for holder, count in common.items())
        return sorted(((holder, share) for holder, share in shares if share >= self._share), key=_nearest)

    def find(self, texts: Iterable[str]) -> Iterator[Copy]:
        """Every one of `texts` that is a copy, with the nearest text that it copies."""
        for position, text in enumerate(texts):
            near = self.of(text)
            if near:
                yield Copy(position, *near[0])


def copy_groups(texts: Sequence[str], *, size: int = SIZE, share: float = SHARE) -> list[int]:
    """A number for each text, equal for copies and for copies of copies: give them to `split_groups`, and no text of
    the test has a copy in the training."""
    leader = list(range(len(texts)))

    def led(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    seen = Copies(size=size, share=share)
    for position, text in enumerate(texts):
        for other, _ in seen.of(text):
            first, second = sorted((led(position), led(other)))
            leader[second] = first
        seen.add(text)
    return [led(position) for position in range(len(texts))]


def _nearest(found: tuple[int, float]) -> tuple[float, int]:
    return -found[1], found[0]
