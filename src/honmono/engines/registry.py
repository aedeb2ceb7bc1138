"""Which engines there are: ours by dotted path, third parties' by entry point. Nothing is imported before
its use.

A third party's package declares, in the entry point group `honmono.engines`, one entry an engine, called
FIELD.NAME:

    [project.entry-points."honmono.engines"]
    "sentiment.house-style" = "acme_moods.engine:HouseStyle"
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import entry_points

from honmono.engines.base import Engine
from honmono.engines.errors import EngineUnavailable

GROUP = "honmono.engines"

# field → name in honmono.toml → class; the first of a field is its default.
BUILT_IN: dict[str, dict[str, str]] = {
    "sentiment": {
        "e5-sentiment": "honmono.engines.text.sentiment:SentimentEngine",
        "hf-pipeline": "honmono.engines.text.brought.pipelines:PipelineSentiment",
        "openai-compatible": "honmono.engines.text.brought.chat_engines:ChatSentiment",
    },
    "entities": {
        "e5-entities": "honmono.engines.text.entities:EntityEngine",
        "gliner": "honmono.engines.text.brought.gliner_engines:GlinerEntities",
        "hf-pipeline": "honmono.engines.text.brought.pipelines:PipelineEntities",
        "openai-compatible": "honmono.engines.text.brought.chat_engines:ChatEntities",
    },
    "syntax": {"perceptron-sudachi": "honmono.engines.text.syntax:SyntaxEngine"},
    "key-phrases": {
        "noun-phrases": "honmono.engines.text.phrases:PhraseEngine",
        "hf-pipeline": "honmono.engines.text.brought.pipelines:PipelinePhrases",
        "openai-compatible": "honmono.engines.text.brought.chat_engines:ChatPhrases",
    },
    "language": {"fasttext-eldc": "honmono.engines.text.language:LanguageEngine"},
    "classifier": {"linear-classifier": "honmono.engines.text.classifier.engine:ClassifierEngine"},
    "recognizer": {"e5-crf": "honmono.engines.text.recognizer.engine:RecognizerEngine"},
    "toxicity": {
        "e5-toxicity": "honmono.engines.text.toxicity.engine:ToxicityEngine",
        "hf-pipeline": "honmono.engines.text.brought.toxic_pipeline:PipelineToxicity",
    },
    "targeted-sentiment": {"e5-targets": "honmono.engines.text.targets.engine:TargetEngine"},
    "speech-recognition": {"faster-whisper": "honmono.engines.speech.whisper:WhisperEngine"},
    "speech-synthesis": {"kokoro": "honmono.engines.speech.synthesis.engine:SynthesisEngine"},
    "speaker-diarization": {"resemblyzer-kmeans": "honmono.engines.speech.speakers.diarization:DiarizationEngine"},
    "pii": {
        "pii-rules": "honmono.engines.text.pii.engine:PiiEngine",
        "gliner": "honmono.engines.text.brought.gliner_engines:GlinerPii",
        "hf-pipeline": "honmono.engines.text.brought.pipelines:PipelinePii",
        "openai-compatible": "honmono.engines.text.brought.chat_engines:ChatPii",
    },
    "topics": {"lda": "honmono.engines.text.topics.engine:TopicEngine"},
    "image-text": {"pp-ocr": "honmono.engines.vision.image_text:ImageTextEngine"},
    "moderation": {"open-nsfw": "honmono.engines.vision.moderation:ModerationEngine"},
    "protective-equipment": {"none": "honmono.engines.vision.protective_equipment:NoEquipmentEngine"},
    "image-labels": {
        "lite2-nanodet": "honmono.engines.vision.labels.engine:LabelEngine",
        "onnx-detector": "honmono.engines.vision.brought.detector:OnnxDetector",
    },
    "faces": {"centerface-mesh-resnet": "honmono.engines.vision.faces.engine:FacesEngine"},
    "document-text": {"pdfium-ppocr": "honmono.engines.documents.engine:DocumentTextEngine"},
}

_BROUGHT = ".brought."
"""In the paths of engines that run a model or a server of the user's."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An engine that can be chosen.

    Attributes:
        field: what it is for ("sentiment").
        name: what `[engines.FIELD] engine = …` calls it.
        path: "module:Class".
        group: engines of one group share a worker process: those of one package of ours. A third party's engine has
        one alone, and so has one that runs what the user brings: a model of unknown size, or a server that answers
        slowly.
    """

    field: str
    name: str
    path: str
    group: str

    def load_class(self) -> type[Engine]:
        """Import the class.

        Raises:
            EngineUnavailable: it cannot be imported, or is no engine.
        """
        module, _, attribute = self.path.partition(":")
        try:
            found = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise EngineUnavailable(self.name, f"{self.path} cannot be imported: {error}") from error
        if not (isinstance(found, type) and issubclass(found, Engine)):
            raise EngineUnavailable(self.name, f"{self.path} is not a subclass of honmono.engines.base.Engine")
        return found


class Registry:
    """The engines of this installation, by field and name."""

    def __init__(self, built_in: dict[str, dict[str, str]] | None = None) -> None:
        """Read the table and the installed entry points."""
        self._fields: dict[str, dict[str, Registered]] = {}
        for field, engines in (BUILT_IN if built_in is None else built_in).items():
            for name, path in engines.items():
                self._add(Registered(field, name, path, f"{field}-{name}" if _BROUGHT in path else _package(path)))
        for entry in entry_points(group=GROUP):
            field, _, name = entry.name.partition(".")
            self._add(Registered(field, name or entry.name, entry.value, f"{field}-{name}"))

    def fields(self) -> list[str]:
        """What there are engines for."""
        return list(self._fields)

    def engines(self, field: str) -> list[Registered]:
        """The engines of a field, the default first. Raises `EngineUnavailable` for an unknown field."""
        try:
            return list(self._fields[field].values())
        except KeyError:
            known = ", ".join(self._fields)
            raise EngineUnavailable(field, f"no engine is installed for {field!r}; there are: {known}") from None

    def find(self, field: str, name: str | None = None) -> Registered:
        """The engine of that name, or the field's default. Raises `EngineUnavailable`."""
        engines = self.engines(field)
        for engine in engines:
            if name in (None, engine.name):
                return engine
        known = ", ".join(engine.name for engine in engines)
        raise EngineUnavailable(
            str(name),
            f"no engine of this name is installed for {field!r}; there are: {known} (see [engines.{field}])",
        )

    def _add(self, engine: Registered) -> None:
        # A third party never takes the place of an engine that is there: it is chosen by its name.
        self._fields.setdefault(engine.field, {}).setdefault(engine.name, engine)


def _package(path: str) -> str:
    """honmono.engines.text.sentiment:SentimentEngine → text"""
    module = path.partition(":")[0].removeprefix("honmono.engines.")
    return module.partition(".")[0]
