"""Which words and phrases a text holds, as numbers: the sparse half of what a classifier sees.

A unit is a word, or a single character of a script that is written without spaces. Features are units, pairs of
neighbours, and triples of such characters, each known by 32 bits of a hash: no table of words is needed to read a text.
Weights are (1 + ln tf) · idf, scaled to length one. Source: Salton and Buckley, Term-weighting approaches in automatic
text retrieval, 1988; hashing: Weinberger et al., 2009 (https://arxiv.org/abs/0902.2206).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_FEATURES = 1 << 18
"""The most frequent are kept."""

# Han, kana, hangul are not split by spaces (hangul is, but its words are inflected); Thai and Lao are not either.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0eff"
_UNIT = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+|[^\\w\\s]")
_CHUNK = 2000  # documents at a time: bounds the memory for what is sorted
_PAIR, _TRIPLE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows of few non-zero columns: row *i* has `columns[starts[i]:starts[i + 1]]` with `values` beside them.

    columns: int32 (entries), values: float32 (entries), starts: int64 (rows + 1).
    """

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    width: int

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.starts) - 1

    def take(self, rows: NDArray[np.int64]) -> Sparse:
        """Some of the rows, in the order asked for."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Sparse(self.columns[places], self.values[places], starts, self.width)

    def times(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product with a dense (width, n) matrix: (rows, n)."""
        product = np.zeros((self.rows, matrix.shape[1]), np.float32)
        for first in range(0, self.rows, 256):  # so that what is gathered stays in the processor's cache
            last = min(first + 256, self.rows)
            begin, end = self.starts[first], self.starts[last]
            gathered = matrix[self.columns[begin:end]] * self.values[begin:end, None]
            filled = np.flatnonzero(np.diff(self.starts[first : last + 1]))
            if len(filled):
                product[first + filled] = np.add.reduceat(gathered, self.starts[first + filled] - begin, axis=0)
        return product

    def transposed_times(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product of the transpose with a dense (rows, n) matrix: (width, n)."""
        owner = np.repeat(np.arange(self.rows), np.diff(self.starts))
        product = np.zeros((self.width, matrix.shape[1]), np.float32)
        touched, sums = add_up(self.columns, matrix[owner] * self.values[:, None])
        product[touched] = sums
        return product


def add_up(keys: NDArray[np.int32], rows: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The distinct keys in order, and for each the sum of the rows that have it."""
    if not len(keys):
        return keys, rows
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    firsts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[firsts], np.add.reduceat(rows[order], firsts, axis=0)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each hashed feature stands in each text; laid out as in `Sparse`."""

    keys: NDArray[np.uint32]
    counts: NDArray[np.float32]
    starts: NDArray[np.int64]


class Counter:
    """Counts features; remembers the hashes of the units it has met."""

    def __init__(self) -> None:
        self._hashes: dict[str, int] = {}

    def count(self, texts: Sequence[str], progress: Progress | None = None) -> Counts:
        """The counts of each text's features."""
        parts: list[tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.int64]]] = []
        for first in range(0, len(texts), _CHUNK):
            parts.append(self._count_some(texts[first : first + _CHUNK]))
            if progress:
                progress(min(first + _CHUNK, len(texts)), len(texts), "documents read")
        if not parts:
            return Counts(np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros(1, np.int64))
        lengths = np.concatenate([part[2] for part in parts])
        return Counts(
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([[0], np.cumsum(lengths)]),
        )

    def _count_some(self, texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.int64]]:
        hashes: list[int] = []
        lengths_in_units: list[int] = []
        known = self._hashes
        for text in texts:
            units = _UNIT.findall(text.lower())
            for unit in units:
                found = known.get(unit)
                if found is None:
                    found = known[unit] = _hash(unit)
                hashes.append(found)
            lengths_in_units.append(len(units))
        unit = np.array(hashes, np.uint64)
        owner_of = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths_in_units)
        # The lowest bit says whether the unit is a character of an unspaced script: see _hash.
        keys, rows = [unit], [owner_of]
        if len(unit) > 1:
            together = owner_of[1:] == owner_of[:-1]
            keys.append(_mixed(unit[:-1] * _PAIR + unit[1:])[together])
            rows.append(owner_of[1:][together])
        if len(unit) > 2:
            single = (unit & np.uint64(1)).astype(bool)
            together = (owner_of[2:] == owner_of[:-2]) & single[2:] & single[1:-1] & single[:-2]
            triples = (unit[:-2] * _PAIR + unit[1:-1]) * _TRIPLE + unit[2:]
            keys.append(_mixed(triples)[together])
            rows.append(owner_of[2:][together])
        # The owner in the high half, the hash in the low: one sort brings equal features of a text together.
        both = (np.concatenate(rows) << np.uint64(32)) | (np.concatenate(keys) >> np.uint64(32))
        pairs, counts = np.unique(both, return_counts=True)
        lengths = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(texts))
        return (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32), counts.astype(np.float32), lengths


def _hash(unit: str) -> int:
    number = int.from_bytes(hashlib.blake2b(unit.encode("utf-8", "replace"), digest_size=8).digest(), "little")
    return (number & ~1) | (len(unit) == 1 and re.match(f"[{_UNSPACED}]", unit) is not None)


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the low bits over the high ones, which are kept."""
    mixed: NDArray[np.uint64] = (keys ^ (keys >> np.uint64(31))) * _TRIPLE
    return mixed


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows, by hash and in order, and the weight of each one's rarity."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float32]

    @classmethod
    def of(cls, counts: Counts, at_least: int = 1, most: int = MOST_FEATURES) -> Vocabulary:
        """The features that stand in `at_least` of the texts, the `most` frequent of them."""
        keys, frequency = np.unique(counts.keys, return_counts=True)
        keep = np.flatnonzero(frequency >= at_least)
        if len(keep) > most:
            keep = np.sort(keep[np.argsort(-frequency[keep], kind="stable")[:most]])
        texts = len(counts.starts) - 1
        rarity = np.log((1 + texts) / (1 + frequency[keep])) + 1
        return cls(keys[keep], rarity.astype(np.float32))

    def weigh(self, counts: Counts) -> Sparse:
        """The texts as rows of weights, each of length one; features that are not known fall away."""
        if not len(self.keys):
            return Sparse(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros_like(counts.starts), 0)
        places = np.minimum(np.searchsorted(self.keys, counts.keys), len(self.keys) - 1)
        known = self.keys[places] == counts.keys
        columns = places[known].astype(np.int32)
        values = (1 + np.log(counts.counts[known])) * self.rarity[columns]
        starts = np.concatenate([[0], np.cumsum(known)])[counts.starts]
        owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        lengths = np.sqrt(np.bincount(owner, values.astype(np.float64) ** 2, len(starts) - 1))
        values = (values / np.maximum(lengths, 1e-12)[owner]).astype(np.float32)
        return Sparse(columns, values, starts, len(self.keys))
