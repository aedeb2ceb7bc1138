"""The kinds of analysis jobs: what each is called, what it asks of which engine, and how it tells the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from honmono.engines.errors import EngineError, EngineUnavailable, UnsupportedLanguage
from honmono.engines.host import EngineHost
from honmono.engines.text.pii.redaction import redact
from honmono.services.comprehend.analysis import Analysis, CustomModel
from honmono.services.comprehend.batches import Answer, unsupported_language
from honmono.services.comprehend.blocks import entities_of_document
from honmono.services.comprehend.classifiers import CLASSIFIERS
from honmono.services.comprehend.classifying import classes_of_document, scores_answer
from honmono.services.comprehend.events import EVENT_TYPES, events_answer
from honmono.services.comprehend.moods import languages_answer, sentiment_answer
from honmono.services.comprehend.names import entities_answer
from honmono.services.comprehend.native_documents import NativeDocument
from honmono.services.comprehend.own_models import own_model
from honmono.services.comprehend.personal import personal_data_answer
from honmono.services.comprehend.phrases import phrases_answer
from honmono.services.comprehend.resources import invalid
from honmono.services.comprehend.targets import targets_answer
from honmono.services.platform import Platform
from honmono.wire.service import Context

Payload = dict[str, Any]
Asked = list[Answer | str | EngineError]
"""What is to be written of each text: an answer as AWS writes it, a text where that is the answer, or an error."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a job asks about documents, and how it writes the answers.

    Attributes:
        answers: of some texts, by the engines and the job's payload.
        limit: what a document may have, in bytes of UTF-8. Source: "Guidelines and quotas" in the developer guide.
        file: the name of the file in the archive; None: each input file has an output file of its own.
        line: how a line's number is written.
        native: of a document in a native format, by the customer's own model; None: such documents are not taken.
    """

    answers: Callable[[EngineHost, Payload, list[str]], Asked]
    limit: int = 1 << 20
    file: str | None = "output"
    line: Callable[[int], int | str] = int
    native: Callable[[EngineHost, Payload, NativeDocument], Answer] | None = None


def _told(found: list[Any], texts: list[str], tell: Callable[[str, Any], Any]) -> Asked:
    return [
        answer if isinstance(answer, EngineError) else tell(text, answer)
        for text, answer in zip(texts, found, strict=True)
    ]


def _language(payload: Payload, texts: list[str]) -> list[str]:
    return [payload["request"]["LanguageCode"]] * len(texts)


def _asked(
    field: str, method: str, tell: Callable[[str, Any], Any]
) -> Callable[[EngineHost, Payload, list[str]], Asked]:
    """Ask an engine's batched method of texts and languages; ``tell`` writes what it answers to a text."""

    def answers(engines: EngineHost, payload: Payload, texts: list[str]) -> Asked:
        return _told(getattr(engines.get(field), method).each(texts, _language(payload, texts)), texts, tell)

    return answers


def _entities(engines: EngineHost, payload: Payload, texts: list[str]) -> Asked:
    model = payload["model"]
    if model is None:
        found = engines.get("entities").find.each(texts, _language(payload, texts))
    else:
        # A recognizer knows the language that it was trained in: LanguageCode is ignored, as on AWS.
        found = engines.get("recognizer").find.each(texts, [model["folder"]] * len(texts))
    return _told(found, texts, entities_answer)


def _languages(engines: EngineHost, _payload: Payload, texts: list[str]) -> Asked:
    identify = engines.get("language").identify
    return [languages_answer(identify(text)) for text in texts]


def _personal_data(engines: EngineHost, payload: Payload, texts: list[str]) -> Asked:
    found = engines.get("pii").detect.each(texts, _language(payload, texts))
    if payload["request"]["Mode"] == "ONLY_OFFSETS":
        return _told(found, texts, lambda _, entities: personal_data_answer(entities))
    config = payload["request"]["RedactionConfig"]
    mask = config.get("MaskCharacter", "*")
    mode = config.get("MaskMode", "MASK" if "MaskCharacter" in config else "REPLACE_WITH_PII_ENTITY_TYPE")
    types = config["PiiEntityTypes"]
    return _told(found, texts, lambda text, entities: redact(text, entities, mode, mask, types))


def _classes(engines: EngineHost, payload: Payload, texts: list[str]) -> Asked:
    model = payload["model"]
    found = engines.get("classifier").classify.each(texts, [model["folder"]] * len(texts))
    return _told(found, texts, lambda _, scores: scores_answer(scores, model["mode"]))


