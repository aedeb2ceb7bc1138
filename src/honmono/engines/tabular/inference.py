"""A schema guessed from a table's first observations, for somebody who has none. A person should look at it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

from honmono.engines.tabular import observations
from honmono.engines.tabular.errors import DataInvalid, SchemaInvalid
from honmono.engines.tabular.schema import Attribute, Schema, Type
from honmono.engines.tabular.values import flag, number

LOOKED_AT = 10_000
"""Observations, at most."""
_BYTES = 8 << 20
_WORDS = 3.0
"""Values with more words than so many, on the average, are texts."""


def infer(stream: BinaryIO, target: str | None = None, *, header: bool | None = None) -> Schema:
    """Guess.

    Numbers are NUMERIC, unless there are only 0 and 1: then, as yes and no, they are BINARY. Of the rest, values of
    several words are TEXT, others CATEGORICAL. A first column whose values are all different and no numbers is the
    row's id.

    Args:
        stream: of CSV.
        target: the attribute to predict; by default the last one.
        header: whether the first line holds names; None looks whether it can.

    Raises:
        DataInvalid: there are no observations with as many values as the first line.
        SchemaInvalid: there is no attribute of the target's name.
    """
    head = stream.read(_BYTES).removeprefix(codecs.BOM_UTF8)
    if len(head) == _BYTES:
        head = head[: head.rfind(b"\n") + 1]
    first = head.partition(b"\n")[0]
    names = _row(first)
    if not any(names):
        raise DataInvalid("The first line of the data is empty.")
    rows = [
        row for block in observations.read(io.BytesIO(head), len(names)) for row in zip(*block.columns, strict=True)
    ][: LOOKED_AT + 1]
    if header is None:
        header = _may_be_names(names, rows[1:])
    if header:
        rows = rows[1:]
    else:
        names = [f"Var{place:02d}" for place in range(1, len(names) + 1)]
    if not rows:
        raise DataInvalid("The data have no observations.")
    if len(set(names)) != len(names) or not all(names):
        raise SchemaInvalid("The first line names two attributes alike, or one not at all; give a schema.")
    columns = list(zip(*rows, strict=True))
    attributes = tuple(Attribute(name, _type(column)) for name, column in zip(names, columns, strict=True))
    is_id = attributes[0].type in (Type.CATEGORICAL, Type.TEXT) and len(set(columns[0])) == len(rows) > 20
    target = target if target is not None else names[-1]
    return Schema(
        attributes, target, names[0] if is_id and names[0] != target else None, frozenset(), has_header=header
    )


def _row(line: bytes) -> list[str]:
    try:
        return [value.strip() for value in next(csv.reader([line.decode().removesuffix("\r")]), [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataInvalid(f"The first line of the data cannot be read: {error}") from error


def _may_be_names(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """All different and no numbers, where below them there are numbers or the values do not come again."""
    if len(set(first)) != len(first) or any(number(value) == number(value) for value in first):
        return False
    columns = list(zip(*rows, strict=True)) if rows else []
    return all(name not in column for name, column in zip(first, columns, strict=False))


def _type(column: Sequence[str]) -> Type:
    values = {value.strip() for value in column} - {""}
    if values and all(flag(value) >= 0 for value in values) and len({flag(value) for value in values}) == 2:
        return Type.BINARY
    if values and all(number(value) == number(value) for value in values):
        return Type.NUMERIC
    words = sum(len(value.split()) for value in column) / max(len(column), 1)
    return Type.TEXT if words > _WORDS else Type.CATEGORICAL
