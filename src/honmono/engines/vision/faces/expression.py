"""What a face does: smiles, opens its eyes or mouth, looks somewhere, expresses something. Read from the mesh's
movements and shape, and for emotions also from the pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.face import Emotion, EmotionKind, EyeDirection, Judgement
from honmono.engines.vision.faces.mesh import around, shown

if TYPE_CHECKING:
    import onnxruntime

READ_SIDE = 112
_READ: tuple[EmotionKind, ...] = ("CALM", "HAPPY", "SAD", "ANGRY", "FEAR", "DISGUSTED", "SURPRISED")
"""The network's answers, in order."""
_EYE_TURN = 30.0
"""Degrees that an eye turns at most, where a movement is 1."""


def judged(evidence: float, edge: float, steepness: float) -> Judgement:
    """Yes where the evidence is above the edge; the chance grows with the distance from it."""
    chance = 1 / (1 + math.exp(-steepness * (evidence - edge)))
    return Judgement(chance >= 0.5, max(chance, 1 - chance))


def smile(moved: Mapping[str, float]) -> Judgement:
    """Whether the corners of the mouth are drawn up."""
    return judged((moved["mouthSmileLeft"] + moved["mouthSmileRight"]) / 2, 0.4, 12.0)


def eyes_open(moved: Mapping[str, float]) -> Judgement:
    """Whether at least one eye is open."""
    return judged(-min(moved["eyeBlinkLeft"], moved["eyeBlinkRight"]), -0.55, 14.0)


def mouth_open(points: NDArray[np.float64]) -> Judgement:
    """Whether the lips are apart, from the mesh (478, 2): their gap as a share of the face's height."""
    gap = float(np.linalg.norm(points[13] - points[14]) / max(float(np.linalg.norm(points[10] - points[152])), 1e-6))
    return judged(gap, 0.03, 150.0)


def eye_direction(moved: Mapping[str, float]) -> EyeDirection:
    """Where the eyes look, from the middle of both eyes' movements."""
    right = (moved["eyeLookOutLeft"] + moved["eyeLookInRight"]) / 2  # the person's left is the picture's right
    left = (moved["eyeLookInLeft"] + moved["eyeLookOutRight"]) / 2
    up = (moved["eyeLookUpLeft"] + moved["eyeLookUpRight"]) / 2
    down = (moved["eyeLookDownLeft"] + moved["eyeLookDownRight"]) / 2
    closed = max(moved["eyeBlinkLeft"], moved["eyeBlinkRight"])
    agreeing = 1 - abs(
        (moved["eyeLookOutLeft"] - moved["eyeLookInLeft"]) - (moved["eyeLookInRight"] - moved["eyeLookOutRight"])
    )
    confidence = max(min(1 - closed, agreeing), 0.0)
    return EyeDirection((right - left) * _EYE_TURN, (up - down) * _EYE_TURN, confidence)


def emotions(read: NDArray[np.float32], moved: Mapping[str, float]) -> list[Emotion]:
    """The eight of AWS's, the likeliest first.

    Args:
        read: (7,) what the reader of expressions says of the pixels.
        moved: the mesh's movements.

    The reader knows no confusion: that is told from brows drawn down or unevenly, where there is no smile. It takes some
    calm faces for sad or angry ones, so that what the mesh does not show at all is believed by half.
    """
    shown_by_mesh: dict[EmotionKind, float] = {
        "HAPPY": (moved["mouthSmileLeft"] + moved["mouthSmileRight"]) / 2,
        "SAD": max((moved["mouthFrownLeft"] + moved["mouthFrownRight"]) / 2, moved["browInnerUp"] / 2),
        "ANGRY": (moved["browDownLeft"] + moved["browDownRight"]) / 2,
        "FEAR": min(1.0, (moved["eyeWideLeft"] + moved["eyeWideRight"]) / 2 + moved["browInnerUp"] / 2),
        "DISGUSTED": max(
            (moved["noseSneerLeft"] + moved["noseSneerRight"]) / 2,
            (moved["mouthUpperUpLeft"] + moved["mouthUpperUpRight"]) / 4,
        ),
        "SURPRISED": min(1.0, moved["jawOpen"] + moved["browInnerUp"] / 2),
    }
    shares: dict[EmotionKind, float] = dict(zip(_READ, (float(share) for share in read), strict=True))
    for kind, seen in shown_by_mesh.items():
        believed = shares[kind] * (0.5 + 0.5 * min(1.0, 2 * seen))
        shares["CALM"] += shares[kind] - believed
        shares[kind] = believed
    uneven = abs(moved["browOuterUpLeft"] - moved["browOuterUpRight"])
    puzzled = min(1.0, uneven + shown_by_mesh["ANGRY"]) * (1 - shown_by_mesh["HAPPY"])
    shares["CONFUSED"] = 0.3 * puzzled * (shares["CALM"] + shares["SAD"] + shares["ANGRY"])
    whole = sum(shares.values())
    found = [Emotion(kind, share / whole) for kind, share in shares.items()]
    return sorted(found, key=lambda emotion: -emotion.confidence)


def read_pixels(
    session: onnxruntime.InferenceSession, pixels: NDArray[np.uint8], points: NDArray[np.float64]
) -> NDArray[np.float32]:
    """What the reader of expressions says of the face with this mesh: (7,)."""
    low, high = points.min(axis=0), points.max(axis=0)
    eyes = points[473] - points[468]
    middle = (low + high) / 2
    there = around(
        (float(middle[0]), float(middle[1])),
        float((high - low).max()) * 1.05,
        math.degrees(math.atan2(eyes[1], eyes[0])),
        READ_SIDE,
    )
    face = shown(pixels, there, READ_SIDE).astype(np.float32)[None]
    shares: NDArray[np.float32] = session.run(None, {"pixels": face})[0][0]
    return shares
