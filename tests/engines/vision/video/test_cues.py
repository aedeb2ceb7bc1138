from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from tests.engines.vision.video.films import colour_bars, scene

from honmono.engines.vision.video.cues import bars, black_coverage, content, credits, plain, runs
from honmono.engines.vision.video.timecode import timecode


def test_black_is_as_dark_and_as_wide_as_is_asked() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    assert black_coverage(picture, 0.0) == 1.0
    picture[:2] = 40  # luminance .157
    assert black_coverage(picture, 0.2) == 1.0
    assert black_coverage(picture, 0.1) == pytest.approx(0.98)
    picture[:, :] = (0, 0, 255)  # blue is dark by BT.709: .0722
    assert black_coverage(picture, 0.08) == 1.0
    picture[:, :] = (0, 255, 0)
    assert black_coverage(picture, 0.2) == 0.0


def test_colour_bars_are_told_from_stripes_and_scenes() -> None:
    assert bars(colour_bars()) > 0.9
    assert bars(colour_bars()[:, ::-1]) == 0.0
    assert bars(colour_bars()[:, :, ::-1]) == 0.0
    noisy = np.clip(colour_bars() + np.random.default_rng(1).normal(0, 5, (108, 192, 3)), 0, 255).astype(np.uint8)
    assert bars(noisy) > 0.5
    assert bars(scene(1, 1)[0]) == 0.0


def test_a_plain_ground_with_something_on_it() -> None:
    page = np.zeros((108, 192, 3), np.uint8)
    assert not plain(page)
    for row in range(3):
        cv2.putText(page, "DIRECTED BY", (40, 30 + 20 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    assert plain(page)
    assert not plain(scene(3, 1)[0])


def test_frames_that_follow_each_other_are_a_segment() -> None:
    found = runs([(3, 1.0), (4, 0.8), (9, 1.0), (20, 1.0), (21, 1.0), (22, 1.0)], "BlackFrames")
    assert [(each.begin, each.end) for each in found] == [(3, 5), (20, 23)]
    assert found[0].confidence == pytest.approx(0.9)


def test_credits_are_written_pages_near_an_end() -> None:
    written = [(at, 4, True) for at in (80.0, 81.0, 82.0, 84.0, 85.0, 86.0)]
    (found,) = credits([(70.0, 0, True), *written], 90.0, 25.0)
    assert (found.cue, found.begin, found.end) == ("EndCredits", 2000, 2151)
    assert [each.cue for each in credits([(at - 78, *rest) for at, *rest in written], 90.0, 25.0)] == ["OpeningCredits"]
    assert credits([(at, 1, True) for at, *_ in written], 90.0, 25.0) == []  # a subtitle
    assert credits([(at, 4, False) for at, *_ in written], 90.0, 25.0) == []  # shop signs
    assert credits(written[:2], 90.0, 25.0) == []  # too short


def test_content_is_what_is_left() -> None:
    black = runs([(number, 1.0) for number in [*range(10), *range(100, 110)]], "BlackFrames")
    assert [(each.begin, each.end) for each in content(black, 250, 25)] == [(10, 100), (110, 250)]
    assert [(each.begin, each.end) for each in content([], 250, 25)] == [(0, 250)]


def test_dropped_frame_numbers_keep_to_the_clock() -> None:
    rate = Fraction(30000, 1001)
    # SMPTE ST 12-1: two numbers fall out at each minute but the tenth.
    assert timecode(1799, rate) == "00:00:59;29"
    assert timecode(1800, rate) == "00:01:00;02"
    assert timecode(17981, rate) == "00:09:59;29"
    assert timecode(17982, rate) == "00:10:00;00"
    assert timecode(107892, rate) == "01:00:00;00"
    assert timecode(3600, Fraction(60000, 1001)) == "00:01:00;04"
    assert timecode(1800, Fraction(30)) == "00:01:00:00"
    assert timecode(48, Fraction(24000, 1001)) == "00:00:02:00"
