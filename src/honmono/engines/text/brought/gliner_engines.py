"""The engine `gliner`: a directory with a GLiNER model's ONNX export, for entities and for PII."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

from msgspec import Meta

from honmono.engines.base import Cost, Engine, EngineInfo, batched
from honmono.engines.text.brought.directory import ModelDirectory
from honmono.engines.text.brought.labels import ENTITIES
from honmono.engines.text.brought.options import ModelOptions, check_languages, misconfigured, read
from honmono.engines.text.brought.pipelines import QUALITY, model_info, with_grammars
from honmono.engines.text.entities import Entity, EntityType
from honmono.engines.text.pii.entity import TYPES as PII_TYPES
from honmono.engines.text.pii.entity import PiiEntity

if TYPE_CHECKING:
    from honmono.engines.text.brought.gliner import Found, SpanModel

ENTITY_LABELS = {
    "person": "PERSON", "location": "LOCATION", "organization": "ORGANIZATION", "product": "COMMERCIAL_ITEM",
    "event": "EVENT", "date": "DATE", "quantity": "QUANTITY", "title of a work": "TITLE",
}  # fmt: skip
PII_LABELS = {
    "person": "NAME", "address": "ADDRESS", "email": "EMAIL", "phone number": "PHONE", "url": "URL",
    "date of birth": "DATE_TIME", "username": "USERNAME", "password": "PASSWORD", "ip address": "IP_ADDRESS",
    "credit card number": "CREDIT_DEBIT_NUMBER", "iban": "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "bank account number": "BANK_ACCOUNT_NUMBER", "passport number": "PASSPORT_NUMBER",
    "driver's license number": "DRIVER_ID", "social security number": "SSN", "license plate number": "LICENSE_PLATE",
}  # fmt: skip


class GlinerOptions(ModelOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the engine takes beside the common options.

    Attributes:
        labels: what the network is asked for, and what AWS calls it; the whole table in place of the usual one.
        threshold: the least probability of a span.
        grammars: find by grammars those of DATE, QUANTITY and OTHER that it is not asked for.
    """

    threshold: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5
    grammars: bool = True


class _Gliner(Engine):
    """What both have in common."""

    name = "gliner"
    version = "1.0"
    licence = "Apache-2.0 (code); the model's own licence"
    quality = QUALITY
    cost = Cost(memory_bytes=256 << 20)
    call_timeout = 300.0

    _field: ClassVar[str]
    _usual: ClassVar[Mapping[str, str]]
    _vocabulary: ClassVar[Collection[str]]

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> EngineInfo:
        """See `Engine.configured`; reads the directory's settings and opens no network."""
        from honmono.engines.text.brought.gliner import GlinerConfig

        given, directory = cls._opened(options)
        GlinerConfig.of(directory)
        if directory.network().suffix != ".onnx":
            raise directory.refused(
                "has no ONNX file; make one with the gliner package: "
                'GLiNER.from_pretrained("NAME").export_to_onnx(save_dir="DIRECTORY")'
            )
        return model_info(cls, given, directory)

    @classmethod
    def _opened(cls, options: Mapping[str, Any]) -> tuple[GlinerOptions, ModelDirectory]:
        given = read(cls.name, cls._field, options, GlinerOptions)
        if strange := [word for word in given.labels.values() if word not in cls._vocabulary]:
            raise misconfigured(
                cls.name, cls._field,
                f"labels gives {', '.join(strange)}; the words are {', '.join(cls._vocabulary)}",
            )  # fmt: skip
        if given.batch != 1:
            raise misconfigured(cls.name, cls._field, "batch is 1: GLiNER reads one text at a time here")
        return given, ModelDirectory(cls.name, given.model, given.file)

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.text.brought.gliner import SpanModel

        given, directory = self._opened(self.options)
        self.configured(self.options)
        self._given = given
        self._languages = given.known_languages()
        table = dict(given.labels or self._usual)
        self._asked, self._types = list(table), list(table.values())
        self._model: SpanModel = SpanModel(directory, given.device, given.threads)

    def _found(self, text: str, language: str) -> list[Found]:
        from honmono.engines.text.brought.gliner import words

        text = text.encode(errors="replace").decode()  # a lone surrogate is no text; lengths stay
        return self._model.find(text, self._asked, self._given.threshold, lambda text: words(text, language))


class GlinerEntities(_Gliner):
    """Names, of kinds that the user may choose. The score is the network's probability of the span and its kind."""

    _field = "entities"
    _usual = ENTITY_LABELS
    _vocabulary = ENTITIES

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], languages: list[str]) -> list[list[Entity]]:
        """As `EntityEngine.find`."""
        check_languages(languages, self._languages)
        return [self._entities(text, language) for text, language in zip(texts, languages, strict=True)]

    def _entities(self, text: str, language: str) -> list[Entity]:
        found = [
            Entity(cast("EntityType", self._types[each.kind]), each.begin, each.end, each.score)
            for each in self._found(text, language)
        ]
        return with_grammars(text, language, found, self._given.grammars, self._types)


class GlinerPii(_Gliner):
    """Personal data, of kinds that the user may choose."""

    _field = "pii"
    _usual = PII_LABELS
    _vocabulary = PII_TYPES

    @batched(max_size=16, max_wait_ms=1)
    def detect(self, texts: list[str], languages: list[str]) -> list[list[PiiEntity]]:
        """As `PiiEngine.detect`."""
        check_languages(languages, self._languages)
        return [
            [PiiEntity(self._types[each.kind], each.begin, each.end, each.score, "model") for each in found]
            for found in (self._found(text, language) for text, language in zip(texts, languages, strict=True))
        ]
