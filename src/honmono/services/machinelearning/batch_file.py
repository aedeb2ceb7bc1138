"""The lines of a batch prediction's files.

Source: "Reading the Batch Prediction Output Files" (Amazon Machine Learning developer guide).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.tabular.model import Model
    from honmono.engines.tabular.observations import Block
    from honmono.engines.tabular.schema import Schema

TAG, TRUE, BEST, SCORE = "tag", "trueLabel", "bestAnswer", "score"
_EXPONENTS = {f"{exponent:+03d}": str(exponent) for exponent in range(-99, 100)}


def scientific(value: float) -> str:
    """A number as Amazon ML writes it.

    >>> scientific(0.0087642), scientific(-15.26835), scientific(0.0), scientific(1e-120)
    ('8.7642E-3', '-1.526835E1', '0E0', '1E-120')
    """
    mantissa, _, exponent = f"{value:.6E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{_EXPONENTS.get(exponent) or int(exponent)}"


class Columns:
    """The columns of the files: the row's id and the target where the data have them, then what the model says."""

    def __init__(self, model: Model, schema: Schema, threshold: float) -> None:
        self._model, self._threshold = model, threshold
        names = schema.names
        self._told: list[tuple[str, int]] = []
        if schema.row_id is not None:
            self._told.append((TAG, names.index(schema.row_id)))
        target = schema.target if schema.target is not None else model.schema.target
        if target in names:
            self._told.append((TRUE, names.index(target)))
        self._names = names

    def header(self) -> str:
        """The first line."""
        kind = self._model.kind
        said = self._model.target.classes if kind == "MULTICLASS" else (BEST, SCORE) if kind == "BINARY" else (SCORE,)
        return _line([*(name for name, _ in self._told), *said])

    def lines(self, block: Block) -> str:
        """A line for each observation of a block; an empty one for each that is bad."""
        if not block.rows:
            return "\n" * len(block.is_good)
        columns = self._model.columns_of(block.columns, self._names)
        found = self._model.predict_columns(columns, block.rows)
        good = self._good(block.columns, found)
        if len(block.is_good) == block.rows:
            return "".join(good)
        return "".join(next(good) if each else "\n" for each in block.is_good.tolist())

    def _good(self, columns: tuple[Sequence[str], ...], found: NDArray[np.float64]) -> Iterator[str]:
        said: Any
        if self._model.kind == "MULTICLASS":
            said = (",".join(map(scientific, row)) for row in found.tolist())
        elif self._model.kind == "BINARY":
            cut = self._threshold
            said = (f"{1 if score >= cut else 0},{scientific(score)}" for score in found.tolist())
        else:
            said = map(scientific, found.tolist())
        if not self._told:
            return (f"{answer}\n" for answer in said)
        told = [map(_value, columns[place]) for _, place in self._told]
        return (f"{','.join(values)},{answer}\n" for *values, answer in zip(*told, said, strict=True))


def _value(text: str) -> str:
    """A value as CSV has it."""
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _line(values: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()
