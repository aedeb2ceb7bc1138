"""A linear-chain conditional random field: how likely a sequence of tags is, given what each place and step scores.

Tags are those of `units.tags`: 0 outside, an odd one begins a mention, the even one behind it goes on with it. Method:
Lafferty, McCallum and Pereira, Conditional random fields, 2001.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_NEVER = np.float32(-1e4)


def allowed(tags: int) -> Floats:
    """What to add to the scores of steps (tags, tags) and, in the last row, of beginnings: nothing, or very much less
    where a tag goes on with a mention that has not begun."""
    steps = np.zeros((tags + 1, tags), np.float32)
    for inside in range(2, tags, 2):
        steps[:, inside] = _NEVER
        steps[inside - 1 : inside + 1, inside] = 0
    return steps


def forward(scores: Floats, steps: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Log sums over the paths that lead to each tag of each place, (texts, places, tags).

    Args:
        scores: of each tag at each place, (texts, places, tags).
        steps: of each tag (column) behind each other (row); the last row: of each tag at the beginning.
        mask: which places the texts have, (texts, places).
    """
    found = np.empty_like(scores)
    found[:, 0] = scores[:, 0] + steps[-1]
    for place in range(1, scores.shape[1]):
        on = _log_sum(found[:, place - 1, :, None] + steps[:-1], axis=1) + scores[:, place]
        found[:, place] = np.where(mask[:, place, None], on, found[:, place - 1])
    return found


def backward(scores: Floats, steps: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Log sums over the paths that go on from each tag of each place, (texts, places, tags)."""
    found = np.zeros_like(scores)
    for place in range(scores.shape[1] - 2, -1, -1):
        ahead = (scores[:, place + 1] + found[:, place + 1])[:, None, :] + steps[:-1]
        found[:, place] = np.where(mask[:, place + 1, None], _log_sum(ahead, axis=2), 0)
    return found


def gradient(
    scores: Floats, steps: Floats, mask: NDArray[np.bool_], tags: NDArray[np.int64]
) -> tuple[float, Floats, Floats]:
    """The negative log-likelihood of `tags` (texts, places), and its slopes by `scores` and by `steps`."""
    texts, places, count = scores.shape
    # In probabilities, brought to a sum of 1 at each place, a step is a matrix product; logarithms would cost ten times
    # as much.
    most = scores.max(axis=2, keepdims=True)
    local = np.exp(scores - most, dtype=np.float64)
    onward = np.exp(steps[:-1], dtype=np.float64)
    before, ahead = np.empty_like(local), np.ones_like(local)
    totals = np.ones((texts, places))
    for place in range(places):
        reached = np.exp(steps[-1], dtype=np.float64) if place == 0 else before[:, place - 1] @ onward
        here = reached * local[:, place]
        total = here.sum(axis=1)
        totals[:, place] = np.where(mask[:, place], total, 1)
        before[:, place] = np.where(mask[:, place, None], here / total[:, None], before[:, place - 1])
    for place in range(places - 2, -1, -1):
        weighed = local[:, place + 1] * ahead[:, place + 1] / totals[:, place + 1, None]
        ahead[:, place] = np.where(mask[:, place + 1, None], weighed @ onward.T, 1)
    share = (before * ahead * mask[..., None]).astype(np.float32)
    by_steps = np.zeros_like(steps)
    by_steps[-1] = share[:, 0].sum(axis=0)
    arrived = (local * ahead / totals[..., None] * mask[..., None])[:, 1:].reshape(-1, count)
    by_steps[:-1] = onward * (before[:, :-1].reshape(-1, count).T @ arrived)
    whole = (np.log(totals) + most[..., 0] * mask).sum(axis=1)
    true = np.where(mask, np.take_along_axis(scores, tags[..., None], axis=2)[..., 0], 0).sum(axis=1)
    true += steps[-1][tags[:, 0]]
    taken = mask[:, 1:]
    true += np.where(taken, steps[tags[:, :-1], tags[:, 1:]], 0).sum(axis=1)
    np.subtract.at(by_steps, (np.full(texts, count), tags[:, 0]), 1)
    np.subtract.at(by_steps, (tags[:, :-1][taken], tags[:, 1:][taken]), 1)
    share[np.arange(texts)[:, None], np.arange(places), tags] -= mask
    return float((whole - true).sum()), share, by_steps


def best(scores: Floats, steps: Floats) -> list[int]:
    """The likeliest tags of one text, scores (places, tags) (Viterbi, 1967)."""
    if not len(scores):
        return []
    path = scores[0] + steps[-1]
    came_from = np.zeros(scores.shape, np.int64)
    for place in range(1, len(scores)):
        paths = path[:, None] + steps[:-1]
        came_from[place] = paths.argmax(axis=0)
        path = paths.max(axis=0) + scores[place]
    tags = [int(path.argmax())]
    for place in range(len(scores) - 1, 0, -1):
        tags.append(int(came_from[place, tags[-1]]))
    return tags[::-1]


def mentions(scores: Floats, steps: Floats) -> Iterator[tuple[int, int, int, float]]:
    """The mentions in the likeliest tags of one text: first place, place behind the last, type, and the probability that
    a mention of this type stands exactly there: the share of all paths that say so."""
    tags = best(scores, steps)
    if not any(tags):
        return
    mask = np.ones((1, len(tags)), bool)
    before, ahead = forward(scores[None], steps, mask)[0], backward(scores[None], steps, mask)[0]
    whole = _log_sum(before[-1], axis=0)
    place = 0
    while place < len(tags):
        first, tag = place, tags[place]
        place += 1
        if tag == 0:
            continue
        inside = tag + 1
        total = before[first, tag]
        last = tag
        while place < len(tags) and tags[place] == inside:
            total = total + steps[last, inside] + scores[place, inside]
            last = inside
            place += 1
        if place < len(tags):
            onward = steps[last] + scores[place] + ahead[place]
            total = total + _log_sum(np.delete(onward, inside), axis=0)
        yield first, place, tag // 2, float(np.exp(min(total - whole, 0)))


def _log_sum(values: Floats, axis: int) -> Floats:
    most = values.max(axis=axis, keepdims=True)
    summed: Floats = np.log(np.exp(values - most).sum(axis=axis)) + most.squeeze(axis)
    return summed
