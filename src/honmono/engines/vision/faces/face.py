"""What is said of a face. Left and right are the viewer's: the left eye is the one on the left of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from honmono.engines.vision.pictures import Box

ATTRIBUTES = (
    "AGE_RANGE",
    "EMOTIONS",
    "EYE_DIRECTION",
    "EYEGLASSES",
    "EYES_OPEN",
    "GENDER",
    "MOUTH_OPEN",
    "FACE_OCCLUDED",
    "SMILE",
    "SUNGLASSES",
    "BEARD",
    "MUSTACHE",
)
"""What can be asked for beyond box, landmarks, pose and quality; `ALL` asks for all."""

EmotionKind = Literal["HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR", "UNKNOWN"]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A point of a face, in shares of the picture's width and height; `kind` as AWS names it (`eyeLeft`)."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, in degrees.

    Attributes:
        roll: positive where the head is tilted clockwise, as seen by the viewer.
        yaw: positive where the face looks to the right of the picture.
        pitch: positive where it looks up.
    """

    roll: float
    yaw: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Of the picture of a face, each 0 to 1.

    Attributes:
        brightness: the mean luma.
        sharpness: how fine the smallest details are.
    """

    brightness: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """A yes or no about a face, with the chance, .5 to 1, that it is right."""

    value: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Gender:
    """What the face looks like, not who the person is, with the chance, .5 to 1, that others would say the same."""

    value: Literal["Male", "Female"]
    confidence: float


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Years between which the person is taken to be, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Emotion:
    """What a face seems to express, with its share, 0 to 1; the shares of one face come to one."""

    kind: EmotionKind
    confidence: float


@dataclass(frozen=True, slots=True)
class EyeDirection:
    """Where the eyes look, in degrees from straight ahead of the head.

    Attributes:
        yaw: positive to the right of the picture.
        pitch: positive up.
        confidence: 0 to 1.
    """

    yaw: float
    pitch: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture.

    What was not asked for, or what cannot be told of this face, is None.

    Attributes:
        confidence: 0 to 1, that it is a face.
        occluded: whether eyes, nose or mouth are covered.
    """

    box: Box
    confidence: float
    landmarks: list[Landmark]
    pose: Pose
    quality: Quality
    age: AgeRange | None = None
    gender: Gender | None = None
    smile: Judgement | None = None
    eyes_open: Judgement | None = None
    mouth_open: Judgement | None = None
    eyeglasses: Judgement | None = None
    sunglasses: Judgement | None = None
    beard: Judgement | None = None
    mustache: Judgement | None = None
    occluded: Judgement | None = None
    eye_direction: EyeDirection | None = None
    emotions: list[Emotion] | None = None


LeftOut = Literal[
    "EXCEEDS_MAX_FACES",
    "EXTREME_POSE",
    "LOW_BRIGHTNESS",
    "LOW_SHARPNESS",
    "LOW_CONFIDENCE",
    "SMALL_BOUNDING_BOX",
    "LOW_FACE_QUALITY",
]
"""Why a face was found and not embedded."""


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """A face with the numbers by which it is told apart.

    Attributes:
        face: with the attributes that were asked for.
        embedding: 128 numbers, of length one; the Euclidean distance of two tells how unlike the faces are, see
            `similarity.similarity`. Empty where the face was left out.
        left_out: why it was, if it was.
    """

    face: Face
    embedding: list[float]
    left_out: list[LeftOut] = field(default_factory=list)
