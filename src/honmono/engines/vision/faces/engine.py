"""The engine that finds faces, says how they look, and gives the numbers by which they are told apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from honmono.engines.base import Cost, Engine
from honmono.engines.errors import EngineUnavailable, UnsupportedInput
from honmono.engines.vision.faces.face import ATTRIBUTES, EmbeddedFace, Face
from honmono.engines.vision.pictures import Box, decode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.vision.faces.detector import Found
    from honmono.engines.vision.faces.mesh import Mesh
    from honmono.engines.vision.faces.networks import Networks

MOST_FACES = 100
"""Faces of a picture that are looked at, the largest. Source: the reference of DetectFaces."""
_LEAST = 0.5
_SURE_SIZE = 32.0


class FacesEngine(Engine):
    """CenterFace finds faces, MediaPipe's face landmarker lays a mesh on them, dlib's network tells them apart."""

    name: ClassVar[str] = "centerface-mesh-resnet"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = (
        "MIT (code of ours, CenterFace), Apache-2.0 (MediaPipe, HSE network), CC0-1.0 and MIT (dlib's network as face-api.js "
        "brings it, and face-api.js's own)"
    )
    weights: ClassVar[tuple[str, ...]] = ("centerface", "face-landmarker", "face-api", "hse-faces")
    quality: ClassVar[str] = "being measured"
    cost: ClassVar[Cost] = Cost(memory_bytes=500 << 20)
    call_timeout: ClassVar[float] = 60.0

    def load(self) -> None:
        """Open the networks."""
        try:
            from honmono.engines.vision.faces.networks import open_networks
        except ImportError as error:
            raise EngineUnavailable(self.name, f"faces need the extra `vision`: {error}") from error
        self._networks: Networks = open_networks(self.cache, str(self.options.get("device", "cpu")))

    def detect(self, image: bytes, attributes: list[str]) -> list[Face]:
        """The faces in a picture, the largest first, at most `MOST_FACES`.

        Args:
            image: the bytes of a JPEG or PNG file.
            attributes: of `ATTRIBUTES`, or `ALL`, what to say beyond box, landmarks, pose and quality.

        Raises:
            UnsupportedInput, DamagedInput, InputTooLarge: see `pictures.decode`.
        """
        return self.detect_frame(decode(image).pixels, attributes)

    def detect_frame(self, pixels: NDArray[np.uint8], attributes: list[str]) -> list[Face]:
        """As `detect`, in pixels (h, w, 3), red, green and blue of 0 to 255."""
        return [self._face(pixels, found, mesh, attributes) for found, mesh in self._found(pixels)]

    def embed(
        self, image: bytes, most: int = MOST_FACES, quality: str = "NONE", attributes: list[str] | None = None
    ) -> list[EmbeddedFace]:
        """The faces in a picture with their embeddings, the largest first.

        Args:
            image: the bytes of a JPEG or PNG file.
            most: faces to embed.
            quality: `NONE`, `LOW`, `AUTO`, `MEDIUM` or `HIGH`: what a face has to have to be embedded, see `quality.BARS`.
            attributes: as in `detect`.

        Returns:
            Those that were embedded, and after them those that were left out, with the reasons and no embedding.

        Raises:
            UnsupportedInput, DamagedInput, InputTooLarge: see `pictures.decode`.
        """
        return self.embed_frame(decode(image).pixels, most, quality, attributes)

    def embed_frame(
        self,
        pixels: NDArray[np.uint8],
        most: int = MOST_FACES,
        quality: str = "NONE",
        attributes: list[str] | None = None,
    ) -> list[EmbeddedFace]:
        """As `embed`, in pixels (h, w, 3), red, green and blue of 0 to 255."""
        from honmono.engines.vision.faces.quality import BARS, lacking

        if quality not in BARS:
            raise UnsupportedInput(f"there is no quality filter {quality}; there are {', '.join(BARS)}")
        taken: list[EmbeddedFace] = []
        left: list[EmbeddedFace] = []
        for found, mesh in self._found(pixels):
            face = self._face(pixels, found, mesh, attributes or [])
            if reasons := lacking(face, found.size, quality):
                left.append(EmbeddedFace(face, [], reasons))
            elif len(taken) == most:
                left.append(EmbeddedFace(face, [], ["EXCEEDS_MAX_FACES"]))
            else:
                taken.append(EmbeddedFace(face, self._networks.recogniser.embed(pixels, mesh.points).tolist()))
        return [*taken, *left]

    def _found(self, pixels: NDArray[np.uint8]) -> list[tuple[Found, Mesh]]:
        """Faces that both the detector and the mesh see, the largest first."""
        found = sorted(self._networks.detector.find(pixels), key=lambda each: -each.size)
        seen: list[tuple[Found, Mesh]] = []
        for each in found:
            mesh = self._networks.mesher.mesh(pixels, each)
            if confidence(each, mesh) >= _LEAST:
                seen.append((each, mesh))
            if len(seen) == MOST_FACES:
                break
        return seen

    def _face(self, pixels: NDArray[np.uint8], found: Found, mesh: Mesh, attributes: list[str]) -> Face:
        from honmono.engines.vision.faces import expression
        from honmono.engines.vision.faces.landmarks import landmarks
        from honmono.engines.vision.faces.mesh import SIDE, around
        from honmono.engines.vision.faces.quality import quality

        networks, points = self._networks, mesh.points
        height, width = pixels.shape[:2]
        left, top, right, bottom = (float(edge) for edge in found.box)
        wanted = set(ATTRIBUTES) if "ALL" in attributes else set(attributes)
        if mesh.presence < 0:  # a profile: the mesh's points are guesses
            wanted &= {"AGE_RANGE", "GENDER"}
        moved = networks.mesher.movements(mesh) if wanted else {}
        age, gender = networks.person.read(pixels, points) if wanted & {"AGE_RANGE", "GENDER"} else (None, None)
        there = around(((left + right) / 2, (top + bottom) / 2), found.size, 0.0, SIDE)
        return Face(
            box=Box(left / width, top / height, (right - left) / width, (bottom - top) / height),
            confidence=confidence(found, mesh),
            landmarks=landmarks(points if mesh.presence >= 0 else None, found.five, width, height),
            pose=networks.head.pose(points, width, height),
            quality=quality(pixels, there, SIDE),
            age=age if "AGE_RANGE" in wanted else None,
            gender=gender if "GENDER" in wanted else None,
            smile=expression.smile(moved) if "SMILE" in wanted else None,
            eyes_open=expression.eyes_open(moved) if "EYES_OPEN" in wanted else None,
            mouth_open=expression.mouth_open(points) if "MOUTH_OPEN" in wanted else None,
            eye_direction=expression.eye_direction(moved) if "EYE_DIRECTION" in wanted else None,
            emotions=(
                expression.emotions(expression.read_pixels(networks.expressions, pixels, points), moved)
                if "EMOTIONS" in wanted
                else None
            ),
        )


def confidence(found: Found, mesh: Mesh) -> float:
    """That it is a face, 0 to 1.

    The mesh sees no profiles, and little in a face of few pixels: there the detector's score decides; elsewhere the mesh
    speaks for faces that the detector is unsure of, and against what is none. Fitted by eye on the development pictures:
    what is no face has scores of .53 and less, and a presence below zero.
    """
    weight = min(1.0, found.size / _SURE_SIZE)
    logit = 12 * (found.score - 0.6) + 0.3 * weight * max(min(mesh.presence, 12.0), -6.0)
    return 1 / (1 + math.exp(-logit))
