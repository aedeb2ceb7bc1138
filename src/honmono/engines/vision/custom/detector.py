"""Find objects of a customer's classes: a perceptron on the frozen network's grid, trained on boxed examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.custom.features import STRIDE, Features, Grid, Pixels
from honmono.engines.vision.custom.perceptron import Perceptron, Places, Progress, train
from honmono.engines.vision.pictures import Box

Floats = NDArray[np.float32]

LONGEST = 512
"""Pixels of the longer side of a picture that is searched."""
MOST_BOXES = 100
"""Objects told of a picture."""
_VIEWS = (512, 384, 640)
"""Longer sides that a picture is learned at; the second and third are mirrored by turns."""
_FEW = 600
"""More pictures are learned at the first size alone."""
_MOST_PLACES = 400_000
"""Places learned from: 400 MB. Of more a sample is learned, half of it near objects where there are so many."""
_LEAST = 0.05
"""Scores below are not told: almost all of them are nothing."""
_OVERLAP = 0.5
"""Of two boxes of a class that overlap more, the surer stays."""
_EDGE = 0.3
"""Heat from which on a place learns an object's sides."""
_STEPS = (600, 2400)
_SEED = 20261


@dataclass(frozen=True, slots=True)
class Boxed:
    """An object in a picture: the number of its class, and where it is."""

    label: int
    box: Box


@dataclass(frozen=True, slots=True)
class Found:
    """An object that was found; `score` from 0 to 1."""

    label: int
    score: float
    box: Box


