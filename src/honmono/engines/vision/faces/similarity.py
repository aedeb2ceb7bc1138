"""How alike two faces are, from their embeddings.

A similarity of 50 stands where the network was trained to divide people (a radius of .6 of its own vectors, which are
about 1.4 long); 80, CompareFaces' default, and 99 stand where .8 % and .005 % of the pairs of different people among
the 400 portraits of AT&T Laboratories Cambridge lie (`bench/faces.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

EDGE = 0.426
STEEPNESS = 53.5


def distance(first: Sequence[float], second: Sequence[float]) -> float:
    """The Euclidean distance of two embeddings, 0 to 2."""
    return math.dist(first, second)


def similarity(apart: float) -> float:
    """The similarity, 0 to 100, of faces whose embeddings are so far apart."""
    return 100 / (1 + math.exp(min(STEEPNESS * (apart - EDGE), 700.0)))


def distance_at(alike: float) -> float:
    """The distance at which faces have this similarity: the inverse of `similarity`, for searches."""
    share = min(max(alike / 100, 1e-9), 1 - 1e-9)
    return EDGE + math.log(1 / share - 1) / STEEPNESS
