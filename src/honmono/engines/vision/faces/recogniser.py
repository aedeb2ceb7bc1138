"""128 numbers for a face, close for pictures of one person: dlib's network, see `graphs.recogniser`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.vision.faces.mesh import shown

if TYPE_CHECKING:
    import onnxruntime

SIDE = 150
_CORNERS = [263, 362, 33, 133, 2]
"""Of the mesh: the outer and inner corner of each eye, and where the nose meets the lip."""
_PLACES = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
"""Where the network was taught to expect them, in a face without margin. Source: dlib's `get_face_chip_details`."""
_MARGIN = 0.25


class Recogniser:
    """Embeds faces. Safe to call from many threads.

    Args:
        session: of the graph that `graphs.recogniser` made.
    """

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def embed(self, pixels: NDArray[np.uint8], points: NDArray[np.float64]) -> NDArray[np.float32]:
        """The face with this mesh (478, 2) as (128,) of length one."""
        face = aligned(pixels, points[_CORNERS])
        embedding: NDArray[np.float32] = self._session.run(None, {"pixels": face.astype(np.float32)[None]})[0][0]
        return embedding / max(float(np.linalg.norm(embedding)), 1e-9)


def aligned(pixels: NDArray[np.uint8], corners: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The face turned and scaled so that its corners (5, 2) come as close as can be to where they are expected.

    Method: Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
    """
    wanted = (_PLACES + _MARGIN) / (1 + 2 * _MARGIN) * SIDE
    there, here = wanted - wanted.mean(axis=0), corners - corners.mean(axis=0)
    left, sizes, right = np.linalg.svd(there.T @ here)
    signs = np.array([1.0, np.sign(np.linalg.det(left @ right))])
    turn = (left * signs) @ right
    scale = float((sizes * signs).sum() / max(float((here**2).sum()), 1e-9))
    made = np.column_stack([scale * turn, wanted.mean(axis=0) - scale * turn @ corners.mean(axis=0)])
    return shown(pixels, made, SIDE)
