"""Language and sentiment, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, batch, unsupported_language
from honmono.services.comprehend.limits import SENTIMENT_BYTES, TEXT_BYTES, check_size
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context, inline

if TYPE_CHECKING:
    from honmono.engines.text.language import LanguageScore
    from honmono.engines.text.sentiment import Sentiment


class Moods(Part):
    """DetectDominantLanguage and DetectSentiment, one by one and in batches."""

    @inline
    def detect_dominant_language(self, request: Answer, ctx: Context) -> Answer:
        """The languages a text may be in, the likeliest first."""
        check_size(request["Text"], TEXT_BYTES)
        ctx.engine = self.engines.identity("language")
        return languages_answer(self.engines.get("language").identify(request["Text"]))

    @inline
    def batch_detect_dominant_language(self, request: Answer, ctx: Context) -> Answer:
        """DetectDominantLanguage for up to 25 texts."""
        ctx.engine = self.engines.identity("language")
        identify = self.engines.get("language").identify
        return batch(request["TextList"], TEXT_BYTES, lambda texts: list(map(identify, texts)), languages_answer)

    def detect_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """The mood of a text: POSITIVE, NEGATIVE, NEUTRAL or MIXED."""
        check_size(request["Text"], SENTIMENT_BYTES)
        ctx.engine = self.engines.identity("sentiment")
        try:
            return sentiment_answer(
                self.engines.get("sentiment").classify.one(request["Text"], request["LanguageCode"])
            )
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error

    def batch_detect_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """DetectSentiment for up to 25 texts in one language."""
        ctx.engine = self.engines.identity("sentiment")
        language, classify = request["LanguageCode"], self.engines.get("sentiment").classify
        return batch(
            request["TextList"],
            SENTIMENT_BYTES,
            lambda texts: classify.each(texts, [language] * len(texts)),
            sentiment_answer,
        )


def languages_answer(found: list[LanguageScore]) -> Answer:
    """Languages as Comprehend writes them."""
    return {"Languages": [{"LanguageCode": language.code, "Score": language.score} for language in found]}


def sentiment_answer(mood: Sentiment) -> Answer:
    """A mood as Comprehend writes it."""
    return {
        "Sentiment": mood.label,
        "SentimentScore": {
            "Positive": mood.positive,
            "Negative": mood.negative,
            "Neutral": mood.neutral,
            "Mixed": mood.mixed,
        },
    }
