"""One classifier or several, held against the truth: a report with every figure, its interval, and pictures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from honmono.evaluation.arrays import Bools, Floats, Ints, NotMeasurable, same_length
from honmono.evaluation.calibration import reliability_bins
from honmono.evaluation.classification import Confusion, counted, encoded, rates
from honmono.evaluation.intervals import bootstrap, mcnemar, wilson
from honmono.evaluation.pictures import confusion_matrix, reliability_diagram, roc_curves
from honmono.evaluation.report import Cell, Picture, Report, Table, file_name
from honmono.evaluation.scores import Ranked, roc, roc_auc

Progress = Callable[[int, int, str], None]
_WORST = 10
_CURVES = 8
_QUOTED = 240


@dataclass(frozen=True, slots=True)
class Answers:
    """What a classifier said of each case: the scores, 0 to 1, of the labels that it thought possible."""

    name: str
    scores: Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The cases that the classifiers were asked about.

    Attributes:
        texts: for the list of the surest errors.
        truth: their labels.
        places: where each case stands, its line in a file say.
        kinds: what sorts the cases, their language say; figures are given for each where there are several.
    """

    texts: Sequence[str]
    truth: Sequence[str]
    places: Sequence[int]
    kinds: Sequence[str] = ()


def compare(
    title: str,
    asked: Asked,
    answers: Sequence[Answers],
    facts: Mapping[str, str | int | float],
    *,
    rounds: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Measure every classifier, and the first against each of the others.

    The answer to a case is its label with the highest score, the first one where two are as high. Log loss, Brier score
    and areas are given where every classifier's scores cover all labels and sum to 1.

    Raises NotMeasurable: no cases, columns of different lengths, a case without scores.
    """
    same_length(truth=asked.truth, texts=asked.texts, places=asked.places)
    labels = sorted({*asked.truth, *(label for each in answers for row in each.scores for label in row)})
    judged = [_Judged.of(asked.truth, each, labels) for each in answers]
    complete = all(each.complete for each in judged)
    limits = list(notes)
    if not complete:
        limits.append("The scores do not cover all labels and sum to 1: log loss, Brier score and areas are left out.")
    tables = [_measures(judged, complete, rounds, seed, progress)]
    if len(judged) > 1:
        tables.append(_differences(judged, rounds, seed, progress))
    if len(set(asked.kinds)) > 1:
        tables.append(_by_kind(asked.kinds, judged))
    tables += [_by_label(each) for each in judged]
    tables += [_surest_errors(each, asked) for each in judged]
    return Report(
        title,
        {**facts, "cases": len(asked.truth), "labels in the data": len(set(asked.truth)), **_baseline(asked.truth)},
        tuple(tables),
        tuple(picture for each in judged for picture in _pictures(each, complete)),
        tuple(limits),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """A classifier's answers beside the truth, as arrays."""

    name: str
    labels: list[str]
    truth: Ints
    given: Ints
    scores: Floats
    complete: bool

    @classmethod
    def of(cls, truth: Sequence[str], answers: Answers, labels: list[str]) -> _Judged:
        same_length(truth=truth, answers=answers.scores)
        empty = next((place for place, row in enumerate(answers.scores) if not row), None)
        if empty is not None:
            raise NotMeasurable(f"{answers.name} gave no scores for case {empty}")
        table = np.array([[row.get(label, 0.0) for label in labels] for row in answers.scores])
        complete = bool((np.abs(table.sum(axis=1) - 1) < 1e-3).all()) and all(
            row.keys() == answers.scores[0].keys() for row in answers.scores
        )
        return cls(answers.name, labels, encoded(truth, labels), table.argmax(axis=1), table, complete)

    @property
    def right(self) -> Bools:
        return np.asarray(self.truth == self.given)

    @property
    def confidence(self) -> Floats:
        highest: Floats = np.clip(self.scores.max(axis=1), 0, 1)
        return highest

    @property
    def confusion(self) -> Confusion:
        return Confusion(tuple(self.labels), counted(self.truth, self.given, len(self.labels)))

    def figures(self, complete: bool) -> Callable[[Ints], list[float]]:
        """All figures but the accuracy, of the cases at some positions; in the order of `_names`."""
        classes = len(self.labels)
        right, confidence = self.right, self.confidence
        bins = np.minimum((confidence * 10).astype(np.int64), 9)
        apart = confidence - right
        own = self.scores[np.arange(len(self.truth)), self.truth]
        losses = -np.log(np.clip(own, 1e-15, 1))
        squares = ((self.scores - np.eye(classes)[self.truth]) ** 2).sum(axis=1)
        # The same labels in every draw: one that was answered once by mistake would come and go, and the mean with it.
        support = np.bincount(self.truth, minlength=classes)
        macro, weighted = (support > 0) / np.count_nonzero(support), support / support.sum()

        ranked = [
            Ranked.of(self.truth == place, self.scores[:, place])
            for place in np.flatnonzero((support > 0) & (support < len(self.truth)))
        ]

        def measure(at: Ints) -> list[float]:
            columns = rates(counted(self.truth[at], self.given[at], classes))
            error = np.abs(np.bincount(bins[at], weights=apart[at], minlength=10)).sum() / len(at)
            found = [*(column @ macro for column in reversed(columns)), columns[2] @ weighted, error]
            if complete:
                found += [losses[at].mean(), squares[at].mean()]
                drawn = np.bincount(at, minlength=len(self.truth))
                found += [_mean(each.roc_auc(drawn) for each in ranked)]
                found += [_mean(each.average_precision(drawn) for each in ranked)]
            return [float(each) for each in found]

        return measure


_NAMES = ("macro F1", "macro recall", "macro precision", "weighted F1", "calibration error")
_COMPLETE_NAMES = ("log loss", "Brier score", "area under ROC", "area under precision-recall")


def _mean(areas: Iterable[float]) -> float:
    """NaN where there is none: all cases have one label."""
    found = [area for area in areas if not math.isnan(area)]
    return sum(found) / len(found) if found else math.nan


def _baseline(truth: Sequence[str]) -> dict[str, str]:
    label, count = Counter(truth).most_common(1)[0]
    return {"always the same answer": f"{label} has accuracy {count / len(truth):.3f}"}


def _measures(judged: list[_Judged], complete: bool, rounds: int, seed: int, progress: Progress | None) -> Table:
    names = (*_NAMES, *(_COMPLETE_NAMES if complete else ()))
    columns: list[list[Cell]] = []
    for each in judged:
        found = bootstrap(
            each.figures(complete),
            len(each.truth),
            strata=each.truth.tolist(),
            rounds=rounds,
            method="bca",
            seed=seed,
            progress=_named(progress, each.name),
        )
        accuracy: Cell = wilson(int(each.right.sum()), len(each.truth))
        columns.append([accuracy, *(None if math.isnan(one.value) else one for one in found)])
    rows: list[tuple[Cell, ...]] = [
        (name, *(column[place] for column in columns)) for place, name in enumerate(("accuracy", *names))
    ]
    return Table(
        "measures",
        "How good",
        ("measure", *(each.name for each in judged)),
        tuple(rows),
        f"In brackets: 95 % intervals. Of the accuracy Wilson's, of the others from {rounds} bootstrap draws (BCa). "
        "Means are over the labels that the data has.",
    )


def _differences(judged: list[_Judged], rounds: int, seed: int, progress: Progress | None) -> Table:
    first = judged[0]
    rows: list[tuple[Cell, ...]] = []
    for other in judged[1:]:
        gain = other.right.astype(float) - first.right.astype(float)

        def mean(at: Ints, gain: Floats = gain) -> float:
            return float(gain[at].mean())

        (apart,) = bootstrap(
            mean,
            len(gain),
            strata=first.truth.tolist(),
            rounds=rounds,
            seed=seed,
            progress=_named(progress, f"{other.name} - {first.name}"),
        )
        test = mcnemar(first.right, other.right)
        rows.append((f"{other.name} instead of {first.name}", apart, test.only_second, test.only_first, test.p))
    return Table(
        "differences",
        "Do they differ",
        ("", "accuracy gained", "newly right", "newly wrong", "p"),
        tuple(rows),
        "p: how probable so uneven a count, or a more uneven one, is where both are equally good (McNemar, exact).",
    )


def _by_kind(kinds: Sequence[str], judged: list[_Judged]) -> Table:
    places: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    rows: list[tuple[Cell, ...]] = [
        (kind, len(at), *(wilson(int(each.right[at].sum()), len(at)) for each in judged))
        for kind, at in sorted(places.items())
    ]
    return Table("kinds", "Accuracy by language", ("language", "cases", *(each.name for each in judged)), tuple(rows))


def _by_label(each: _Judged) -> Table:
    confusion = each.confusion
    right = np.diagonal(confusion.counts)
    rows: list[tuple[Cell, ...]] = [
        (
            one.label,
            wilson(int(right[place]), one.given) if one.given else None,
            wilson(int(right[place]), one.support) if one.support else None,
            one.rates.f1,
            one.support,
            one.given,
        )
        for place, one in enumerate(confusion.by_label())
        if one.support or one.given
    ]
    return Table(
        f"labels of {each.name}",
        f"By label: {each.name}",
        ("label", "precision", "recall", "F1", "cases", "answered"),
        tuple(rows),
    )


def _surest_errors(each: _Judged, asked: Asked) -> Table:
    wrong = np.flatnonzero(~each.right)
    order = wrong[np.argsort(-each.confidence[wrong], kind="stable")][:_WORST]
    rows: list[tuple[Cell, ...]] = [
        (
            asked.places[place],
            asked.texts[place][:_QUOTED],
            asked.truth[place],
            each.labels[each.given[place]],
            float(each.confidence[place]),
        )
        for place in order.tolist()
    ]
    return Table(
        f"errors of {each.name}",
        f"The surest errors: {each.name}",
        ("line", "text", "true", "answered", "confidence"),
        tuple(rows),
        "" if rows else "None: every answer is right.",
    )


def _pictures(each: _Judged, complete: bool) -> Iterator[Picture]:
    name = file_name(each.name)
    title = f"Confusion matrix: {each.name}"
    yield Picture(f"confusion-{name}", title, confusion_matrix(_occurring(each.confusion), title))
    title = f"Reliability: {each.name}"
    bins = reliability_bins(each.right, each.confidence)
    yield Picture(f"reliability-{name}", title, reliability_diagram(bins, title))
    if complete:
        support = Counter(each.truth.tolist())
        curves = {}
        for place, cases in support.most_common(_CURVES):
            if cases < len(each.truth):
                is_true, scores = each.truth == place, each.scores[:, place]
                curves[each.labels[place]] = (roc(is_true, scores), roc_auc(is_true, scores))
        if curves:
            title = f"ROC, each label against the rest: {each.name}"
            yield Picture(f"roc-{name}", title, roc_curves(dict(sorted(curves.items())), title))


def _occurring(table: Confusion) -> Confusion:
    """Without labels that no case has and none was given."""
    kept = np.flatnonzero(table.counts.sum(axis=0) + table.counts.sum(axis=1))
    return Confusion(tuple(table.labels[place] for place in kept), table.counts[np.ix_(kept, kept)])


def _named(progress: Progress | None, name: str) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total, what: progress(done, total, f"{what}: {name}")
