"""What an engine says of a face, in Rekognition's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.engines.vision.faces.face import ATTRIBUTES
from honmono.services.rekognition.part import Answer, box_answer

if TYPE_CHECKING:
    from honmono.engines.vision.faces.face import Face, Gender, Judgement

_FIVE = ("eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose")
"""The landmarks that are answered where no attributes are asked for."""

_COMPARED = ("BoundingBox", "Confidence", "Landmarks", "Pose", "Quality", "Emotions", "Smile")


def attributes_of(asked: list[str]) -> list[str]:
    """What to ask the engine for, by a request's `Attributes`. `ALL` is all, whatever else stands beside it."""
    return list(ATTRIBUTES) if "ALL" in asked else [name for name in asked if name != "DEFAULT"]


def face_detail(face: Face, everything: bool = False) -> Answer:
    """A FaceDetail: with all landmarks where `everything` was asked for; members that the engine left out are not there."""
    answer: Answer = {
        "BoundingBox": box_answer(face.box),
        "Landmarks": [
            {"Type": each.kind, "X": each.x, "Y": each.y} for each in face.landmarks if everything or each.kind in _FIVE
        ],
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {"Brightness": 100 * face.quality.brightness, "Sharpness": 100 * face.quality.sharpness},
        "Confidence": 100 * face.confidence,
    }
    judged: dict[str, Judgement | Gender | None] = {
        "Smile": face.smile,
        "Eyeglasses": face.eyeglasses,
        "Sunglasses": face.sunglasses,
        "Gender": face.gender,
        "Beard": face.beard,
        "Mustache": face.mustache,
        "EyesOpen": face.eyes_open,
        "MouthOpen": face.mouth_open,
        "FaceOccluded": face.occluded,
    }
    for member, found in judged.items():
        if found is not None:
            answer[member] = {"Value": found.value, "Confidence": 100 * found.confidence}
    if face.age is not None:
        answer["AgeRange"] = {"Low": face.age.low, "High": face.age.high}
    if face.emotions is not None:
        answer["Emotions"] = [{"Type": each.kind, "Confidence": 100 * each.confidence} for each in face.emotions]
    if face.eye_direction is not None:
        looks = face.eye_direction
        answer["EyeDirection"] = {"Yaw": looks.yaw, "Pitch": looks.pitch, "Confidence": 100 * looks.confidence}
    return answer


def compared_face(face: Face) -> Answer:
    """A ComparedFace: of a FaceDetail what comparisons and recognised celebrities tell."""
    detail: dict[str, Any] = face_detail(face)
    return {name: detail[name] for name in _COMPARED if name in detail}
