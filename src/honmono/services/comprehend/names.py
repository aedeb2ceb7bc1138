"""Entities, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, batch, unsupported_language
from honmono.services.comprehend.blocks import entities_of_document
from honmono.services.comprehend.classifying import check_one_text
from honmono.services.comprehend.limits import BATCH_TEXT_BYTES, TEXT_BYTES, check_size
from honmono.services.comprehend.native_documents import read_bytes
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.recognizers import RECOGNIZERS, recognizer_folder
from honmono.services.comprehend.trained_models import model_behind
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from honmono.engines.text.entities import Entity
    from honmono.engines.text.recognizer.units import Found
    from honmono.wire.service import Context


class Names(Part):
    """DetectEntities and its Batch form."""

    def detect_entities(self, request: Answer, ctx: Context) -> Answer:
        """Who, where, what and when in a text."""
        if "EndpointArn" in request:
            return self._by_own_model(request, ctx)
        for member in ("Text", "LanguageCode"):
            if member not in request:
                raise ServiceError(
                    "InvalidRequestException",
                    f"{member} is missing: without EndpointArn both Text and LanguageCode are needed; Bytes is for "
                    "endpoints of custom models",
                )
        text, language = request["Text"], request["LanguageCode"]
        check_size(text, TEXT_BYTES)
        ctx.engine = self.engines.identity("entities")
        try:
            return entities_answer(text, self.engines.get("entities").find.one(text, language))
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error

    def _by_own_model(self, request: Answer, ctx: Context) -> Answer:
        """What the recognizer behind an endpoint finds; the language is that of its training."""
        check_one_text(request)
        model = model_behind(self.platform, ctx, request["EndpointArn"], RECOGNIZERS)
        ctx.engine = self.engines.identity("recognizer")
        folder = str(recognizer_folder(self.platform, model))
        find = self.engines.get("recognizer").find.one
        if "Text" in request:
            return entities_answer(request["Text"], find(request["Text"], folder))
        return entities_of_document(read_bytes(self.engines, request), lambda text: find(text, folder))

    def batch_detect_entities(self, request: Answer, ctx: Context) -> Answer:
        """DetectEntities for up to 25 texts in one language."""
        ctx.engine = self.engines.identity("entities")
        language, find = request["LanguageCode"], self.engines.get("entities").find

        def answers(texts: list[str]) -> list[object]:
            found = find.each(texts, [language] * len(texts))
            return [
                answer if isinstance(answer, Exception) else (text, answer)
                for text, answer in zip(texts, found, strict=True)
            ]

        return batch(request["TextList"], BATCH_TEXT_BYTES, answers, lambda pair: entities_answer(*pair))


def entities_answer(text: str, found: Sequence[Entity | Found]) -> Answer:
    """The entities found in a text as Comprehend writes them."""
    return {
        "Entities": [
            {
                "Score": entity.score,
                "Type": entity.type,
                "Text": text[entity.begin : entity.end],
                "BeginOffset": entity.begin,
                "EndOffset": entity.end,
            }
            for entity in found
        ]
    }
