"""Bring together what the picture as a whole is said to be and what was found in it with boxes.

The two networks know different things and are wrong about different ones. A detector's score becomes a confidence by
log-odds: how sure it is itself, and how well the classifier agrees where its thousand classes cover the thing. Agreement
about the whole picture counts as it is; disagreement counts by how much of the picture the things would fill, for what is
small cannot be judged so. Where that leaves doubt, the classifier is shown the surest thing of its kind alone, and what it
says against that one is held against all of its kind. Two boxes of different kinds around the same thing are one thing: the
likelier is kept. A parent is at least as sure as its child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.labels.answers import Instance, Label, Thing
from honmono.engines.vision.labels.detections import Detections, area, inside, log_odds, overlaps
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
        alone: the log-odds at which the classifier, shown the thing alone, says nothing either way.
        same: overlap from which two boxes of different kinds are around one thing.
    """

    slope: float = 2.3
    shift: float = 0.6
    agreement: float = 0.5
    usual: float = -1.0
    most: float = 2.0
    least: float = -2.5
    alone: float = -2.5
    same: float = 0.6


WEIGHTS = Weights()
AS_SCORED = Weights(slope=1.0, shift=0.0, agreement=0.0)
"""For a detector whose scores are probabilities already."""


_HALF_KNOWN = frozenset(("Person", "Horse", "Sheep", "Cow", "Apple", "Knife", "Spoon", "Chair", "Tie", "Book"))
"""Kinds of which ImageNet has few forms (three of persons: a groom, a diver, a ballplayer): that the classifier does not see
one says nothing."""
MOST_ASKED = 3
"""Kinds of thing in a picture that are shown to the classifier alone: each costs a run of it."""
_WORTH_ASKING = 0.3


def doubted(found: Detections, names: Sequence[str], probabilities: NDArray[np.float32]) -> list[int]:
    """The rows to show to the classifier alone: the surest of each kind that it knows and does not see in the whole; and
    of persons, where it sees an animal in the whole and the detector found none."""
    likely = likelihoods(probabilities)
    animal = likely["Animal"] > 0.5 and not _has_animal(found, names)
    rows: list[int] = []
    for row in range(len(found)):  # surest first
        name = names[found.classes[row]]
        is_first = all(found.classes[row] != found.classes[other] for other in range(row))
        if name in _HALF_KNOWN and not (animal and name == "Person"):
            continue
        if is_first and found.scores[row] >= _WORTH_ASKING and likely.get(name, 1.0) < 0.5:
            rows.append(row)
    return rows[:MOST_ASKED]


def things(
    found: Detections,
    names: Sequence[str],
    probabilities: NDArray[np.float32] | None,
    width: int,
    height: int,
    weights: Weights = WEIGHTS,
    alone: Mapping[int, NDArray[np.float32]] = MappingProxyType({}),
) -> list[Thing]:
    """What was found, with confidences, surest first.

    Args:
        found: boxes in pixels of a picture of that width and height.
        names: the labels of the detector's classes.
        probabilities: the classifier's (1000,); None where it was not asked.
        alone: what it says of some rows of `found` when shown those alone.
    """
    if not len(found):
        return []
    odds = weights.slope * log_odds(found.scores) + weights.shift
    said = _said(found, names, probabilities, alone, width * height, weights) if probabilities is not None else 0 * odds
    odds += said
    # Between two kinds that claim the same thing the classifier's word counts double.
    order = np.argsort(-(odds + np.maximum(said, 0)), kind="stable")
    kept = order[_without_rivals(found.taken(order), weights.same)]
    scale = 1 / np.array([width, height, width, height], np.float64)
    answer = []
    for place in kept[np.argsort(-odds[kept], kind="stable")]:
        left, top, right, bottom = (float(each) for each in found.boxes[place] * scale)
        confidence = float(1 / (1 + np.exp(-odds[place])))
        if confidence >= LEAST_THING:
            answer.append(Thing(names[found.classes[place]], Box(left, top, right - left, bottom - top), confidence))
    return answer


def labels(seen: Sequence[Thing], probabilities: NDArray[np.float32] | None) -> tuple[Label, ...]:
    """The labels of a picture, surest first.

    Args:
        seen: its things.
        probabilities: the classifier's (1000,); None where it was not asked.
    """
    words = vocabulary()
    confidences: dict[str, float] = {}
    if probabilities is not None:
        confidences = likelihoods(probabilities)
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


def likelihoods(probabilities: NDArray[np.float32]) -> dict[str, float]:
    """How likely each label is that one of ImageNet's classes implies, from the classes' probabilities (1000,)."""
    names, implied = _implications()
    return dict(zip(names, np.minimum(implied @ probabilities, 1.0).tolist(), strict=True))


def _said(
    found: Detections,
    names: Sequence[str],
    probabilities: NDArray[np.float32],
    alone: Mapping[int, NDArray[np.float32]],
    size: int,
    weights: Weights,
) -> NDArray[np.float64]:
    """What the classifier adds to the log-odds of each row, in a picture of `size` pixels."""
    added = np.zeros(len(found))
    likely = likelihoods(probabilities)
    shares = area(found.boxes) / size
    for kind in np.unique(found.classes):
        rows = found.classes == kind
        opinion = _support(likely.get(names[kind]), float(shares[rows].sum()), weights)
        added[rows] += max(opinion, 0.0) if names[kind] in _HALF_KNOWN else opinion
    for row, seen in alone.items():
        kind = found.classes[row]
        if names[kind] == "Person":
            # A detector that has never seen a tiger takes it for the likeliest thing with a face.
            added[row] -= max(0.0, float(log_odds(np.array(likelihoods(seen)["Animal"]))) + 1)
            continue
        opinion = _opinion(likelihoods(seen).get(names[kind]), weights.alone, weights)
        added[found.classes == kind if opinion < 0 else [row]] += opinion
    return added


def _has_animal(found: Detections, names: Sequence[str]) -> bool:
    kinds = {names[kind] for kind in found.classes[found.scores >= _WORTH_ASKING]}
    return any("Animal" in vocabulary().meaning(name).parents for name in kinds)


def _support(likely: float | None, share: float, weights: Weights) -> float:
    """What the classifier's opinion of the whole adds to the log-odds of a kind whose boxes fill that share of it."""
    opinion = _opinion(likely, weights.usual, weights)
    return opinion if opinion >= 0 else opinion * min(1.0, share)


def _opinion(likely: float | None, usual: float, weights: Weights) -> float:
    """Log-odds to add for a probability; nothing where the classifier does not know the kind."""
    if likely is None:
        return 0.0
    return min(max(weights.agreement * (float(log_odds(np.array(likely))) - usual), weights.least), weights.most)


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


@cache
def _implications() -> tuple[list[str], NDArray[np.float32]]:
    """The labels that ImageNet's classes imply, and which do: (labels, 1000) of 0 and 1."""
    words = vocabulary()
    columns: dict[str, list[int]] = {}
    for column, leaf in enumerate(words.imagenet):
        for name in (leaf, *words.meaning(leaf).parents):
            columns.setdefault(name, []).append(column)
    implied = np.zeros((len(columns), len(words.imagenet)), np.float32)
    for row, places in enumerate(columns.values()):
        implied[row, places] = 1
    return list(columns), implied
