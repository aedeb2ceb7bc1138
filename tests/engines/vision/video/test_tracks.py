from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.vision.pictures import Box
from honmono.engines.vision.video.tracks import Sighting, TrackRules, look, tracks

RED, BLUE = (200, 30, 30), (30, 30, 200)


def person(x: float, colour: tuple[int, int, int] = RED, confidence: float = 0.8, y: float = 0.4) -> Sighting:
    """Somebody who stands there in clothes of that colour."""
    picture = np.full((100, 100, 3), 120, np.uint8)
    box = Box(x, y, 0.1, 0.3)
    picture[int(y * 100) : int(y * 100) + 30, max(0, int(x * 100)) : int(x * 100) + 10] = colour
    return Sighting(box, confidence, look(picture, box))


def test_two_who_pass_each_other_keep_their_index() -> None:
    # Where they meet, only one of them is seen.
    frames = []
    for number in range(21):
        x = 0.1 + 0.03 * number
        seen = [person(x, RED), person(0.8 - x, BLUE)]
        frames.append((number / 5, seen[:1] if 8 < number < 12 else seen))
    found = tracks(frames, 1.0)
    assert {each[0] for each in found} == {0}
    assert {each[1] for each in found if len(each) > 1} == {1}


def test_who_was_hidden_a_while_is_the_same_and_another_is_not() -> None:
    def walk(after: tuple[int, int, int]) -> list[list[int | None]]:
        frames = [(number / 5, [person(0.1 + 0.02 * number)]) for number in range(10)]
        frames += [(number / 5, []) for number in range(10, 17)]
        frames += [(number / 5, [person(0.1 + 0.02 * number, after)]) for number in range(17, 25)]
        return tracks(frames, 1.0)

    assert walk(RED)[-1] == [0]
    assert walk(BLUE)[-1] == [1]


def test_a_doubtful_detection_continues_a_track_and_begins_none() -> None:
    doubtful = [(number / 5, [person(0.3, confidence=0.25)]) for number in range(10)]
    assert tracks(doubtful, 1.0) == [[None]] * 10
    sure = [(number / 5, [person(0.3, confidence=0.8 if number < 3 else 0.25)]) for number in range(10)]
    assert tracks(sure, 1.0) == [[0]] * 10


def test_what_is_seen_once_is_a_mistake() -> None:
    frames = [(number / 5, [person(0.1)] + ([person(0.7)] if number == 4 else [])) for number in range(10)]
    found = tracks(frames, 1.0)
    assert found[4] == [0, None]
    assert tracks(frames, 1.0, TrackRules(hits=1))[4] == [0, 1]


def test_a_part_of_somebody_is_nobody_else() -> None:
    whole = [person(0.3) for _ in range(6)]
    part = Sighting(Box(0.32, 0.42, 0.06, 0.12), 0.6)
    found = tracks([(number / 5, [whole[number], part]) for number in range(6)], 1.0)
    assert found == [[0, None]] * 6


def test_a_look_tells_colours_apart() -> None:
    same = [person(0.1).look, person(0.6).look]
    other = person(0.1, BLUE).look
    assert same[0] is not None and same[1] is not None and other is not None
    assert float(same[0] @ same[0]) == pytest.approx(1.0)
    assert float(same[0] @ same[1]) > 0.9 > 0.1 > float(same[0] @ other)
    assert look(np.zeros((10, 10, 3), np.uint8), Box(-0.5, 0.99, 0.2, 0.5)).shape == (108,)
