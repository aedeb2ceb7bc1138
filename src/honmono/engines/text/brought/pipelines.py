"""The engine `hf-pipeline`: a directory as Hugging Face's pipelines have it, for sentiment, entities, key phrases, PII.

Its ONNX file is run by onnxruntime. Weights as safetensors are run by torch and transformers, where the user has
installed them. Scores are the model's own probabilities; nobody has set them on data of ours.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, cast

from honmono.engines.base import Cost, Engine, EngineInfo, batched
from honmono.engines.text.brought.directory import ModelDirectory
from honmono.engines.text.brought.heads import Head, TextClassifier, TokenTagger
from honmono.engines.text.brought.labels import (
    ENTITIES,
    SENTIMENTS,
    mapping,
    usual_entity,
    usual_phrase,
    usual_pii,
    usual_sentiment,
)
from honmono.engines.text.brought.options import ModelOptions, check_languages, misconfigured, read
from honmono.engines.text.brought.sessions import check_packages
from honmono.engines.text.entities import Entity, EntityType, from_grammars, without_overlaps
from honmono.engines.text.phrases import KeyPhrase
from honmono.engines.text.pii.entity import TYPES as PII_TYPES
from honmono.engines.text.pii.entity import PiiEntity
from honmono.engines.text.sentiment import Label, Sentiment

_LIBRARIES = 256 << 20
"""Bytes of tokenizer, runtime and activations beside the weights."""
_TORCH = 1 << 30
"""Bytes more where the runtime is torch."""

NAME = "hf-pipeline"
QUALITY = "your own model, not measured here: honmono evaluate measures it on your data"


class EntityOptions(ModelOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`grammars`: find by grammars those of DATE, QUANTITY and OTHER that the model has no label for."""

    grammars: bool = True


def model_info(engine: type[Engine], options: ModelOptions, directory: ModelDirectory) -> EngineInfo:
    """What there is to say about an engine over a directory; checks what can be without opening the network."""
    network = directory.network()
    check_packages(directory.engine, network, options.device)
    directory.tokenizer()
    libraries = _LIBRARIES if network.suffix == ".onnx" else _LIBRARIES + _TORCH
    return EngineInfo(
        name=engine.name,
        version=directory.name,
        licence=engine.licence,
        weights=(),
        languages=options.known_languages(),
        quality=engine.quality,
        cost=Cost(memory_bytes=2 * directory.weight_bytes() + libraries, cores=options.threads),
    )


class Pipeline(Engine):
    """What the fields have in common: a directory, its labels in the vocabulary of the field, its head."""

    name = NAME
    version = "1.0"
    licence = "Apache-2.0 (code); the model's own licence"
    quality = QUALITY
    cost = Cost(memory_bytes=_LIBRARIES)
    call_timeout = 300.0

    _field: ClassVar[str]
    _kind: ClassVar[type[ModelOptions]] = ModelOptions
    _vocabulary: ClassVar[Collection[str]]
    _per_token: ClassVar[bool] = True

    @staticmethod
    @abstractmethod
    def _usual(label: str) -> str | None: ...

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> EngineInfo:
        """See `Engine.configured`; reads the directory's settings and opens no network."""
        given, directory, head = cls._opened(options)
        cls._words(given, head)
        return model_info(cls, given, directory)

    @classmethod
    def _opened(cls, options: Mapping[str, Any]) -> tuple[ModelOptions, ModelDirectory, Head]:
        given = read(cls.name, cls._field, options, cls._kind)
        directory = ModelDirectory(cls.name, given.model, given.file)
        return given, directory, Head.of(directory)

    @classmethod
    def _words(cls, given: ModelOptions, head: Head) -> dict[str, str]:
        labels = head.kinds() if cls._per_token else list(head.labels)
        return mapping(cls.name, cls._field, labels, cls._usual, given.labels, cls._vocabulary)

    def load(self) -> None:
        """See `Engine.load`."""
        given, directory, head = self._opened(self.options)
        check_packages(self.name, directory.network(), given.device)
        self._languages = given.known_languages()
        self._labels = self._words(given, head)
        self._head = head
        self._given = given
        if self._per_token:
            self._tagger = TokenTagger(directory, given)
        else:
            self._classifier = TextClassifier(directory, given)

    def _spans(self, text: str) -> Iterator[tuple[str, int, int, float]]:
        """Word of the vocabulary, begin, end, score."""
        for span in self._tagger.spans(text):
            if word := self._labels[span.label]:
                yield word, span.begin, span.end, span.score


