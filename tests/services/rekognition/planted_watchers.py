"""Engines that need no weights, planted by an entry point: what they see is told by a picture's mean colour."""

from __future__ import annotations

from honmono.engines.base import Cost, Engine
from honmono.engines.vision.moderation import Moderation
from honmono.engines.vision.pictures import Box, decode
from honmono.engines.vision.protective_equipment import BodyPart, Equipment, EquipmentEngine, EquippedPerson

ENTRY_POINTS = """[honmono.engines]
moderation.colours = tests.services.rekognition.planted_watchers:ColourModeration
protective-equipment.colours = tests.services.rekognition.planted_watchers:ColourEquipment
"""


def shares(image: bytes) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    red, green, blue = (decode(image).pixels.mean(axis=(0, 1)) / 255).tolist()
    return red, green, blue


class ColourModeration(Engine):
    """Red is explicit, green a weapon, blue swimwear; a comic where all are."""

    name = "colours"
    version = "1.0"
    licence = "none"
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        """Nothing to load."""

    def detect(self, image: bytes) -> Moderation:
        """The scores."""
        red, green, blue = shares(image)
        return Moderation(
            {
                "explicit": red,
                "weapon": green,
                "female swimwear or underwear": blue,
                "male swimwear": blue / 2,
                "comic": min(red, green, blue),
            }
        )


class ColourEquipment(EquipmentEngine):
    """Three people: one in a helmet and one glove, one in both gloves, one without a head; as sure as the picture is red."""

    name = "colours"
    version = "1.0"
    licence = "none"
    quality = "for tests"
    cost = Cost(memory_bytes=1 << 20, in_process=True)

    def load(self) -> None:
        """Nothing to load."""

    def detect(self, image: bytes) -> list[EquippedPerson]:
        """The people."""
        sure, _, _ = shares(image)
        box = Box(0.1, 0.2, 0.3, 0.4)
        helmet = Equipment("head", box, sure, (True, sure))
        glove = Equipment("hand", box, sure, (True, sure))
        bare, gloved = BodyPart("left hand", 0.9, ()), BodyPart("right hand", 0.9, (glove,))
        return [
            EquippedPerson(box, 0.9, (BodyPart("head", 0.9, (helmet,)), bare, gloved)),
            EquippedPerson(box, 0.9, (BodyPart("head", 0.9, ()), BodyPart("left hand", 0.9, (glove,)), gloved)),
            EquippedPerson(box, 0.9, (gloved,)),
        ]
