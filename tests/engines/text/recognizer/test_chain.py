"""The chain against every path counted one by one."""

import itertools

import numpy as np
import pytest

from honmono.engines.text.recognizer import chain

TAGS = 3


@pytest.fixture
def drawn():
    chance = np.random.default_rng(7)
    scores = chance.normal(size=(2, 4, TAGS)).astype(np.float32)
    steps = (chance.normal(size=(TAGS + 1, TAGS)) + chain.allowed(TAGS)).astype(np.float32)
    return scores, steps


def path_score(scores, steps, path):
    total = steps[-1][path[0]] + scores[0][path[0]]
    for place in range(1, len(path)):
        total += steps[path[place - 1], path[place]] + scores[place][path[place]]
    return float(total)


def every_path(scores, steps):
    paths = list(itertools.product(range(TAGS), repeat=len(scores)))
    values = np.array([path_score(scores, steps, path) for path in paths])
    return paths, values, np.exp(values - values.max()) / np.exp(values - values.max()).sum()


def test_the_sum_over_all_paths(drawn):
    scores, steps = drawn
    mask = np.array([[True] * 4, [True, True, False, False]])
    ends = chain.forward(scores, steps, mask)[:, -1]
    for text, length in ((0, 4), (1, 2)):
        _, values, _ = every_path(scores[text, :length], steps)
        assert np.logaddexp.reduce(ends[text]) == pytest.approx(np.logaddexp.reduce(values), abs=1e-4)


def test_the_likeliest_path(drawn):
    scores, steps = drawn
    for text in scores:
        paths, values, _ = every_path(text, steps)
        assert tuple(chain.best(text, steps)) == paths[int(values.argmax())]
    assert chain.best(np.zeros((0, TAGS), np.float32), steps) == []


def test_the_slopes_are_those_of_small_steps(drawn):
    scores, steps = drawn
    mask = np.array([[True] * 4, [True, True, False, False]])
    tags = np.array([[0, 1, 2, 0], [1, 1, 0, 0]])
    loss, by_scores, by_steps = chain.gradient(scores, steps, mask, tags)
    for where in ((0, 2, 1), (1, 1, 2), (1, 3, 0)):
        moved = scores.copy()
        moved[where] += 0.01
        assert chain.gradient(moved, steps, mask, tags)[0] - loss == pytest.approx(0.01 * by_scores[where], abs=2e-4)
    for where in ((1, 2), (0, 1), (3, 1)):
        moved = steps.copy()
        moved[where] += 0.01
        assert chain.gradient(scores, moved, mask, tags)[0] - loss == pytest.approx(0.01 * by_steps[where], abs=3e-4)


def test_a_mentions_probability_is_the_share_of_the_paths_that_have_it(drawn):
    scores, steps = drawn
    scores = scores.copy()
    scores[0, 1, 1] += 3
    scores[0, 2, 2] += 3
    ((first, behind, kind, probability),) = [each for each in chain.mentions(scores[0], steps) if each[0] == 1]
    assert (behind, kind) == (3, 0)
    paths, _, shares = every_path(scores[0], steps)
    wanted = sum(share for path, share in zip(paths, shares, strict=True) if path[1:3] == (1, 2) and path[3] != 2)
    assert probability == pytest.approx(wanted, abs=1e-4) and first == 1
