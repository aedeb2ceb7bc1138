"""Linear models and how they are fitted: exactly where there are few examples, by steps where there are many.

Classes that exclude each other share a softmax, labels that do not have a logistic function each; the rest is the same.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.classifier.words import Progress, Sparse, add_up

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_MEMORY = 10  # steps that L-BFGS remembers
_BATCH = 128


def probabilities(scores: Floats, *, exclusive: bool) -> Floats:
    """Scores (texts, labels) as probabilities; each row sums to one if the labels exclude each other."""
    if not exclusive:
        return (1 / (1 + np.exp(-np.clip(scores, -60, 60)))).astype(np.float32)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax: Floats = odds / odds.sum(axis=1, keepdims=True)
    return softmax


def fit_exactly(
    rows: Floats, targets: Floats, *, exclusive: bool, penalty: float, steps: int = 200
) -> tuple[Floats, Floats]:
    """Weights (columns, labels) and biases that minimise the mean cross-entropy + penalty/2 · |weights|² / rows.

    By L-BFGS: Liu and Nocedal, On the limited memory BFGS method, 1989.
    """
    count, width = rows.shape
    labels = targets.shape[1]
    examples = rows.astype(np.float64)

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        weights, bias = flat[:-labels].reshape(width, labels), flat[-labels:]
        scores = examples @ weights + bias
        if exclusive:
            top = scores.max(axis=1, keepdims=True)
            total = np.log(np.exp(scores - top).sum(axis=1, keepdims=True)) + top
            value = float((total.sum() - (scores * targets).sum()) / count)
            errors = np.exp(scores - total) - targets
        else:
            value = float((np.logaddexp(0, scores) - scores * targets).sum() / count)
            errors = 1 / (1 + np.exp(-np.clip(scores, -60, 60))) - targets
        value += 0.5 * penalty * float((weights**2).sum()) / count
        slope = examples.T @ errors / count + penalty * weights / count
        return value, np.concatenate([slope.ravel(), errors.sum(axis=0) / count])

    flat = _minimised(loss, np.zeros(width * labels + labels), steps)
    return flat[:-labels].reshape(width, labels).astype(np.float32), flat[-labels:].astype(np.float32)


def _minimised(loss: Callable[[Doubles], tuple[float, Doubles]], at: Doubles, steps: int) -> Doubles:
    value, slope = loss(at)
    moves: list[tuple[Doubles, Doubles, float]] = []
    for _ in range(steps):
        if np.abs(slope).max() < 1e-5:
            break
        direction = slope.copy()
        shares = []
        for move, change, scale in reversed(moves):
            share = scale * float(move @ direction)
            shares.append(share)
            direction -= share * change
        if moves:
            move, change, scale = moves[-1]
            direction /= scale * float(change @ change)
        for (move, change, scale), share in zip(moves, reversed(shares), strict=True):
            direction += (share - scale * float(change @ direction)) * move
        downhill = float(direction @ slope)
        length = 1.0 if moves else min(1.0, 1 / float(np.abs(slope).sum()))
        for _ in range(30):  # backtrack until the loss falls enough (Armijo)
            there = at - length * direction
            new_value, new_slope = loss(there)
            if new_value <= value - 1e-4 * length * downhill:
                break
            length /= 2
        else:
            break
        move, change = there - at, new_slope - slope
        curvature = float(move @ change)
        if curvature > 1e-12:
            moves = [*moves[-_MEMORY + 1 :], (move, change, 1 / curvature)]
        at, value, slope = there, new_value, new_slope
    return at


def fit_by_steps(
    rows: Sparse,
    targets: Floats,
    *,
    exclusive: bool,
    rounds: int,
    rate: float = 0.5,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Floats, Floats]:
    """Weights (columns, labels) and biases by AdaGrad over shuffled examples, `rounds` times over all.

    Only the columns that a step's examples have are touched. Source: Duchi, Hazan and Singer, Adaptive subgradient
    methods, 2011. The rate falls to nothing towards the end.
    """
    labels = targets.shape[1]
    weights = np.zeros((rows.width, labels), np.float32)
    bias = np.zeros(labels, np.float32)
    # One sum of squares a column, not one a weight: half the memory, and as good on text.
    squares = np.full(rows.width, 1e-4, np.float32)
    bias_squares = np.full(labels, 1e-4, np.float32)
    chance = np.random.default_rng(seed)
    total = rounds * rows.rows
    done = 0
    for _ in range(rounds):
        order = chance.permutation(rows.rows)
        for first in range(0, rows.rows, _BATCH):
            chosen = order[first : first + _BATCH]
            batch = rows.take(chosen)
            errors = probabilities(batch.times(weights) + bias, exclusive=exclusive) - targets[chosen]
            owner = np.repeat(np.arange(len(chosen)), np.diff(batch.starts))
            touched, slopes = add_up(batch.columns, errors[owner] * batch.values[:, None])
            now = rate * (1 - done / total)
            squares[touched] += (slopes**2).mean(axis=1)
            weights[touched] -= now * slopes / np.sqrt(squares[touched])[:, None]
            slope = errors.mean(axis=0)
            bias_squares += slope**2
            bias -= 0.1 * now * slope / np.sqrt(bias_squares)
            done += len(chosen)
            if progress:
                progress(done, total, "examples learned")
    return weights, bias
