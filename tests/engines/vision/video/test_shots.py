from __future__ import annotations

import cv2
import numpy as np
from tests.engines.vision.video.films import scene

from honmono.engines.vision.video.shots import ShotDetector


def boundaries(frames: list[np.ndarray]) -> list[tuple[str, int]]:
    detector = ShotDetector()
    found = []
    for number, pixels in enumerate(frames):
        found += detector.look(number, number / 25, pixels)
    return [(each.kind, each.number) for each in found + detector.finish()]


def test_each_cut_is_found_to_the_frame() -> None:
    assert boundaries(scene(1, 60)) == []
    assert boundaries(scene(1, 30) + scene(2, 30)) == [("cut", 30)]
    assert boundaries(scene(1, 17) + scene(2, 41) + scene(3, 30)) == [("cut", 17), ("cut", 58)]


def test_a_cut_in_the_last_frames_is_found() -> None:
    assert boundaries(scene(1, 30) + scene(2, 3)) == [("cut", 30)]


def test_a_flash_is_no_cut() -> None:
    film = scene(1, 60)
    film[30] = film[31] = np.full_like(film[30], 250)
    assert boundaries(film) == []


def test_motion_is_no_cut() -> None:
    assert boundaries(scene(4, 60, speed=4.0)) == []


def test_a_fade_through_black_is_one_boundary() -> None:
    film, after = scene(1, 50), scene(2, 50)
    for step in range(15):
        film[-15 + step] = (film[-15 + step] * (1 - (step + 1) / 15)).astype(np.uint8)
        after[step] = (after[step] * (step / 15)).astype(np.uint8)
    ((kind, number),) = boundaries(film + after)
    assert (kind, abs(number - 50) <= 2) == ("fade", True)


def test_a_dissolve_is_found_in_its_middle() -> None:
    film, after = scene(1, 50), scene(2, 50)
    mixed = [
        cv2.addWeighted(film[30 + step], 1 - (step + 1) / 21, after[step], (step + 1) / 21, 0) for step in range(20)
    ]
    ((kind, number),) = boundaries(film[:30] + mixed + after[20:])
    assert kind == "dissolve"
    assert 30 <= number <= 50


def test_a_film_that_only_grows_darker_has_one_shot() -> None:
    film = [(pixels * (1 - 0.6 * number / 60)).astype(np.uint8) for number, pixels in enumerate(scene(1, 60))]
    assert boundaries(film) == []
