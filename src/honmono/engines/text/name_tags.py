"""The tags that the network gives to pieces of text, and the names that a sequence of tags spells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

NAME_TYPES = ("PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "TITLE")
TAGS = ("O", *(f"{prefix}-{kind}" for kind in NAME_TYPES for prefix in "BI"))
"""Outside, and for each type the first piece of a name and its further ones (Ramshaw and Marcus, 1995)."""


def begin_tag(kind: str) -> int:
    """The number of a type's B tag; its I tag is the next one."""
    return 1 + 2 * NAME_TYPES.index(kind)


def likeliest(log_probabilities: NDArray[np.float32]) -> list[int]:
    """The likeliest tags (n) for log-probabilities (n, TAGS) among the sequences that spell names: an I tag only
    behind a B or I tag of its type (Viterbi, 1967)."""
    count = len(TAGS)
    if not len(log_probabilities):
        return []
    allowed = np.zeros((count, count), np.float32)
    for inside in range(2, count, 2):
        allowed[:, inside] = -np.inf
        allowed[inside - 1 : inside + 1, inside] = 0.0
    best = log_probabilities[0].astype(np.float64)
    best[2::2] = -np.inf
    came_from = np.zeros((len(log_probabilities), count), np.int64)
    for place in range(1, len(log_probabilities)):
        paths = best[:, None] + allowed
        came_from[place] = paths.argmax(axis=0)
        best = paths.max(axis=0) + log_probabilities[place]
    tags = [int(best.argmax())]
    for place in range(len(log_probabilities) - 1, 0, -1):
        tags.append(int(came_from[place, tags[-1]]))
    return tags[::-1]


def names(log_probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int, str, float]]:
    """The names in a sequence of pieces: (first piece, piece behind the last, type, probability).

    A name is as probable as its weakest piece, the piece behind it included, which must not go on with the name. The
    pieces' errors come together, so that a product would be far too small for long names.
    """
    tags = likeliest(log_probabilities)
    probabilities = np.exp(log_probabilities)
    place = 0
    while place < len(tags):
        first, tag = place, tags[place]
        place += 1
        if tag == 0:
            continue
        while place < len(tags) and tags[place] == tag + 1:
            place += 1
        weakest = min(float(probabilities[at, tags[at]]) for at in range(first, place))
        if place < len(tags):
            weakest = min(weakest, 1.0 - float(probabilities[place, tag + 1]))
        yield first, place, NAME_TYPES[tag // 2], weakest
