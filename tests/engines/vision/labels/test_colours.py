"""Colours and quality of pictures of which both are known."""

from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.vision.labels.colours import dominant, part, quality
from honmono.engines.vision.labels.foreground import foreground


def stripes(*shares: tuple[tuple[int, int, int], int]) -> np.ndarray:
    """Vertical stripes: colour and width of each, 48 pixels high."""
    return np.concatenate([np.full((48, width, 3), colour, np.uint8) for colour, width in shares], axis=1)


def test_shares_are_those_of_the_stripes() -> None:
    found = dominant(stripes(((255, 0, 0), 60), ((0, 128, 0), 24), ((255, 255, 255), 12)))
    assert [colour.css for colour in found] == ["red", "green", "white"]
    assert [colour.share for colour in found] == pytest.approx([0.625, 0.25, 0.125], abs=0.001)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((10, 10, 10), "black"), ((250, 250, 248), "white"), ((130, 130, 130), "grey"), ((200, 20, 20), "red"),
        ((255, 140, 20), "orange"), ((250, 220, 40), "yellow"), ((30, 140, 40), "green"), ((0, 200, 205), "cyan"),
        ((30, 90, 220), "blue"), ((120, 40, 160), "purple"), ((250, 120, 180), "pink"), ((110, 65, 30), "brown"),
    ],
)  # fmt: skip
def test_plain_names(colour: tuple[int, int, int], name: str) -> None:
    assert dominant(stripes((colour, 40)))[0].simple == name


def test_shades_that_are_hardly_told_apart_are_one_colour() -> None:
    assert len(dominant(stripes(((100, 100, 200), 30), ((102, 101, 201), 30)))) == 1


def test_the_same_picture_has_the_same_colours() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (80, 80, 3), np.uint8)
    assert dominant(noise) == dominant(noise)
    assert len(dominant(noise, most=3)) <= 3


def test_quality_of_known_pictures() -> None:
    white, checks = np.full((64, 64, 3), 255, np.uint8), np.indices((64, 64)).sum(axis=0) % 2 * 255
    assert quality(white).brightness == pytest.approx(100) and quality(white).contrast == 0
    board = quality(np.repeat(checks[:, :, None], 3, axis=2).astype(np.uint8).repeat(8, axis=0).repeat(8, axis=1))
    assert board.brightness == pytest.approx(50, abs=1) and board.contrast == pytest.approx(100, abs=1)
    assert board.sharpness > 90 and quality(white).sharpness == 0


def test_a_part_without_pixels_has_neither() -> None:
    picture = np.zeros((20, 20, 3), np.uint8)
    empty = part(picture, np.zeros((20, 20), bool), 5)
    assert empty.quality is None and empty.colours == ()


def test_what_differs_from_the_edges_is_in_front() -> None:
    picture = np.full((100, 100, 3), 40, np.uint8)
    picture[30:70, 30:70] = (230, 210, 20)
    mask = foreground(picture, np.zeros((0, 4), np.float32))
    assert mask[50, 50] and not mask[5, 5] and mask.mean() == pytest.approx(0.16, abs=0.05)
    assert not foreground(np.full((50, 50, 3), 90, np.uint8), np.zeros((0, 4), np.float32)).any()


def test_boxes_say_what_is_in_front() -> None:
    picture = np.full((100, 100, 3), 40, np.uint8)
    picture[10:40, 10:40] = (230, 30, 20)
    picture[60:90, 60:90] = (20, 30, 230)
    mask = foreground(picture, np.array([[55, 55, 95, 95]], np.float32))
    assert mask[75, 75] and not mask[25, 25]
