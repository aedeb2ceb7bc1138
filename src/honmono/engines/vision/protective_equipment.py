"""Protective equipment on people: what an engine for it answers, and the engine that says that there is none.

No package that can be taken by name has weights for helmets, gloves and masks with a licence that can be traced: those of the
YOLO family are AGPL-3.0, and those of mask classifiers were trained on pictures of unknown origin.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn

from honmono.engines.base import Cost, Engine
from honmono.engines.errors import EngineUnavailable
from honmono.engines.vision.pictures import Box, decode

SHORTEST, LARGEST = 64, 4_096
"""Pixels of a side. Source: "Guidelines and quotas in Amazon Rekognition"."""

Cover = Literal["face", "hand", "head"]
Part = Literal["face", "head", "left hand", "right hand"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """A thing that somebody wears.

    Attributes:
        covers: what it is made for.
        confidence: that it is one, 0 to 1.
        worn: whether it covers that part of the body, and how sure that is, 0 to 1.
    """

    covers: Cover
    box: Box
    confidence: float
    worn: tuple[bool, float]


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of somebody's body that is seen, with what is worn there."""

    name: Part
    confidence: float
    equipment: tuple[Equipment, ...]


@dataclass(frozen=True, slots=True)
class EquippedPerson:
    """Somebody, from head to foot."""

    box: Box
    confidence: float
    parts: tuple[BodyPart, ...]


class EquipmentEngine(Engine):
    """What every engine of the field `protective-equipment` does."""

    @abstractmethod
    def detect(self, image: bytes) -> list[EquippedPerson]:
        """The people in a JPEG or PNG with sides from `SHORTEST` to `LARGEST`, the surest first; see `pictures.decode` for
        what is raised."""


class NoEquipmentEngine(EquipmentEngine):
    """Looks whether the picture is one, and says what to plug in."""

    name: ClassVar[str] = "none"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = "Apache-2.0 (code)"
    quality: ClassVar[str] = "answers nothing: there are no weights that may be used"
    cost: ClassVar[Cost] = Cost(memory_bytes=64 << 20)

    def load(self) -> None:
        """See `Engine.load`."""
        try:
            import PIL.Image
        except ImportError as error:
            raise EngineUnavailable(self.name, f"pictures need the extra `vision`: {error}") from error
        del PIL

    def detect(self, image: bytes) -> list[EquippedPerson]:
        """See `EquipmentEngine.detect`; of a picture that can be read, EngineUnavailable."""
        decode(image, shortest=SHORTEST, largest=LARGEST)
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise EngineUnavailable(
            "protective-equipment",
            "no weights for helmets, masks and gloves may be used with this program. Plug in a detector of your own: "
            '[engines.protective-equipment] engine = "onnx-detector", model = an ONNX file of the YOLO or RT-DETR family, '
            "labels = a text file of its classes (see docs/protective-equipment.md)",
        )
