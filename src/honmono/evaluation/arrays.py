"""Arrays as the measures take them, and what is refused at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class NotMeasurable(ValueError):
    """What was given has no such measure; the message says what is wrong and what would do."""


def numbers(values: ArrayLike, what: str, *, dimensions: int = 1) -> Floats:
    """`values` as finite numbers in an array that is not empty.

    Raises NotMeasurable: it is empty, has other dimensions, or holds something that is no finite number.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotMeasurable(f"{what}: {error}; give numbers") from error
    if array.ndim != dimensions:
        raise NotMeasurable(f"{what} has {array.ndim} dimensions, not {dimensions}")
    if array.size == 0:
        raise NotMeasurable(f"{what} is empty: there is nothing to measure")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise NotMeasurable(f"{what} holds {array.flat[bad[0]]} at position {bad[0]}; take such cases out or mend them")
    return array


def same_length(**columns: Sequence[Any] | NDArray[Any]) -> int:
    """How many cases all the columns have.

    Raises NotMeasurable: they differ, or there are none.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) != 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise NotMeasurable(f"the columns do not belong together: {said}; each case needs a value in each")
    count = next(iter(lengths.values()))
    if count == 0:
        raise NotMeasurable(f"there are no cases in {', '.join(columns)}: there is nothing to measure")
    return count


def probabilities(values: ArrayLike, cases: int, classes: int) -> Floats:
    """`values` as a table of cases by classes whose rows sum to 1.

    Raises NotMeasurable: another shape, a share outside 0 to 1, or a row that does not sum to 1 within .001.
    """
    table = numbers(values, "probabilities", dimensions=2)
    if table.shape != (cases, classes):
        raise NotMeasurable(f"probabilities are {table.shape[0]} × {table.shape[1]}, not {cases} × {classes}")
    if table.min() < 0 or table.max() > 1:
        raise NotMeasurable("probabilities lie outside 0 to 1; pass scores through a softmax first")
    off = np.flatnonzero(np.abs(table.sum(axis=1) - 1) > 1e-3)
    if off.size:
        raise NotMeasurable(f"the probabilities of case {off[0]} sum to {table[off[0]].sum():.4g}, not to 1")
    return table
