"""Personally identifiable information, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, unsupported_language
from honmono.services.comprehend.limits import TEXT_BYTES, check_size
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.pii import PiiEntity


class PersonalData(Part):
    """DetectPiiEntities and ContainsPiiEntities."""

    def detect_pii_entities(self, request: Answer, ctx: Context) -> Answer:
        """Each piece of personal data with its type, its place in characters and its score."""
        return personal_data_answer(self._personal_data(request, ctx))

    def contains_pii_entities(self, request: Answer, ctx: Context) -> Answer:
        """The types of personal data that there are, each with its best score, the surest first."""
        best: dict[str, float] = {}
        for entity in self._personal_data(request, ctx):
            best[entity.type] = max(entity.score, best.get(entity.type, 0.0))
        ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return {"Labels": [{"Name": name, "Score": score} for name, score in ordered]}

    def _personal_data(self, request: Answer, ctx: Context) -> list[PiiEntity]:
        check_size(request["Text"], TEXT_BYTES)
        ctx.engine = self.engines.identity("pii")
        try:
            found: list[PiiEntity] = self.engines.get("pii").detect.one(request["Text"], request["LanguageCode"])
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error
        return found


def personal_data_answer(found: list[PiiEntity]) -> Answer:
    """Personal data as Comprehend writes it."""
    return {
        "Entities": [
            {"Type": entity.type, "Score": entity.score, "BeginOffset": entity.begin, "EndOffset": entity.end}
            for entity in found
        ]
    }
