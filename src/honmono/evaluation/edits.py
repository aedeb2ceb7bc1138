"""How far what was heard is from what was said: words or characters that were put in, left out or taken for others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from honmono.evaluation.arrays import NotMeasurable


@dataclass(frozen=True, slots=True)
class Edits:
    """The fewest edits that lead from the truth to what was given.

    Attributes:
        substitutions: taken for others.
        insertions: given, but not there.
        deletions: there, but not given.
        length: of the truth.
    """

    substitutions: int
    insertions: int
    deletions: int
    length: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float:
        """Edits for each item of the truth: the word error rate where items are words, the character error rate where
        they are characters. Above 1 where more was put in than was there.

        Raises NotMeasurable: the truth is empty.
        """
        if not self.length:
            raise NotMeasurable("the truth is empty: an error rate is a share of it")
        return self.count / self.length

    def __add__(self, other: Edits) -> Edits:
        """Those of two texts together: long ones weigh as much as they are long."""
        return Edits(
            self.substitutions + other.substitutions,
            self.insertions + other.insertions,
            self.deletions + other.deletions,
            self.length + other.length,
        )


NO_EDITS = Edits(0, 0, 0, 0)


def edits(truth: Sequence[Hashable], given: Sequence[Hashable]) -> Edits:
    """Compare two rows of items, by V. I. Levenshtein's distance ("Binary codes capable of correcting deletions,
    insertions, and reversals", 1966). Of equally few edits those with the most substitutions are counted.

    >>> heard = edits("the cat sat on the mat".split(), "the fat cat sat on a mat".split())
    >>> heard.substitutions, heard.insertions, heard.deletions, round(heard.rate, 2)
    (1, 1, 0, 0.33)
    >>> edits("kitten", "sitting")
    Edits(substitutions=2, insertions=1, deletions=0, length=6)
    """
    # Of each beginning of `given`: edits, then insertions and deletions, of which fewer win where edits are equal.
    row = [(place, place, 0) for place in range(len(given) + 1)]
    for number, item in enumerate(truth, 1):
        before, row = row, [(number, 0, number)]
        for place, other in enumerate(given, 1):
            count, put_in, left_out = before[place - 1]
            best = (count + (item != other), put_in, left_out)
            count, put_in, left_out = row[-1]
            best = min(best, (count + 1, put_in + 1, left_out), key=_cost)
            count, put_in, left_out = before[place]
            row.append(min(best, (count + 1, put_in, left_out + 1), key=_cost))
    count, put_in, left_out = row[-1]
    return Edits(count - put_in - left_out, put_in, left_out, len(truth))


def total(each: Iterable[Edits]) -> Edits:
    """Of many texts together."""
    return sum(each, start=NO_EDITS)


def _cost(way: tuple[int, int, int]) -> tuple[int, int]:
    return way[0], way[1] + way[2]
