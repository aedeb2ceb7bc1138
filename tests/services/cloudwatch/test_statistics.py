import pytest

from honmono.services.cloudwatch.statistics import StatisticError, statistic
from honmono.services.cloudwatch.values import Bucket, Datum


def bucket(*values: float) -> Bucket:
    found = Bucket()
    for value in values:
        found.add(Datum.of(0, value))
    return found


HUNDRED = bucket(*range(1, 101))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SampleCount", 100),
        ("Sum", 5050),
        ("Average", 50.5),
        ("Minimum", 1),
        ("Maximum", 100),
        ("p50", 50),
        ("p99", 99),
        ("p99.9", 100),
        ("p0", 1),
        ("p100", 100),
        ("tm90", 45.5),
        ("TM(10%:90%)", 50.5),
        ("TM(:10)", 5.5),
        ("tc90", 90),
        ("TC(50:)", 50),
        ("ts10", 55),
        ("PR(:25)", 25),
        ("PR(90:)", 10),
        ("IQM", 50.5),
    ],
)
def test_statistics_of_one_to_a_hundred(name: str, expected: float) -> None:
    assert statistic(name)(HUNDRED) == pytest.approx(expected)


def test_winsorized_mean_moves_the_outlier() -> None:
    values = bucket(1, 2, 3, 1000)
    assert statistic("wm75")(values) == pytest.approx((1 + 2 + 3 + 3) / 4)


def test_counts_weigh() -> None:
    found = Bucket()
    found.add(Datum(0, 100, 199, 1, 100, ((1, 99), (100, 1))))
    assert statistic("p50")(found) == 1
    assert statistic("p99.5")(found) == 100


def test_a_statistic_set_has_no_percentiles() -> None:
    found = Bucket()
    found.add(Datum(0, 10, 55, 1, 10))
    assert statistic("p50")(found) is None
    assert statistic("Average")(found) == 5.5


@pytest.mark.parametrize("name", ["", "p", "p101", "mean", "TM()", "TM(:)", "sum"])
def test_unknown_statistics(name: str) -> None:
    with pytest.raises(StatisticError):
        statistic(name)
