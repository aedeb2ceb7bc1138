"""DetectProtectiveEquipment: who wears what on face, hands and head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request, box_answer

if TYPE_CHECKING:
    from honmono.engines.vision.protective_equipment import BodyPart, Equipment, EquippedPerson
    from honmono.wire.service import Context

FIELD = "protective-equipment"
MOST_BYTES = 4 << 20
"""Of a picture in the request. Source: "Guidelines and quotas in Amazon Rekognition"."""
MOST_PERSONS = 15
LEAST = 50.0
"""Of a confidence that counts. Source, of both: DetectProtectiveEquipment in AWS's API reference."""

_TYPES = {"face": "FACE_COVER", "hand": "HAND_COVER", "head": "HEAD_COVER"}


class ProtectiveEquipment(Part):
    """Persons and what they wear."""

    def detect_protective_equipment(self, request: Request, ctx: Context) -> Answer:
        """What the engine sees; the one that comes with us says what to plug in."""
        image = image_bytes(request["Image"], ctx, MOST_BYTES)
        ctx.engine = self.engines.identity(FIELD)
        with looked_at():
            persons = self.engines.get(FIELD).detect(image)
        shown = [_person(number, person) for number, person in enumerate(persons[:MOST_PERSONS])]
        answer: Answer = {"ProtectiveEquipmentModelVersion": ctx.engine, "Persons": shown}
        if "SummarizationAttributes" in request:
            answer["Summary"] = summary(shown, request["SummarizationAttributes"])
        return answer


def summary(persons: list[Answer], wanted: Request) -> Answer:
    """Who wears all that is required, who does not, and of whom that cannot be told: a part where it is worn is not seen, or
    a confidence is under the least."""
    least = max(wanted["MinConfidence"], LEAST)
    found: dict[str, list[int]] = {
        "PersonsWithRequiredEquipment": [],
        "PersonsWithoutRequiredEquipment": [],
        "PersonsIndeterminate": [],
    }
    for person in persons:
        worn = [_worn(person, each, least) for each in wanted["RequiredEquipmentTypes"]]
        if person["Confidence"] < least or (None in worn and False not in worn):
            found["PersonsIndeterminate"].append(person["Id"])
        elif False in worn:
            found["PersonsWithoutRequiredEquipment"].append(person["Id"])
        else:
            found["PersonsWithRequiredEquipment"].append(person["Id"])
    return found


def _worn(person: Answer, kind: str, least: float) -> bool | None:
    """Whether a kind of equipment covers every part of the body that it is for; None where no such part is seen well."""
    parts = [part for part in person["BodyParts"] if part["Name"].endswith(kind.removesuffix("_COVER"))]
    seen = [part for part in parts if part["Confidence"] >= least]
    if not seen:
        return None
    return all(any(_covers(each, kind, least) for each in part["EquipmentDetections"]) for part in seen)


def _covers(equipment: Answer, kind: str, least: float) -> bool:
    covers = equipment["CoversBodyPart"]
    return bool(
        equipment["Type"] == kind
        and equipment["Confidence"] >= least
        and covers["Value"]
        and covers["Confidence"] >= least
    )


def _person(number: int, person: EquippedPerson) -> Answer:
    return {
        "Id": number,
        "BoundingBox": box_answer(person.box),
        "Confidence": 100 * person.confidence,
        "BodyParts": list(map(_part, person.parts)),
    }


def _part(part: BodyPart) -> Answer:
    return {
        "Name": part.name.upper().replace(" ", "_"),
        "Confidence": 100 * part.confidence,
        "EquipmentDetections": list(map(_equipment, part.equipment)),
    }


def _equipment(equipment: Equipment) -> Answer:
    value, confidence = equipment.worn
    return {
        "Type": _TYPES[equipment.covers],
        "BoundingBox": box_answer(equipment.box),
        "Confidence": 100 * equipment.confidence,
        "CoversBodyPart": {"Value": value, "Confidence": 100 * confidence},
    }
