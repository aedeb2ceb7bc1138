from __future__ import annotations

import numpy as np
import pytest
from tests.engines.vision.faces.drawing import as_file, draw_face

from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.engines.vision.faces.engine import FacesEngine
from honmono.engines.vision.faces.face import ATTRIBUTES
from honmono.engines.vision.faces.similarity import distance
from honmono.weights import Cache

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def engine() -> FacesEngine:
    made = FacesEngine(Cache())
    made.load()
    return made


def test_a_face_is_found_where_it_is_drawn(engine: FacesEngine) -> None:
    for at in ((0.4, 0.45), (0.6, 0.55)):
        (face,) = engine.detect(as_file(draw_face(480, at=at)), [])
        assert face.confidence > 0.9
        assert face.box.left < at[0] < face.box.left + face.box.width
        assert face.box.top < at[1] < face.box.top + face.box.height
        eyes = {each.kind: each for each in face.landmarks}
        assert eyes["eyeLeft"].x < eyes["nose"].x < eyes["eyeRight"].x
        assert eyes["eyeLeft"].y < eyes["nose"].y < eyes["mouthLeft"].y < eyes["chinBottom"].y


def test_a_picture_without_a_face_has_none(engine: FacesEngine) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    assert engine.detect_frame(noise, ["ALL"]) == []
    assert engine.detect_frame(np.zeros((1, 1, 3), np.uint8), ["ALL"]) == []


def test_the_pose_follows_the_head(engine: FacesEngine) -> None:
    poses = {
        (yaw, pitch, roll): engine.detect_frame(draw_face(yaw=yaw, pitch=pitch, roll=roll), [])[0].pose
        for yaw, pitch, roll in ((0, 0, 0), (25, 0, 0), (-25, 0, 0), (0, 15, 0), (0, -15, 0), (0, 0, 20))
    }
    ahead = poses[0, 0, 0]
    assert abs(ahead.yaw) < 5 and abs(ahead.roll) < 3
    assert poses[25, 0, 0].yaw > 10 and poses[-25, 0, 0].yaw < -10
    assert poses[0, 15, 0].pitch > ahead.pitch + 4 and poses[0, -15, 0].pitch < ahead.pitch - 4
    assert poses[0, 0, 20].roll == pytest.approx(20, abs=4)


def test_the_largest_face_comes_first(engine: FacesEngine) -> None:
    pixels = draw_face(640, at=(0.25, 0.5), scale=7)
    pixels = draw_face(640, at=(0.72, 0.5), scale=12, canvas=pixels)
    first, second = engine.detect_frame(pixels, [])
    assert first.box.height > second.box.height
    assert first.box.left > second.box.left


def test_only_what_was_asked_for_is_said(engine: FacesEngine) -> None:
    pixels = draw_face()
    (plain,) = engine.detect_frame(pixels, [])
    assert plain.smile is None and plain.emotions is None and plain.age is None
    (some,) = engine.detect_frame(pixels, ["SMILE", "GENDER"])
    assert some.smile is not None and some.gender is not None and some.age is None
    (whole,) = engine.detect_frame(pixels, ["ALL"])
    assert whole == engine.detect_frame(pixels, list(ATTRIBUTES))[0]
    assert whole.emotions is not None
    assert sum(each.confidence for each in whole.emotions) == pytest.approx(1, abs=1e-3)


def test_a_dark_face_is_less_bright_and_a_blurred_one_less_sharp(engine: FacesEngine) -> None:
    import cv2

    pixels = draw_face(480, scale=14)
    (plain,) = engine.detect_frame(pixels, [])
    (dark,) = engine.detect_frame((pixels // 2).astype(np.uint8), [])
    (blurred,) = engine.detect_frame(np.asarray(cv2.GaussianBlur(pixels, (0, 0), 5), np.uint8), [])
    assert dark.quality.brightness < plain.quality.brightness * 0.7
    assert blurred.quality.sharpness < plain.quality.sharpness * 0.8


def test_one_face_embeds_alike_in_two_pictures_and_unlike_another(engine: FacesEngine) -> None:
    one = engine.embed_frame(draw_face(yaw=4))[0].embedding
    again = engine.embed_frame(draw_face(480, scale=12, yaw=-4, at=(0.45, 0.5)))[0].embedding
    other = engine.embed_frame(draw_face(wide=1.2, skin=(120, 80, 60), lips=(120, 50, 60)))[0].embedding
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-4)
    assert distance(one, again) < distance(one, other)


def test_what_is_left_out_says_why(engine: FacesEngine) -> None:
    pixels = draw_face(640, at=(0.25, 0.5), scale=4)
    pixels = draw_face(640, at=(0.72, 0.5), scale=12, canvas=pixels)
    first, second = engine.embed_frame(pixels, 1)
    assert first.embedding and not first.left_out
    assert not second.embedding and second.left_out == ["EXCEEDS_MAX_FACES"]
    _, small = engine.embed_frame(pixels, 100, "HIGH")
    assert "SMALL_BOUNDING_BOX" in small.left_out and not small.embedding
    with pytest.raises(UnsupportedInput, match="no quality filter BEST"):
        engine.embed_frame(pixels, 1, "BEST")


def test_files_that_are_no_pictures_are_told(engine: FacesEngine) -> None:
    whole = as_file(draw_face(), "JPEG")
    with pytest.raises(UnsupportedInput):
        engine.detect(b"<svg/>", [])
    with pytest.raises(DamagedInput):
        engine.detect(whole[: len(whole) // 2], [])
