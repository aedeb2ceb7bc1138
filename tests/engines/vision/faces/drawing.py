"""Faces that are drawn: the head that comes with MediaPipe's landmarker, turned as asked, lit and painted."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from honmono.engines.vision.faces.pose import fields
from honmono.weights import Cache

_EYES = (
    [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
)
_BROWS = ([70, 63, 105, 66, 107, 55, 65, 52, 53, 46], [300, 293, 334, 296, 336, 285, 295, 282, 283, 276])
_LIPS = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
_LIGHT = np.array([-0.3, -0.5, -0.8]) / np.linalg.norm([0.3, 0.5, 0.8])
HAIR = (60, 40, 30)


def head() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The points (468, 3) of a head that looks at us, and its triangles (k, 3)."""
    with zipfile.ZipFile(Cache().path("face-landmarker", "face_landmarker.task")) as task:
        described = task.read("geometry_pipeline_metadata_landmarks.binarypb")
    mesh = next(value for number, value in fields(described) if number == 1 and isinstance(value, bytes))
    numbers = [
        struct.unpack("<f", value)[0] for number, value in fields(mesh) if number == 3 and isinstance(value, bytes)
    ]
    triangles = [value for number, value in fields(mesh) if number == 4 and isinstance(value, int)]
    return np.array(numbers).reshape(-1, 5)[:, :3] * [1, -1, -1], np.array(triangles).reshape(-1, 3)


def turned(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """The rotation of a head that looks right, up and clockwise by so many degrees."""
    y, p, r = np.radians([yaw, -pitch, roll])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x)


def draw_face(
    size: int = 320,
    *,
    yaw: float = 0,
    pitch: float = 0,
    roll: float = 0,
    scale: float = 9.0,
    at: tuple[float, float] = (0.5, 0.5),
    wide: float = 1.0,
    skin: tuple[int, int, int] = (224, 172, 140),
    lips: tuple[int, int, int] = (170, 70, 75),
    canvas: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """A picture (size, size, 3) of a face.

    Args:
        yaw, pitch, roll: degrees that it looks to the right, up, and is tilted clockwise.
        scale: pixels a centimetre; a face is some 17 cm high.
        at: where its middle is, in shares of the picture.
        wide: of the head, 1 is average.
        canvas: what to draw on, in place of plain grey.
    """
    points, triangles = head()
    space = (points * [wide, 1, 1]) @ turned(yaw, pitch, roll).T
    middle = np.array(at) * size
    flat = space[:, :2] * scale + middle
    picture = np.full((size, size, 3), (120, 140, 160), np.uint8) if canvas is None else canvas
    place = (int(middle[0]), int(middle[1] - 1.5 * scale))
    cv2.ellipse(picture, place, (int(8.6 * scale * wide), int(11 * scale)), roll, 0, 360, HAIR, -1, cv2.LINE_AA)
    throat = (int(middle[0]), int(middle[1] + 11 * scale))
    shade = tuple(int(each * 0.7) for each in skin)
    cv2.ellipse(picture, throat, (int(4 * scale), int(6 * scale)), 0, 0, 360, shade, -1, cv2.LINE_AA)
    for triangle in triangles[np.argsort(-space[triangles, 2].mean(axis=1))]:
        normal = np.cross(space[triangle[1]] - space[triangle[0]], space[triangle[2]] - space[triangle[0]])
        light = 0.55 + 0.45 * abs(float(normal @ _LIGHT)) / (float(np.linalg.norm(normal)) + 1e-9)
        _fill(picture, flat[triangle], tuple(int(each * light) for each in skin))
    for eye in _EYES:
        _fill(picture, flat[eye], (245, 245, 245))
        x, y = flat[eye].mean(axis=0)
        cv2.circle(picture, (int(x), int(y)), max(1, int(0.62 * scale)), (70, 45, 30), -1, cv2.LINE_AA)
        cv2.polylines(
            picture, [flat[eye[:9]].astype(np.int32)], False, (40, 25, 20), max(1, int(scale / 4)), cv2.LINE_AA
        )
    for brow in _BROWS:
        _fill(picture, flat[brow], HAIR)
    _fill(picture, flat[_LIPS], lips)
    cv2.polylines(
        picture, [flat[[78, 13, 308]].astype(np.int32)], False, (90, 30, 35), max(1, int(scale / 5)), cv2.LINE_AA
    )
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(scale / 14, 0.3)), np.uint8)


def as_file(pixels: NDArray[np.uint8], form: str = "PNG") -> bytes:
    """The picture as a file."""
    written = BytesIO()
    Image.fromarray(pixels).save(written, form)
    return written.getvalue()


def _fill(picture: NDArray[np.uint8], corners: NDArray[np.float64], colour: tuple[int, ...]) -> None:
    cv2.fillPoly(picture, [(corners * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)
