"""From the columns of a block to rows of sparse features: each value of a variable is a feature with a number.

Feature 0 is 1 in every row. The features are those that the training data have, up to the model's capacity; what comes
after it is full is hashed into some features that are kept for that, so that a model has a bounded size whatever is in
the data (Weinberger et al., Feature hashing for large scale multitask learning, 2009).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.matrix import Matrix
from honmono.engines.tabular.nodes import Bags, Codes, Columns, Normalize, NumericColumn, Strings, words_of
from honmono.engines.tabular.recipe import Resolved

_HASHED_SHARE = 4
"""One feature in so many of a full model is for hashed values."""
_MOST_ENTRIES = 4_000_000
"""Of the rows that are encoded together; texts come on top."""


class _Names(dict[str, int]):
    """The features of one output by their names; asked for one that is not there it decides what becomes of it."""

    def __init__(self, index: FeatureIndex, output: int) -> None:
        super().__init__()
        self._index = index
        self._salt = zlib.crc32(str(output).encode())

    def __missing__(self, name: str) -> int:
        index = self._index
        if index.grows and index.count < index.first_hashed:
            number = self[name] = index.count
            index.count += 1
            return number
        if not index.is_full:
            if not index.grows:
                return 0  # never seen in training: it says nothing
            index.is_full = True
        return index.first_hashed + zlib.crc32(name.encode("utf-8", "surrogatepass"), self._salt) % index.hashed


class FeatureIndex:
    """The numbers of all features.

    Attributes:
        capacity: the most features that there may be.
        count: how many have a name, feature 0 among them.
        is_full: values without a name are hashed.
    """

    def __init__(self, outputs: int, capacity: int) -> None:
        capacity = max(capacity, 16)
        self.hashed = capacity // _HASHED_SHARE
        self.first_hashed = capacity - self.hashed
        self.capacity = capacity
        self.count = 1
        self.grows = True
        self.is_full = False
        self.names = [_Names(self, output) for output in range(outputs)]

    @property
    def size(self) -> int:
        """How many weights a model needs for each thing that it tells apart."""
        return self.capacity if self.is_full else self.count


class Encoder:
    """Makes features of a recipe's outputs."""

    def __init__(self, resolved: Resolved, capacity: int) -> None:
        self._resolved = resolved
        self.index = FeatureIndex(len(resolved.outputs), capacity)

    @property
    def columns(self) -> tuple[str, ...]:
        """The attributes that are read."""
        return self._resolved.columns

    @property
    def rows_at_once(self) -> int:
        """So many rows may be encoded together: a recipe with thousands of outputs makes long rows."""
        return max(64, _MOST_ENTRIES // max(1, len(self._resolved.outputs)))

    def fit(self, blocks: Iterable[Columns]) -> Encoder:
        """Learn means and bins; the features themselves are found while the training data are encoded."""
        for columns in blocks:
            for node in self._resolved.nodes:
                node.fit(columns)
        for node in self._resolved.nodes:
            node.finish()
        return self

    def with_capacity(self, capacity: int) -> Encoder:
        """Have room for so many features; those that were found before are forgotten."""
        self.index = FeatureIndex(len(self._resolved.outputs), capacity)
        return self

    def encode(self, columns: Columns, rows: int) -> Matrix:
        """The features of each row of a block."""
        single: list[NDArray[Any]] = [np.zeros(rows, dtype=np.int32)]
        weights: list[NDArray[Any] | None] = [None]
        bags: list[tuple[Sequence[Sequence[str]], _Names]] = []
        for node, names in zip(self._resolved.outputs, self.index.names, strict=True):
            value = node.value(columns)
            if isinstance(value, Codes):
                of_code = np.fromiter(map(names.__getitem__, value.names), np.int32, len(value.names))
                single.append(of_code[value.codes])
                weights.append(None)
            elif isinstance(value, Bags) or (isinstance(value, Strings) and value.is_text):
                bags.append((words_of(value), names))
            elif isinstance(value, Strings):
                single.append(np.fromiter(map(names.__getitem__, value.values), np.int32, rows))
                weights.append(None)
            else:
                if isinstance(node, NumericColumn):
                    value = (value - node.mean) / node.deviation
                elif not isinstance(node, Normalize):
                    raise TypeError(f"{node.key} makes numbers that cannot be scaled")
                single.append(np.full(rows, names[""], dtype=np.int32))
                weights.append(np.nan_to_num(value, nan=0.0))
        return _joined(single, weights, bags, rows)

    def encode_parts(self, columns: Columns, rows: int) -> Iterator[tuple[int, Matrix]]:
        """The same in parts that fit in memory, each with the number of its first row."""
        size = self.rows_at_once
        if rows <= size:
            yield 0, self.encode(columns, rows)
            return
        for first in range(0, rows, size):
            part = {name: columns[name][first : first + size] for name in self.columns}
            yield first, self.encode(part, min(size, rows - first))

    def named(self) -> list[tuple[str, str, int]]:
        """Each feature with a name: what it was made by, the value, the number. For people and pictures."""
        return [
            (node.key, name, number)
            for node, names in zip(self._resolved.outputs, self.index.names, strict=True)
            for name, number in names.items()
        ]

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What was learned, as JSON and as arrays."""
        described = {
            "nodes": {node.key: state for node in self._resolved.nodes if (state := node.state())},
            "capacity": self.index.capacity,
            "is_full": self.index.is_full,
        }
        arrays: dict[str, NDArray[Any]] = {}
        for output, names in enumerate(self.index.names):
            # No value has a line's end in it: observations end with their line.
            text = "\n".join(names).encode("utf-8", "surrogatepass")
            arrays[f"names_{output}"] = np.frombuffer(text, dtype=np.uint8)
            arrays[f"numbers_{output}"] = np.fromiter(names.values(), np.int32, len(names))
        return described, arrays

    def restore(self, described: dict[str, Any], arrays: Any) -> Encoder:
        """Take over what `state` gave; the features are then fixed."""
        for node in self._resolved.nodes:
            if node.key in described["nodes"]:
                node.restore(described["nodes"][node.key])
        self.index = FeatureIndex(len(self._resolved.outputs), int(described["capacity"]))
        self.index.is_full = bool(described["is_full"])
        self.index.grows = False
        for output, names in enumerate(self.index.names):
            numbers = arrays[f"numbers_{output}"].tolist()
            text = arrays[f"names_{output}"].tobytes().decode("utf-8", "surrogatepass")
            if numbers:
                names.update(zip(text.split("\n"), numbers, strict=True))
            self.index.count += len(numbers)
        return self


def _joined(
    single: list[NDArray[Any]],
    weights: list[NDArray[Any] | None],
    bags: list[tuple[Sequence[Sequence[str]], _Names]],
    rows: int,
) -> Matrix:
    """Features that every row has one of, and bags, as rows."""
    width = len(single)
    indices = np.stack(single, axis=1).astype(np.int32, copy=False)
    values = None
    if any(weight is not None for weight in weights):
        values = np.ones((rows, width), dtype=np.float32)
        for place, weight in enumerate(weights):
            if weight is not None:
                values[:, place] = weight
    # What has no feature is feature 0 without weight.
    if (unknown := indices[:, 1:] == 0).any():
        values = np.ones((rows, width), dtype=np.float32) if values is None else values
        values[:, 1:][unknown] = 0
    if not bags:
        return Matrix(indices.ravel(), None if values is None else values.ravel(), None, rows)
    found: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]] = []
    lengths = np.full(rows, width, dtype=np.int64)
    for bag, names in bags:
        sizes = np.fromiter(map(len, bag), np.int64, rows)
        features = np.fromiter((names[word] for words in bag for word in words), np.int32, int(sizes.sum()))
        owner = np.repeat(np.arange(rows), sizes)
        # A text weighs as much as any other variable, however long it is.
        share = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
        known = features != 0
        found.append((owner[known], features[known], share[known]))
        lengths += np.bincount(owner[known], minlength=rows)
    starts = np.cumsum(lengths) - lengths
    all_indices = np.empty(int(lengths.sum()), dtype=np.int32)
    all_values = np.ones(len(all_indices), dtype=np.float32)
    places = (starts[:, None] + np.arange(width)).ravel()
    all_indices[places] = indices.ravel()
    if values is not None:
        all_values[places] = values.ravel()
    begin = starts + width
    for owner, features, share in found:
        sizes = np.bincount(owner, minlength=rows)
        places = begin[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        all_indices[places], all_values[places] = features, share
        begin += sizes
    return Matrix(all_indices, all_values, starts, rows)
