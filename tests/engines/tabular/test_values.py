import math

import numpy as np
import pytest

from honmono.engines.tabular.quantiles import QuantileSketch
from honmono.engines.tabular.values import flags, moments, numbers


def test_what_is_no_finite_number_is_missing():
    texts = ["1", " 2.5 ", "-3e2", "", "x", "nan", "inf", "-Infinity", "1_000", "1e400", "0x10", "１２"]
    found = numbers(texts).tolist()
    assert found[:3] == [1, 2.5, -300]
    assert all(math.isnan(value) for value in found[3:11])
    assert numbers(["1", "2"]).tolist() == [1, 2] and np.isnan(numbers(["1_0", "inf"])).all()


def test_yes_and_no_without_regard_to_case():
    assert flags(["1", "Y", "YES", "t", "True"]).tolist() == [1] * 5
    assert flags(["0", "n", "No", "F", "false"]).tolist() == [0] * 5
    assert flags(["", "2", "maybe"]).tolist() == [-1] * 3


def test_moments_of_parts_are_those_of_the_whole():
    values = np.random.default_rng(0).normal(1e6, 3, 1000)
    seen = (0, 0.0, 0.0)
    for part in np.split(values, [0, 10, 700]):
        seen = moments(*seen, part)
    assert seen[1] == pytest.approx(values.mean()) and (seen[2] / seen[0]) ** 0.5 == pytest.approx(values.std())


def test_quantiles_are_exact_of_few_and_near_of_many():
    values = np.random.default_rng(1).permutation(50_000).astype(float)
    exact, drawn = QuantileSketch(), QuantileSketch(5000)
    for part in np.split(values, 7 * [0] and [1, 9000, 30_000]):
        exact.add(part)
        drawn.add(part)
    shares = np.array([0.1, 0.5, 0.9])
    assert exact.quantiles(shares).tolist() == np.quantile(values, shares).tolist()
    assert len(drawn.sample) == 5000
    assert np.abs(drawn.quantiles(shares) / 50_000 - shares).max() < 0.03
    assert len(exact.edges(10)) == 9 and QuantileSketch().edges(10).size == 0
