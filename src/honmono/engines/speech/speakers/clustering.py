"""Putting together what sounds alike, and counting how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_POINTS = 600
_STARTS = 8
_ROUNDS = 30
_PATIENCE = 3
_LEAST_SECONDS = 1.2
_LEAST_SHARE = 0.03
_MUCH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Alikeness:
    """How alike the directions of two groups may be that are still two voices.

    Pieces of one voice that are split by force are alike by .92 and more; two voices by .88 and less, on the telephone
    too. From the third voice on, a split takes more to be believed: a group of moments at which two speak at once, or
    of one voice's laughter, lies further apart than that. And two sentences of one voice may differ by more than two
    voices do in the long run: where less than three seconds are another voice, it must be plainly another one (`short`).
    """

    two: float = 0.905
    short: float = 0.8
    more: float = 0.86


def centres(
    vectors: NDArray[np.float32], seconds: NDArray[np.float32], most: int, alikeness: Alikeness
) -> NDArray[np.float32]:
    """The directions of the voices, (k, d), of length one: the largest k up to `most` that is believed.

    Args:
        vectors: (n, d), of length one, in the order of time.
        seconds: (n,) how much speech each stands for.
    """
    import numpy as np

    points, weights = _fewer(vectors, seconds)
    whole = (points * weights[:, None]).sum(axis=0, keepdims=True)
    believed = np.asarray(whole / max(float(np.linalg.norm(whole)), 1e-9), np.float32)
    least = max(_LEAST_SECONDS, _LEAST_SHARE * float(weights.sum()))
    for count in range(2, min(most, len(points)) + 1):
        found, share = _groups(points, weights, count)
        likeness = (found @ found.T)[np.triu_indices(count, 1)]
        limit = alikeness.two if count == 2 else alikeness.more
        if share.min() < _MUCH_SECONDS:
            limit = alikeness.short
        if likeness.max() < limit and share.min() >= least:
            believed = found
        elif count - len(believed) >= _PATIENCE:
            break
    return believed


def _groups(
    points: NDArray[np.float32], weights: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The directions of `count` groups and the seconds of each: the best of several starts.

    Source: I. S. Dhillon and D. S. Modha, "Concept decompositions for large sparse text data using clustering" (2001),
    started as D. Arthur and S. Vassilvitskii, "k-means++" (2007).
    """
    import numpy as np

    chance = np.random.default_rng(count)
    best: tuple[float, NDArray[np.float32], NDArray[np.float32]] | None = None
    for _ in range(_STARTS):
        found = points[[chance.choice(len(points), p=weights / weights.sum())]]
        while len(found) < count:
            odds = np.maximum(1 - (points @ found.T).max(axis=1), 1e-6) * weights
            found = np.concatenate([found, points[[chance.choice(len(points), p=odds / odds.sum())]]])
        labels = np.full(len(points), -1)
        for _ in range(_ROUNDS):
            moved = (points @ found.T).argmax(axis=1)
            if np.array_equal(moved, labels):
                break
            labels = moved
            sums = np.zeros_like(found)
            np.add.at(sums, labels, points * weights[:, None])
            lengths = np.linalg.norm(sums, axis=1, keepdims=True)
            found = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), found).astype(np.float32)
        fit = float((weights * (points @ found.T).max(axis=1)).sum())
        if best is None or fit > best[0] + 1e-6:
            best = fit, found, np.bincount(labels, weights=weights, minlength=count).astype(np.float32)
    assert best is not None
    return best[1], best[2]


def _fewer(
    vectors: NDArray[np.float32], seconds: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """At most so many points: the means of neighbours in time, where there are more vectors."""
    import numpy as np

    size = -(-len(vectors) // _MOST_POINTS)
    begins = np.arange(0, len(vectors), size)
    sums = np.add.reduceat(vectors * seconds[:, None], begins, axis=0)
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return means.astype(np.float32), np.add.reduceat(seconds, begins).astype(np.float64)
