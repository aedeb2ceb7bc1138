"""One finder of places in texts or several, held against the truth: a report with figures, intervals and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from honmono.evaluation.arrays import Floats, Ints, same_length
from honmono.evaluation.calibration import expected_calibration_error, reliability_bins
from honmono.evaluation.classification import Confusion
from honmono.evaluation.intervals import Interval, bootstrap, wilson
from honmono.evaluation.marked import MarkedCase
from honmono.evaluation.pictures import confusion_matrix, reliability_diagram
from honmono.evaluation.report import Cell, Picture, Report, Table, file_name
from honmono.evaluation.spans import Span, overlapping

Progress = Callable[[int, int, str], None]
NOTHING = "(nothing)"
_WORST = 10
_AROUND = 20
_NAMES = ("exact F1", "exact precision", "exact recall", "macro exact F1", "overlap F1")


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder found in each text: places and, beside each, the score that it gave it, 0 to 1."""

    name: str
    spans: Sequence[Sequence[tuple[Span, float]]]


def compare_finders(
    title: str,
    cases: Sequence[MarkedCase],
    finders: Sequence[Found],
    facts: Mapping[str, str | int | float],
    *,
    rounds: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Measure every finder, and the first against each of the others. The intervals draw whole texts.

    Raises NotMeasurable: no texts, or a finder with other texts.
    """
    for each in finders:
        same_length(texts=cases, found=each.spans)
    judged = [_Judged.of(cases, each) for each in finders]
    marked = sum(len(case.spans) for case in cases)
    tables = [_measures(judged, rounds, seed, progress)]
    if len(judged) > 1:
        tables.append(_differences(judged, rounds, seed))
    tables += [_by_type(each) for each in judged]
    tables += [_surest_errors(cases, each) for each in finders]
    return Report(
        title,
        {**facts, "texts": len(cases), "places marked": marked},
        tuple(tables),
        tuple(picture for each in finders for picture in _pictures(cases, each)),
        tuple(notes),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Counts by text and type: rightly found exactly and by overlap, marked, found."""

    name: str
    types: list[str]
    exact: Ints
    overlap: Ints
    marked: Ints
    found: Ints

    @classmethod
    def of(cls, cases: Sequence[MarkedCase], finder: Found) -> _Judged:
        said = [[span for span, _ in row] for row in finder.spans]
        types = sorted({span.type for case in cases for span in case.spans} | {s.type for row in said for s in row})
        place = {name: number for number, name in enumerate(types)}
        exact, overlap, marked, found = (np.zeros((len(cases), len(types)), dtype=np.int64) for _ in range(4))
        for row, (case, spans) in enumerate(zip(cases, said, strict=True)):
            for counts, hits in (
                (exact, set(case.spans) & set(spans)),
                (overlap, [one for one, _ in overlapping(case.spans, spans, same_type=True)]),
                (marked, set(case.spans)),
                (found, set(spans)),
            ):
                for span in hits:
                    counts[row, place[span.type]] += 1
        return cls(finder.name, types, exact, overlap, marked, found)

    def figures(self, at: Ints) -> Floats:
        """The figures of `_NAMES` over the texts at these positions."""
        exact, overlap = self.exact[at].sum(axis=0), self.overlap[at].sum(axis=0)
        marked, found = self.marked[at].sum(axis=0), self.found[at].sum(axis=0)
        known = self.marked.sum(axis=0) > 0  # the same types in every draw
        by_type = _share(2 * exact, marked + found)
        return np.array(
            [
                _share(2 * exact.sum(), marked.sum() + found.sum()),
                _share(exact.sum(), found.sum()),
                _share(exact.sum(), marked.sum()),
                by_type[known].mean() if known.any() else 0.0,
                _share(2 * overlap.sum(), marked.sum() + found.sum()),
            ],
            dtype=np.float64,
        )


def _share(part: Ints, whole: Ints) -> Floats:
    return np.divide(part, whole, out=np.zeros(np.shape(part)), where=np.asarray(whole) > 0)


def _measures(judged: list[_Judged], rounds: int, seed: int, progress: Progress | None) -> Table:
    columns: list[list[Interval]] = []
    for each in judged:
        columns.append(
            bootstrap(each.figures, len(each.exact), rounds=rounds, method="bca", seed=seed, progress=progress)
        )
    rows: list[tuple[Cell, ...]] = [(name, *(column[place] for column in columns)) for place, name in enumerate(_NAMES)]
    return Table(
        "measures",
        "How good",
        ("measure", *(each.name for each in judged)),
        tuple(rows),
        "Exact: start, end and type are right. Overlap: the type is right and a character is shared. In brackets: 95 % "
        f"intervals from {rounds} bootstrap draws of whole texts (BCa). Macro: over the types that the data has.",
    )


def _differences(judged: list[_Judged], rounds: int, seed: int) -> Table:
    first = judged[0]
    rows: list[tuple[Cell, ...]] = []
    for other in judged[1:]:

        def gain(at: Ints, other: _Judged = other) -> float:
            return float(other.figures(at)[0] - first.figures(at)[0])

        rows.append(
            (f"{other.name} instead of {first.name}", *bootstrap(gain, len(first.exact), rounds=rounds, seed=seed))
        )
    return Table("differences", "Do they differ", ("", "exact F1 gained"), tuple(rows))


def _by_type(each: _Judged) -> Table:
    exact, marked, found = (counts.sum(axis=0).tolist() for counts in (each.exact, each.marked, each.found))
    overlap = _share(2 * each.overlap.sum(axis=0), each.marked.sum(axis=0) + each.found.sum(axis=0))
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            wilson(exact[place], found[place]) if found[place] else None,
            wilson(exact[place], marked[place]) if marked[place] else None,
            2 * exact[place] / (marked[place] + found[place]),
            float(overlap[place]),
            marked[place],
            found[place],
        )
        for place, name in enumerate(each.types)
    ]
    heads = ("type", "precision", "recall", "F1", "overlap F1", "marked", "found")
    return Table(f"types of {each.name}", f"By type: {each.name}", heads, tuple(rows))


