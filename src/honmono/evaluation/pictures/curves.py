"""Curves as pictures: reliability, ROC, precision and recall, learning."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.calibration import Bin
from honmono.evaluation.intervals import Interval, wilson
from honmono.evaluation.pictures.svg import COLOURS, TENTHS, Drawing, Plot, cut, width
from honmono.evaluation.scores import Curve

_SIDE = 360.0
_VISIBLE = 0.8
_LEFT, _TOP = 84.0, 56.0


def reliability_diagram(bins: Sequence[Bin], title: str = "Reliability") -> str:
    """Confidence against the share that is right, with Wilson intervals; below, how many answers had that confidence.

    On the dashed line a classifier is as often right as it says. Raises NotMeasurable: no bins.
    """
    if not bins:
        raise NotMeasurable("there are no bins to draw")
    cases = sum(each.cases for each in bins)
    drawing = Drawing(
        _LEFT + _SIDE + 32,
        _TOP + _SIDE + 180,
        title,
        " ".join(f"Confidence {each.confidence:.2f}: {each.accuracy:.2f} right of {each.cases}." for each in bins),
    )
    drawing.text(24, 34, title, "head")
    plot = Plot(drawing, (_LEFT, _TOP, _SIDE, _SIDE), (0, 1), (0, 1))
    plot.axes("confidence of the answer", "share that is right", TENTHS, TENTHS)
    drawing.line([plot.at(0, 0), plot.at(1, 1)], "ideal")
    drawing.line([plot.at(each.confidence, each.accuracy) for each in bins], "line first")
    for each in bins:
        trust = wilson(round(each.accuracy * each.cases), each.cases)
        drawing.line([plot.at(each.confidence, trust.low), plot.at(each.confidence, trust.high)], "line first")
        tip = f"{each.cases} answers with confidence {each.confidence:.2f}: {each.accuracy:.2f} right"
        drawing.dot(*plot.at(each.confidence, each.accuracy), "first", tip=tip)
    most = max(each.cases for each in bins)
    counts = Plot(drawing, (_LEFT, _TOP + _SIDE + 64, _SIDE, 64), (0, 1), (0, most))
    for each in bins:
        x, y = counts.at(each.low, each.cases)
        wide = (each.high - each.low) * _SIDE
        drawing.box(x + 1, y, wide - 2, counts.top + counts.high - y, "third", tip=f"{each.cases} answers")
    drawing.line([counts.at(0, 0), counts.at(1, 0)], "grid")
    drawing.text(_LEFT - 8, counts.top + 10, str(most), "small", anchor="end")
    drawing.text(_LEFT - 8, counts.top + counts.high, "0", "small", anchor="end")
    drawing.text(_LEFT, counts.top + counts.high + 24, f"answers with that confidence, {cases} in all", "small")
    return drawing.render()


def roc_curves(curves: Mapping[str, tuple[Curve, float]], title: str = "ROC") -> str:
    """ROC curves by name, each with its area; the dashed line is guessing. Raises NotMeasurable: no curves."""
    return _unit_curves(curves, title, "share of the false that is called true", "share of the true", guessing=True)


def precision_recall_curves(curves: Mapping[str, tuple[Curve, float]], title: str = "Precision and recall") -> str:
    """Precision against recall by name, each with its area. Raises NotMeasurable: no curves."""
    return _unit_curves(curves, title, "recall", "precision", guessing=False)


def learning_curve(
    sizes: Sequence[int],
    training: Sequence[Interval],
    validation: Sequence[Interval],
    title: str = "Learning curve",
    measure: str = "accuracy",
) -> str:
    """A measure on the training and on the validation cases against how many cases were trained with, by log.

    A gap that stays is overfitting; two curves that meet low are too simple a model. Bands are the intervals.
    Raises NotMeasurable: the columns differ in length, or there are fewer than two sizes.
    """
    if not len(sizes) == len(training) == len(validation) >= 2:
        raise NotMeasurable(
            f"{len(sizes)} sizes, {len(training)} training and {len(validation)} validation figures: a curve needs two "
            "sizes at least, and a figure for each"
        )
    figures = [bound for each in (*training, *validation) for bound in (each.low, each.high, each.value)]
    low, high = math.floor(min(figures) * 10) / 10, math.ceil(max(figures) * 10) / 10
    high = high if high > low else low + 0.1
    step = next(step for step in _STEPS if (high - low) / step <= 6)
    marks = [low + number * step for number in range(math.floor((high - low) / step + 1e-9) + 1)]
    drawing = Drawing(
        _LEFT + 520 + 32,
        _TOP + _SIDE * 0.8 + 92,
        title,
        " ".join(
            f"{size} cases: training {one.value:.3f}, validation {two.value:.3f}."
            for size, one, two in zip(sizes, training, validation, strict=True)
        ),
    )
    drawing.text(24, 34, title, "head")
    ends = math.log(min(sizes)), math.log(max(sizes))
    plot = Plot(drawing, (_LEFT, _TOP, 520, _SIDE * 0.8), ends if ends[0] < ends[1] else (0, 1), (low, high))
    plot.axes(
        "cases in training",
        measure,
        _apart(plot, sizes),
        [(mark, f"{mark:.3g}") for mark in marks],
    )
    for name, column, colour in (("training", training, "second"), ("validation", validation, "first")):
        upper = [plot.at(math.log(size), each.high) for size, each in zip(sizes, column, strict=True)]
        lower = [plot.at(math.log(size), each.low) for size, each in zip(sizes, column, strict=True)]
        drawing.area([*upper, *reversed(lower)], f"band {colour}")
        points = [plot.at(math.log(size), each.value) for size, each in zip(sizes, column, strict=True)]
        drawing.line(points, f"line {colour}")
        for (x, y), size, each in zip(points, sizes, column, strict=True):
            drawing.dot(x, y, colour, tip=f"{name}, {size} cases: {each}")
    _legend(drawing, _LEFT, drawing.height - 20, [("training", "second"), ("validation", "first")])
    return drawing.render()


def _apart(plot: Plot, sizes: Sequence[int]) -> list[tuple[float, str]]:
    """A tick for each size whose number does not run into the one before."""
    ticks: list[tuple[float, str]] = []
    end = -math.inf
    for size in sorted(set(sizes)):
        word = f"{size:,}"
        x, _ = plot.at(math.log(size), 0)
        if x - width(word) / 2 > end:
            ticks.append((math.log(size), word))
            end = x + width(word) / 2
    return ticks


_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, *(10.0**power for power in range(12)))


def _unit_curves(
    curves: Mapping[str, tuple[Curve, float]], title: str, x_title: str, y_title: str, *, guessing: bool
) -> str:
    if not curves:
        raise NotMeasurable("there are no curves to draw")
    told = " ".join(f"{name}: area {area:.3f}." for name, (_, area) in curves.items())
    drawing = Drawing(_LEFT + _SIDE + 32, _TOP + _SIDE + 60 + 22 * len(curves), title, told)
    drawing.text(24, 34, title, "head")
    plot = Plot(drawing, (_LEFT, _TOP, _SIDE, _SIDE), (0, 1), (0, 1))
    plot.axes(x_title, y_title, TENTHS, TENTHS)
    if guessing:
        drawing.line([plot.at(0, 0), plot.at(1, 1)], "ideal")
    for place, (name, (curve, area)) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = [plot.at(float(x), float(y)) for x, y in zip(curve.x, curve.y, strict=True)]
        drawing.line(_visible(points), f"line {colour}")
        _legend(
            drawing, _LEFT, _TOP + _SIDE + 64 + 22 * place, [(f"{cut(name, _SIDE - 110)}: area {area:.3f}", colour)]
        )
    return drawing.render()


def _visible(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The first and the last point, and between them those that are some way from the one before: a curve of 50,000
    cases need not be a file of a megabyte."""
    last = points[0]
    yield last
    for point in points[1:-1]:
        if math.dist(point, last) >= _VISIBLE:
            last = point
            yield last
    yield points[-1]


def _legend(drawing: Drawing, x: float, y: float, names: Sequence[tuple[str, str]]) -> None:
    for name, colour in names:
        drawing.box(x, y - 10, 12, 12, colour)
        drawing.text(x + 18, y, name)
        x += width(name) + 48
