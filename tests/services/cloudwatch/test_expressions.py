import pytest

from honmono.services.cloudwatch.expressions import ExpressionError, Range, Series, Value, evaluate

M1 = Series({0: 1.0, 60: 2.0, 120: 4.0}, 60, "m1")
M2 = Series({0: 10.0, 120: 20.0}, 60, "m2")
KNOWN: dict[str, Series | list[Series]] = {"m1": M1, "m2": M2}


def compute(expression: str) -> Value:
    return evaluate(expression, KNOWN, ["m1", "m2"], Range(0, 180))


def points(expression: str) -> dict[int, float]:
    value = compute(expression)
    assert isinstance(value, Series)
    return value.points


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", {0: 11, 120: 24}),
        ("m1 * 2 + 1", {0: 3, 60: 5, 120: 9}),
        ("100 - m1 / m2 * 100", {0: 90, 120: 80}),
        ("(m1 + 1) * -1", {0: -2, 60: -3, 120: -5}),
        ("2 ^ m1 ^ 1", {0: 2, 60: 4, 120: 16}),
        ("m1 / (m1 - 2)", {0: -1, 120: 2}),
        ("m1 > 1", {0: 0, 60: 1, 120: 1}),
        ("m1 > 1 AND m1 < 4", {0: 0, 60: 1, 120: 0}),
        ("IF(m1 >= 2, m1, 0)", {0: 0, 60: 2, 120: 4}),
        ("IF(m1 > 3, m1)", {120: 4}),
        ("m1 - AVG(m1)", {0: 1 - 7 / 3, 60: 2 - 7 / 3, 120: 4 - 7 / 3}),
        ("m1 / MAX(m1)", {0: 0.25, 60: 0.5, 120: 1}),
        ("m1 * SUM(m2)", {0: 30, 60: 60, 120: 120}),
        ("SUM(METRICS())", {0: 11, 60: 2, 120: 24}),
        ("MAX([m1, m2])", {0: 10, 60: 2, 120: 20}),
        ('SUM(METRICS("m2"))', {0: 10, 120: 20}),
        ("FILL(m2, 0)", {0: 10, 60: 0, 120: 20}),
        ("FILL(m2, REPEAT)", {0: 10, 60: 10, 120: 20}),
        ("FILL(m2, LINEAR)", {0: 10, 60: 15, 120: 20}),
        ("RATE(m1)", {60: 1 / 60, 120: 2 / 60}),
        ("DIFF(m1)", {60: 1, 120: 2}),
        ("RUNNING_SUM(m1)", {0: 1, 60: 3, 120: 7}),
        ("m1 / PERIOD(m1)", {0: 1 / 60, 60: 2 / 60, 120: 4 / 60}),
        ("CEIL(m1 / 3)", {0: 1, 60: 1, 120: 2}),
        ("ABS(0 - m1)", {0: 1, 60: 2, 120: 4}),
        ("FIRST(SORT(METRICS(), SUM, DESC))", {0: 10, 120: 20}),
        ("m1 + METRIC_COUNT(METRICS())", {0: 3, 60: 4, 120: 6}),
        ("m1", {0: 1, 60: 2, 120: 4}),
    ],
)
def test_expressions(expression: str, expected: dict[int, float]) -> None:
    assert points(expression) == pytest.approx(expected)


def test_of_an_empty_array_there_is_nothing() -> None:
    empty: dict[str, Series | list[Series]] = {"m1": Series({}, 60)}
    for expression in ("FIRST(REMOVE_EMPTY(METRICS()))", "SUM(REMOVE_EMPTY(METRICS()))", "m1 / AVG(m1)"):
        value = evaluate(expression, empty, ["m1"], Range(0, 180))
        assert isinstance(value, Series)
        assert value.points == {}


def test_an_array_stays_an_array() -> None:
    value = compute("METRICS() * 10")
    assert isinstance(value, list)
    assert [one.points for one in value] == [{0: 10, 60: 20, 120: 40}, {0: 100, 120: 200}]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("m1 +", "too early"),
        ("m3", "no query with the id 'm3'"),
        ("m1 m2", "not expected"),
        ("NOSUCH(m1)", "NOSUCH is not known"),
        ("SEARCH('x', 'Sum')", "SEARCH is not answered"),
        ("SELECT AVG(x) FROM y", "Metrics Insights"),
        ("__import__('os')", "no query with the id '__import__'"),
        ("m1.points", "Syntax error"),
        ("(" * 5000 + "m1" + ")" * 5000, "nested too deeply"),
        ("METRICS() + METRICS()", "two arrays"),
    ],
)
def test_what_cannot_be_computed_is_refused(expression: str, told: str) -> None:
    with pytest.raises(ExpressionError, match=told):
        compute(expression)
