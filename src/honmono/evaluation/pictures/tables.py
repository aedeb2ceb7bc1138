"""The confusion matrix as a picture."""

from __future__ import annotations

import numpy as np

from honmono.evaluation.arrays import Ints
from honmono.evaluation.classification import Confusion
from honmono.evaluation.pictures.svg import Drawing, cut, width

_SHOWN = 16
_LABEL = 150.0


def confusion_matrix(table: Confusion, title: str = "Confusion matrix") -> str:
    """Rows are true labels, columns what was answered; the darker, the greater the share of the row.

    Of more than 16 labels the most frequent are shown, the others as one.
    """
    names, counts = _foremost(table)
    number = len(names)
    labels = [cut(name, _LABEL) for name in names]
    widest = max(map(width, labels))
    cell = max(38.0, min(92.0, 560.0 / number))
    # Where a column's name is wider than the column, all names run upwards.
    turned = widest > cell - 6
    left, top = 52 + max(widest, 40) + 10, 84 + (widest + 8 if turned else 22)
    wide = max(left + number * cell + 28, width(title) * 1.25 + 48)
    drawing = Drawing(wide, top + number * cell + 52, title, _told(table))
    drawing.text(24, 34, title, "head")
    drawing.text(left + number * cell / 2, 66, "answered", "small", anchor="middle")
    drawing.text(34, top + number * cell / 2, "true", "small", anchor="middle", turned=True)
    for place, label in enumerate(labels):
        middle = left + (place + 0.5) * cell
        drawing.text(
            middle + (4 if turned else 0), top - 10, label, anchor="start" if turned else "middle", turned=turned
        )
        drawing.text(left - 10, top + (place + 0.5) * cell + 4, label, anchor="end")
    for row, line in enumerate(counts):
        cases = int(line.sum())
        for column, count in enumerate(line):
            x, y = left + column * cell, top + row * cell
            share = count / cases if cases else 0.0
            tip = f"{names[row]} answered {names[column]}: {count} of {cases} ({share:.0%})"
            drawing.box(x + 1, y + 1, cell - 2, cell - 2, "empty", tip=tip)
            if count:
                # Never so dark or so bright that the number on it could not be read.
                kind = "first" if row == column else "second"
                drawing.box(x + 1, y + 1, cell - 2, cell - 2, kind, opacity=0.08 + 0.54 * share, tip=tip)
                drawing.text(
                    x + cell / 2, y + cell / 2 + (0 if cell > 50 else 4), str(count), "number", anchor="middle"
                )
                if cell > 50:
                    drawing.text(x + cell / 2, y + cell / 2 + 16, _percent(share), "number", anchor="middle")
    foot = f"{table.cases} cases, accuracy {table.accuracy:.3f}; the shade is the share of the row"
    drawing.text(24, top + number * cell + 32, foot, "small")
    return drawing.render()


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "<1%"


def _foremost(table: Confusion) -> tuple[list[str], Ints]:
    labels, counts = list(table.labels), table.counts
    if len(labels) <= _SHOWN:
        return labels, counts
    weight = counts.sum(axis=0) + counts.sum(axis=1)
    kept = sorted(np.argsort(-weight, kind="stable")[: _SHOWN - 1].tolist())
    others = [place for place in range(len(labels)) if place not in kept]
    merged = np.zeros((_SHOWN, _SHOWN), dtype=np.int64)
    place = np.full(len(labels), _SHOWN - 1)
    place[kept] = np.arange(_SHOWN - 1)
    np.add.at(merged, (place[:, None], place[None, :]), counts)
    return [*(labels[each] for each in kept), f"{len(others)} others"], merged


def _told(table: Confusion) -> str:
    said = []
    for row, label in enumerate(table.labels):
        answers = [
            f"{count} as {table.labels[column]}" for column, count in enumerate(table.counts[row].tolist()) if count
        ]
        if answers:
            said.append(f"{label}: {', '.join(answers)}.")
    return " ".join(said)
