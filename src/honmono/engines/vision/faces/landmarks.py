"""The points that AWS names, from the mesh's numbers. Left and right are the picture's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.vision.faces.face import Landmark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PLACES: dict[str, tuple[int, ...]] = {
    "eyeLeft": (33, 133, 159, 145),
    "eyeRight": (362, 263, 386, 374),
    "mouthLeft": (61,),
    "mouthRight": (291,),
    "nose": (4,),
    "leftEyeBrowLeft": (70,),
    "leftEyeBrowRight": (107,),
    "leftEyeBrowUp": (105,),
    "rightEyeBrowLeft": (336,),
    "rightEyeBrowRight": (300,),
    "rightEyeBrowUp": (334,),
    "leftEyeLeft": (33,),
    "leftEyeRight": (133,),
    "leftEyeUp": (159,),
    "leftEyeDown": (145,),
    "rightEyeLeft": (362,),
    "rightEyeRight": (263,),
    "rightEyeUp": (386,),
    "rightEyeDown": (374,),
    "noseLeft": (98,),
    "noseRight": (327,),
    "mouthUp": (0,),
    "mouthDown": (17,),
    "leftPupil": (468,),
    "rightPupil": (473,),
    "upperJawlineLeft": (127,),
    "midJawlineLeft": (172,),
    "chinBottom": (152,),
    "midJawlineRight": (397,),
    "upperJawlineRight": (356,),
}
"""The points of the mesh whose middle each is."""
FIVE = ("eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight")
"""Those that the detector tells, in its order."""


def landmarks(points: NDArray[np.float64] | None, five: NDArray[np.float64], width: int, height: int) -> list[Landmark]:
    """All thirty, of a mesh (478, 2) in pixels of a picture of this size; without a mesh, the detector's five (5, 2)."""
    if points is None:
        return [Landmark(kind, float(x) / width, float(y) / height) for kind, (x, y) in zip(FIVE, five, strict=True)]
    found = {kind: points[list(places)].mean(axis=0) for kind, places in PLACES.items()}
    return [Landmark(kind, float(x) / width, float(y) / height) for kind, (x, y) in found.items()]
