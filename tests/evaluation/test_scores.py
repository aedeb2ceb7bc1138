from __future__ import annotations

import math

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.calibration import Isotonic, Temperature, expected_calibration_error, reliability_bins
from honmono.evaluation.ranking import mean_reciprocal_rank, ndcg, precision_at
from honmono.evaluation.scores import (
    Ranked,
    average_precision,
    brier,
    log_loss,
    one_against_rest,
    precision_recall,
    roc,
    roc_auc,
)


def drawn(classes: int, cases: int = 500, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes, log odds and the probabilities that the classes were drawn with."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 1.5, (cases, classes))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([chance.choice(classes, p=row) for row in shares])
    return truth, logits, shares


def test_losses_by_hand():
    shares = [[0.8, 0.2], [0.4, 0.6]]
    assert log_loss([0, 0], shares) == pytest.approx(-(math.log(0.8) + math.log(0.4)) / 2)
    assert brier([0, 0], shares) == pytest.approx((2 * 0.04 + 2 * 0.36) / 2)
    assert log_loss([1], [[1.0, 0.0]]) == pytest.approx(-math.log(1e-15))


def test_areas_by_hand():
    # Of the four pairs of a true and a false case three are in order, one is a tie.
    assert roc_auc([True, True, False, False], [0.9, 0.5, 0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert average_precision([True, False, True], [0.9, 0.8, 0.7]) == pytest.approx((1 + 2 / 3) / 2)
    assert roc_auc([True, False], [0.1, 0.9]) == 0


@pytest.mark.parametrize("classes", [2, 4])
def test_everything_as_scikit_learn(classes):
    metrics = pytest.importorskip("sklearn.metrics")
    truth, _, shares = drawn(classes)
    assert log_loss(truth, shares) == pytest.approx(metrics.log_loss(truth, shares))
    for averaging in ("macro", "weighted"):
        if classes > 2:
            assert one_against_rest(truth, shares, "roc_auc", averaging) == pytest.approx(
                metrics.roc_auc_score(truth, shares, multi_class="ovr", average=averaging)
            )
            assert one_against_rest(truth, shares, "average_precision", averaging) == pytest.approx(
                metrics.average_precision_score(np.eye(classes)[truth], shares, average=averaging)
            )
    is_true, score = truth == 1, shares[:, 1].round(2)  # rounding makes ties
    assert roc_auc(is_true, score) == pytest.approx(metrics.roc_auc_score(is_true, score))
    assert average_precision(is_true, score) == pytest.approx(metrics.average_precision_score(is_true, score))
    if classes == 2:
        assert brier(truth, shares) == pytest.approx(2 * metrics.brier_score_loss(is_true, shares[:, 1]))
    theirs = metrics.roc_curve(is_true, score, drop_intermediate=False)
    ours = roc(is_true, score)
    assert ours.x == pytest.approx(theirs[0]) and ours.y == pytest.approx(theirs[1])
    precision, recall, _ = metrics.precision_recall_curve(is_true, score)
    curve = precision_recall(is_true, score)
    assert curve.y == pytest.approx(precision[-2::-1]) and curve.x == pytest.approx(recall[-2::-1])


def test_what_has_no_area_or_is_no_probability_is_refused():
    with pytest.raises(NotMeasurable, match="all 2 cases are true"):
        roc_auc([True, True], [0.1, 0.2])
    with pytest.raises(NotMeasurable, match=r"case 1 sum to 0\.9,"):
        log_loss([0, 1], [[0.5, 0.5], [0.4, 0.5]])
    with pytest.raises(NotMeasurable, match="softmax"):
        brier([0], [[2.0, -1.0]])
    with pytest.raises(NotMeasurable, match="one class"):
        one_against_rest([1, 1], [[0.5, 0.5], [0.5, 0.5]])
    with pytest.raises(NotMeasurable, match="scores holds inf"):
        roc_auc([True, False], [1.0, float("inf")])
    with pytest.raises(NotMeasurable, match="true class is 2"):
        log_loss([2], [[0.5, 0.5]])


def test_a_draw_of_sorted_cases_has_the_area_of_the_drawn_cases():
    truth, _, shares = drawn(2, 80)
    is_true, score = truth == 1, shares[:, 1].round(1)
    ranked = Ranked.of(is_true, score)
    for seed in range(5):
        at = np.random.default_rng(seed).integers(80, size=80)
        times = np.bincount(at, minlength=80)
        assert ranked.roc_auc(times) == pytest.approx(roc_auc(is_true[at], score[at]))
        assert ranked.average_precision(times) == pytest.approx(average_precision(is_true[at], score[at]))
    assert math.isnan(ranked.roc_auc(is_true.astype(int)))


def test_a_class_that_no_case_has_is_left_out_of_the_mean():
    truth, _, shares = drawn(3)
    wider = np.hstack([shares * 0.9, np.full((len(shares), 1), 0.1)])
    assert one_against_rest(truth, wider) == pytest.approx(one_against_rest(truth, shares))


def test_bins_and_their_error_by_hand():
    right, confidence = [True, True, False, True, False], [0.95, 0.93, 0.91, 0.55, 1.0]
    low, high = reliability_bins(right, confidence)
    assert (low.low, low.high, low.cases, low.confidence, low.accuracy) == (0.5, 0.6, 1, 0.55, 1.0)
    assert (high.cases, high.accuracy) == (4, 0.5) and high.confidence == pytest.approx(0.9475)
    assert expected_calibration_error(right, confidence) == pytest.approx((0.45 + 4 * 0.4475) / 5)


def test_a_temperature_undoes_what_made_the_scores_too_sure():
    truth, logits, shares = drawn(4, 3000, seed=2)
    fitted = Temperature.fit(truth, logits * 2.5)
    assert fitted.value == pytest.approx(2.5, rel=0.1)
    too_sure = Temperature(1.0).apply(logits * 2.5)
    mended = fitted.apply(logits * 2.5)
    assert (mended.argmax(axis=1) == too_sure.argmax(axis=1)).all()
    error = [
        expected_calibration_error(table.argmax(axis=1) == truth, table.max(axis=1))
        for table in (too_sure, mended, shares)
    ]
    assert error[1] < 0.03 < error[0]
    assert log_loss(truth, mended) <= log_loss(truth, shares) + 1e-3
    assert Temperature.fit([0, 1], [[9.0, 0.0], [0.0, 9.0]]).value == pytest.approx(0.05)  # no error: as sure as may be


def test_isotonic_rises_and_is_that_of_scikit_learn():
    chance = np.random.default_rng(3)
    score = chance.random(400).round(2)
    truth = chance.random(400) < score**3
    fitted = Isotonic.fit(truth, score)
    points = np.linspace(-0.2, 1.2, 50)
    answers = fitted.apply(points)
    assert (np.diff(answers) >= 0).all() and answers[0] == fitted.probabilities[0]
    assert abs(fitted.apply([0.5])[0] - 0.125) < 0.1
    isotonic = pytest.importorskip("sklearn.isotonic")
    theirs = isotonic.IsotonicRegression(out_of_bounds="clip").fit(score, truth)
    assert answers == pytest.approx(theirs.predict(points), abs=1e-9)


def test_lists():
    assert ndcg([3, 2, 1]) == 1 and ndcg([0, 0]) == 0
    assert ndcg([0, 1]) == pytest.approx(1 / math.log2(3))
    assert ndcg([0, 0, 1], at=2) == 0
    assert mean_reciprocal_rank([[False, True], [True], [False]]) == pytest.approx(0.5)
    assert precision_at([True, False, True], 2) == 0.5 and precision_at([True], 4) == 0.25