def _surest_errors(cases: Sequence[MarkedCase], finder: Found) -> Table:
    wrong = [
        (score, case, span)
        for case, row in zip(cases, finder.spans, strict=True)
        for span, score in row
        if span not in case.spans
    ]
    wrong.sort(key=lambda each: (-each[0], each[1].line, each[2]))
    rows: list[tuple[Cell, ...]] = []
    for score, case, span in wrong[:_WORST]:
        before, after = case.text[max(0, span.start - _AROUND) : span.start], case.text[span.end : span.end + _AROUND]
        near = ", ".join(
            f"{case.text[one.start : one.end]}: {one.type}"
            for one, _ in overlapping(case.spans, [span], same_type=False)
        )
        rows.append(
            (case.line, f"{before}[{case.text[span.start : span.end]}]{after}", near or NOTHING, span.type, score)
        )
    return Table(
        f"errors of {finder.name}",
        f"The surest errors: {finder.name}",
        ("line", "where", "marked there", "found", "score"),
        tuple(rows),
        "" if rows else "None: every place that was found is right.",
    )


def _pictures(cases: Sequence[MarkedCase], finder: Found) -> list[Picture]:
    truth: list[str] = []
    given: list[str] = []
    right: list[bool] = []
    scores: list[float] = []
    for case, row in zip(cases, finder.spans, strict=True):
        said = [span for span, _ in row]
        pairs = overlapping(case.spans, said, same_type=False)
        missed = set(case.spans) - {one for one, _ in pairs}
        invented = set(said) - {two for _, two in pairs}
        truth += [*(one.type for one, _ in pairs), *(one.type for one in missed), *(NOTHING for _ in invented)]
        given += [*(two.type for _, two in pairs), *(NOTHING for _ in missed), *(two.type for two in invented)]
        right += [span in case.spans for span in said]
        scores += [score for _, score in row]
    pictures = []
    if truth:
        title = f"What the places were taken for: {finder.name}"
        picture = confusion_matrix(Confusion.of(truth, given), title)
        pictures.append(Picture(f"confusion-{file_name(finder.name)}", title, picture))
    if scores:
        error = expected_calibration_error(right, scores)
        title = f"Reliability, error {error:.3f}: {finder.name}"
        picture = reliability_diagram(reliability_bins(right, scores), title)
        pictures.append(Picture(f"reliability-{file_name(finder.name)}", title, picture))
    return pictures
