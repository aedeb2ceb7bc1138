from __future__ import annotations

import math

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.intervals import bootstrap, mcnemar, wilson


def test_the_interval_of_a_mean_is_that_of_theory():
    values = np.random.default_rng(1).normal(10, 2, 400)
    (found,) = bootstrap(lambda at: values[at].mean(), 400, rounds=4000)
    half = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.03)
    assert found.high == pytest.approx(values.mean() + half, abs=0.03)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_intervals_hold_the_true_figure_about_as_often_as_they_say(method):
    chance = np.random.default_rng(7)
    held = 0
    for turn in range(100):
        right = chance.random(150) < 0.8
        (found,) = bootstrap(lambda at, right=right: right[at].mean(), 150, rounds=200, method=method, seed=turn)
        held += found.low <= 0.8 <= found.high
    assert 0.88 <= held / 100 <= 0.99


def test_bca_leans_with_a_skewed_figure():
    scipy = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(2).lognormal(0, 1, 80)
    (plain,) = bootstrap(lambda at: values[at].mean(), 80, rounds=4000)
    (mended,) = bootstrap(lambda at: values[at].mean(), 80, rounds=4000, method="bca")
    theirs = scipy.bootstrap(
        (values,), np.mean, n_resamples=4000, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    assert mended.low > plain.low and mended.high > plain.high
    assert mended.low == pytest.approx(theirs.low, abs=0.03) and mended.high == pytest.approx(theirs.high, abs=0.1)


def test_strata_keep_their_sizes_in_every_draw():
    labels = ["a"] * 5 + ["b"] * 40
    is_a = np.array([label == "a" for label in labels])
    counts: list[int] = []

    def share(at):
        counts.append(int(is_a[at].sum()))
        return is_a[at].mean()

    (found,) = bootstrap(share, 45, strata=labels, rounds=50)
    assert set(counts) == {5} and found.low == found.high == pytest.approx(5 / 45)
    assert len(set(bootstrap_counts(is_a))) > 1


def bootstrap_counts(is_a: np.ndarray) -> list[int]:
    counts: list[int] = []

    def share(at):
        counts.append(int(is_a[at].sum()))
        return 0.0

    bootstrap(share, len(is_a), rounds=50)
    return counts


def test_several_figures_share_their_draws_and_the_seed_repeats_them():
    values = np.arange(30.0)
    first = bootstrap(lambda at: [values[at].mean(), 2 * values[at].mean()], 30, rounds=200, seed=4)
    assert first[1].low == pytest.approx(2 * first[0].low)
    assert first == bootstrap(lambda at: [values[at].mean(), 2 * values[at].mean()], 30, rounds=200, seed=4)
    assert first[0] != bootstrap(lambda at: values[at].mean(), 30, rounds=200, seed=5)[0]


def test_draws_without_a_figure_are_left_out():
    (found,) = bootstrap(lambda at: math.nan if 0 in at else 1.0, 20, rounds=200)
    assert math.isnan(found.value) and found.low == 1.0
    (none,) = bootstrap(lambda at: math.nan, 20, rounds=20)
    assert math.isnan(none.low)


def test_progress_is_told():
    told: list[tuple[int, int]] = []
    bootstrap(lambda at: 0.0, 5, rounds=100, progress=lambda done, total, what: told.append((done, total)))
    assert told == [(50, 100), (100, 100)]


def test_wilson_has_a_width_where_nothing_went_wrong():
    all_right = wilson(20, 20)
    assert all_right.value == all_right.high == 1.0 and all_right.low == pytest.approx(0.8389, abs=1e-4)
    half = wilson(50, 100)
    assert (half.low, half.high) == (pytest.approx(0.4038, abs=1e-4), pytest.approx(0.5962, abs=1e-4))
    assert str(half) == "0.500 (0.404–0.596)"
    with pytest.raises(NotMeasurable, match="5 of 3"):
        wilson(5, 3)


def test_mcnemar_asks_only_where_the_two_differ():
    first = [True] * 60 + [True] * 15 + [False] * 5 + [False] * 20
    second = [True] * 60 + [False] * 15 + [True] * 5 + [False] * 20
    found = mcnemar(first, second)
    assert (found.only_first, found.only_second) == (15, 5)
    exact = 2 * sum(math.comb(20, heads) for heads in range(6)) / 2**20
    assert found.p == pytest.approx(exact)
    assert mcnemar(first, first).p == 1.0
    even = mcnemar([True, False] * 4000, [False, True] * 4000)
    assert even.p == 1.0
    assert mcnemar([True] * 3000, [False] * 3000).p < 1e-300
    with pytest.raises(NotMeasurable, match="first has 1, second has 2"):
        mcnemar([True], [True, False])
