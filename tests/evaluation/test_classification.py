from __future__ import annotations

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.classification import Confusion
from honmono.evaluation.multilabel import multilabel_scores
from honmono.evaluation.regression import regression_scores
from honmono.evaluation.spans import Span, span_scores

TRUTH = ["cat"] * 4 + ["dog"] * 3 + ["fish"]
GIVEN = ["cat", "cat", "cat", "dog", "dog", "dog", "cat", "dog"]


def test_the_counts_and_rates_of_a_small_table():
    table = Confusion.of(TRUTH, GIVEN)
    assert table.labels == ("cat", "dog", "fish")
    assert table.counts.tolist() == [[3, 1, 0], [1, 2, 0], [0, 1, 0]]
    assert table.accuracy == 5 / 8
    cat, dog, fish = table.by_label()
    assert (cat.rates.precision, cat.rates.recall, cat.rates.f1, cat.support, cat.given) == (0.75, 0.75, 0.75, 4, 4)
    assert (dog.rates.precision, dog.rates.recall) == (0.5, pytest.approx(2 / 3))
    assert (fish.rates.precision, fish.rates.recall, fish.rates.f1, fish.given) == (0, 0, 0, 0)
    assert table.average("macro").f1 == pytest.approx((0.75 + 4 / 7 + 0) / 3)
    assert table.average("weighted").recall == pytest.approx(table.accuracy)


@pytest.mark.parametrize("classes", [2, 3, 9])
def test_all_averages_are_those_of_scikit_learn(classes):
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(classes)
    truth = [f"label {number}" for number in chance.integers(0, classes, 400)]
    given = [
        one if chance.random() < 0.6 else f"label {two}"
        for one, two in zip(truth, chance.integers(0, classes + 1, 400), strict=True)
    ]
    table = Confusion.of(truth, given)
    assert (table.counts == metrics.confusion_matrix(truth, given)).all()
    for averaging in ("macro", "micro", "weighted"):
        theirs = metrics.precision_recall_fscore_support(truth, given, average=averaging, zero_division=0)[:3]
        ours = table.average(averaging)
        assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs)
    theirs = metrics.precision_recall_fscore_support(truth, given, zero_division=0)
    assert [each.rates.f1 for each in table.by_label()] == pytest.approx(theirs[2].tolist())
    assert [each.support for each in table.by_label()] == theirs[3].tolist()


def test_what_cannot_be_compared_is_said():
    with pytest.raises(NotMeasurable, match="truth has 2, given has 1"):
        Confusion.of(["a", "b"], ["a"])
    with pytest.raises(NotMeasurable, match="no cases"):
        Confusion.of([], [])
    with pytest.raises(NotMeasurable, match="'c' is none of 'a', 'b'"):
        Confusion.of(["a", "b"], ["a", "c"], ["a", "b"])


def test_sets_of_labels_by_hand():
    scores = multilabel_scores([{"a", "b"}, {"b"}, set(), {"c"}], [{"a"}, {"b"}, {"c"}, {"c"}])
    assert scores.hamming_loss == pytest.approx(2 / 12)
    assert scores.subset_accuracy == 0.5
    assert [(each.label, each.rates.precision, each.rates.recall) for each in scores.by_label] == [
        ("a", 1, 1),
        ("b", 1, 0.5),
        ("c", 0.5, 1),
    ]
    assert scores.averages["micro"].precision == 0.75
    with pytest.raises(NotMeasurable, match="'z' of case 0"):
        multilabel_scores([{"z"}], [{"a"}], ["a"])


def test_sets_of_labels_as_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(4)
    truth, given = chance.random((200, 5)) < 0.4, chance.random((200, 5)) < 0.4
    names = list("abcde")
    sets = [[[names[place] for place in np.flatnonzero(row)] for row in table] for table in (truth, given)]
    ours = multilabel_scores(sets[0], sets[1], names)
    assert ours.hamming_loss == pytest.approx(metrics.hamming_loss(truth, given))
    assert ours.subset_accuracy == pytest.approx(metrics.accuracy_score(truth, given))
    for averaging, each in ours.averages.items():
        theirs = metrics.precision_recall_fscore_support(truth, given, average=averaging, zero_division=0)[:3]
        assert (each.precision, each.recall, each.f1) == pytest.approx(theirs)


def test_errors_of_numbers():
    scores = regression_scores([1, 2, 4], [2, 2, 2])
    assert scores.rmse == pytest.approx((5 / 3) ** 0.5)
    assert scores.mae == 1 and scores.rmae == 1 and scores.bias == pytest.approx(-1 / 3)
    assert scores.mape == pytest.approx((1 + 0 + 0.5) / 3)
    assert scores.r2 == pytest.approx(1 - 5 / (14 / 3))
    far = regression_scores([0, 10], [4, 10])
    assert far.mape is None and far.mae == 2 and far.rmae == pytest.approx(2**0.5)
    assert regression_scores([3, 3], [3, 4]).r2 is None
    with pytest.raises(NotMeasurable, match="predictions holds nan at position 1"):
        regression_scores([1, 2], [1, float("nan")])


def test_errors_of_numbers_as_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(1)
    truth = chance.normal(5, 2, 300)
    said = truth + chance.normal(0.2, 1, 300)
    ours = regression_scores(truth, said)
    assert ours.rmse == pytest.approx(metrics.root_mean_squared_error(truth, said))
    assert ours.mae == pytest.approx(metrics.mean_absolute_error(truth, said))
    assert ours.mape == pytest.approx(metrics.mean_absolute_percentage_error(truth, said))
    assert ours.r2 == pytest.approx(metrics.r2_score(truth, said))


def test_spans_exactly_and_by_overlap():
    truth = [[Span(0, 4, "PERSON"), Span(10, 15, "PLACE")], [Span(2, 5, "PERSON")]]
    found = [[Span(0, 4, "PERSON"), Span(11, 15, "PLACE"), Span(10, 11, "PLACE")], [Span(2, 5, "PLACE")]]
    exact = span_scores(truth, found)
    assert [(each.label, each.rates.precision, each.rates.recall) for each in exact.by_type] == [
        ("PERSON", 1, 0.5),
        ("PLACE", 0, 0),
    ]
    assert exact.micro.precision == 1 / 4 and exact.micro.recall == pytest.approx(1 / 3)
    overlap = span_scores(truth, found, "overlap")
    assert overlap.micro.recall == pytest.approx(2 / 3)
    assert overlap.micro.precision == 0.5  # the true place is found once, by one of the two
    with pytest.raises(NotMeasurable, match="holds no character"):
        Span(3, 3, "PERSON")
