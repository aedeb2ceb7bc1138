import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.regression import residuals


def test_a_straight_line_through_a_curve_leaves_a_curve():
    x = np.linspace(-1, 1, 1000)
    found = residuals(x**2 + x, x + 1 / 3, groups=5)
    assert found.mean[0] > 0.1 and found.mean[4] > 0.1 and found.mean[2] < -0.1
    assert list(found.predicted) == sorted(found.predicted)
    line = residuals(x, x, groups=5)
    assert line.mean == pytest.approx([0] * 5)


def test_the_histogram_holds_every_case_and_quantiles_are_the_residuals():
    truth = np.arange(101.0)
    found = residuals(truth, np.zeros(101), bins=10)
    assert sum(found.counts) == 101 and len(found.edges) == 11
    assert found.quantiles == pytest.approx((5, 25, 50, 75, 95))
    assert residuals(truth, truth * 0 + 10).quantiles[2] == pytest.approx(40)


def test_few_cases_have_few_groups_and_nothing_none():
    assert len(residuals([1, 2], [1, 1]).mean) == 2
    with pytest.raises(NotMeasurable):
        residuals([], [])
    with pytest.raises(NotMeasurable, match="0 bins"):
        residuals([1], [1], bins=0)
