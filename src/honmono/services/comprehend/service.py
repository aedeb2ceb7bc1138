"""Comprehend's operations, each a translation between AWS's words and the text engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.engines.errors import EngineError, UnsupportedLanguage
from honmono.services.comprehend.limits import (
    SENTIMENT_BYTES,
    TEXT_BYTES,
    check_batch,
    check_size,
    split_by_size,
)
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context, Service, inline

if TYPE_CHECKING:
    from honmono.engines.text.language import LanguageScore
    from honmono.engines.text.sentiment import Sentiment
    from honmono.services.platform import Platform

Answer = dict[str, Any]


class Comprehend(Service):
    """Amazon Comprehend: what a text says, about whom, in which language and mood."""

    name: ClassVar[str] = "comprehend"

    def __init__(self, platform: Platform) -> None:
        self._engines = platform.engines

    @inline
    def detect_dominant_language(self, request: Answer, ctx: Context) -> Answer:
        """The languages a text may be in, the likeliest first."""
        check_size(request["Text"], TEXT_BYTES)
        ctx.engine = self._engines.identity("language")
        return _languages(self._engines.get("language").identify(request["Text"]))

    @inline
    def batch_detect_dominant_language(self, request: Answer, ctx: Context) -> Answer:
        """DetectDominantLanguage for up to 25 texts."""
        check_batch(request["TextList"])
        ctx.engine = self._engines.identity("language")
        identify = self._engines.get("language").identify
        return _batch(request["TextList"], TEXT_BYTES, lambda texts: list(map(identify, texts)), _languages)

    def detect_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """The mood of a text: POSITIVE, NEGATIVE, NEUTRAL or MIXED."""
        check_size(request["Text"], SENTIMENT_BYTES)
        ctx.engine = self._engines.identity("sentiment")
        try:
            return _sentiment(self._engines.get("sentiment").classify.one(request["Text"], request["LanguageCode"]))
        except UnsupportedLanguage as error:
            raise _unsupported_language(error) from error

    def batch_detect_sentiment(self, request: Answer, ctx: Context) -> Answer:
        """DetectSentiment for up to 25 texts in one language."""
        check_batch(request["TextList"])
        ctx.engine = self._engines.identity("sentiment")
        language = request["LanguageCode"]
        classify = self._engines.get("sentiment").classify
        try:
            return _batch(
                request["TextList"],
                SENTIMENT_BYTES,
                lambda texts: classify.each(texts, [language] * len(texts)),
                _sentiment,
            )
        except UnsupportedLanguage as error:
            raise _unsupported_language(error) from error


def _languages(found: list[LanguageScore]) -> Answer:
    return {"Languages": [{"LanguageCode": language.code, "Score": language.score} for language in found]}


def _sentiment(mood: Sentiment) -> Answer:
    return {
        "Sentiment": mood.label,
        "SentimentScore": {
            "Positive": mood.positive,
            "Negative": mood.negative,
            "Neutral": mood.neutral,
            "Mixed": mood.mixed,
        },
    }


def _unsupported_language(error: UnsupportedLanguage) -> ServiceError:
    return ServiceError("UnsupportedLanguageException", str(error))


def _batch(
    texts: list[str], limit: int, answers: Callable[[list[str]], list[Any]], write: Callable[[Any], Answer]
) -> Answer:
    """The answers of a batch by index, and by index the errors of the items that have none.

    Raises UnsupportedLanguage: it concerns all items alike.
    """
    fitting, errors = split_by_size(texts, limit)
    results = []
    for index, answer in zip(fitting, answers([texts[index] for index in fitting]), strict=True):
        if isinstance(answer, UnsupportedLanguage):
            raise answer
        if isinstance(answer, EngineError):
            errors.append({"Index": index, "ErrorCode": "INTERNAL_SERVER_ERROR", "ErrorMessage": str(answer)})
        else:
            results.append({"Index": index, **write(answer)})
    return {"ResultList": results, "ErrorList": sorted(errors, key=lambda error: error["Index"])}
