"""A perceptron with one hidden layer that finds objects in a grid of features, and how it is trained.

For each place it says how likely an object of each class has its middle there, and how far the object's four sides are.

Source: Zhou, Wang and Krähenbühl, Objects as points, 2019 (targets that fall off around the middle, the focal loss that
spares places near it); Tian and others, FCOS, 2019 (distances to the four sides). The loss's exponents are the first's.
Half of the hidden units and a fifth of the inputs are left out of each step by chance (Srivastava and others, Dropout,
2014): of few examples nothing is to rest on one unit. Measured on the development scenes of bench/custom_labels.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Progress = Callable[[float, float, str], None]

HIDDEN = 128
_BATCH = 2048
_RATE = 2e-3
_DECAY = 1e-4
_DROPPED, _DROPPED_INPUTS = 0.5, 0.2
_SIDES = 4
_BOX_WEIGHT = 1.0
_MINIMUM = 1e-6


@dataclass(frozen=True, slots=True)
class Places:
    """Places to learn from.

    Attributes:
        vectors: (places, width), of half precision.
        heat: (places, classes), 1 in the middle of an object, falling to 0 around it.
        sides: (places, 4), the logarithms of the distances to left, top, right and bottom in strides; of places with
            `near` > 0.
        near: (places), how much a place counts in learning the sides.
    """

    vectors: NDArray[np.float16]
    heat: Floats
    sides: Floats
    near: Floats


@dataclass(frozen=True, slots=True)
class Perceptron:
    """The weights.

    centre, spread: (width), how vectors are put on one scale.
    inner, inner_bias: (width, hidden), (hidden).
    outer, outer_bias: (hidden, classes + 4), (classes + 4).
    """

    centre: Floats
    spread: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return int(self.outer.shape[1]) - _SIDES

    def look(self, vectors: NDArray[np.floating]) -> tuple[Floats, Floats]:
        """Of places (n, width): how likely each class's middle is there (n, classes), and the log distances (n, 4)."""
        scaled = (vectors.astype(np.float32) - self.centre) / self.spread
        hidden = np.maximum(scaled @ self.inner + self.inner_bias, 0)
        out = hidden @ self.outer + self.outer_bias
        return _sigmoid(out[:, :-_SIDES]), out[:, -_SIDES:]


def train(places: Places, *, steps: int, seed: int, progress: Progress | None = None) -> Perceptron:
    """Learn by Adam, with a rate that falls along a cosine. Half of each batch are places near objects.

    Source: Kingma and Ba, Adam, 2014.
    """
    chance = np.random.default_rng(seed)
    width, classes = places.vectors.shape[1], places.heat.shape[1]
    sample = places.vectors[chance.permutation(len(places.vectors))[:20_000]].astype(np.float32)
    centre, spread = sample.mean(axis=0), sample.std(axis=0) + 1e-3
    # Before anything is learned a place holds an object once in a hundred times.
    bias = np.concatenate([np.full(classes, -4.6), np.full(_SIDES, 1.0)]).astype(np.float32)
    weights = [
        (chance.standard_normal((width, HIDDEN)) * np.sqrt(2 / width)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (chance.standard_normal((HIDDEN, classes + _SIDES)) * 0.01).astype(np.float32),
        bias,
    ]
    first = [np.zeros_like(each) for each in weights]
    second = [np.zeros_like(each) for each in weights]
    near = np.flatnonzero(places.near > 0)
    for step in range(1, steps + 1):
        chosen = np.concatenate(
            [chance.choice(near, _BATCH // 2), chance.integers(0, len(places.vectors), _BATCH - _BATCH // 2)]
        )
        scaled = (places.vectors[chosen].astype(np.float32) - centre) / spread
        scaled *= _kept(scaled.shape, _DROPPED_INPUTS, chance)
        kept = _kept((_BATCH, HIDDEN), _DROPPED, chance)
        slopes = _slopes(weights, scaled, kept, places.heat[chosen], places.sides[chosen], places.near[chosen])
        rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) * min(1.0, step / 50)
        for place, (weight, slope) in enumerate(zip(weights, slopes, strict=True)):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            move = (first[place] / (1 - 0.9**step)) / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
            decay = _DECAY if weight.ndim == 2 else 0.0
            weights[place] = (weight - rate * (move + decay * weight)).astype(np.float32)
        if progress and step % 20 == 0:
            progress(step, steps, "training steps")
    return Perceptron(centre, spread, *weights)


def _kept(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Floats:
    """Zero where something is left out; elsewhere so much more than one that the mean is one."""
    return ((chance.random(shape, dtype=np.float32) >= dropped) / (1 - dropped)).astype(np.float32)


def _slopes(
    weights: list[Floats], scaled: Floats, kept: Floats, heat: Floats, sides: Floats, near: Floats
) -> list[Floats]:
    """The gradient of the batch's loss by the four weights; `kept` multiplies the hidden units, (batch, hidden)."""
    inner, inner_bias, outer, outer_bias = weights
    before = scaled @ inner + inner_bias
    hidden = np.maximum(before, 0) * kept
    out = hidden @ outer + outer_bias
    said = np.clip(_sigmoid(out[:, :-_SIDES]), _MINIMUM, 1 - _MINIMUM)
    middle = heat >= 1 - 1e-3
    count = max(1.0, float(middle.sum()))
    # d/dx of -(1-p)² log p, and of -(1-heat)⁴ p² log(1-p), by the logit.
    hit = (1 - said) ** 2 * (2 * said * np.log(said) - (1 - said))
    miss = (1 - heat) ** 4 * said**2 * (said - 2 * (1 - said) * np.log(1 - said))
    by_class = np.where(middle, hit, miss) / count
    off = out[:, -_SIDES:] - sides
    by_side = _BOX_WEIGHT * near[:, None] * np.clip(off / 0.1, -1, 1) / max(1.0, float(near.sum()))
    error = np.concatenate([by_class, by_side], axis=1).astype(np.float32)
    back = (error @ outer.T) * kept * (before > 0)
    return [scaled.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


def _sigmoid(x: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(x, -60, 60)))).astype(np.float32)
