"""The engine `onnx-detector` of the field `protective-equipment`: a detector of people and what they wear, that the user
brings.

    [engines.protective-equipment]
    engine = "onnx-detector"
    model = "~/models/ppe.onnx"
    labels = "~/models/ppe.txt"
    covers = { cap = "head" }         # where a class has a name that is not known

What it finds within a person's box, that person wears: a hat in the upper third covers the head, a mask there the face, a
glove a hand. A class with "no" before it ("NO-Hardhat") is a part of the body without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

import msgspec

from honmono.engines.base import Cost, EngineInfo
from honmono.engines.vision.brought.options import DetectorOptions, misconfigured, read
from honmono.engines.vision.pictures import Box, decode
from honmono.engines.vision.protective_equipment import (
    LARGEST,
    SHORTEST,
    BodyPart,
    Cover,
    Equipment,
    EquipmentEngine,
    EquippedPerson,
    Part,
)

if TYPE_CHECKING:
    from honmono.engines.vision.brought.network import BroughtNetwork

_FIELD = "protective-equipment"
_PEOPLE = frozenset(("person", "people", "worker", "human"))
_COVERS: dict[str, Cover] = {
    "helmet": "head",
    "hardhat": "head",
    "safetyhelmet": "head",
    "headcover": "head",
    "mask": "face",
    "facemask": "face",
    "respirator": "face",
    "faceshield": "face",
    "facecover": "face",
    "glove": "hand",
    "gloves": "hand",
    "handcover": "hand",
}
_UPPER = 1 / 3
"""The share of a person's height that head and face are looked for in."""


class EquipmentOptions(DetectorOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the engine takes beyond a detector's options.

    Attributes:
        covers: a class and the part of the body that it is for: "face", "hand" or "head".
    """

    covers: dict[str, str] = msgspec.field(default_factory=dict)


class OnnxEquipment(EquipmentEngine):
    """People and what they wear, by the user's network."""

    name: ClassVar[str] = "onnx-detector"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = "Apache-2.0 (code); the model's own licence"
    quality: ClassVar[str] = "the model's own; see its card"
    cost: ClassVar[Cost] = Cost(memory_bytes=512 << 20)

    _network: BroughtNetwork

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> EngineInfo:
        """See `Engine.configured`."""
        from honmono.engines.vision.brought.network import described

        return described(cls.info(), _FIELD, read(cls.name, _FIELD, options, EquipmentOptions))

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.vision.brought.network import BroughtNetwork

        given = read(self.name, _FIELD, self.options, EquipmentOptions)
        self._network = BroughtNetwork(self.name, _FIELD, given)
        self._meanings = [self._meaning(word, given) for word in self._network.classes]
        if ("person", True) not in self._meanings or len(set(self._meanings) - {None}) < 2:
            raise misconfigured(
                self.name,
                _FIELD,
                f"labels = {given.labels!r} needs a class for people (person, worker) and one at least for what they wear "
                f'({", ".join(_COVERS)}); say what others cover: covers = {{ cap = "head" }}',
            )

    def detect(self, image: bytes) -> list[EquippedPerson]:
        """See `EquipmentEngine.detect`."""
        pixels = decode(image, shortest=SHORTEST, largest=LARGEST).pixels
        height, width = pixels.shape[:2]
        found = self._network.found(pixels)
        people: list[tuple[Box, float]] = []
        worn: list[tuple[Cover, bool, Box, float]] = []
        for (left, top, right, bottom), score, kind in zip(
            found.boxes.tolist(), found.scores.tolist(), found.classes.tolist(), strict=True
        ):
            box = Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
            meaning = self._meanings[kind]
            if meaning == ("person", True):
                people.append((box, score))
            elif meaning is not None:
                worn.append((cast("Cover", meaning[0]), meaning[1], box, score))
        return _dressed(people, worn)

    def _meaning(self, word: str, given: EquipmentOptions) -> tuple[str, bool] | None:
        """The cover or "person" that a class means, and whether it is there; None for a class that means neither."""
        bare = re.sub(r"[^a-z]", "", word.casefold())
        table = {**_COVERS, **{re.sub(r"[^a-z]", "", key.casefold()): value for key, value in given.covers.items()}}
        if unknown := set(given.covers.values()) - {"face", "hand", "head"}:
            raise misconfigured(self.name, _FIELD, f"covers: {unknown.pop()!r} is none of face, hand, head")
        if bare in _PEOPLE:
            return "person", True
        if bare in table:
            return table[bare], True
        for negation in ("without", "non", "no"):
            if table.get(rest := bare.removeprefix(negation)) and rest != bare:
                return table[rest], False
        return None


def _dressed(people: list[tuple[Box, float]], worn: list[tuple[Cover, bool, Box, float]]) -> list[EquippedPerson]:
    """Each thing goes to the smallest person in whose box its middle lies; what nobody wears is left out."""
    parts: list[dict[Part, BodyPart]] = [{} for _ in people]
    for covers, there, box, score in sorted(worn, key=lambda each: -each[3]):
        x, y = box.left + box.width / 2, box.top + box.height / 2
        owners = [number for number, (person, _) in enumerate(people) if _within(person, x, y)]
        if not owners:
            continue
        owner = min(owners, key=lambda number: people[number][0].width * people[number][0].height)
        person = people[owner][0]
        name: Part = (
            covers if covers != "hand" else ("right hand" if x < person.left + person.width / 2 else "left hand")
        )
        if name in parts[owner]:  # the surer one is there
            continue
        upper = y < person.top + person.height * _UPPER
        # A hat in a hand is a hat, and covers nothing.
        covered = covers == "hand" or upper
        equipment = (Equipment(covers, box, score, (covered, score)),) if there else ()
        parts[owner][name] = BodyPart(name, score, equipment)
    order: tuple[Part, ...] = ("face", "head", "left hand", "right hand")
    return [
        EquippedPerson(box, score, tuple(mine[name] for name in order if name in mine))
        for (box, score), mine in zip(people, parts, strict=True)
    ]


def _within(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height
