"""From observations to a model: two passes over the text, then as many over the encoded rows as asked.

1. Means, quantiles and the classes are learned.
2. The rows are encoded into a file, and the features get their numbers.
3. The linear model passes over that file. After a pass its state is kept, so that a training that was cut off goes on
   from there.

What is in memory is a block of rows and the model, however large the data are.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.errors import DataInvalid
from honmono.engines.tabular.features import Encoder
from honmono.engines.tabular.linear import LinearModel, Loss, Steps
from honmono.engines.tabular.matrix import Examples, FeatureFile
from honmono.engines.tabular.model import Model, Target
from honmono.engines.tabular.nodes import Columns
from honmono.engines.tabular.observations import Block, Faults
from honmono.engines.tabular.recipe import resolve
from honmono.engines.tabular.schema import Kind, check_target
from honmono.engines.tabular.source import Source
from honmono.engines.tabular.suggestions import suggest
from honmono.engines.tabular.values import flags, moments, numbers

Floats = NDArray[np.float64]
Progress = Callable[[float, float | None, str], object]

MOST_CLASSES = 100
"""Amazon ML's limit of classes of a MULTICLASS model."""
MOST_BAD_SHARE = 0.1
"""A training fails where more of the records are bad."""
_NAME_BYTES = 32
"""Of a feature's name and number, about."""
_CHECKPOINT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a model is trained. The defaults are Amazon ML's.

    Attributes:
        passes: over the observations.
        shuffle: the observations are passed in another order each time.
        l1, l2: how much large weights cost. Where neither is given, large weights cost a little, the less the more
        observations there are (see `prior`); 0 is nothing.
        max_bytes: of the model.
        multiclass: the true multinomial ("softmax"), or one logistic model for each class.
        seed: of the shuffling.
    """

    passes: int = 10
    shuffle: bool = False
    l1: float | None = None
    l2: float | None = None
    max_bytes: int = 33_554_432
    multiclass: Loss = "softmax"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what there is to say about its training.

    Attributes:
        rows: that it learned from.
        faults: records that it could not learn from.
        loss: the mean loss over the rows at the end (squared error of scaled numbers, or -ln of the probability).
    """

    model: Model
    rows: int
    faults: Faults
    loss: float


