"""Linear models of sparse features, trained by minibatch AdaGrad.

Source: Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic optimization, 2011;
the L1 step is the proximal one of the same paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.matrix import Matrix

Floats = NDArray[np.float64]
Loss = Literal["squared", "logistic", "softmax", "one-vs-all"]

_FEW = 1 << 15
"""Up to so many weights a step touches all of them: cheaper than finding out which it must."""
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class Steps:
    """How a model is trained.

    Attributes:
        rate: AdaGrad's learning rate.
        batch: rows of a minibatch.
        l1, l2: how much large weights cost; feature 0 costs nothing.
    """

    rate: float = 0.3
    batch: int = 256
    l1: float = 0.0
    l2: float = 0.0


class LinearModel:
    """Weights of features, for one outcome (squared, logistic) or for several classes (softmax, one-vs-all).

    As in scikit-learn, `partial_fit` learns from some rows and `decide` and `predict` answer.
    """

    def __init__(self, loss: Loss, features: int, classes: int = 1, steps: Steps | None = None) -> None:
        """`classes`: of softmax and one-vs-all; 1 for the others."""
        self.loss: Loss = loss
        self.steps = steps or Steps()
        self.classes = classes if loss in ("softmax", "one-vs-all") else 1
        self.weights: Floats = np.zeros((features, self.classes))
        self._squares: Floats = np.zeros((features, self.classes))
        self._mean: Floats = np.zeros((features, self.classes))
        self._averaged = 0

    @property
    def features(self) -> int:
        """How many there are."""
        return len(self.weights)

    def decide(self, rows: Matrix) -> Floats:
        """The weighted sums, (rows) or (rows, classes)."""
        found = _sums(rows, self.weights)
        return found[:, 0] if self.classes == 1 else found

    def predict(self, rows: Matrix) -> Floats:
        """Numbers (squared), the probability of 1 (logistic), or of each class (rows, classes), summing to 1."""
        return link(self.decide(rows), self.loss)

    def partial_fit(self, rows: Matrix, target: Floats) -> LinearModel:
        """Learn from rows in their order. `target`: numbers, 1 and 0, or the places of classes."""
        batch = self.steps.batch
        for first in range(0, rows.rows, batch):
            part = rows.slice(first, first + batch)
            wrong = self._wrong(part, target[first : first + batch])
            if self.weights.size <= _FEW:
                self._step_all(part, wrong)
            else:
                self._step_touched(part, wrong)
        return self

    def average(self) -> None:
        """Count the weights as they are now into their mean (Polyak and Juditsky, 1992); `use_average` takes it."""
        self._averaged += 1
        self._mean += (self.weights - self._mean) / self._averaged

    def use_average(self) -> None:
        """Have the mean of the weights that were counted, where any were."""
        if self._averaged:
            self.weights = self._mean.copy()

    def state(self) -> dict[str, NDArray[Any]]:
        """All that training goes on from."""
        return {
            "weights": self.weights,
            "squares": self._squares,
            "mean": self._mean,
            "averaged": np.array(self._averaged),
        }

    def restore(self, state: Any) -> None:
        """Take over what `state` gave."""
        self.weights, self._squares = state["weights"].copy(), state["squares"].copy()
        self._mean, self._averaged = state["mean"].copy(), int(state["averaged"])

    def _wrong(self, rows: Matrix, target: Floats) -> Floats:
        """How the loss changes with each weighted sum, (rows, classes)."""
        found = link(
            _sums(rows, self.weights) if self.classes > 1 else _sums(rows, self.weights)[:, 0], self.loss, raw=True
        )
        if self.classes == 1:
            return np.asarray((found - target)[:, None] / rows.rows)
        found[np.arange(rows.rows), target.astype(np.int64)] -= 1
        return found / rows.rows

    def _step_all(self, rows: Matrix, wrong: Floats) -> None:
        """One step of all weights."""
        spread = _spread(rows, wrong)
        if self.classes == 1:
            sums = np.bincount(rows.indices, weights=spread[:, 0], minlength=self.features)[:, None]
        else:
            sums = np.stack(
                [np.bincount(rows.indices, weights=column, minlength=self.features) for column in spread.T], axis=1
            )
        slope: Floats = sums.astype(np.float64, copy=False)
        steps, weights, squares = self.steps, self.weights, self._squares
        if steps.l2:
            slope[1:] += steps.l2 * weights[1:]
        squares += slope * slope
        rate = steps.rate / (np.sqrt(squares) + _EPSILON)
        weights -= rate * slope
        if steps.l1:
            shrink = weights[1:]
            weights[1:] = np.sign(shrink) * np.maximum(np.abs(shrink) - rate[1:] * steps.l1, 0)

    def _step_touched(self, rows: Matrix, wrong: Floats) -> None:
        """One step of the weights that the rows have; what regularisation costs the others waits for their next row."""
        touched, place = np.unique(rows.indices, return_inverse=True)
        spread = _spread(rows, wrong)
        count = len(touched)
        slope: Floats = np.stack([np.bincount(place, weights=column, minlength=count) for column in spread.T], axis=1)
        steps = self.steps
        weights = self.weights[touched]
        inner = slice(1, None) if touched[0] == 0 else slice(None)
        if steps.l2:
            slope[inner] += steps.l2 * weights[inner]
        squares = self._squares[touched] + slope * slope
        rate = steps.rate / (np.sqrt(squares) + _EPSILON)
        weights -= rate * slope
        if steps.l1:
            shrink = weights[inner]
            weights[inner] = np.sign(shrink) * np.maximum(np.abs(shrink) - rate[inner] * steps.l1, 0)
        self.weights[touched] = weights
        self._squares[touched] = squares


def link(sums: Floats, loss: Loss, *, raw: bool = False) -> Floats:
    """Weighted sums as predictions; `raw`, the classes of one-vs-all each stand for themselves."""
    if loss == "squared":
        return sums
    if loss == "softmax":
        odds = np.exp(sums - sums.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))
    shares = 1 / (1 + np.exp(-np.clip(sums, -500, 500)))
    if loss == "one-vs-all" and not raw:
        shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray(shares)


def _sums(rows: Matrix, weights: Floats) -> Floats:
    """Σ value · weight of each row, (rows, classes)."""
    if not rows.rows:
        return np.zeros((0, weights.shape[1]))
    if weights.shape[1] == 1:
        terms = weights[:, 0][rows.indices]
        if rows.values is not None:
            terms *= rows.values
        if rows.starts is None:
            return np.asarray(terms.reshape(rows.rows, -1).sum(axis=1)[:, None])
        return np.add.reduceat(terms, rows.starts)[:, None]
    found = weights[rows.indices]
    if rows.values is not None:
        found *= rows.values[:, None]
    if rows.starts is None:
        return np.asarray(found.reshape(rows.rows, rows.width, -1).sum(axis=1))
    return np.add.reduceat(found, rows.starts, axis=0)


def _spread(rows: Matrix, wrong: Floats) -> Floats:
    """Each row's share of the slope for each of its entries, (entries, classes)."""
    spread = np.repeat(wrong, rows.width if rows.starts is None else rows.lengths(), axis=0)
    if rows.values is not None:
        spread *= rows.values[:, None]
    return spread
