"""What the encoder makes of each unit of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.encoder import WIDTH, Trunk
from honmono.engines.text.entities import windows
from honmono.engines.text.recognizer.units import Unit

if TYPE_CHECKING:
    from honmono.weights import Cache


class States:
    """The lowest eight layers of multilingual-e5-small, which other engines of the process share."""

    def __init__(self, trunk: Trunk) -> None:
        self._trunk = trunk

    @classmethod
    def from_cache(cls, cache: Cache) -> States:
        """From pulled weights.

        Raises:
            WeightsMissing: they were not pulled.
        """
        return cls(Trunk.from_cache(cache))

    def __call__(self, text: str, units: Sequence[Unit]) -> NDArray[np.float16]:
        """The mean of the states of the pieces that each unit lies in, (units, 384)."""
        found = np.zeros((len(units), WIDTH), np.float32)
        if not units:
            return found.astype(np.float16)
        pieces = self._trunk.pieces(text)
        parts = []
        for start, stop, keep_from, keep_to in windows(text, pieces):
            states = self._trunk.piece_states(pieces[start:stop])[0, 1:-1]
            parts.append(states[keep_from - start : keep_to - start])
        states = np.concatenate(parts) if parts else np.zeros((0, WIDTH), np.float32)
        first = 0
        for row, unit in enumerate(units):
            while first < len(pieces) and pieces[first].end <= unit.begin:
                first += 1
            last = first
            while last < len(pieces) and pieces[last].begin < unit.end:
                last += 1
            if last > first:
                found[row] = states[first:last].mean(axis=0)
        return found.astype(np.float16)
