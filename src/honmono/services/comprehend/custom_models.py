"""The kinds of custom models as flywheels and imports handle them in the server: records, names and folders.

What is particular to training one is in `learners`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from honmono.services.comprehend.classifiers import CLASSIFIERS
from honmono.services.comprehend.recognizers import RECOGNIZERS, check_kinds
from honmono.services.comprehend.resources import invalid
from honmono.services.comprehend.trained_models import READY, ModelKind, model_folder
from honmono.services.platform import Platform
from honmono.store.records import Record
from honmono.wire.errors import ServiceError


@dataclass(frozen=True, slots=True)
class CustomKind:
    """A kind of custom model as flywheels and imports have it.

    model: what it shares with the other kinds.
    model_type: AWS's ModelType.
    task: which part of AWS's TaskConfig is this kind's.
    kept: members that a copy of a model takes over from it.
    """

    model: ModelKind
    model_type: str
    task: str
    kept: tuple[str, ...]
    check_task: Callable[[Mapping[str, Any]], None]
    """Refuses a TaskConfig that nothing can be trained for. Raises ServiceError."""
    task_of: Callable[[Platform, Record], dict[str, Any]]
    """AWS's TaskConfig of a trained model."""
    members_of: Callable[[Mapping[str, Any]], dict[str, Any]]
    """What a record of a model keeps of a TaskConfig."""
    check_dataset: Callable[[Mapping[str, Any]], dict[str, Any]]
    """A dataset's DatasetInputDataConfig as the InputDataConfig of the kind's own Create operation."""


def kind_of(record: Record) -> CustomKind:
    """The kind of a model's record.

    Raises ServiceError InvalidRequestException: models of this kind cannot be handled here.
    """
    for kind in KINDS.values():
        if kind.model.resource == record.kind:
            return kind
    raise invalid(f"{record.arn} is a model of a kind that flywheels and imports do not handle.")


def check_ready(record: Record, code: str = "ResourceUnavailableException") -> None:
    """Refuse a model that is not trained. Raises ServiceError with that code."""
    if record.status not in READY:
        raise ServiceError(code, f"The model {record.arn} is {record.status}; it must be TRAINED.")


def _classifier_task(platform: Platform, record: Record) -> dict[str, Any]:
    described = json.loads((model_folder(platform, record) / "model.json").read_text("utf-8"))
    return {
        "LanguageCode": record.body["LanguageCode"],
        "DocumentClassificationConfig": {"Mode": record.body["Mode"], "Labels": described["labels"]},
    }


def _classifier_members(task: Mapping[str, Any]) -> dict[str, Any]:
    return {"LanguageCode": task["LanguageCode"], "Mode": task["DocumentClassificationConfig"]["Mode"]}


def _classifier_dataset(config: Mapping[str, Any]) -> dict[str, Any]:
    if "EntityRecognizerInputDataConfig" in config:
        raise invalid("EntityRecognizerInputDataConfig is for flywheels of entity recognizers; this one classifies.")
    if config.get("DataFormat", "COMPREHEND_CSV") == "COMPREHEND_CSV":
        if "DocumentClassifierInputDataConfig" not in config:
            raise invalid("DocumentClassifierInputDataConfig is required where DataFormat is COMPREHEND_CSV.")
        return {"DataFormat": "COMPREHEND_CSV", **config["DocumentClassifierInputDataConfig"]}
    return {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": manifests_of(config)}


def _recognizer_task(platform: Platform, record: Record) -> dict[str, Any]:
    described = json.loads((model_folder(platform, record) / "model.json").read_text("utf-8"))
    types = [{"Type": each} for each in described["types"]]
    return {"LanguageCode": record.body["LanguageCode"], "EntityRecognitionConfig": {"EntityTypes": types}}


def _recognizer_dataset(config: Mapping[str, Any]) -> dict[str, Any]:
    if "DocumentClassifierInputDataConfig" in config:
        raise invalid(
            "DocumentClassifierInputDataConfig is for flywheels of classifiers; this one recognizes entities."
        )
    if config.get("DataFormat", "COMPREHEND_CSV") != "COMPREHEND_CSV":
        return {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": manifests_of(config)}
    given: dict[str, Any] | None = config.get("EntityRecognizerInputDataConfig")
    if given is None:
        raise invalid("EntityRecognizerInputDataConfig is required where DataFormat is COMPREHEND_CSV.")
    if ("Annotations" in given) is ("EntityList" in given):
        raise invalid("Give either Annotations or EntityList in EntityRecognizerInputDataConfig, and not both.")
    return {"DataFormat": "COMPREHEND_CSV", **given}


def manifests_of(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The augmented manifests of a dataset.

    Raises ServiceError InvalidRequestException: there are none, or they are of documents that are no plain text.
    """
    manifests: list[dict[str, Any]] = config.get("AugmentedManifests", [])
    if not manifests:
        raise invalid("AugmentedManifests is required where DataFormat is AUGMENTED_MANIFEST.")
    if any(each.get("DocumentType", "PLAIN_TEXT_DOCUMENT") != "PLAIN_TEXT_DOCUMENT" for each in manifests):
        raise invalid("Flywheels support models of plain text only: DocumentType must be PLAIN_TEXT_DOCUMENT.")
    return manifests


KINDS: Mapping[str, CustomKind] = {
    "DOCUMENT_CLASSIFIER": CustomKind(
        model=CLASSIFIERS,
        model_type="DOCUMENT_CLASSIFIER",
        task="DocumentClassificationConfig",
        kept=("LanguageCode", "Mode", "Native"),
        check_task=lambda _: None,  # the model of the wire knows the modes
        task_of=_classifier_task,
        members_of=_classifier_members,
        check_dataset=_classifier_dataset,
    ),
    "ENTITY_RECOGNIZER": CustomKind(
        model=RECOGNIZERS,
        model_type="ENTITY_RECOGNIZER",
        task="EntityRecognitionConfig",
        kept=("LanguageCode",),
        check_task=lambda task: check_kinds(task["LanguageCode"], task["EntityRecognitionConfig"]["EntityTypes"]),
        task_of=_recognizer_task,
        members_of=lambda task: {"LanguageCode": task["LanguageCode"]},
        check_dataset=_recognizer_dataset,
    ),
}
"""By AWS's ModelType."""
