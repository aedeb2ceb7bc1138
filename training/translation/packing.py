"""Rows of fixed length that hold several sentence pairs: one compiled shape, next to no padding.

Every array is (rows, length), int32. A segment number says which pair of its row a token belongs to, 0 means padding; attention
goes between tokens of the same segment only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from training.translation.tokens import BEGIN, END, PAD

LENGTH = 96
_OPEN_ROWS = 64

Example = tuple[Sequence[int], Sequence[int]]
"""Source pieces (direction tag first) and target pieces, both without the closing piece."""

Array = NDArray[np.int32]


class Batch(NamedTuple):
    """One step's rows.

    Attributes:
        source, target: piece ids; the target begins with BEGIN.
        following: the piece that comes after each of `target`.
        source_segment, target_segment: pair within the row, from 1; 0 is padding.
        source_position, target_position: place within the sentence, from 0.
    """

    source: Array
    source_segment: Array
    source_position: Array
    target: Array
    following: Array
    target_segment: Array
    target_position: Array


def fits(example: Example, length: int = LENGTH) -> bool:
    """Whether a pair fits into a row by itself."""
    return max(len(example[0]), len(example[1])) + 1 <= length


def rows(examples: Iterable[Example], length: int = LENGTH) -> Iterator[list[Example]]:
    """The pairs of each row: first fit on both sides among the rows still open."""
    used = np.zeros((_OPEN_ROWS, 2), dtype=np.int32)
    open_rows: list[list[Example]] = [[] for _ in range(_OPEN_ROWS)]
    for example in examples:
        size = np.array([len(example[0]) + 1, len(example[1]) + 1], dtype=np.int32)
        room = (used + size <= length).all(axis=1)
        row = int(room.argmax())
        if not room[row]:
            row = int(used.sum(axis=1).argmax())
            yield open_rows[row]
            open_rows[row], used[row] = [], 0
        open_rows[row].append(example)
        used[row] += size
    yield from (row for row in open_rows if row)


def batches(examples: Iterable[Example], rows_each: int, length: int = LENGTH) -> Iterator[Batch]:
    """Batches of `rows_each` rows; the last one is filled up with padding."""
    waiting: list[list[Example]] = []
    for row in rows(examples, length):
        waiting.append(row)
        if len(waiting) == rows_each:
            yield batch(waiting, rows_each, length)
            waiting = []
    if waiting:
        yield batch(waiting, rows_each, length)


def batch(packed: Sequence[Sequence[Example]], rows_each: int, length: int = LENGTH) -> Batch:
    """The arrays of some rows."""
    made = Batch(*(np.full((rows_each, length), PAD, dtype=np.int32) for _ in Batch._fields))
    for row, examples in enumerate(packed):
        source_end = target_end = 0
        for number, (source, target) in enumerate(examples, start=1):
            span = slice(source_end, source_end + len(source) + 1)
            made.source[row, span] = [*source, END]
            made.source_segment[row, span] = number
            made.source_position[row, span] = np.arange(len(source) + 1)
            source_end = span.stop
            span = slice(target_end, target_end + len(target) + 1)
            made.target[row, span] = [BEGIN, *target]
            made.following[row, span] = [*target, END]
            made.target_segment[row, span] = number
            made.target_position[row, span] = np.arange(len(target) + 1)
            target_end = span.stop
    return made
