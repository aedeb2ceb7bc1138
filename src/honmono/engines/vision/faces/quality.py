"""How well a face can be seen: brightness, sharpness, and whether that is enough for comparing it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.face import Face, LeftOut, Quality
from honmono.engines.vision.faces.mesh import shown

_SIDE = 96
_SHARP = 12.0
"""The mean absolute Laplacian of a sharp face of 96 × 96 pixels: half of it is half sharp."""

BARS: dict[str, tuple[float, float, float, float, float]] = {
    "NONE": (0.0, 0.0, 0.0, 180.0, 0.0),
    "LOW": (24.0, 0.08, 0.04, 75.0, 0.6),
    "AUTO": (32.0, 0.12, 0.08, 60.0, 0.7),
    "MEDIUM": (48.0, 0.15, 0.12, 50.0, 0.8),
    "HIGH": (80.0, 0.2, 0.25, 35.0, 0.9),
}
"""For each quality filter: the fewest pixels of a face's longer side, the least brightness and sharpness, the most degrees
that the head may be turned or nod, the least confidence."""


def quality(pixels: NDArray[np.uint8], there: NDArray[np.float64], size: int) -> Quality:
    """Of the face that an affine map to a square of `size` pixels shows."""
    scale = _SIDE / size
    face = shown(pixels, there * scale, _SIDE)
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    middle = grey[_SIDE // 8 : -_SIDE // 8, _SIDE // 8 : -_SIDE // 8]
    detail = float(np.abs(cv2.Laplacian(middle, cv2.CV_32F)).mean())
    contrast = max(float(middle.std()), 8.0) / 48.0  # of a flat light, details are as sharp and fainter
    # A face of fewer pixels than it is looked at with has no details finer than its own.
    fewer = min(1.0, float(np.sqrt(1 / max(abs(np.linalg.det(there[:, :2])) * scale**2, 1e-9))))
    edge = detail / contrast * fewer
    return Quality(float(middle.mean()) / 255, edge / (edge + _SHARP))


def lacking(face: Face, pixels_of_face: float, bar: str) -> list[LeftOut]:
    """Why a face does not pass a quality filter, one of `BARS`; empty where it does."""
    least_pixels, least_brightness, least_sharpness, most_turn, least_confidence = BARS[bar]
    reasons: dict[LeftOut, bool] = {
        "SMALL_BOUNDING_BOX": pixels_of_face < least_pixels,
        "LOW_BRIGHTNESS": face.quality.brightness < least_brightness,
        "LOW_SHARPNESS": face.quality.sharpness < least_sharpness,
        "EXTREME_POSE": max(abs(face.pose.yaw), abs(face.pose.pitch)) > most_turn,
        "LOW_CONFIDENCE": face.confidence < least_confidence,
    }
    return [reason for reason, so in reasons.items() if so]
