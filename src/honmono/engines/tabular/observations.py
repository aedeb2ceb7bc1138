"""Observations from a stream of CSV: one a line, in blocks, with the bad ones counted and told with their lines.

As "Understanding the Data Format for Amazon ML" has it: values with commas stand in double quotes, a quote within them is
doubled, and an observation ends with its line even within quotes. So every line stands for itself, a broken one spoils
no other, and a file of any size is read in little memory.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.errors import DataInvalid

MOST_BYTES = 100 * 1024
"""Of an observation: Amazon ML's limit."""
_CHUNK = 1 << 20
_TOLD = 5

Keep = Callable[[int, NDArray[np.int64]], NDArray[np.bool_]]
"""Which observations to take: from the number of the first (from 0, over all files) and the byte offset of each."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some observations that follow each other.

    Attributes:
        columns: the good ones, a sequence of texts for each attribute, in the schema's order.
        is_good: whether each observation of the block, in the file's order, is among them.
    """

    columns: tuple[Sequence[str], ...]
    is_good: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        """How many good ones there are."""
        return int(np.count_nonzero(self.is_good))


@dataclass(slots=True)
class Faults:
    """What was wrong with bad records: how many there were, and the first few in words."""

    count: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, where: str, problem: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.told) < _TOLD:
            self.told.append(f"{where}: {problem}")

    def __str__(self) -> str:
        more = f" (and {self.count - len(self.told)} more)" if self.count > len(self.told) else ""
        return "; ".join(self.told) + more


@dataclass(slots=True)
class Position:
    """How far the reading of several files has come: observations and bytes."""

    observations: int = 0
    offset: int = 0


def read(
    stream: BinaryIO,
    columns: int,
    *,
    name: str = "",
    header: bool = False,
    faults: Faults | None = None,
    keep: Keep | None = None,
    position: Position | None = None,
) -> Iterator[Block]:
    """The observations of one file.

    Args:
        stream: of bytes in UTF-8, with or without a byte order mark.
        columns: how many values an observation has.
        name: of the file, for messages.
        header: the first line is none.
        faults: where bad records are told.
        keep: which observations to take; all by default.
        position: where the file begins within all of them; it moves on.

    Raises:
        DataInvalid: the file is in an encoding that cannot be read by lines.
    """
    faults = Faults() if faults is None else faults
    position = Position() if position is None else position
    line = 1
    for lines in _lines(stream, name):
        if line == 1:
            lines[0] = lines[0].removeprefix(codecs.BOM_UTF8) if lines[0] is not None else None
        sizes = np.fromiter((_CHUNK if each is None else len(each) + 1 for each in lines), np.int64, len(lines))
        offsets = position.offset + np.cumsum(sizes) - sizes
        position.offset += int(sizes.sum())
        skipped = 1 if header and line == 1 else 0
        kept, numbers = lines[skipped:], range(line + skipped, line + len(lines))
        if keep is not None and kept:
            chosen = keep(position.observations, offsets[skipped:])
            position.observations += len(kept)
            places = np.flatnonzero(chosen).tolist()
            kept, numbers = [kept[place] for place in places], [numbers[place] for place in places]  # type: ignore[assignment]
        else:
            position.observations += len(kept)
        line += len(lines)
        if kept:
            yield _block(kept, numbers, columns, name, faults)


def count(stream: BinaryIO, name: str = "") -> int:
    """How many lines a file has: observations, and the header if there is one."""
    return sum(len(lines) for lines in _lines(stream, name))


def _lines(stream: BinaryIO, name: str) -> Iterator[list[bytes | None]]:
    """Lines without their ends, many at a time; None for one that is too long to be an observation."""
    rest = b""
    is_first = True
    too_long = False
    while chunk := stream.read(_CHUNK):
        if is_first and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise DataInvalid(f"{name or 'The file'} is UTF-16; convert it to UTF-8 (iconv -f utf-16 -t utf-8).")
        is_first = False
        if too_long:  # drop the rest of the long line
            end = chunk.find(b"\n")
            if end < 0:
                continue
            chunk, too_long = chunk[end + 1 :], False
            yield [None]
        data = rest + chunk
        cut = data.rfind(b"\n")
        if cut < 0:
            rest = data
            if len(rest) > MOST_BYTES + 2:
                rest, too_long = b"", True
            continue
        lines: list[bytes | None] = list(data[:cut].split(b"\n"))
        rest = data[cut + 1 :]
        if b"\r" in data:
            lines = [each.removesuffix(b"\r") if each is not None else None for each in lines]
        if any(len(each or b"") > MOST_BYTES for each in lines):
            lines = [each if each is not None and len(each) <= MOST_BYTES else None for each in lines]
        yield lines
    if too_long or len(rest) > MOST_BYTES:
        yield [None]
    elif rest:
        yield [rest.removesuffix(b"\r")]


def _block(lines: Sequence[bytes | None], numbers: Sequence[int], columns: int, name: str, faults: Faults) -> Block:
    """Fast where all lines are good, line by line where they are not."""
    parsed = None if None in lines else _whole(lines, columns)  # type: ignore[arg-type]
    if parsed is not None:
        return Block(parsed, np.ones(len(lines), dtype=np.bool_))
    is_good = np.zeros(len(lines), dtype=np.bool_)
    good: list[list[str]] = []
    for place, line in enumerate(lines):
        row, problem = _row(line, columns)
        if row is None:
            where = f"{name}, line {numbers[place]}" if name else f"line {numbers[place]}"
            faults.add(where, problem)
        else:
            is_good[place] = True
            good.append(row)
    return Block(tuple(zip(*good, strict=True)) if good else ((),) * columns, is_good)


def _whole(lines: Sequence[bytes], columns: int) -> tuple[Sequence[str], ...] | None:
    """The columns of lines that are all good; None where one is not."""
    data = b"\n".join(lines)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if b'"' not in data and b"\r" not in data:
        # Without quotes a comma is a comma: with equally many in each line, every so many-th value is a column.
        signs = np.frombuffer(data, dtype=np.uint8)
        commas = np.cumsum(signs == 44)
        ends = np.append(commas[signs == 10], commas[-1] if len(commas) else 0)
        if (np.diff(ends, prepend=0) != columns - 1).any():
            return None
        values = text.replace("\n", ",").split(",")
        return tuple(values[place::columns] for place in range(columns))
    try:
        rows = list(csv.reader(text.split("\n"), strict=True))
    except csv.Error:
        return None
    if len(rows) != len(lines) or any(len(row) != columns for row in rows):
        return None
    return tuple(zip(*rows, strict=True))


def _row(line: bytes | None, columns: int) -> tuple[list[str] | None, str]:
    if line is None:
        return None, f"the observation is longer than {MOST_BYTES // 1024} KB"
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return None, f"byte {error.start + 1} (0x{line[error.start]:02x}) is not UTF-8{_guess(line)}"
    try:
        row = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        problem = "a double quote is not closed before the line ends" if "end of data" in str(error) else str(error)
        return None, problem
    if len(row) != columns:
        row = row or [""]
        if len(row) != columns:
            return None, f"it has {len(row)} value(s), the schema {columns} attribute(s)"
    return row, ""


def _guess(line: bytes) -> str:
    for encoding in ("shift_jis", "euc_jp"):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f"; it may be {encoding}: convert the file to UTF-8"
    return ""
