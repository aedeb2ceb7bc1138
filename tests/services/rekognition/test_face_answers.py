"""What is told of a face is what the engine said, each member under AWS's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from honmono.engines.vision.faces.face import (
    AgeRange,
    Emotion,
    EyeDirection,
    Face,
    Gender,
    Judgement,
    Landmark,
    Pose,
    Quality,
)
from honmono.engines.vision.pictures import Box
from honmono.services.rekognition.face_answers import compared_face, face_detail
from honmono.wire.model import load

PLAIN = Face(Box(0.1, 0.2, 0.3, 0.4), 0.75, [Landmark("nose", 0.2, 0.3)], Pose(1, -2, 3), Quality(0.5, 0.25))
FULL = replace(
    PLAIN,
    age=AgeRange(20, 30),
    gender=Gender("Female", 0.9),
    smile=Judgement(True, 0.8),
    eyes_open=Judgement(False, 0.7),
    mouth_open=Judgement(True, 0.6),
    eyeglasses=Judgement(False, 0.9),
    sunglasses=Judgement(True, 0.95),
    beard=Judgement(True, 0.55),
    mustache=Judgement(False, 0.65),
    occluded=Judgement(True, 0.85),
    eye_direction=EyeDirection(5, -6, 0.5),
    emotions=[Emotion("HAPPY", 0.8), Emotion("CALM", 0.2)],
)


def test_nothing_is_told_that_the_engine_did_not_say() -> None:
    assert face_detail(PLAIN) == {
        "BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4},
        "Confidence": 75,
        "Landmarks": [{"Type": "nose", "X": 0.2, "Y": 0.3}],
        "Pose": {"Roll": 1, "Yaw": -2, "Pitch": 3},
        "Quality": {"Brightness": 50, "Sharpness": 25},
    }


def test_every_member_of_a_face_detail_is_there_when_all_is_said() -> None:
    detail = face_detail(FULL, everything=True)
    assert set(detail) == set(load("rekognition").shape("FaceDetail").members)
    assert detail["AgeRange"] == {"Low": 20, "High": 30}
    assert detail["Gender"] == {"Value": "Female", "Confidence": 90}
    assert detail["Emotions"] == [{"Type": "HAPPY", "Confidence": 80}, {"Type": "CALM", "Confidence": 20}]
    assert detail["EyeDirection"] == {"Yaw": 5, "Pitch": -6, "Confidence": 50}
    assert detail["Sunglasses"] == {"Value": True, "Confidence": pytest.approx(95)}
    assert detail["EyesOpen"]["Value"] is False
    for name in ("smile", "eyes_open", "mouth_open", "eyeglasses", "sunglasses", "beard", "mustache", "occluded"):
        other = face_detail(replace(FULL, **{name: Judgement(not getattr(FULL, name).value, 0.5)}), everything=True)
        assert [member for member in detail if detail[member] != other[member]] == [
            {"occluded": "FaceOccluded"}.get(name, name.title().replace("_", ""))
        ]


def test_a_compared_face_has_the_members_of_its_shape() -> None:
    told = compared_face(FULL)
    assert set(told) == set(load("rekognition").shape("ComparedFace").members)
    assert told["Smile"] == {"Value": True, "Confidence": 80}
