"""Parts of speech, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, batch, unsupported_language
from honmono.services.comprehend.limits import SYNTAX_BYTES, check_size
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.taggers import TaggedWord


class Syntax(Part):
    """DetectSyntax, one by one and in batches."""

    def detect_syntax(self, request: Answer, ctx: Context) -> Answer:
        """The words of a text, and which part of speech each is."""
        check_size(request["Text"], SYNTAX_BYTES)
        ctx.engine = self.engines.identity("syntax")
        try:
            return _tokens(self.engines.get("syntax").tag.one(request["Text"], request["LanguageCode"]))
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error

    def batch_detect_syntax(self, request: Answer, ctx: Context) -> Answer:
        """DetectSyntax for up to 25 texts in one language."""
        ctx.engine = self.engines.identity("syntax")
        language, tag = request["LanguageCode"], self.engines.get("syntax").tag
        return batch(request["TextList"], SYNTAX_BYTES, lambda texts: tag.each(texts, [language] * len(texts)), _tokens)


def _tokens(words: list[TaggedWord]) -> Answer:
    return {
        "SyntaxTokens": [
            {
                "TokenId": number,
                "Text": word.text,
                "BeginOffset": word.begin,
                "EndOffset": word.end,
                # Comprehend's name for what is of no part of speech (addresses, foreign words).
                "PartOfSpeech": {"Tag": "O" if word.tag == "X" else word.tag, "Score": word.score},
            }
            for number, word in enumerate(words, 1)
        ]
    }