class PipelineSentiment(Pipeline):
    """`text-classification` whose labels are moods, or stars.

    Labels of one mood are summed; a mood that the model has no label for has the probability 0.
    """

    _field = "sentiment"
    _vocabulary = SENTIMENTS
    _per_token = False
    _usual = staticmethod(usual_sentiment)

    @classmethod
    def _words(cls, given: ModelOptions, head: Head) -> dict[str, str]:
        if head.several:
            raise misconfigured(
                cls.name, cls._field, "the model gives each label a probability of its own (multi_label_classification)"
            )
        words = super()._words(given, head)
        if missing := [mood for mood in ("POSITIVE", "NEGATIVE") if mood not in words.values()]:
            raise misconfigured(cls.name, cls._field, f"none of the model's labels is {' or '.join(missing)}")
        return words

    @batched(max_size=16, max_wait_ms=1)
    def classify(self, texts: list[str], languages: list[str]) -> list[Sentiment]:
        """As `SentimentEngine.classify`."""
        check_languages(languages, self._languages)
        return [self._mood(text) for text in texts]

    def _mood(self, text: str) -> Sentiment:
        shares = dict.fromkeys(SENTIMENTS, 0.0)
        for label, probability in zip(self._head.labels, self._classifier.probabilities(text), strict=True):
            if mood := self._labels[label]:
                shares[mood] += float(probability)
        whole = sum(shares.values())
        positive, negative, neutral, mixed = (share / whole for share in shares.values())
        likeliest = max(SENTIMENTS, key=shares.__getitem__)
        return Sentiment(cast("Label", likeliest), positive, negative, neutral, mixed)


class PipelineEntities(Pipeline):
    """`token-classification` whose labels are kinds of names."""

    _field = "entities"
    _kind = EntityOptions
    _vocabulary = ENTITIES
    _usual = staticmethod(usual_entity)

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], languages: list[str]) -> list[list[Entity]]:
        """As `EntityEngine.find`."""
        check_languages(languages, self._languages)
        return [self._entities(text, language) for text, language in zip(texts, languages, strict=True)]

    def _entities(self, text: str, language: str) -> list[Entity]:
        found = [Entity(cast("EntityType", kind), begin, end, score) for kind, begin, end, score in self._spans(text)]
        assert isinstance(self._given, EntityOptions)
        return with_grammars(text, language, found, self._given.grammars, self._labels.values())


class PipelinePhrases(Pipeline):
    """`token-classification` whose labels mark key phrases."""

    _field = "key-phrases"
    _vocabulary = ("PHRASE",)
    _usual = staticmethod(usual_phrase)

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], languages: list[str]) -> list[list[KeyPhrase]]:
        """As `PhraseEngine.find`."""
        check_languages(languages, self._languages)
        return [
            [KeyPhrase(text[begin:end], begin, end, score) for _, begin, end, score in self._spans(text)]
            for text in texts
        ]


class PipelinePii(Pipeline):
    """`token-classification` whose labels are kinds of personal data."""

    _field = "pii"
    _vocabulary = PII_TYPES
    _usual = staticmethod(usual_pii)

    @batched(max_size=16, max_wait_ms=1)
    def detect(self, texts: list[str], languages: list[str]) -> list[list[PiiEntity]]:
        """As `PiiEngine.detect`."""
        check_languages(languages, self._languages)
        return [
            [PiiEntity(kind, begin, end, score, "model") for kind, begin, end, score in self._spans(text)]
            for text in texts
        ]


def with_grammars(
    text: str, language: str, found: list[Entity], wanted: bool, modelled: Collection[str]
) -> list[Entity]:
    """The model's entities, and of what grammars find the types that the model does not know."""
    matches = [match for match in from_grammars(text, language) if match.type not in modelled] if wanted else []
    return without_overlaps([*found, *matches], len(text))
