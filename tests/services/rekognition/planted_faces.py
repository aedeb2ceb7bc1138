"""An engine that sees a face in every patch of one colour, and takes like colours for the same person.

For tests that must not wait for weights: an entry point plants it in the server and in its children.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from honmono.engines.base import Cost, Engine
from honmono.engines.vision.faces.face import EmbeddedFace, Face, Landmark, Pose, Quality
from honmono.engines.vision.pictures import Box, decode

ENTRY_POINTS = """[honmono.engines]
faces.patches = tests.services.rekognition.planted_faces:PatchEngine
"""

DARK = 0.2
"""Brightness below which a patch is left out, unless the quality asked for is NONE."""
_WAVES = np.random.default_rng(7).normal(scale=4.0, size=(64, 3))


class PatchEngine(Engine):
    """Patches on white as faces; the embedding is a smooth function of the colour."""

    name = "patches"
    version = "1.0"
    licence = "none"
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        """Nothing to load."""

    def embed(self, image: bytes, most: int, quality: str, attributes: list[str]) -> list[EmbeddedFace]:
        """The patches, the largest first; those left out last."""
        pixels = decode(image).pixels
        height, width = pixels.shape[:2]
        marks, _ = ndimage.label((pixels < 200).any(axis=2))
        found = []
        for number, (rows, columns) in enumerate(ndimage.find_objects(marks), 1):
            colour = pixels[marks == number].mean(axis=0) / 255
            box = Box(
                columns.start / width,
                rows.start / height,
                (columns.stop - columns.start) / width,
                (rows.stop - rows.start) / height,
            )
            found.append((box.width * box.height, box, colour))
        found.sort(key=lambda each: -each[0])
        kept, left_out = [], []
        for _, box, colour in found:
            brightness = float(colour.mean())
            middle = Landmark("nose", box.left + box.width / 2, box.top + box.height / 2)
            face = Face(box, 0.9, [middle], Pose(0.0, 0.0, 0.0), Quality(brightness, 0.5))
            waves = _WAVES @ colour
            embedding = np.concatenate([np.cos(waves), np.sin(waves)])[: self.options.get("dimensions", 128)] / 8
            if quality != "NONE" and brightness < DARK:
                left_out.append(EmbeddedFace(face, [], ["LOW_BRIGHTNESS"]))
            elif len(kept) == most:
                left_out.append(EmbeddedFace(face, [], ["EXCEEDS_MAX_FACES"]))
            else:
                kept.append(EmbeddedFace(face, embedding.tolist()))
        return kept + left_out


def picture(*colours: str | tuple[int, int, int], form: str = "PNG", size: int = 200) -> bytes:
    """A picture with a patch of each colour, each smaller than the one before it."""
    drawn = Image.new("RGB", (size * max(1, len(colours)), size), "white")
    draw = ImageDraw.Draw(drawn)
    for number, colour in enumerate(colours):
        side = size * 0.8 * 0.95**number
        draw.rectangle((number * size + 10, 10, number * size + 10 + side, 10 + side), fill=colour)
    written = BytesIO()
    drawn.save(written, form)
    return written.getvalue()
