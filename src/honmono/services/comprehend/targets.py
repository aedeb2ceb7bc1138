"""Targeted sentiment, in real time: the mood in which a text speaks of each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, batch, unsupported_language
from honmono.services.comprehend.limits import SENTIMENT_BYTES, check_size
from honmono.services.comprehend.part import Part

if TYPE_CHECKING:
    from honmono.engines.text.targets.engine import Mention, Target
    from honmono.wire.service import Context


class TargetedSentiments(Part):
    """DetectTargetedSentiment, one by one and in batches."""

    def detect_targeted_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """What a text speaks of, its mentions grouped, each with its mood."""
        check_size(request["Text"], SENTIMENT_BYTES)
        ctx.engine = self.engines.identity("targeted-sentiment")
        try:
            return targets_answer(
                self.engines.get("targeted-sentiment").detect.one(request["Text"], request["LanguageCode"])
            )
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error

    def batch_detect_targeted_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """DetectTargetedSentiment for up to 25 texts in one language."""
        ctx.engine = self.engines.identity("targeted-sentiment")
        language, detect = request["LanguageCode"], self.engines.get("targeted-sentiment").detect
        return batch(
            request["TextList"],
            SENTIMENT_BYTES,
            lambda texts: detect.each(texts, [language] * len(texts)),
            targets_answer,
        )


def targets_answer(targets: list[Target]) -> Answer:
    """What a text speaks of as Comprehend writes it."""
    return {
        "Entities": [
            {"DescriptiveMentionIndex": target.descriptive, "Mentions": list(map(_mention, target.mentions))}
            for target in targets
        ]
    }


def _mention(mention: Mention) -> Answer:
    return {
        "Score": mention.score,
        "GroupScore": mention.group_score,
        "Text": mention.text,
        "Type": mention.type,
        "MentionSentiment": {
            "Sentiment": mention.sentiment.label,
            "SentimentScore": {
                "Positive": mention.sentiment.positive,
                "Negative": mention.sentiment.negative,
                "Neutral": mention.sentiment.neutral,
                "Mixed": mention.sentiment.mixed,
            },
        },
        "BeginOffset": mention.begin,
        "EndOffset": mention.end,
    }
