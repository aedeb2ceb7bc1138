"""Which examples a flywheel tests with where the customer gives no TEST dataset.

The text alone decides, by its hash: what was put aside in one iteration is put aside in all later ones, however many
datasets have come. So the active version, trained here before, has not seen what it is compared on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TypeVar

E = TypeVar("E")

SHARE = 0.1
SEED = "flywheel-20260"


def put_aside(
    examples: Sequence[E], text: Callable[[E], str], labels: Callable[[E], tuple[str, ...]]
) -> tuple[list[E], list[E]]:
    """Examples to learn from and to test with: about a tenth of the texts, and the first in line of each label.

    The first in line can only be overtaken by a text that is new, which no model has seen; so a text that was learned
    from is never tested with later. A label of which nothing would be left to learn from is not tested.

    >>> texts = [f"text {number}" for number in range(40)]
    >>> training, test = put_aside(texts, lambda each: each, lambda each: ("even" if each[-1] in "02468" else "odd",))
    >>> len(training) + len(test), sorted({each[-1] in "02468" for each in test})
    (40, [False, True])
    >>> more = [f"text {number}" for number in range(80)]
    >>> learned, _ = put_aside(more, lambda each: each, lambda each: ("all",))
    >>> before, _ = put_aside(texts, lambda each: each, lambda each: ("all",))
    >>> set(before) <= set(learned)
    True
    """
    places = [_place(text(example)) for example in examples]
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for example, place in zip(examples, places, strict=True):
        for label in labels(example):
            first[label] = min(place, first.get(label, 1.0))
            last[label] = max(place, last.get(label, 0.0))
    training: list[E] = []
    test: list[E] = []
    for example, place in zip(examples, places, strict=True):
        chosen = place < SHARE or any(place == first[label] for label in labels(example))
        alone = any(last[label] < SHARE or last[label] == first[label] for label in labels(example))
        (test if chosen and not alone else training).append(example)
    return training, test


def _place(text: str) -> float:
    """A number from 0 up to 1 that stands for the text."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=SEED.encode()).digest()
    return int.from_bytes(digest, "big") / (1 << 64)
