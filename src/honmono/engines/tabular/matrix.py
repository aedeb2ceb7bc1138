"""Rows of sparse features, in memory and on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_BLOCKS_TOGETHER = 16
"""Blocks that are shuffled into each other: with 1 MB of CSV each, some 100,000 rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Rows of features in compressed form. Every row has at least one entry.

    Attributes:
        indices: int32, the features of all rows, one row behind the other.
        values: float32, of each entry; None where all are 1.
        starts: int64, where each row begins in `indices`; None where all rows are equally long.
        rows: how many there are.
    """

    indices: NDArray[np.int32]
    values: NDArray[np.float32] | None
    starts: Ints | None
    rows: int

    @property
    def width(self) -> int:
        """Entries of a row, where all have as many."""
        return len(self.indices) // self.rows if self.rows else 0

    def slice(self, first: int, end: int) -> Matrix:
        """The rows from `first` up to `end`."""
        end = min(end, self.rows)
        if self.starts is None:
            low, high, starts = first * self.width, end * self.width, None
        else:
            low = int(self.starts[first])
            high = int(self.starts[end]) if end < self.rows else len(self.indices)
            starts = self.starts[first:end] - low
        values = None if self.values is None else self.values[low:high]
        return Matrix(self.indices[low:high], values, starts, end - first)

    def take(self, order: Ints) -> Matrix:
        """The rows in another order."""
        if self.starts is None:
            indices = self.indices.reshape(self.rows, -1)[order].ravel()
            values = None if self.values is None else self.values.reshape(self.rows, -1)[order].ravel()
            return Matrix(indices, values, None, len(order))
        lengths = self.lengths()[order]
        starts = np.cumsum(lengths) - lengths
        places = np.arange(int(lengths.sum())) + np.repeat(self.starts[order] - starts, lengths)
        values = None if self.values is None else self.values[places]
        return Matrix(self.indices[places], values, starts, len(order))

    def lengths(self) -> Ints:
        """Entries of each row."""
        if self.starts is None:
            return np.full(self.rows, self.width, dtype=np.int64)
        return np.diff(self.starts, append=len(self.indices))

    @classmethod
    def joined(cls, parts: Sequence[Matrix]) -> Matrix:
        """Rows of several, one behind the other."""
        if len(parts) == 1:
            return parts[0]
        indices = np.concatenate([part.indices for part in parts])
        values = None
        if any(part.values is not None for part in parts):
            values = np.concatenate(
                [np.ones(len(part.indices), np.float32) if part.values is None else part.values for part in parts]
            )
        rows = sum(part.rows for part in parts)
        if all(part.starts is None for part in parts) and len({part.width for part in parts}) == 1:
            return cls(indices, values, None, rows)
        lengths = np.concatenate([part.lengths() for part in parts])
        return cls(indices, values, np.cumsum(lengths) - lengths, rows)


Examples = tuple[Matrix, Floats]
"""Rows and the target of each."""


class FeatureFile:
    """Encoded rows in a file, so that only the first passes over the data read text. It is written once, then read.

    Attributes:
        rows: how many there are.
    """

    def __init__(self, path: Path) -> None:
        """Of a file that was written."""
        self._path = path
        places, rows = np.load(path.with_suffix(".places.npy"))
        self._places: list[int] = places.tolist()
        self.rows = int(rows.sum())

    @classmethod
    def write(cls, path: Path, blocks: Iterator[Examples]) -> FeatureFile:
        """Write all rows; a file that was begun and not ended is begun again."""
        places: list[tuple[int, int]] = []
        with path.open("wb") as file:
            for matrix, target in blocks:
                if matrix.rows:
                    places.append((file.tell(), matrix.rows))
                    _put(file, matrix, target)
            file.flush()
            os.fsync(file.fileno())
        unfinished = path.with_suffix(".part.npy")
        np.save(unfinished, np.array(places, dtype=np.int64).reshape(-1, 2).T)
        unfinished.rename(path.with_suffix(".places.npy"))
        return cls(path)

    def blocks(self, chance: np.random.Generator | None = None) -> Iterator[Examples]:
        """All rows, in the file's order; with `chance` in a drawn one.

        Shuffled are the blocks, and the rows of some of them together: all rows would not fit in memory.
        """
        with self._path.open("rb") as file:
            if chance is None:
                for place in self._places:
                    yield _get(file, place)
                return
            order = chance.permutation(len(self._places))
            for first in range(0, len(order), _BLOCKS_TOGETHER):
                parts = [_get(file, self._places[block]) for block in order[first : first + _BLOCKS_TOGETHER]]
                matrix = Matrix.joined([part for part, _ in parts])
                target = np.concatenate([part for _, part in parts])
                rows = chance.permutation(matrix.rows)
                yield matrix.take(rows), target[rows]


_NONE = np.empty(0, dtype=np.int64)


def _put(file: BinaryIO, matrix: Matrix, target: Floats) -> None:
    for array in (
        matrix.indices,
        np.empty(0, np.float32) if matrix.values is None else matrix.values,
        _NONE if matrix.starts is None else matrix.starts,
        target,
    ):
        np.save(file, array, allow_pickle=False)


def _get(file: BinaryIO, place: int) -> Examples:
    file.seek(place)
    indices, values, starts, target = (np.load(file, allow_pickle=False) for _ in range(4))
    matrix = Matrix(indices, values if len(values) else None, starts if len(starts) else None, len(target))
    return matrix, target
