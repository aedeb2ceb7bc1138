"""Engines of frames that need no weights, planted by an entry point, for the analyses of videos."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from scipy import ndimage
from tests.services.rekognition.planted_faces import PatchEngine
from tests.services.rekognition.planted_watchers import ColourModeration

from honmono.engines.base import Cost, Engine
from honmono.engines.vision.faces.face import EmbeddedFace, Face
from honmono.engines.vision.labels.answers import Instance, Label, Thing
from honmono.engines.vision.moderation import Moderation
from honmono.engines.vision.pictures import Box

ENTRY_POINTS = """
faces.frame-patches = tests.services.rekognition.planted_frames:FramePatches
image-labels.shapes = tests.services.rekognition.planted_frames:Shapes
moderation.frame-colours = tests.services.rekognition.planted_frames:FrameColours
"""


def picture_of(pixels: np.ndarray) -> bytes:
    written = BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


class FramePatches(PatchEngine):
    """Patches of one colour as faces, in frames too."""

    name = "frame-patches"

    def detect_frame(self, pixels: np.ndarray, attributes: list[str]) -> list[Face]:
        """The patches, the largest first."""
        return [each.face for each in self.embed_frame(pixels, 100, "NONE", attributes)]

    def embed_frame(self, pixels: np.ndarray, most: int, quality: str, attributes: list[str]) -> list[EmbeddedFace]:
        """The patches that are larger than what a codec leaves behind."""
        found = self.embed(picture_of(pixels), most, quality, attributes)
        return [each for each in found if each.face.box.width * each.face.box.height > 0.002]


class FrameColours(ColourModeration):
    """Moderation by a frame's mean colour."""

    name = "frame-colours"

    def detect_frame(self, pixels: np.ndarray) -> Moderation:
        """The scores."""
        return self.detect(picture_of(pixels))


class Shapes(Engine):
    """Dark upright shapes as people; red frames are Warm, blue ones Cold, and both are a Temperature."""

    name = "shapes"
    version = "1.0"
    licence = "none"
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        """Nothing to load."""

    def things_at(self, pixels: np.ndarray) -> tuple[Thing, ...]:
        """The people, from left to right."""
        height, width = pixels.shape[:2]
        marks, _ = ndimage.label((pixels < 100).all(axis=2))
        boxes = [
            Box(
                columns.start / width,
                rows.start / height,
                (columns.stop - columns.start) / width,
                (rows.stop - rows.start) / height,
            )
            for rows, columns in ndimage.find_objects(marks)
        ]
        return tuple(Thing("Person", box, 0.9) for box in boxes if box.height > 0.1)

    def look_at(self, pixels: np.ndarray) -> tuple[Label, ...]:
        """The labels."""
        red, _, blue = pixels.mean(axis=(0, 1))
        name, sure = ("Warm", red / 255) if red > blue else ("Cold", blue / 255)
        instances = tuple(Instance(each.box, each.confidence) for each in self.things_at(pixels))
        return (
            Label(name, float(sure), instances, ("Temperature",), ("Weather",), ()),
            Label("Temperature", float(sure), (), (), ("Weather",), ()),
        )
