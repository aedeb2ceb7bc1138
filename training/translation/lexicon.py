"""Piece vectors to start from: pieces that stand in the same sentence pairs, in either language, lie close together.

Factors of the positive pointwise mutual information of pieces in pairs (Levy and Goldberg 2014). A word and its
translation share their pairs, so that attention finds the one from the other from the first steps on; from random
vectors a small model spends its first thousand steps on learning that there are two languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from training.translation.packing import Example

_SMOOTHING = 0.75
_CHANCE = 0.5


def vectors(examples: Iterable[Example], pieces: int, width: int, seed: int = 1) -> NDArray[np.float32]:
    """(pieces, width), each of length 1; random for pieces that no example holds.

    Args:
        examples: sources and targets; each is one pair.
        pieces: size of the vocabulary.
        width: of a vector.
        seed: of the random vectors and of the factors' search.
    """
    indices = [np.unique(list(chain(*example))) for example in examples]
    ends = np.cumsum([0, *map(len, indices)])
    held = sparse.csr_matrix(
        (np.ones(ends[-1], dtype=np.float32), np.concatenate(indices), ends), shape=(len(indices), pieces)
    )
    together = (held.T @ held).tocoo()
    apart = together.row != together.col
    row, column, count = together.row[apart], together.col[apart], together.data[apart]
    total = np.bincount(row, count, minlength=pieces)
    context = total**_SMOOTHING / (total**_SMOOTHING).sum()
    information = np.log(count / (total[row] * context[column]))
    useful = information > 0
    matrix = sparse.csr_matrix((information[useful], (row[useful], column[useful])), shape=(pieces, pieces))
    left, strength, _ = randomized_svd(matrix, width, n_iter=4, random_state=seed)
    made = left * np.sqrt(strength)
    seen = np.linalg.norm(made, axis=1) > 0
    made[seen] -= made[seen].mean(axis=0)
    # Features of like size, where the first factors would else be all.
    made[seen] *= made[seen].std(axis=0) ** -0.5
    chance = np.random.default_rng(seed).normal(size=made.shape)
    # Particles and marks are everywhere and would all be one vector; some chance tells them apart.
    mixed = _unit(made) + _CHANCE * _unit(chance) * seen[:, None] + _unit(chance) * ~seen[:, None]
    return np.asarray(_unit(mixed), dtype=np.float32)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
