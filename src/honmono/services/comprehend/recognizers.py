"""Entity recognizers: trained by a job on the customer's documents, described, listed, stopped and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from honmono.services.comprehend import trained_models
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.recognizer_job import KIND
from honmono.services.comprehend.resources import check_role, find, invalid
from honmono.services.comprehend.trained_models import ModelKind
from honmono.services.platform import Platform
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

RECOGNIZERS = ModelKind(
    resource="entity-recognizer",
    called="an entity recognizer",
    name="RecognizerName",
    job=KIND,
    shown=("LanguageCode", "InputDataConfig", "DataAccessRoleArn", "VolumeKmsKeyId", "VpcConfig"),
)
LANGUAGES = ("en", "es", "fr", "it", "de", "pt", "ja")
"""AWS's, and Japanese."""

MOST_TYPES = 25


class Recognizers(Part):
    """Create, Describe, List, StopTraining and Delete of entity recognizers and their versions."""

    def create_entity_recognizer(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Check the request and start the training; DescribeEntityRecognizer tells how it goes."""
        config = request["InputDataConfig"]
        check_kinds(request["LanguageCode"], config["EntityTypes"])
        if config.get("DataFormat", "COMPREHEND_CSV") == "COMPREHEND_CSV":
            _check_files(config)
        else:
            _check_manifests(config)
        check_role(self.platform, ctx, request["DataAccessRoleArn"])
        payload = {"account": ctx.account, "input": config}
        return {"EntityRecognizerArn": trained_models.create(self.platform, ctx, RECOGNIZERS, request, {}, payload)}

    def describe_entity_recognizer(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How a recognizer stands, and how good it is once it is trained."""
        record = find(self.platform, ctx, request["EntityRecognizerArn"], RECOGNIZERS.resource)
        return {"EntityRecognizerProperties": _described(self.platform, record)}

    def list_entity_recognizers(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The recognizers that fit the filter, the newest first."""
        found, more = trained_models.list_models(self.platform, ctx, RECOGNIZERS, request, _described)
        return {"EntityRecognizerPropertiesList": found, **more}

    def list_entity_recognizer_summaries(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Each name with the number of its versions and the newest of them."""
        found, more = trained_models.summaries(self.platform, ctx, RECOGNIZERS, request)
        return {"EntityRecognizerSummariesList": found, **more}

    def stop_training_entity_recognizer(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """End a training that has not ended; one that has stays as it is."""
        trained_models.stop_training(self.platform, ctx, RECOGNIZERS, request["EntityRecognizerArn"])
        return {}

    def delete_entity_recognizer(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete a recognizer whose training has ended and that no endpoint uses, with its model."""
        trained_models.delete(self.platform, ctx, RECOGNIZERS, request["EntityRecognizerArn"])
        return {}


def watch_recognizers(platform: Platform) -> None:
    """Have the end of each training written to its recognizer."""

    def finished(job: Any, tx: Any) -> None:
        trained_models.finish(platform, job, tx)

    platform.jobs.when_finished(KIND, finished)


def recognizer_folder(platform: Platform, record: Record) -> Path:
    """Where a trained recognizer's files are: what the engine's `find` is given beside a text."""
    return trained_models.model_folder(platform, record)


def check_kinds(language: str, entity_types: list[dict[str, str]]) -> None:
    """Refuse a language that is not recognised in, and a list of types that nothing can be learned for.

    Raises ServiceError UnsupportedLanguageException, InvalidRequestException.
    """
    if language not in LANGUAGES:
        raise ServiceError(
            "UnsupportedLanguageException",
            f"Custom entity recognition was not measured in {language}; it is there for {', '.join(LANGUAGES)}.",
        )
    types = [each["Type"] for each in entity_types]
    if not 1 <= len(types) <= MOST_TYPES:
        raise invalid(f"EntityTypes has {len(types)} types; 1 to {MOST_TYPES} are allowed.")
    if len(set(types)) < len(types):
        twice = next(kind for kind in types if types.count(kind) > 1)
        raise invalid(f"EntityTypes names {twice} twice.")


def _check_files(config: dict[str, Any]) -> None:
    if "Documents" not in config:
        raise invalid("InputDataConfig.Documents is required where DataFormat is COMPREHEND_CSV.")
    if ("Annotations" in config) is ("EntityList" in config):
        raise invalid("Give either InputDataConfig.Annotations or InputDataConfig.EntityList, and not both.")
    if "Annotations" in config and ("TestS3Uri" in config["Annotations"]) is not ("TestS3Uri" in config["Documents"]):
        raise invalid("A test needs both Documents.TestS3Uri and Annotations.TestS3Uri.")


def _check_manifests(config: dict[str, Any]) -> None:
    trained_models.check_manifests(config)
    for manifest in config["AugmentedManifests"]:
        if manifest.get("DocumentType", "PLAIN_TEXT_DOCUMENT") != "PLAIN_TEXT_DOCUMENT":
            raise invalid(
                "Training on semi-structured documents (PDF) needs a document reader, and none is plugged in. Extract "
                "the text and give it as PLAIN_TEXT_DOCUMENT."
            )


def _described(platform: Platform, record: Record) -> dict[str, Any]:
    shown = {"EntityRecognizerArn": record.arn, **trained_models.described(platform, RECOGNIZERS, record)}
    if "Result" in record.body:
        result = record.body["Result"]
        types = [
            {"Type": kind, "NumberOfTrainMentions": count, **_metrics(result["measures"].get(kind))}
            for kind, count in result["mentions"].items()
        ]
        shown["RecognizerMetadata"] = {
            "NumberOfTrainedDocuments": result["trained"],
            "NumberOfTestDocuments": result["tested"],
            "EntityTypes": types,
            **_metrics(result["measures"].get("")),
        }
    return shown


def _metrics(measured: dict[str, float] | None) -> dict[str, Any]:
    """In percent, as AWS tells them of plain text; none where no test document names the type."""
    if measured is None:
        return {}
    names = {"Precision": "precision", "Recall": "recall", "F1Score": "f1"}
    return {"EvaluationMetrics": {shown: 100 * measured[kept] for shown, kept in names.items()}}
