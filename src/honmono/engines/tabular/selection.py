"""A share of the observations of some files, so that one file serves for training and for evaluation.

As "Splitting Your Data" (Amazon Machine Learning developer guide) has it: a range of percents of the observations in
their order, or of pseudo-random numbers that each observation gets from a seed and its place in bytes; or all that the
range leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.observations import Keep


@dataclass(frozen=True, slots=True)
class Selection:
    """Which observations.

    Attributes:
        begin, end: percents, 0 to 100.
        seed: of the pseudo-random numbers; None takes the observations by their order.
        complement: those that the range leaves out.
    """

    begin: float = 0.0
    end: float = 100.0
    seed: str | None = None
    complement: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.begin == 0 and self.end == 100 and not self.complement

    @property
    def needs_total(self) -> bool:
        """Whether `keep` must know how many observations there are."""
        return self.seed is None and not self.is_all

    def keep(self, total: int = 0) -> Keep | None:
        """What `observations.read` asks; None takes all. `total`: of the observations in all files."""
        if self.is_all:
            return None
        if self.seed is None:
            first, end = round(total * self.begin / 100), round(total * self.end / 100)

            def by_order(number: int, offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
                numbers = np.arange(number, number + len(offsets))
                return np.asarray(((numbers >= first) & (numbers < end)) != self.complement)

            return by_order
        salt = np.uint64(int.from_bytes(blake2b(self.seed.encode("utf-8", "surrogatepass"), digest_size=8).digest()))

        def by_chance(number: int, offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
            percent = _mixed(offsets.astype(np.uint64) ^ salt) * (100 / 2**64)
            return np.asarray(((percent >= self.begin) & (percent < self.end)) != self.complement)

        return by_chance


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Every bit of a value changes half the bits of the answer (the finisher of SplitMix64: Steele, Lea and Flood, Fast
    splittable pseudorandom number generators, 2014)."""
    with np.errstate(over="ignore"):
        values = values + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (values ^ (values >> np.uint64(31))).astype(np.float64)
