"""Boxes: what is one thing, what two looks agree on."""

from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.vision.labels.detections import Detections, agreed, inside, overlaps, suppressed


def rows(*each: tuple[float, int, tuple[float, float, float, float]]) -> Detections:
    return Detections(
        np.array([box for _, _, box in each], np.float32).reshape(-1, 4),
        np.array([score for score, _, _ in each], np.float32),
        np.array([kind for _, kind, _ in each], np.int64),
    )


def test_overlap_is_that_of_squares_one_can_count() -> None:
    others = np.array([(0, 0, 10, 10), (5, 0, 15, 10), (20, 20, 30, 30)], np.float32)
    assert overlaps(others[0], others) == pytest.approx([1, 1 / 3, 0])
    assert inside(np.array((2, 2, 4, 4), np.float32), others) == pytest.approx([1, 0, 0])


def test_the_same_thing_found_twice_is_one_and_another_kind_stays() -> None:
    seen = rows((0.9, 0, (0, 0, 10, 10)), (0.8, 0, (1, 0, 11, 10)), (0.7, 1, (0, 0, 10, 10)), (0.6, 0, (40, 0, 50, 10)))
    assert suppressed(seen, 0.6).scores == pytest.approx([0.9, 0.7, 0.6])
    assert suppressed(seen, 0.6, across_classes=True).scores == pytest.approx([0.9, 0.6])


def test_what_one_look_alone_sees_is_doubted() -> None:
    both = agreed([rows((0.6, 0, (0, 0, 10, 10))), rows((0.6, 0, (0, 0, 10, 12)))], 0.55, 0.2)
    single = agreed([rows((0.6, 0, (0, 0, 10, 10))), rows()], 0.55, 0.2)
    assert both.scores == pytest.approx([0.6]) and both.boxes[0] == pytest.approx([0, 0, 10, 11])
    assert len(single) == 1 and single.scores[0] < 0.45


def test_boxes_end_where_the_picture_does() -> None:
    seen = rows((0.9, 0, (-5, -5, 20, 20)), (0.8, 0, (200, 200, 210, 210))).within(100, 50)
    assert seen.boxes.tolist() == [[0, 0, 20, 20]]
