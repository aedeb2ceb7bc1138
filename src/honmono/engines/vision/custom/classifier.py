"""Tell a customer's labels of whole pictures: logistic regression on what the frozen network sees.

The network's 1280 features are rectified counts of a kind: their square roots, at length one, tell classes apart better
than they do themselves (Hellinger's kernel; Arandjelović and Zisserman, Three things everyone should know, 2012;
measured on the development pictures of bench/custom_labels.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.custom.features import Features, Pixels

Floats = NDArray[np.float32]
Progress = Callable[[float, float, str], None]

_STRENGTHS = (10.0, 30.0, 100.0, 300.0)
"""Inverse penalties among which cross-validation chooses."""
_MOST_MIRRORED = 5000
"""Of more pictures the mirror images are not learned too."""
_FOLDS = 5
_ROUNDS = 300
_SEED = 20261
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Classifier:
    """A linear map with a softmax over labels that exclude each other, or a logistic function for each.

    centre: (width). weights: (width, labels). bias: (labels).
    """

    exclusive: bool
    centre: Floats
    weights: Floats
    bias: Floats

    def probabilities(self, vectors: Floats) -> Floats:
        """Of each label for pictures whose vectors are (pictures, width): (pictures, labels)."""
        scores = (even(vectors) - self.centre) @ self.weights + self.bias
        return _probabilities(scores.astype(np.float32), self.exclusive)


def train_classifier(
    load: Callable[[int], Pixels],
    labels: Sequence[Sequence[int]],
    classes: int,
    features: Features,
    progress: Progress | None = None,
) -> Classifier:
    """Learn from pictures with their labels.

    Args:
        load: gives the pixels of the picture of that number; called once for each.
        labels: of each picture, the numbers of those that it has; where each has one, they exclude each other.
        classes: how many there are, at least two.
        features: the network.
        progress: called with what is done, what there is to do, and what it is.
    """
    if classes < 2:
        raise ValueError(f"a classifier needs two labels at least; there are {classes}")
    plain, mirrored = [], []
    for number in range(len(labels)):
        pixels = load(number)
        plain.append(features.whole([pixels])[0])
        if len(labels) <= _MOST_MIRRORED:
            mirrored.append(features.whole([np.ascontiguousarray(pixels[:, ::-1])])[0])
        if progress:
            progress(number + 1, len(labels), "pictures looked at")
    vectors = even(np.stack(plain))
    turned = even(np.stack(mirrored)) if mirrored else None
    targets = np.zeros((len(labels), classes), bool)
    for row, each in enumerate(labels):
        targets[row, list(each)] = True
    exclusive = bool((targets.sum(axis=1) == 1).all())
    strength, temperature = _chosen(vectors, turned, targets, exclusive, progress)
    model = _fit(vectors, turned, targets, exclusive, strength)
    return Classifier(exclusive, model.centre, model.weights / temperature, model.bias / temperature)


def even(vectors: Floats) -> Floats:
    """The square roots of the features, at length one."""
    roots = np.sqrt(np.maximum(vectors, 0))
    evened: Floats = (roots / np.maximum(np.linalg.norm(roots, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return evened


def _probabilities(scores: Floats, exclusive: bool) -> Floats:
    if not exclusive:
        return (1 / (1 + np.exp(-np.clip(scores, -60, 60)))).astype(np.float32)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax: Floats = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return softmax


@dataclass(frozen=True, slots=True)
class _Linear:
    centre: Floats
    weights: Floats
    bias: Floats

    def scores(self, vectors: Floats) -> Floats:
        return ((vectors - self.centre) @ self.weights + self.bias).astype(np.float32)


def _fit(
    vectors: Floats, turned: Floats | None, targets: NDArray[np.bool_], exclusive: bool, strength: float
) -> _Linear:
    from sklearn.linear_model import LogisticRegression

    rows = vectors if turned is None else np.concatenate([vectors, turned])
    wanted = targets if turned is None else np.concatenate([targets, targets])
    centre: Floats = rows.mean(axis=0).astype(np.float32)
    rows = (rows - centre).astype(np.float32)
    width, classes = rows.shape[1], targets.shape[1]
    weights = np.zeros((width, classes), np.float32)
    bias = np.zeros(classes, np.float32)
    each = strength * len(vectors) / len(rows)  # a mirror image is half an example
    if exclusive:
        known = np.flatnonzero(targets.any(axis=0))
        fitted = LogisticRegression(C=each, max_iter=_ROUNDS).fit(rows, wanted.argmax(axis=1))
        if len(known) == 2:  # scikit-learn keeps the second one's column alone
            weights[:, known[1]], bias[known[1]] = fitted.coef_[0], fitted.intercept_[0]
        else:
            weights[:, known], bias[known] = fitted.coef_.T, fitted.intercept_
        # A label that no example here has is not to be told.
        bias[~targets.any(axis=0)] = -30.0
        return _Linear(centre, weights, bias)
    for label in range(classes):
        has = wanted[:, label]
        if has.all() or not has.any():
            bias[label] = 30.0 if has.all() else -30.0
            continue
        fitted = LogisticRegression(C=each, max_iter=_ROUNDS).fit(rows, has)
        weights[:, label], bias[label] = fitted.coef_[0], fitted.intercept_[0]
    return _Linear(centre, weights, bias)


def _chosen(
    vectors: Floats, turned: Floats | None, targets: NDArray[np.bool_], exclusive: bool, progress: Progress | None
) -> tuple[float, float]:
    """The penalty and the temperature whose predictions lose least on parts that were left out in turn."""
    folds = list(_folds(targets))
    if not folds:
        return _STRENGTHS[1], 1.0
    best: tuple[float, float, float] | None = None
    for turn, strength in enumerate(_STRENGTHS):
        scores = np.zeros(targets.shape, np.float32)
        seen = np.zeros(len(targets), bool)
        for out in folds:
            part = None if turned is None else turned[~out]
            scores[out] = _fit(vectors[~out], part, targets[~out], exclusive, strength).scores(vectors[out])
            seen |= out
        for temperature in np.geomspace(0.25, 4, 17):
            loss = _loss(_probabilities(scores[seen] / np.float32(temperature), exclusive), targets[seen], exclusive)
            if best is None or loss < best[0] - 1e-9:
                best = (loss, strength, float(temperature))
        if progress:
            progress(turn + 1, len(_STRENGTHS), "penalties tried")
    assert best is not None  # there are penalties
    return best[1], best[2]


def _folds(targets: NDArray[np.bool_]) -> Iterator[NDArray[np.bool_]]:
    """Masks of the pictures left out in turn; each label is spread over them as evenly as it can be."""
    rarest = np.where(targets, targets.sum(axis=0), len(targets) + 1).argmin(axis=1)
    counts = np.bincount(rarest, minlength=targets.shape[1])
    folds = min(_FOLDS, int(counts[counts > 0].max()))
    if folds < 2:
        return
    order = np.random.default_rng(_SEED).permutation(len(targets))
    order = order[np.argsort(rarest[order], kind="stable")]
    turn = np.empty(len(targets), np.int64)
    turn[order] = np.arange(len(targets)) % folds
    for fold in range(folds):
        out = turn == fold
        # What is left must still tell two labels apart.
        if out.any() and (targets[~out].any(axis=0)).sum() >= 2:
            yield out


def _loss(found: Floats, targets: NDArray[np.bool_], exclusive: bool) -> float:
    """The mean cross-entropy with targets that are short of certainty by one case in n + 2.

    Else the confidence would rise without end where no example is mistaken; Platt, Probabilities for SV machines, 1999.
    """
    cases, classes = targets.shape
    doubt = 1 / (cases + 2)
    wanted = np.where(targets, 1 - doubt, doubt / max(1, classes - 1) if exclusive else doubt)
    sure = np.clip(found.astype(np.float64), _LEAST, 1 - _LEAST)
    loss = -np.log(sure) * wanted
    if not exclusive:
        loss = loss - np.log(1 - sure) * (1 - wanted)
    return float(loss.sum() / cases)
