"""Quantiles of numbers that pass by: exact up to a number of them, then of a drawn sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SAMPLE = 200_000
"""With so many a quantile's place is off by .0011 at most (one standard deviation, at the median)."""


class QuantileSketch:
    """Keeps up to `size` numbers; of more it keeps a sample in which each has the same chance (Vitter's algorithm R)."""

    def __init__(self, size: int = SAMPLE, seed: int = 0) -> None:
        self._kept = np.empty(min(size, 1024), dtype=np.float64)
        self._size = size
        self._chance = np.random.default_rng(seed)
        self.count = 0

    def add(self, values: Floats) -> None:
        """Take note of some numbers, none of them NaN."""
        room = max(0, self._size - self.count)
        first, rest = values[:room], values[room:]
        if len(first):
            end = self.count + len(first)
            if end > len(self._kept):
                self._kept = np.resize(self._kept, min(self._size, max(end, 2 * len(self._kept))))
            self._kept[self.count : end] = first
            self.count = end
        if len(rest):
            seen = np.arange(self.count + 1, self.count + len(rest) + 1)
            place = (self._chance.random(len(rest)) * seen).astype(np.int64)
            taken = place < self._size
            self._kept[place[taken]] = rest[taken]
            self.count += len(rest)

    @property
    def sample(self) -> Floats:
        """What is kept."""
        return self._kept[: min(self.count, self._size)]

    def quantiles(self, shares: Floats) -> Floats:
        """The numbers below which these shares of all lie; none where there are none."""
        return np.quantile(self.sample, shares) if self.count else np.empty(0)

    def edges(self, bins: int) -> Floats:
        """Where to cut so that `bins` bins hold as many numbers each; fewer cuts where many numbers are equal."""
        return np.unique(self.quantiles(np.arange(1, bins) / bins))
