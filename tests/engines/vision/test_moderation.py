"""What Open NSFW is shown, and what it makes of harmless photographs."""

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_images

from honmono.engines.vision.moderation import EXPLICIT, THINGS, ModerationEngine, prepared
from honmono.weights import Cache


def test_the_middle_is_seen_in_blue_green_and_red_less_the_means() -> None:
    pixels = np.full((512, 512, 3), (200, 100, 50), np.uint8)
    pixels[:24] = pixels[-24:] = 0  # outside of the middle 224 of 256
    seen = prepared(pixels)
    assert seen.shape == (1, 224, 224, 3)
    assert seen[0, 112, 112] == pytest.approx([50 - 104, 100 - 117, 200 - 123], abs=3)
    assert np.ptp(seen[0, 16:-16, 16:-16], axis=(0, 1)).max() < 8


@pytest.mark.weights
def test_photographs_of_a_temple_and_a_flower_are_harmless_and_differ() -> None:
    engine = ModerationEngine(Cache())
    engine.load()
    scores = []
    for pixels in load_sample_images().images:
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "PNG")
        scores.append(engine.detect(stream.getvalue()).scores)
        assert scores[-1] == engine.detect_frame(pixels).scores
    assert all(set(each) == {EXPLICIT, *THINGS} and max(each.values()) < 0.2 for each in scores)
    assert scores[0] != scores[1]