def _classes_of_document(engines: EngineHost, payload: Payload, document: NativeDocument) -> Answer:
    model, classify = payload["model"], engines.get("classifier").classify.one
    return classes_of_document(document, model["mode"], lambda text: classify(text, model["folder"]))


def _entities_of_document(engines: EngineHost, payload: Payload, document: NativeDocument) -> Answer:
    find = engines.get("recognizer").find.one
    return entities_of_document(document, lambda text: find(text, payload["model"]["folder"]))


def _events(engines: EngineHost, payload: Payload, texts: list[str]) -> Asked:
    if "events" not in engines.fields():
        raise EngineUnavailable(
            "events",
            "nothing that detects events is built in or plugged in; install an engine for the field events, as "
            "docs/engines.md says under Bringing your own engine",
        )
    types = [payload["request"]["TargetEventTypes"]] * len(texts)
    found = engines.get("events").detect.each(texts, _language(payload, texts), types)
    return _told(found, texts, events_answer)


def _check_redaction(request: Answer) -> None:
    if request["Mode"] == "ONLY_REDACTION" and not request.get("RedactionConfig", {}).get("PiiEntityTypes"):
        raise invalid(
            "RedactionConfig with PiiEntityTypes is required where Mode is ONLY_REDACTION; [ALL] means all types."
        )


def _check_events(request: Answer) -> None:
    if request["LanguageCode"] != "en":
        raise unsupported_language(
            UnsupportedLanguage(request["LanguageCode"], ("en",), "Comprehend detects events in English alone")
        )
    unknown = [each for each in request["TargetEventTypes"] if each not in EVENT_TYPES]
    if unknown:
        raise invalid(f"TargetEventTypes has {', '.join(unknown)}; there are {', '.join(EVENT_TYPES)}.")


def _events_engine(platform: Platform, _ctx: Context, _request: Answer) -> CustomModel | None:
    """The engine that somebody plugged in, so that the job gets the room that it takes; without one the job fails."""
    return CustomModel("events", {}) if "events" in platform.engines.fields() else None


def _recognizer(platform: Platform, ctx: Context, request: Answer) -> CustomModel | None:
    return own_model(platform, ctx, request, "EntityRecognizerArn", "entity-recognizer", "recognizer")


def _classifier(platform: Platform, ctx: Context, request: Answer) -> CustomModel:
    found = own_model(platform, ctx, request, "DocumentClassifierArn", CLASSIFIERS.resource, "classifier")
    if found is None:
        raise invalid("DocumentClassifierArn or FlywheelArn is required.")
    return found


SENTIMENT = Analysis("SentimentDetection", "SENTIMENT", ("sentiment",))
ENTITIES = Analysis(
    "EntitiesDetection",
    "NER",
    ("entities",),
    members=("LanguageCode", "EntityRecognizerArn", "FlywheelArn"),
    model=_recognizer,
    native=True,
)
KEY_PHRASES = Analysis("KeyPhrasesDetection", "KP", ("key-phrases",))
LANGUAGES = Analysis("DominantLanguageDetection", "LANGUAGE", ("language",), members=())
PERSONAL_DATA = Analysis(
    "PiiEntitiesDetection",
    "PII",
    ("pii",),
    members=("LanguageCode", "Mode", "RedactionConfig"),
    archive=False,
    check=_check_redaction,
)
CLASSES = Analysis(
    "DocumentClassification",
    "CLN",
    ("classifier",),
    members=("DocumentClassifierArn", "FlywheelArn"),
    model=_classifier,
    native=True,
)

TARGETED = Analysis("TargetedSentimentDetection", "TS", ("targeted-sentiment",))
EVENTS = Analysis(
    "EventsDetection",
    "EVENTS",
    members=("LanguageCode", "TargetEventTypes"),
    archive=False,
    check=_check_events,
    model=_events_engine,
)

ASKING = {
    SENTIMENT.name: Asking(_asked("sentiment", "classify", lambda _, mood: sentiment_answer(mood)), limit=5 << 10),
    ENTITIES.name: Asking(_entities, native=_entities_of_document),
    KEY_PHRASES.name: Asking(_asked("key-phrases", "find", lambda _, phrases: phrases_answer(phrases))),
    LANGUAGES.name: Asking(_languages),
    PERSONAL_DATA.name: Asking(_personal_data, file=None),
    # The guide writes a line's number as a text here, and only here.
    CLASSES.name: Asking(_classes, limit=10 << 20, file="predictions.jsonl", line=str, native=_classes_of_document),
    TARGETED.name: Asking(
        _asked("targeted-sentiment", "detect", lambda _, targets: targets_answer(targets)), limit=10 << 10
    ),
    EVENTS.name: Asking(_events, limit=10 << 10, file=None),
}
