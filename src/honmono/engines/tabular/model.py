"""A trained model: it takes records and answers with numbers, probabilities and labels.

On disk it is two files: `model.json` and `model.npz` (numbers alone, no pickles).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from honmono.engines import model_files
from honmono.engines.tabular.errors import ModelUnreadable, TabularError
from honmono.engines.tabular.features import Encoder
from honmono.engines.tabular.linear import LinearModel, Loss
from honmono.engines.tabular.nodes import Columns
from honmono.engines.tabular.recipe import resolve
from honmono.engines.tabular.schema import Kind, Schema

Floats = NDArray[np.float64]

_FORMAT = 1
_MOST_BYTES = 3 << 30
"""A model has 2 GB at most; what is larger is none of ours."""
_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Target:
    """What the target was in the training data.

    Attributes:
        classes: of MULTICLASS, in the order of the model's answers; empty for the others.
        counts: how many observations had each class (0 and 1 for BINARY); empty for REGRESSION.
        mean, deviation: of REGRESSION's numbers.
    """

    classes: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    mean: float = 0.0
    deviation: float = 1.0

    @property
    def most_frequent(self) -> int:
        """The place of the class that most observations had: what a model that knows nothing would say."""
        return int(np.argmax(self.counts)) if self.counts else 0


@dataclass(frozen=True, slots=True)
class Model:
    """A model with all that it needs to answer.

    Attributes:
        schema: of the training data; records are read by its names.
        recipe: that its features are made by.
    """

    kind: Kind
    schema: Schema
    recipe: str
    target: Target
    encoder: Encoder
    linear: LinearModel

    def predict(self, records: Sequence[Mapping[str, str]]) -> Floats:
        """Answers to records of names and texts; a name that is left out is a missing value.

        REGRESSION: numbers (records). BINARY: the probability of 1 (records). MULTICLASS: of each class (records,
        classes), summing to 1.
        """
        columns = {name: [record.get(name, "") for record in records] for name in self.encoder.columns}
        return self.predict_columns(columns, len(records))

    def predict_columns(self, columns: Columns, rows: int) -> Floats:
        """The same for columns of texts by name, with one text a row."""
        shape = (0, len(self.target.classes)) if self.kind is Kind.MULTICLASS else (0,)
        parts = [
            self.linear.predict(features.slice(first, first + _ROWS_AT_ONCE))
            for _, features in self.encoder.encode_parts(columns, rows)
            for first in range(0, features.rows, _ROWS_AT_ONCE)
        ]
        found: Floats = np.concatenate(parts) if parts else np.zeros(shape)
        return found * self.target.deviation + self.target.mean if self.kind is Kind.REGRESSION else found

    def columns_of(self, columns: Sequence[Sequence[str]], names: Sequence[str]) -> Columns:
        """The columns that the model reads, out of a block whose columns have these names.

        Raises:
            TabularError: one is missing.
        """
        place = {name: number for number, name in enumerate(names)}
        missing = [name for name in self.encoder.columns if name not in place]
        if missing:
            raise TabularError(f"The data have no attribute '{missing[0]}', which the model needs.")
        return {name: columns[place[name]] for name in self.encoder.columns}

    def save(self, folder: Path) -> int:
        """Write the two files, durably, into a folder that is made if it is missing; their size in bytes."""
        described, arrays = self.encoder.state()
        target = {
            "classes": list(self.target.classes),
            "counts": list(self.target.counts),
            "mean": self.target.mean,
            "deviation": self.target.deviation,
        }
        text = {
            "format": _FORMAT,
            "kind": self.kind.value,
            "schema": self.schema.to_json(),
            "recipe": self.recipe,
            "target": target,
            "loss": self.linear.loss,
            "encoder": described,
        }
        model_files.write(folder, text, {**arrays, "weights": self.linear.weights.astype(np.float32)})
        return sum((folder / name).stat().st_size for name in ("model.json", "model.npz"))

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote.

        Raises:
            ModelUnreadable: it is not there, damaged, too large, or of another format.
        """
        try:
            return cls._load(folder)
        except ModelUnreadable:
            raise
        except (OSError, KeyError, TypeError, ValueError, IndexError, zipfile.BadZipFile, RecursionError) as error:
            raise ModelUnreadable(f"{folder} holds no tabular model that can be read: {error}") from error

    @classmethod
    def _load(cls, folder: Path) -> Model:
        with zipfile.ZipFile(folder / "model.npz") as parts:
            size = sum(part.file_size for part in parts.infolist()) + (folder / "model.json").stat().st_size
        if size > _MOST_BYTES:
            raise ModelUnreadable(f"{folder} holds a model of {size} bytes; {_MOST_BYTES} are the most")
        described = json.loads((folder / "model.json").read_text("utf-8"))
        if described["format"] != _FORMAT:
            raise ModelUnreadable(f"{folder} holds a model of format {described['format']}, not {_FORMAT}")
        schema = Schema.parse(described["schema"])
        target = Target(
            tuple(described["target"]["classes"]),
            tuple(described["target"]["counts"]),
            float(described["target"]["mean"]),
            float(described["target"]["deviation"]),
        )
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            encoder = Encoder(resolve(described["recipe"], schema), 0).restore(described["encoder"], arrays)
            weights = arrays["weights"].astype(np.float64)
        if weights.ndim != 2 or len(weights) < encoder.index.size or weights.shape[1] != max(1, len(target.classes)):
            raise ModelUnreadable(f"{folder} holds weights of shape {weights.shape}, which do not fit its features")
        if any(not 0 < number < len(weights) for names in encoder.index.names for number in names.values()):
            raise ModelUnreadable(f"{folder} names features that have no weights")
        loss: Loss = described["loss"]
        linear = LinearModel(loss, 1, weights.shape[1])
        linear.weights = weights
        return cls(Kind(described["kind"]), schema, described["recipe"], target, encoder, linear)
