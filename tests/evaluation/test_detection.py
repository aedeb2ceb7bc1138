import pytest

from honmono.evaluation.detection import Decisions, Region, match


def region(label: str, left: float, score: float = 1.0, width: float = 0.2) -> Region:
    return Region(label, left, 0.1, width, 0.2, score)


def test_a_box_meets_one_of_its_label_that_it_covers() -> None:
    truth = [region("cat", 0.1), region("dog", 0.1), region("cat", 0.6)]
    found = [region("dog", 0.12, 0.9), region("cat", 0.61, 0.8), region("cat", 0.35, 0.7), region("bird", 0.1, 0.6)]
    assert match(truth, found) == [1, 2, None, None]


def test_of_two_boxes_on_one_object_the_surer_is_right() -> None:
    truth = [region("cat", 0.1)]
    assert match(truth, [region("cat", 0.1, 0.4), region("cat", 0.13, 0.9)]) == [None, 0]
    assert match(truth, [region("cat", 0.1, 0.9), region("cat", 0.13, 0.4)]) == [0, None]


def test_half_is_enough_and_less_is_not() -> None:
    truth = [region("cat", 0.0, width=0.2)]
    assert match(truth, [region("cat", 0.0, width=0.1)]) == [0]
    assert match(truth, [region("cat", 0.0, width=0.099)]) == [None]


def test_average_precision_counts_what_was_missed() -> None:
    assert Decisions.of([0.9, 0.8, 0.7], [True, True, False], 2).average_precision() == 1
    assert Decisions.of([0.9, 0.8, 0.7], [True, False, True], 4).average_precision() == pytest.approx((1 + 2 / 3) / 4)
    assert Decisions.of([], [], 3).average_precision() == 0
    assert Decisions.of([0.5], [False], 0).average_precision() == 0


def test_the_threshold_is_where_f1_is_highest() -> None:
    decisions = Decisions.of([0.2, 0.9, 0.4, 0.8, 0.6], [False, True, False, True, True], 3)
    threshold = decisions.best_threshold()
    assert threshold == pytest.approx(0.5)
    assert decisions.at(threshold).f1 == 1
    assert decisions.at(0.85).recall == pytest.approx(1 / 3)
    assert decisions.at(0.0).precision == pytest.approx(0.6)


def test_equal_scores_are_told_together() -> None:
    decisions = Decisions.of([0.7, 0.7, 0.7], [True, False, False], 1)
    assert decisions.at(decisions.best_threshold()).precision == pytest.approx(1 / 3)


def test_where_nothing_is_right_there_is_no_best_threshold() -> None:
    assert Decisions.of([0.7], [False], 2).best_threshold(0.5) == 0.5
    assert Decisions.of([0.7], [False], 0).best_threshold(0.4) == 0.4