def train(
    source: Source,
    kind: Kind | str,
    parameters: Parameters | None = None,
    recipe: str | None = None,
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Trained:
    """Train.

    Args:
        source: the observations.
        kind: of the model.
        parameters: how.
        recipe: how variables become features; by default the one that the data suggest.
        folder: for what a training that is cut off goes on from; by default a temporary one.
        progress: told how far it is.
        should_stop: asked after each pass; the model then is what was learned so far.

    Raises:
        RecipeInvalid, SchemaInvalid, DataInvalid.
    """
    if folder is None:
        with TemporaryDirectory() as temporary:
            return train(
                source, kind, parameters, recipe, folder=Path(temporary), progress=progress, should_stop=should_stop
            )
    training = _Training(source, Kind(kind), parameters or Parameters(), folder, progress or _silent)
    return training.run(recipe, should_stop or (lambda: False))


def targets(kind: Kind, column: Any, classes: Mapping[str, int]) -> Floats:
    """A target's column as numbers, NaN for what is none: numbers, 1 and 0, or the places of classes."""
    if kind is Kind.REGRESSION:
        return numbers(column)
    if kind is Kind.BINARY:
        found = flags(column).astype(np.float64)
        found[found < 0] = np.nan
        return found
    return np.fromiter((classes.get(value, np.nan) for value in column), np.float64, len(column))


def _silent(done: float, total: float | None, what: str) -> None:
    """Nobody asked."""


class _Training:
    def __init__(self, source: Source, kind: Kind, parameters: Parameters, folder: Path, progress: Progress) -> None:
        self.source, self.kind, self.parameters = source, kind, parameters
        self.folder, self.progress = folder, progress
        self.name = check_target(source.schema, kind)
        self.faults = Faults()
        self._names = source.schema.names
        self._target_place = self._names.index(self.name)

    def run(self, recipe: str | None, should_stop: Callable[[], bool]) -> Trained:
        learned = self.folder / "learned.json"
        if learned.exists():
            return self._passes(*self._restored(json.loads(learned.read_text("utf-8"))), should_stop)
        recipe = recipe if recipe is not None else suggest(self.source, self.kind is Kind.REGRESSION)
        resolved = resolve(recipe, self.source.schema)
        counts: Counter[str] = Counter()
        encoder, target = self._fit(resolved, counts)
        file = FeatureFile.write(self.folder / "features.bin", self._encoded(encoder, target))
        self._check_faults(file.rows)
        described, arrays = encoder.state()
        with (self.folder / "names.npz").open("wb") as names:
            np.savez(names, **arrays)  # type: ignore[arg-type]
        state = {
            "recipe": recipe,
            "encoder": described,
            "classes": list(target.classes),
            "counts": list(target.counts),
            "mean": target.mean,
            "deviation": target.deviation,
            "bad": self.faults.count,
            "told": self.faults.told,
        }
        _write(learned, json.dumps(state, ensure_ascii=False))
        return self._passes(recipe, encoder, target, file, should_stop)

    def _restored(self, state: dict[str, Any]) -> tuple[str, Encoder, Target, FeatureFile]:
        """What the first passes found before the training was cut off."""
        with np.load(self.folder / "names.npz", allow_pickle=False) as arrays:
            encoder = Encoder(resolve(state["recipe"], self.source.schema), 0).restore(state["encoder"], arrays)
        self.faults.count, self.faults.told = state["bad"], state["told"]
        target = Target(tuple(state["classes"]), tuple(state["counts"]), state["mean"], state["deviation"])
        return state["recipe"], encoder, target, FeatureFile(self.folder / "features.bin")

    def _fit(self, resolved: Any, counts: Counter[str]) -> tuple[Encoder, Target]:
        """The first pass: what the recipe's functions learn, and what the target is."""
        seen = (0, 0.0, 0.0)

        def blocks() -> Iterator[Columns]:
            nonlocal seen
            for block in self._read("bytes read for the recipe", Faults()):
                column = block.columns[self._target_place]
                if self.kind is Kind.MULTICLASS:
                    counts.update(column)
                    if len(counts) > MOST_CLASSES + 1:
                        raise DataInvalid(
                            f"The target '{self.name}' has more than {MOST_CLASSES} classes; a MULTICLASS model has at "
                            "most so many. Is it CATEGORICAL?"
                        )
                else:
                    found = targets(self.kind, column, {})
                    found = found[~np.isnan(found)]
                    if self.kind is Kind.BINARY:
                        counts.update({"0": int((found == 0).sum()), "1": int((found == 1).sum())})
                    else:
                        seen = moments(*seen, found)
                yield dict(zip(self._names, block.columns, strict=True))

        # The classes must be known before the features' room is.
        encoder = Encoder(resolved, 0).fit(blocks())
        target = self._target(counts, *seen)
        width = 4 * max(1, len(target.classes)) + _NAME_BYTES
        return encoder.with_capacity(self.parameters.max_bytes // width), target

    def _target(self, counts: Counter[str], count: int, mean: float, squares: float) -> Target:
        if self.kind is Kind.REGRESSION:
            if not count:
                raise DataInvalid(f"No observation has a number as its target '{self.name}'.")
            return Target(mean=mean, deviation=(squares / count) ** 0.5 or 1.0)
        counts.pop("", None)
        present = {name: count for name, count in counts.items() if count}
        if len(present) < 2:
            what = f"only the class '{next(iter(present))}'" if present else "no value that can be read"
            raise DataInvalid(
                f"The target '{self.name}' has {what}: a {self.kind} model needs observations of two classes or more."
            )
        if self.kind is Kind.BINARY:
            return Target(counts=(counts["0"], counts["1"]))
        classes = tuple(sorted(present))
        return Target(classes, tuple(present[name] for name in classes))

    def _encoded(self, encoder: Encoder, target: Target) -> Iterator[Examples]:
        """The second pass: rows of features with their targets."""
        classes = {name: place for place, name in enumerate(target.classes)}
        line = 0
        for block in self._read("bytes encoded", self.faults):
            if not block.rows:
                continue
            found = targets(self.kind, block.columns[self._target_place], classes)
            is_known = ~np.isnan(found)
            columns: Columns = dict(zip(self._names, block.columns, strict=True))
            for place in np.flatnonzero(~is_known)[:5].tolist():
                value = block.columns[self._target_place][place]
                self.faults.add(f"observation {line + place + 1}", f"its target '{self.name}' is '{value[:40]}'")
            self.faults.count += max(0, int((~is_known).sum()) - 5)
            line += block.rows
            if not is_known.all():
                rows = np.flatnonzero(is_known).tolist()
                columns = {name: [column[row] for row in rows] for name, column in columns.items()}
                found = found[is_known]
            for first, features in encoder.encode_parts(columns, len(found)):
                yield features, found[first : first + features.rows]

    def _read(self, what: str, faults: Faults) -> Iterator[Block]:
        size = self.source.size
        return self.source.blocks(faults, lambda done: self.progress(done, size, what))

    def _check_faults(self, good: int) -> None:
        total = self.faults.count + good
        if self.faults.count > MOST_BAD_SHARE * total:
            raise DataInvalid(
                f"{self.faults.count} of {total} records are bad, more than {MOST_BAD_SHARE:.0%}: {self.faults}"
            )

    def _passes(
        self, recipe: str, encoder: Encoder, target: Target, file: FeatureFile, should_stop: Callable[[], bool]
    ) -> Trained:
        parameters = self.parameters
        l2 = parameters.l2
        if l2 is None and parameters.l1 is None:
            l2 = prior(self.kind, file.rows)
        steps = Steps(l1=parameters.l1 or 0.0, l2=l2 or 0.0, batch=batch_for(file.rows))
        loss: Loss = {Kind.REGRESSION: "squared", Kind.BINARY: "logistic"}.get(self.kind, parameters.multiclass)  # type: ignore[assignment]
        linear = LinearModel(loss, encoder.index.size, max(1, len(target.classes)), steps)
        done = self._resume(linear)
        kept_at = time.monotonic()
        while done < parameters.passes and not should_stop():
            # Each pass has its own order, whatever was cut off before.
            chance = np.random.default_rng((parameters.seed, done)) if parameters.shuffle else None
            for rows, truth in file.blocks(chance):
                linear.partial_fit(rows, (truth - target.mean) / target.deviation)
            done += 1
            if done > parameters.passes // 2:
                linear.average()
            self.progress(done, parameters.passes, "passes")
            if time.monotonic() - kept_at > _CHECKPOINT_SECONDS:
                self._keep(linear, done)
                kept_at = time.monotonic()
        linear.use_average()
        if not np.isfinite(linear.weights).all():
            raise DataInvalid("The training did not converge: weights grew without bounds. Try l2 regularisation.")
        encoder.index.grows = False
        model = Model(self.kind, self.source.schema, recipe, target, encoder, linear)
        return Trained(model, file.rows, self.faults, self._loss(model, file))

    def _loss(self, model: Model, file: FeatureFile) -> float:
        total = 0.0
        for rows, truth in file.blocks():
            for first in range(0, rows.rows, 2048):
                found = model.linear.predict(rows.slice(first, first + 2048))
                true = truth[first : first + 2048]
                if self.kind is Kind.REGRESSION:
                    total += float(((found - (true - model.target.mean) / model.target.deviation) ** 2).sum())
                else:
                    if self.kind is Kind.BINARY:
                        share = np.where(true == 1, found, 1 - found)
                    else:
                        share = found[np.arange(len(true)), true.astype(np.int64)]
                    total += float(-np.log(np.maximum(share, 1e-15)).sum())
        return total / max(file.rows, 1)

    def _resume(self, linear: LinearModel) -> int:
        path = self.folder / "passes.npz"
        if not path.exists():
            return 0
        with np.load(path, allow_pickle=False) as state:
            linear.restore(state)
            return int(state["passes"])

    def _keep(self, linear: LinearModel, passes: int) -> None:
        unfinished = self.folder / "passes.part"
        with unfinished.open("wb") as file:
            np.savez(file, passes=np.array(passes), **linear.state())  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / "passes.npz")


def prior(kind: Kind, rows: int) -> float:
    """The L2 amount where the user says nothing: with few observations a weight of each bin would be mostly chance.

    It is a normal prior of weights with the standard deviation .4 (numbers that are scaled: 1). Chosen on the tables
    DEVELOPMENT of bench/tabular_data.py; as its weight is one over the observations, it matters no more where there are
    many.
    """
    return (1.0 if kind is Kind.REGRESSION else 6.0) / max(rows, 1)


def batch_for(rows: int) -> int:
    """Rows of a minibatch: few where there are few rows, so that there are enough steps in a pass."""
    return int(min(256, max(8, rows // 100)))


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
