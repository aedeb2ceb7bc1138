"""What an engine says of a face, in Rekognition's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.part import Answer, box_answer

if TYPE_CHECKING:
    from honmono.engines.vision.faces.face import Face


def face_detail(face: Face) -> Answer:
    """A FaceDetail."""
    return {
        "BoundingBox": box_answer(face.box),
        "Confidence": 100 * face.confidence,
        "Landmarks": [{"Type": mark.kind, "X": mark.x, "Y": mark.y} for mark in face.landmarks],
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {"Brightness": 100 * face.quality.brightness, "Sharpness": 100 * face.quality.sharpness},
    }


def compared_face(face: Face) -> Answer:
    """A ComparedFace."""
    return face_detail(face)
