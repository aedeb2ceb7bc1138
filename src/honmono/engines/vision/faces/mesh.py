"""The 478 points of a face and its 52 movements: MediaPipe's face landmarker, version 2.

Sources: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019
(arXiv:1907.06724); Grishchenko et al., "Attention Mesh", 2020 (arXiv:2006.10962); the model cards of MediaPipe Face Mesh
V2 and Blendshape V2. Names of the movements are those of Apple's ARKit; left and right are the person's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnxruntime

    from honmono.engines.vision.faces.detector import Found

SIDE = 256
_AROUND = 1.3
_NAMES = (
    "_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff cheekSquintLeft "
    "cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft eyeLookDownRight eyeLookInLeft eyeLookInRight "
    "eyeLookOutLeft eyeLookOutRight eyeLookUpLeft eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight "
    "jawForward jawLeft jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight "
    "mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker mouthRight "
    "mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight mouthStretchLeft "
    "mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight"
)
MOVEMENTS = tuple(_NAMES.split())
"""What a face can do, in the order of the network's answer."""
_MOVING = [
    *(0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80),
    *(81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153),
    *(154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249),
    *(251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314),
    *(317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382),
    *(384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473),
    *(474, 475, 476, 477),
]
"""The points that movements are read from."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """A face's shape.

    Attributes:
        points: (478, 2) in pixels of the picture. 468 onward are the irises.
        presence: the logit that there is a face.
    """

    points: NDArray[np.float64]
    presence: float


class Mesher:
    """Lays a mesh on faces. Safe to call from many threads.

    Args:
        points, movements: sessions of MediaPipe's two networks.
    """

    def __init__(self, points: onnxruntime.InferenceSession, movements: onnxruntime.InferenceSession) -> None:
        self._points = points
        self._movements = movements

    def mesh(self, pixels: NDArray[np.uint8], found: Found) -> Mesh:
        """The mesh of one face of a picture (h, w, 3)."""
        eyes = found.five[1] - found.five[0]
        centre = ((found.box[0] + found.box[2]) / 2, (found.box[1] + found.box[3]) / 2)
        there = around(centre, found.size * _AROUND, math.degrees(math.atan2(eyes[1], eyes[0])), SIDE)
        points, presence, _ = self._points.run(
            None, {self._points.get_inputs()[0].name: cut(pixels, there, SIDE)[None]}
        )
        return Mesh(placed(points.reshape(-1, 3)[:, :2], there), float(presence.item()))

    def movements(self, mesh: Mesh) -> dict[str, float]:
        """How far each part of the face is moved, 0 to 1, by the names in `MOVEMENTS`."""
        given = mesh.points[_MOVING].astype(np.float32)[None]
        shares = self._movements.run(None, {self._movements.get_inputs()[0].name: given})[0].reshape(-1)
        return dict(zip(MOVEMENTS, shares.tolist(), strict=True))


def around(centre: tuple[float, float], side: float, degrees: float, size: int) -> NDArray[np.float64]:
    """The affine map (2, 3) from a picture to an upright square of `size` pixels that shows `side` pixels of it."""
    made = np.asarray(cv2.getRotationMatrix2D(centre, degrees, size / max(side, 1.0)), np.float64)
    made[:, 2] += size / 2 - np.array(centre)
    return made


def cut(pixels: NDArray[np.uint8], there: NDArray[np.float64], size: int) -> NDArray[np.float32]:
    """What an affine map shows, (size, size, 3), each colour 0 to 1."""
    return shown(pixels, there, size).astype(np.float32) / np.float32(255)


def shown(pixels: NDArray[np.uint8], there: NDArray[np.float64], size: int) -> NDArray[np.uint8]:
    """What an affine map shows, (size, size, 3)."""
    # Where the picture is made much smaller, each pixel has to be the mean of many: first halved, then mapped.
    while abs(np.linalg.det(there[:, :2])) < 0.2 and min(pixels.shape[:2]) > 2 * size:
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        shrink = np.array([pixels.shape[1] / width, pixels.shape[0] / height])
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        there = np.column_stack([there[:, :2] * shrink, there[:, 2]])
    return np.asarray(cv2.warpAffine(pixels, there, (size, size), flags=cv2.INTER_LINEAR), np.uint8)


def placed(points: NDArray[np.float32], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of a square (n, 2) in the picture that it was cut from."""
    back = np.asarray(cv2.invertAffineTransform(there), np.float64)
    return np.asarray(points @ back[:, :2].T + back[:, 2], np.float64)