def train_detector(
    load: Callable[[int], Pixels],
    objects: Sequence[Sequence[Boxed]],
    classes: int,
    features: Features,
    progress: Progress | None = None,
) -> Perceptron:
    """Learn from pictures with their objects.

    Args:
        load: gives the pixels of the picture of that number; called once for each.
        objects: of each picture, all that it holds.
        classes: how many there are.
        features: the network.
        progress: called with what is done, what there is to do, and what it is.
    """
    chance = np.random.default_rng(_SEED)
    views = _VIEWS if len(objects) <= _FEW else _VIEWS[:1]
    budget = max(4, _MOST_PLACES // max(1, len(objects) * len(views)))
    parts = []
    for number, boxes in enumerate(objects):
        pixels = load(number)
        for turn, longest in enumerate(views):
            mirrored = turn > 0 and (number + turn) % 2 == 0
            seen = np.ascontiguousarray(pixels[:, ::-1]) if mirrored else pixels
            grid = features.places(seen, longest)
            there = [Boxed(each.label, _mirror(each.box)) if mirrored else each for each in boxes]
            parts.append(_thinned(_targets(grid, there, classes), budget, chance))
        if progress:
            progress(number + 1, len(objects), "pictures looked at")
    joined = Places(*(np.concatenate([getattr(each, name) for each in parts]) for name in Places.__slots__))
    if not (joined.near > 0).any():
        raise ValueError("no picture holds an object to learn from")
    steps = int(np.clip(len(objects) * 20, *_STEPS))
    return train(joined, steps=steps, seed=_SEED, progress=progress)


def detect(model: Perceptron, picture: Pixels, features: Features) -> list[Found]:
    """The objects in a picture, the surest first."""
    grid = features.places(picture, LONGEST)
    _, columns, width = grid.cells.shape
    scores, sides = model.look(grid.cells.reshape(-1, width))
    place, label = np.nonzero(scores >= _LEAST)
    score = scores[place, label]
    middle_x, middle_y = (place % columns + 0.5), (place // columns + 0.5)
    left, top, right, bottom = np.exp(np.clip(sides[place], -4, 4)).T
    corners = np.stack(
        [
            np.clip((middle_x - left) * STRIDE / grid.width, 0, 1),
            np.clip((middle_y - top) * STRIDE / grid.height, 0, 1),
            np.clip((middle_x + right) * STRIDE / grid.width, 0, 1),
            np.clip((middle_y + bottom) * STRIDE / grid.height, 0, 1),
        ],
        axis=1,
    ).astype(np.float32)
    real = (corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1])
    kept = _suppressed(corners[real], score[real], label[real])
    return [
        Found(
            int(label[real][one]),
            float(score[real][one]),
            Box(*(float(value) for value in (a, b, c - a, d - b))),
        )
        for one in kept
        for a, b, c, d in [corners[real][one]]
    ]


def _suppressed(corners: Floats, scores: Floats, labels: NDArray[np.int64]) -> list[int]:
    """Which boxes stay, the surest first: non-maximum suppression within each class."""
    # A class of its own place on the plane: boxes of two classes never meet.
    moved = corners + 2 * labels[:, None]
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    order = np.argsort(-scores, kind="stable")[:1000]
    kept: list[int] = []
    while order.size and len(kept) < MOST_BOXES:
        one, rest = order[0], order[1:]
        kept.append(int(one))
        across = np.minimum(moved[one, 2:], moved[rest, 2:]) - np.maximum(moved[one, :2], moved[rest, :2])
        common = np.clip(across, 0, None).prod(axis=1)
        order = rest[common <= _OVERLAP * (areas[one] + areas[rest] - common)]
    return kept


def _mirror(box: Box) -> Box:
    return Box(1 - box.left - box.width, box.top, box.width, box.height)


def _targets(grid: Grid, objects: Sequence[Boxed], classes: int) -> Places:
    """What is to be said of each place of a grid."""
    rows, columns, width = grid.cells.shape
    heat = np.zeros((rows, columns, classes), np.float32)
    sides = np.zeros((rows, columns, 4), np.float32)
    near = np.zeros((rows, columns), np.float32)
    x, y = np.arange(columns) + 0.5, np.arange(rows) + 0.5
    # The smaller of two objects is drawn last: its places are its own.
    for each in sorted(objects, key=lambda one: -one.box.width * one.box.height):
        left, top = each.box.left * grid.width / STRIDE, each.box.top * grid.height / STRIDE
        wide, high = each.box.width * grid.width / STRIDE, each.box.height * grid.height / STRIDE
        along = (x - left - wide / 2) / max(wide / 4, 0.5)
        down = (y - top - high / 2) / max(high / 4, 0.5)
        warm = np.exp(-(along[None, :] ** 2 + down[:, None] ** 2) / 2).astype(np.float32)
        row = min(rows - 1, max(0, int(top + high / 2)))
        column = min(columns - 1, max(0, int(left + wide / 2)))
        # Half of the box each way around the middle is the middle: big objects have many such places.
        core = (np.abs(along)[None, :] <= 0.5) & (np.abs(down)[:, None] <= 0.5)
        warm[core] = 1.0
        warm[row, column] = 1.0
        heat[:, :, each.label] = np.maximum(heat[:, :, each.label], warm)
        own = warm > _EDGE
        far = np.stack(
            np.broadcast_arrays(
                (x - left)[None, :], (y - top)[:, None], (left + wide - x)[None, :], (top + high - y)[:, None]
            ),
            axis=2,
        )
        sides[own] = np.log(np.maximum(far[own], 0.1))
        near[own] = warm[own]
    flat = rows * columns
    return Places(
        grid.cells.reshape(flat, width).astype(np.float16),
        heat.reshape(flat, classes),
        sides.reshape(flat, 4),
        near.reshape(flat),
    )


def _thinned(places: Places, budget: int, chance: np.random.Generator) -> Places:
    """As many places as the budget allows: those near objects first, but half of it is left to others."""
    near = chance.permutation(np.flatnonzero(places.near > 0))
    others = chance.permutation(np.flatnonzero(places.near == 0))
    near = near[: max(budget // 2, budget - len(others))]
    kept = np.sort(np.concatenate([near, others[: budget - len(near)]]))
    return Places(*(getattr(places, name)[kept] for name in Places.__slots__))
