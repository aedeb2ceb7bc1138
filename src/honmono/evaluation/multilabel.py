"""How good sets of labels are: each case has none, one or several labels, and was given none, one or several."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from honmono.evaluation.arrays import Bools, Floats, Ints, NotMeasurable, same_length
from honmono.evaluation.classification import Averaging, LabelRates, Rates, rates_of


@dataclass(frozen=True, slots=True)
class MultiLabelScores:
    """What there is to say about sets of labels.

    Attributes:
        cases: how many there are.
        hamming_loss: the share of all decisions, a case by a label, that are wrong; 0 is best.
        subset_accuracy: the share of the cases whose set was given exactly.
        by_label: the rates of each label.
        averages: macro, micro and weighted. Micro is over all decisions together.
    """

    cases: int
    hamming_loss: float
    subset_accuracy: float
    by_label: tuple[LabelRates, ...]
    averages: dict[Averaging, Rates]


def multilabel_scores(
    truth: Sequence[Collection[str]], given: Sequence[Collection[str]], labels: Sequence[str] | None = None
) -> MultiLabelScores:
    """Compare the sets.

    `labels` is all there are; by default those that occur. Raises NotMeasurable: columns of different lengths, no
    cases, no labels at all, one that is not among `labels`.
    """
    cases = same_length(truth=truth, given=given)
    names = sorted({label for each in (*truth, *given) for label in each}) if labels is None else list(labels)
    if not names:
        raise NotMeasurable("no case has a label and none was given one: there is nothing to measure")
    has, got = _table(truth, names), _table(given, names)
    right, support, answered = (has & got).sum(axis=0), has.sum(axis=0), got.sum(axis=0)
    columns = [rates_of(int(r), int(s), int(a)) for r, s, a in zip(right, support, answered, strict=True)]
    return MultiLabelScores(
        cases=cases,
        hamming_loss=float((has != got).mean()),
        subset_accuracy=float((has == got).all(axis=1).mean()),
        by_label=tuple(
            LabelRates(name, each, int(s), int(a))
            for name, each, s, a in zip(names, columns, support, answered, strict=True)
        ),
        averages={
            "macro": _mean(columns, np.ones(len(names))),
            "micro": rates_of(int(right.sum()), int(support.sum()), int(answered.sum())),
            "weighted": _mean(columns, support.astype(float)),
        },
    )


def _table(sets: Sequence[Collection[str]], names: Sequence[str]) -> Bools:
    places = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(sets), len(names)), dtype=np.bool_)
    for row, each in enumerate(sets):
        for label in each:
            if label not in places:
                raise NotMeasurable(f"label {label!r} of case {row} is none of {', '.join(map(repr, names))}")
            table[row, places[label]] = True
    return table


def _mean(columns: Sequence[Rates], weights: Floats | Ints) -> Rates:
    if not weights.any():
        return Rates(0.0, 0.0, 0.0)
    table = np.array([[each.precision, each.recall, each.f1] for each in columns])
    return Rates(*(float(value) for value in np.average(table, axis=0, weights=weights)))
