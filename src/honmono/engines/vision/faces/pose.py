"""How a head is turned: the mesh's rigid points against those of a head that looks straight ahead.

Both the head and the points that expressions move little come with MediaPipe's face landmarker.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.face import Pose

_NUMBERS_A_VERTEX = 5


class Head:
    """A head of average shape.

    Args:
        described: MediaPipe's `geometry_pipeline_metadata_landmarks.binarypb`.

    Attributes:
        places: (k,) numbers of the mesh's points that hardly move.
        points: (k, 3) where they are on the head, in centimetres: right, down, away from the camera.
    """

    def __init__(self, described: bytes) -> None:
        vertices: list[float] = []
        places: list[int] = []
        for field, value in fields(described):
            if field == 1 and isinstance(value, bytes):  # the mesh
                vertices = [
                    struct.unpack("<f", inner)[0]
                    for number, inner in fields(value)
                    if number == 3 and isinstance(inner, bytes)
                ]
            elif field == 2 and isinstance(value, bytes):  # a point of the basis
                places.append(
                    next(int(inner) for number, inner in fields(value) if number == 1 and isinstance(inner, int))
                )
        whole = np.array(vertices, np.float64).reshape(-1, _NUMBERS_A_VERTEX)[:, :3]
        self.places = np.array(places)
        self.points = np.ascontiguousarray(whole[self.places] * [1, -1, -1])

    def pose(self, mesh: NDArray[np.float64], width: int, height: int) -> Pose:
        """How the head of a mesh (478, 2) is turned, in a picture of this size.

        Method: perspective-n-point, from a camera whose focal length is the picture's longer side.
        """
        focal = float(max(width, height))
        camera = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])
        seen = np.ascontiguousarray(mesh[self.places])
        worked, turn, _ = cv2.solvePnP(self.points, seen, camera, None, flags=cv2.SOLVEPNP_SQPNP)
        if not worked:
            return Pose(0.0, 0.0, 0.0)
        rotation = np.asarray(cv2.Rodrigues(turn)[0], np.float64)
        return Pose(
            roll=math.degrees(math.atan2(rotation[1, 0], rotation[0, 0])),
            yaw=math.degrees(math.asin(min(max(rotation[2, 0], -1.0), 1.0))),
            pitch=-math.degrees(math.atan2(rotation[2, 1], rotation[2, 2])),
        )


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message of Protocol Buffers: numbers as they are, all else as bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            number, at = _varint(message, at)
            yield key >> 3, number
            continue
        if kind == 2:
            length, at = _varint(message, at)
        else:
            length = {1: 8, 5: 4}[kind]
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
