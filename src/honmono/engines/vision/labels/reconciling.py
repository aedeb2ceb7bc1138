"""Bring together what the picture as a whole is said to be and what was found in it with boxes.

The two networks know different things and are wrong about different ones. A detector's score becomes a confidence by
log-odds: how sure it is itself, and how well the classifier agrees where its thousand classes cover the thing. Agreement
counts as it is; disagreement counts by how much of the picture the things would fill, for the classifier cannot be asked
about what is small. Two boxes of different kinds around the same thing are one thing: the likelier is kept. A parent is
at least as sure as its child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.answers import Instance, Label, Thing
from honmono.engines.vision.labels.detections import Detections, area, inside, overlaps
from honmono.engines.vision.labels.vocabulary import vocabulary
from honmono.engines.vision.pictures import Box

LEAST = 0.01
"""Labels that are less likely are not answered."""
LEAST_THING = 0.2
"""Nor are things."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How a score becomes a confidence; chosen on the development pictures, see training/labels/calibrate.py.

    Attributes:
        slope, shift: of the detector's log-odds.
        agreement: what a unit of the classifier's log-odds over `usual` is worth.
        usual: the log-odds at which the classifier says nothing either way.
        most, least: bounds of what the classifier may add.
        same: overlap from which two boxes of different kinds are around one thing.
    """

    slope: float = 1.0
    shift: float = 0.0
    agreement: float = 0.5
    usual: float = -2.5
    most: float = 2.0
    least: float = -1.5
    same: float = 0.6


WEIGHTS = Weights()


def things(
    found: Detections,
    names: Sequence[str],
    probabilities: NDArray[np.float32] | None,
    width: int,
    height: int,
    weights: Weights = WEIGHTS,
) -> list[Thing]:
    """What was found, with confidences, surest first.

    Args:
        found: boxes in pixels of a picture of that width and height.
        names: the labels of the detector's classes.
        probabilities: the classifier's (1000,); None where it was not asked.
    """
    if not len(found):
        return []
    scores = np.clip(found.scores.astype(np.float64), 1e-4, 1 - 1e-4)
    odds = weights.slope * _log_odds(scores) + weights.shift
    if probabilities is not None:
        shares = area(found.boxes) / (width * height)
        for kind in np.unique(found.classes):
            rows = found.classes == kind
            odds[rows] += _support(names[kind], probabilities, float(shares[rows].sum()), weights)
    order = np.argsort(-odds, kind="stable")
    kept = _without_rivals(found.taken(order), weights.same)
    scale = 1 / np.array([width, height, width, height], np.float64)
    row = []
    for place in order[kept]:
        left, top, right, bottom = (float(each) for each in found.boxes[place] * scale)
        confidence = float(1 / (1 + np.exp(-odds[place])))
        if confidence >= LEAST_THING:
            row.append(Thing(names[found.classes[place]], Box(left, top, right - left, bottom - top), confidence))
    return row


def labels(seen: Sequence[Thing], probabilities: NDArray[np.float32] | None) -> tuple[Label, ...]:
    """The labels of a picture, surest first.

    Args:
        seen: its things.
        probabilities: the classifier's (1000,); None where it was not asked.
    """
    words = vocabulary()
    confidences: dict[str, float] = {}
    if probabilities is not None:
        names, implied = _implications()
        confidences = dict(zip(names, np.minimum(implied @ probabilities, 1.0).tolist(), strict=True))
    for thing in seen:
        for name in (thing.name, *words.meaning(thing.name).parents):
            confidences[name] = max(confidences.get(name, 0.0), thing.confidence)
    found = []
    for name, confidence in confidences.items():
        if confidence < LEAST:
            continue
        instances = tuple(Instance(thing.box, thing.confidence) for thing in seen if thing.name == name)
        meaning = words.meaning(name)
        found.append(Label(name, confidence, instances, meaning.parents, meaning.categories, meaning.aliases))
    # A child before its parents where both are as sure: the one says more.
    return tuple(sorted(found, key=lambda label: (-label.confidence, -len(label.parents), label.name)))


def _support(name: str, probabilities: NDArray[np.float32], share: float, weights: Weights) -> float:
    """What the classifier's opinion adds to the log-odds of a kind whose boxes fill that share of the picture."""
    names, implied = _implications()
    place = names.index(name) if name in names else -1
    if place < 0 or not implied[place].any():
        return 0.0
    likely = float(np.clip(implied[place] @ probabilities, 1e-4, 1 - 1e-4))
    opinion = weights.agreement * (float(_log_odds(np.array(likely))) - weights.usual)
    if opinion >= 0:
        return min(opinion, weights.most)
    return max(opinion, weights.least) * min(1.0, share)


def _without_rivals(found: Detections, same: float) -> list[int]:
    """The rows to keep of detections in the order of their log-odds: none around the same thing as a likelier one."""
    kept: list[int] = []
    for row in range(len(found)):
        others = found.boxes[kept]
        if kept:
            rivals = found.classes[kept] != found.classes[row]
            alike = overlaps(found.boxes[row], others) > same
            # A part of an animal or a person that is taken for another animal.
            swallowed = (inside(found.boxes[row], others) > 0.9) & (area(others) < 2.5 * area(found.boxes[row][None]))
            if (rivals & (alike | swallowed)).any():
                continue
        kept.append(row)
    return kept


def _log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.log(probability / (1 - probability))
    return odds


@cache
def _implications() -> tuple[list[str], NDArray[np.float32]]:
    """Every label, and which of ImageNet's classes imply it: (labels, 1000) of 0 and 1."""
    words = vocabulary()
    names = list(words.meanings)
    rows = {name: row for row, name in enumerate(names)}
    implied = np.zeros((len(names), len(words.imagenet)), np.float32)
    for column, leaf in enumerate(words.imagenet):
        for name in (leaf, *words.meaning(leaf).parents):
            implied[rows[name], column] = 1
    return names, implied
