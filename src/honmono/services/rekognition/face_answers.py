"""What an engine says of a face, in Rekognition's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from honmono.services.rekognition.part import Answer, box_answer

if TYPE_CHECKING:
    from honmono.engines.vision.faces.face import Face

_JUDGEMENTS: Final = (
    ("Smile", "smile"),
    ("EyesOpen", "eyes_open"),
    ("MouthOpen", "mouth_open"),
    ("Eyeglasses", "eyeglasses"),
    ("Sunglasses", "sunglasses"),
    ("Beard", "beard"),
    ("Mustache", "mustache"),
    ("FaceOccluded", "occluded"),
)
_COMPARED: Final = ("BoundingBox", "Confidence", "Landmarks", "Pose", "Quality", "Emotions", "Smile")


def face_detail(face: Face) -> Answer:
    """A FaceDetail: what the engine told of the face, and nothing of what it did not."""
    detail: Answer = {
        "BoundingBox": box_answer(face.box),
        "Confidence": 100 * face.confidence,
        "Landmarks": [{"Type": mark.kind, "X": mark.x, "Y": mark.y} for mark in face.landmarks],
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {"Brightness": 100 * face.quality.brightness, "Sharpness": 100 * face.quality.sharpness},
    }
    if face.age is not None:
        detail["AgeRange"] = {"Low": face.age.low, "High": face.age.high}
    if face.gender is not None:
        detail["Gender"] = {"Value": face.gender.value, "Confidence": 100 * face.gender.confidence}
    for member, attribute in _JUDGEMENTS:
        judgement = getattr(face, attribute)
        if judgement is not None:
            detail[member] = {"Value": judgement.value, "Confidence": 100 * judgement.confidence}
    if face.eye_direction is not None:
        look = face.eye_direction
        detail["EyeDirection"] = {"Yaw": look.yaw, "Pitch": look.pitch, "Confidence": 100 * look.confidence}
    if face.emotions is not None:
        told = sorted(face.emotions, key=lambda emotion: -emotion.confidence)
        detail["Emotions"] = [{"Type": emotion.kind, "Confidence": 100 * emotion.confidence} for emotion in told]
    return detail


def compared_face(face: Face) -> Answer:
    """A ComparedFace: of a FaceDetail what comparisons and recognised celebrities tell."""
    detail = face_detail(face)
    return {member: detail[member] for member in _COMPARED if member in detail}
