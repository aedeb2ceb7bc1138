"""How good a model's answers are on observations whose target is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.errors import DataInvalid
from honmono.engines.tabular.model import Model
from honmono.engines.tabular.observations import Faults
from honmono.engines.tabular.schema import Kind, check_target
from honmono.engines.tabular.source import Source
from honmono.engines.tabular.training import targets
from honmono.evaluation.calibration import expected_calibration_error
from honmono.evaluation.classification import Confusion, counted
from honmono.evaluation.regression import regression_scores, residuals
from honmono.evaluation.scores import log_loss, roc_auc

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A model's figure, by AWS's name of it, and the same of a model that always gives the same answer.

    Attributes:
        details: further measures, for the log.
    """

    name: str
    value: float
    baseline: float
    details: dict[str, Any]
    faults: Faults


def measured(
    model: Model, source: Source, threshold: float, progress: Callable[[float, float | None, str], object]
) -> Measured:
    """Predict every observation and compare.

    Raises:
        SchemaInvalid, TabularError: the data do not have the model's attributes or target.
        DataInvalid: there is nothing to measure.
    """
    faults = Faults()
    name = check_target(source.schema, model.kind)
    classes = {each: place for place, each in enumerate(model.target.classes)}
    names = source.schema.names
    place = names.index(name)
    truth: list[Floats] = []
    answers: list[Floats] = []
    size = source.size
    observation = 0
    for block in source.blocks(faults, lambda done: progress(done, size, "bytes measured")):
        if not block.rows:
            continue
        true = targets(model.kind, block.columns[place], classes)
        known = ~np.isnan(true)
        for row in np.flatnonzero(~known).tolist():
            faults.add(f"observation {observation + row + 1}", f"its target is '{block.columns[place][row][:40]}'")
        observation += block.rows
        found = model.predict_columns(model.columns_of(block.columns, names), block.rows)
        truth.append(true[known])
        answers.append(_kept(model.kind, found[known], true[known]))
    true = np.concatenate(truth) if truth else np.empty(0)
    if not len(true):
        raise DataInvalid(f"No observation has a target that the model knows. {faults}".strip())
    value, baseline, details = _MEASURES[model.kind](model, true, np.concatenate(answers), threshold)
    details = {"observations": len(true), **details}
    return Measured(_NAMES[model.kind], value, baseline, details, faults)


_NAMES = {Kind.BINARY: "BinaryAUC", Kind.MULTICLASS: "MulticlassAvgFScore", Kind.REGRESSION: "RegressionRMSE"}


def _kept(kind: Kind, found: Floats, true: Floats) -> Floats:
    """Of many classes only the likeliest and the true one's probability are kept: memory is bounded."""
    if kind is not Kind.MULTICLASS:
        return found
    best = found.argmax(axis=1)
    rows = np.arange(len(found))
    return np.stack([best, found[rows, best], found[rows, true.astype(np.int64)]], axis=1)


def _binary(model: Model, true: Floats, found: Floats, threshold: float) -> tuple[float, float, dict[str, Any]]:
    is_true = true == 1
    if is_true.all() or not is_true.any():
        raise DataInvalid(f"All {len(true)} observations have the target {int(true[0])}: AUC needs both.")
    said = found >= threshold
    counts = counted(is_true.astype(np.int64), said.astype(np.int64), 2)
    confusion = Confusion(("0", "1"), counts)
    rates = confusion.by_label()[1].rates
    shares = np.stack([1 - found, found], axis=1)
    right = np.where(found >= 0.5, is_true, ~is_true)
    return (
        roc_auc(is_true, found),
        0.5,
        {
            "log_loss": log_loss(is_true.astype(np.int64), shares),
            "calibration_error": expected_calibration_error(right, np.maximum(found, 1 - found)),
            "threshold": threshold,
            "accuracy": confusion.accuracy,
            "precision": rates.precision,
            "recall": rates.recall,
            "f1": rates.f1,
            "true_negatives": int(counts[0, 0]),
            "false_positives": int(counts[0, 1]),
            "false_negatives": int(counts[1, 0]),
            "true_positives": int(counts[1, 1]),
        },
    )


def _multiclass(model: Model, true: Floats, found: Floats, _: float) -> tuple[float, float, dict[str, Any]]:
    places, best = true.astype(np.int64), found[:, 0].astype(np.int64)
    labels = model.target.classes
    confusion = Confusion(labels, counted(places, best, len(labels)))
    same = np.full(len(places), model.target.most_frequent)
    baseline = Confusion(labels, counted(places, same, len(labels)))
    return (
        confusion.average("macro").f1,
        baseline.average("macro").f1,
        {
            "accuracy": confusion.accuracy,
            "log_loss": float(-np.log(np.maximum(found[:, 2], 1e-15)).mean()),
            "calibration_error": expected_calibration_error(best == places, found[:, 1]),
            "labels": {each.label: asdict(each.rates) for each in confusion.by_label()},
            "confusion": confusion.counts.tolist(),
        },
    )


def _regression(model: Model, true: Floats, found: Floats, _: float) -> tuple[float, float, dict[str, Any]]:
    scores = regression_scores(true, found)
    same = regression_scores(true, np.full(len(true), model.target.mean))
    details = asdict(scores) | {"residuals": asdict(residuals(true, found))}
    del details["cases"]
    return scores.rmse, same.rmse, details


_MEASURES: dict[Kind, Callable[[Model, Floats, Floats, float], tuple[float, float, dict[str, Any]]]] = {
    Kind.BINARY: _binary,
    Kind.MULTICLASS: _multiclass,
    Kind.REGRESSION: _regression,
}
