"""Key phrases, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, batch, unsupported_language
from honmono.services.comprehend.limits import TEXT_BYTES, check_size
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.phrases import KeyPhrase


class Phrases(Part):
    """DetectKeyPhrases, one by one and in batches."""

    def detect_key_phrases(self, request: Answer, ctx: Context) -> Answer:
        """The noun phrases that a text is about."""
        check_size(request["Text"], TEXT_BYTES)
        ctx.engine = self.engines.identity("key-phrases")
        try:
            return phrases_answer(self.engines.get("key-phrases").find.one(request["Text"], request["LanguageCode"]))
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error

    def batch_detect_key_phrases(self, request: Answer, ctx: Context) -> Answer:
        """DetectKeyPhrases for up to 25 texts in one language."""
        ctx.engine = self.engines.identity("key-phrases")
        language, find = request["LanguageCode"], self.engines.get("key-phrases").find
        return batch(
            request["TextList"], TEXT_BYTES, lambda texts: find.each(texts, [language] * len(texts)), phrases_answer
        )


def phrases_answer(found: list[KeyPhrase]) -> Answer:
    """Key phrases as Comprehend writes them."""
    return {
        "KeyPhrases": [
            {"Text": phrase.text, "BeginOffset": phrase.begin, "EndOffset": phrase.end, "Score": phrase.score}
            for phrase in found
        ]
    }
