"""What a recipe makes of the columns of a block: numbers, codes, strings, or bags of words.

A node is one variable or one function of a recipe, resolved against the schema. It is asked for its value with the
columns of a block; nodes that have something to learn (`fit`) are shown every block of the training data first.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.quantiles import QuantileSketch
from honmono.engines.tabular.values import flag_names, moments, numbers

Columns = Mapping[str, Sequence[str]]
Floats = NDArray[np.float64]

JOIN = "\x1f"
"""Between the parts of a combined value."""
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~、。「」『』（）！？・…“”‘’«»"


@dataclass(frozen=True, slots=True)
class Codes:
    """One of a few known values for each row: `names[codes[row]]`."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strings:
    """One value for each row; `is_text` where it stands for the words in it."""

    values: Sequence[str]
    is_text: bool


@dataclass(frozen=True, slots=True)
class Bags:
    """Any number of values for each row."""

    values: Sequence[Sequence[str]]


Value = Floats | Codes | Strings | Bags


class Node(ABC):
    """A variable or a function of a recipe.

    Attributes:
        key: what it is, in a recipe's words; nodes with one key are one node.
    """

    key: str

    @abstractmethod
    def value(self, columns: Columns) -> Value:
        """Of each row of a block."""

    def fit(self, columns: Columns) -> None:  # noqa: B027 - most nodes have nothing to learn
        """Learn from a block of the training data."""

    def finish(self) -> None:  # noqa: B027
        """All blocks were shown."""

    def state(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:  # noqa: B027
        """Take over what `state` gave."""

    def parts(self) -> Sequence[Node]:
        """The nodes that it stands on."""
        return ()


class NumericColumn(Node):
    """A NUMERIC attribute; NaN where it is missing. It learns mean and spread, so that it can be scaled."""

    def __init__(self, name: str) -> None:
        self.name, self.key = name, repr(name)
        self._count, self._mean, self._squares = 0, 0.0, 0.0
        self.mean, self.deviation = 0.0, 1.0
        self._read: tuple[Sequence[str], Floats] | None = None

    def value(self, columns: Columns) -> Floats:
        """See `Node.value`. Several nodes ask for a block's numbers: they are read once."""
        column = columns[self.name]
        if self._read is None or self._read[0] is not column:
            self._read = column, numbers(column)
        return self._read[1]

    def fit(self, columns: Columns) -> None:
        """See `Node.fit`."""
        values = self.value(columns)
        self._count, self._mean, self._squares = moments(
            self._count, self._mean, self._squares, values[~np.isnan(values)]
        )

    def finish(self) -> None:
        """See `Node.finish`."""
        spread = float(np.sqrt(self._squares / self._count)) if self._count else 0.0
        self.mean, self.deviation = self._mean, spread if np.isfinite(spread) and spread > 0 else 1.0

    def state(self) -> dict[str, Any]:
        """See `Node.state`."""
        return {"mean": self.mean, "deviation": self.deviation}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Node.restore`."""
        self.mean, self.deviation = float(state["mean"]), float(state["deviation"])


class Category(Node):
    """A CATEGORICAL or BINARY attribute; "" where it is missing, which is a value like others."""

    def __init__(self, name: str, *, is_binary: bool) -> None:
        self.name, self.is_binary, self.key = name, is_binary, repr(name)

    def value(self, columns: Columns) -> Strings:
        """See `Node.value`."""
        column = columns[self.name]
        return Strings(flag_names(column) if self.is_binary else column, is_text=False)


class TextColumn(Node):
    """A TEXT attribute."""

    def __init__(self, name: str) -> None:
        self.name, self.key = name, repr(name)

    def value(self, columns: Columns) -> Strings:
        """See `Node.value`."""
        return Strings(columns[self.name], is_text=True)


class _Function(Node):
    """A function of one node."""

    def __init__(self, function: str, inner: Node, *settings: int) -> None:
        self.inner = inner
        self.key = f"{function}({', '.join([inner.key, *map(str, settings)])})"

    def parts(self) -> Sequence[Node]:
        """See `Node.parts`."""
        return (self.inner,)


class Lowercase(_Function):
    """Texts and categories in small letters."""

    def __init__(self, inner: Node) -> None:
        super().__init__("lowercase", inner)

    def value(self, columns: Columns) -> Value:
        """See `Node.value`."""
        return _each(self.inner.value(columns), str.lower)


class NoPunctuation(_Function):
    """Words without the signs around them; within a word ("seat-belts") they stay."""

    def __init__(self, inner: Node) -> None:
        super().__init__("no_punct", inner)

    def value(self, columns: Columns) -> Value:
        """See `Node.value`."""
        return _each(self.inner.value(columns), _without_punctuation)


class NGram(_Function):
    """The words of a text and the runs of up to `size` of them."""

    def __init__(self, inner: Node, size: int) -> None:
        super().__init__("ngram", inner, size)
        self.size = size

    def value(self, columns: Columns) -> Bags:
        """See `Node.value`."""
        return Bags([_ngrams(words, self.size) for words in words_of(self.inner.value(columns))])


class SparseBigram(_Function):
    """Pairs of words within a window; an underscore for each step between them (orthogonal sparse bigrams)."""

    def __init__(self, inner: Node, size: int) -> None:
        super().__init__("osb", inner, size)
        self.size = size

    def value(self, columns: Columns) -> Bags:
        """See `Node.value`."""
        return Bags([_sparse_bigrams(words, self.size) for words in words_of(self.inner.value(columns))])


class QuantileBin(_Function):
    """The bin that a number falls into; missing ones have a bin of their own."""

    def __init__(self, inner: NumericColumn, bins: int) -> None:
        super().__init__("quantile_bin", inner, bins)
        self.bins = bins
        self._sketch = QuantileSketch()
        self._edges: Floats = np.empty(0)
        self._names: tuple[str, ...] = ("0", "")

    def fit(self, columns: Columns) -> None:
        """See `Node.fit`."""
        values: Floats = self.inner.value(columns)  # type: ignore[assignment]
        self._sketch.add(values[~np.isnan(values)])

    def finish(self) -> None:
        """See `Node.finish`."""
        self._use(self._sketch.edges(self.bins))
        self._sketch = QuantileSketch(1)

    def value(self, columns: Columns) -> Codes:
        """See `Node.value`."""
        values: Floats = self.inner.value(columns)  # type: ignore[assignment]
        codes = np.searchsorted(self._edges, values, side="right")
        codes[np.isnan(values)] = len(self._edges) + 1
        return Codes(codes, self._names)

    def state(self) -> dict[str, Any]:
        """See `Node.state`."""
        return {"edges": self._edges.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Node.restore`."""
        self._use(np.asarray(state["edges"], dtype=np.float64))

    def _use(self, edges: Floats) -> None:
        self._edges = edges
        self._names = (*map(str, range(len(edges) + 1)), "")


class Normalize(_Function):
    """A number with a mean of zero and a variance of one. All numbers are learned from so, whether asked or not."""

    def __init__(self, inner: NumericColumn) -> None:
        super().__init__("normalize", inner)
        self.column = inner

    def value(self, columns: Columns) -> Floats:
        """See `Node.value`."""
        return (self.column.value(columns) - self.column.mean) / self.column.deviation


class Cartesian(Node):
    """The combinations of the values of categories and of the words of texts."""

    def __init__(self, inner: Sequence[Node]) -> None:
        self.inner = tuple(inner)
        self.key = f"cartesian({', '.join(node.key for node in inner)})"

    def parts(self) -> Sequence[Node]:
        """See `Node.parts`."""
        return self.inner

    def value(self, columns: Columns) -> Value:
        """See `Node.value`."""
        values = [node.value(columns) for node in self.inner]
        if all(isinstance(each, Codes) or (isinstance(each, Strings) and not each.is_text) for each in values):
            named = [
                [each.names[code] for code in each.codes.tolist()] if isinstance(each, Codes) else each.values
                for each in values
                if isinstance(each, Codes | Strings)
            ]
            return Strings(list(map(JOIN.join, zip(*named, strict=True))), is_text=False)
        bags = [words_of(each) for each in values]
        return Bags([list(map(JOIN.join, itertools.product(*row))) for row in zip(*bags, strict=True)])


def words_of(value: Value) -> Sequence[Sequence[str]]:
    """The words of each row: a text's, a bag's, and of anything else its one value."""
    if isinstance(value, Bags):
        return value.values
    if isinstance(value, Strings):
        return [each.split() for each in value.values] if value.is_text else [[each] for each in value.values]
    if isinstance(value, Codes):
        return [[value.names[code]] for code in value.codes.tolist()]
    raise TypeError("numbers have no words")


def _each(value: Value, change: Any) -> Value:
    if isinstance(value, Strings):
        known = {each: change(each) for each in set(value.values)}
        return Strings([known[each] for each in value.values], value.is_text)
    if isinstance(value, Bags):
        return Bags([[changed for each in row if (changed := change(each))] for row in value.values])
    raise TypeError("only texts and categories have letters")


def _without_punctuation(text: str) -> str:
    return " ".join(word for each in text.split() if (word := each.strip(_PUNCTUATION)))


def _ngrams(words: Sequence[str], size: int) -> list[str]:
    found = list(words)
    for length in range(2, size + 1):
        found += [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
    return found


def _sparse_bigrams(words: Sequence[str], size: int) -> list[str]:
    return [
        f"{first}{'_' * step}{words[place + step]}"
        for place, first in enumerate(words)
        for step in range(1, min(size, len(words) - place))
    ]
