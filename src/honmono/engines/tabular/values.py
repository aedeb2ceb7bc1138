"""Texts of a column as numbers and as yes or no.

A value that is none is missing: an empty one, and one that cannot be read ("invalid"). Both are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

YES = frozenset({"1", "y", "yes", "t", "true"})
NO = frozenset({"0", "n", "no", "f", "false"})
"""Amazon ML reads these without regard to case ("Understanding the Data Format for Amazon ML")."""
_FLAGS = dict.fromkeys(YES, 1) | dict.fromkeys(NO, 0)
MOST = 1e150
"""Larger numbers count as none: their squares could not be summed."""
_MISSING = float("nan")


def number(text: str) -> float:
    """A finite number, or NaN for what is none. Python's own extras ("1_000", "inf", "nan") are none.

    >>> number(" 2.5 "), number("1e3"), number("many")
    (2.5, 1000.0, nan)
    """
    try:
        value = float(text)
    except ValueError:
        return _MISSING
    return value if "_" not in text and abs(value) <= MOST else _MISSING


def numbers(column: Sequence[str]) -> Floats:
    """A column as finite numbers; NaN where a value is missing or none."""
    try:
        values = np.fromiter(map(float, column), np.float64, len(column))
    except ValueError:
        return np.fromiter(map(number, column), np.float64, len(column))
    if not (np.abs(values) <= MOST).all() or "_" in "".join(column):
        return np.fromiter(map(number, column), np.float64, len(column))
    return values


def flag(text: str) -> int:
    """1, 0, or -1 for what is neither."""
    return _FLAGS.get(text.strip().lower(), -1)


def flags(column: Sequence[str]) -> NDArray[np.int8]:
    """A column as 1 and 0; -1 where a value is missing or neither."""
    known = {text: flag(text) for text in set(column)}
    return np.fromiter(map(known.__getitem__, column), np.int8, len(column))


def flag_names(column: Sequence[str]) -> list[str]:
    """A column as "1" and "0"; "" where a value is missing or neither."""
    names = {1: "1", 0: "0", -1: ""}
    known = {text: names[flag(text)] for text in set(column)}
    return list(map(known.__getitem__, column))


def moments(count: int, mean: float, squares: float, values: Floats) -> tuple[int, float, float]:
    """How many numbers there are, their mean, and the sum of their squared distances to it, with more of them.

    Source: Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.
    """
    more, total = len(values), count + len(values)
    if not more:
        return count, mean, squares
    apart = float(values.mean()) - mean
    squares += float(((values - mean - apart) ** 2).sum()) + apart**2 * count * more / total
    return total, mean + apart * more / total, squares
