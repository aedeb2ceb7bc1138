"""The kinds of analysis jobs: what each is called, what it asks of which engine, and how it tells the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from honmono.engines.errors import EngineError
from honmono.engines.host import EngineHost
from honmono.services.comprehend.analysis import Analysis
from honmono.services.comprehend.moods import languages_answer, sentiment_answer
from honmono.services.comprehend.names import entities_answer
from honmono.services.comprehend.phrases import phrases_answer

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """How a job asks about documents.

    Attributes:
        answers: the engines, the job's payload and some texts, to an answer as AWS writes it (or an error) for each.
        limit: what a document may have, in bytes of UTF-8. Source: "Guidelines and quotas" in the developer guide.
        file: the name of the file in the archive.
    """

    answers: Callable[[EngineHost, Answer, list[str]], list[Answer | EngineError]]
    limit: int = 1 << 20
    file: str = "output"


def _each(found: list[Any], texts: list[str], tell: Callable[[str, Any], Answer]) -> list[Answer | EngineError]:
    return [
        answer if isinstance(answer, EngineError) else tell(text, answer)
        for text, answer in zip(texts, found, strict=True)
    ]


def _language(payload: Answer, texts: list[str]) -> list[str]:
    return [payload["request"]["LanguageCode"]] * len(texts)


def _sentiment(engines: EngineHost, payload: Answer, texts: list[str]) -> list[Answer | EngineError]:
    found = engines.get("sentiment").classify.each(texts, _language(payload, texts))
    return _each(found, texts, lambda _, mood: sentiment_answer(mood))


def _entities(engines: EngineHost, payload: Answer, texts: list[str]) -> list[Answer | EngineError]:
    found = engines.get("entities").find.each(texts, _language(payload, texts))
    return _each(found, texts, entities_answer)


def _phrases(engines: EngineHost, payload: Answer, texts: list[str]) -> list[Answer | EngineError]:
    found = engines.get("key-phrases").find.each(texts, _language(payload, texts))
    return _each(found, texts, lambda _, phrases: phrases_answer(phrases))


def _languages(engines: EngineHost, payload: Answer, texts: list[str]) -> list[Answer | EngineError]:
    identify = engines.get("language").identify
    return [languages_answer(identify(text)) for text in texts]


SENTIMENT = Analysis("SentimentDetection", "SENTIMENT", ("sentiment",))
ENTITIES = Analysis("EntitiesDetection", "NER", ("entities",))
KEY_PHRASES = Analysis("KeyPhrasesDetection", "KP", ("key-phrases",))
LANGUAGES = Analysis("DominantLanguageDetection", "LANGUAGE", ("language",), members=())

ASKING = {
    SENTIMENT.name: Asking(_sentiment, limit=5 << 10),
    ENTITIES.name: Asking(_entities),
    KEY_PHRASES.name: Asking(_phrases),
    LANGUAGES.name: Asking(_languages),
}
