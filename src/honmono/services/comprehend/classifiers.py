"""Document classifiers: trained by a job on the customer's examples, described, listed, stopped and deleted."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, State
from honmono.services.comprehend import trained_models
from honmono.services.comprehend.classifier_job import KIND
from honmono.services.comprehend.native_documents import READER_BYTES, check_reader
from honmono.services.comprehend.output_data import ARCHIVE, place_of_output
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import check_role, find, invalid
from honmono.services.comprehend.trained_models import ModelKind
from honmono.services.platform import Platform
from honmono.services.stored_files import write
from honmono.store.records import Record
from honmono.wire.service import Context

CLASSIFIERS = ModelKind(
    resource="document-classifier",
    called="a document classifier",
    name="DocumentClassifierName",
    job=KIND,
    shown=("LanguageCode", "InputDataConfig", "OutputDataConfig", "DataAccessRoleArn", "VolumeKmsKeyId", "VpcConfig"),
)
_MEASURES = {
    "Accuracy": "accuracy",
    "Precision": "precision",
    "Recall": "recall",
    "F1Score": "f1",
    "MicroPrecision": "micro_precision",
    "MicroRecall": "micro_recall",
    "MicroF1Score": "micro_f1",
    "HammingLoss": "hamming_loss",
}


class Classifiers(Part):
    """Create, Describe, List, StopTraining and Delete of document classifiers and their versions."""

    def create_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Check the request and start the training; DescribeDocumentClassifier tells how it goes."""
        mode = request.get("Mode", "MULTI_CLASS")
        _check_input(request["InputDataConfig"])
        check_role(self.platform, ctx, request["DataAccessRoleArn"])
        native = _is_native(request["InputDataConfig"])
        body: dict[str, Any] = {"Mode": mode, "Native": native}
        if "S3Uri" in request.get("OutputDataConfig", {}):
            body["OutputDataConfig"] = place_of_output(request["OutputDataConfig"], ctx, f"CLR-{secrets.token_hex(16)}")
        payload = {"account": ctx.account, "mode": mode, "input": request["InputDataConfig"]}
        more = READER_BYTES if native else 0
        arn = trained_models.create(self.platform, ctx, CLASSIFIERS, request, body, payload, more_memory=more)
        return {"DocumentClassifierArn": arn}

    def describe_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How a classifier stands, and how good it is once it is trained."""
        record = find(self.platform, ctx, request["DocumentClassifierArn"], CLASSIFIERS.resource)
        return {"DocumentClassifierProperties": _described(self.platform, record)}

    def list_document_classifiers(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The classifiers that fit the filter, the newest first."""
        found, more = trained_models.list_models(self.platform, ctx, CLASSIFIERS, request, _described)
        return {"DocumentClassifierPropertiesList": found, **more}

    def list_document_classifier_summaries(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Each name with the number of its versions and the newest of them."""
        found, more = trained_models.summaries(self.platform, ctx, CLASSIFIERS, request)
        return {"DocumentClassifierSummariesList": found, **more}

    def stop_training_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """End a training that has not ended; one that has stays as it is."""
        trained_models.stop_training(self.platform, ctx, CLASSIFIERS, request["DocumentClassifierArn"])
        return {}

    def delete_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete a classifier whose training has ended and that no endpoint uses, with its model."""
        trained_models.delete(self.platform, ctx, CLASSIFIERS, request["DocumentClassifierArn"])
        return {}


def watch_training(platform: Platform) -> None:
    """Have the end of each training written to its classifier, with the archive in the customer's bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = trained_models.finish(platform, job, tx)
    output = record.body.get("OutputDataConfig", {}).get("S3Uri")
    if job.state is State.SUCCEEDED and output:
        archive = (platform.jobs.job_directory(job.id) / "output" / ARCHIVE).read_bytes()
        write(
            platform.database,
            platform.blobs,
            output,
            archive,
            account=record.scope.account,
            content_type="application/x-gzip",
            tx=tx,
        )


def _is_native(config: dict[str, Any]) -> bool:
    """Whether a model learns from documents in native formats; its record's member Native says so afterwards."""
    return config.get("DocumentType") == "SEMI_STRUCTURED_DOCUMENT"


def _check_input(config: dict[str, Any]) -> None:
    check_reader(config.get("DocumentReaderConfig"))
    if _is_native(config):
        if config.get("DataFormat", "COMPREHEND_CSV") != "COMPREHEND_CSV":
            raise invalid("Semi-structured documents are described by a CSV file: give DataFormat COMPREHEND_CSV.")
        if "Documents" not in config:
            raise invalid("InputDataConfig.Documents is required where DocumentType is SEMI_STRUCTURED_DOCUMENT.")
        if "TestS3Uri" in config and "TestS3Uri" not in config["Documents"]:
            raise invalid("InputDataConfig.Documents.TestS3Uri is required where TestS3Uri is given.")
    elif "Documents" in config:
        raise invalid("InputDataConfig.Documents is for DocumentType SEMI_STRUCTURED_DOCUMENT.")
    if config.get("DataFormat", "COMPREHEND_CSV") != "COMPREHEND_CSV":
        trained_models.check_manifests(config)
    elif "S3Uri" not in config:
        raise invalid("InputDataConfig.S3Uri is required where DataFormat is COMPREHEND_CSV.")


def _described(platform: Platform, record: Record) -> dict[str, Any]:
    shown = {
        "DocumentClassifierArn": record.arn,
        "Mode": record.body["Mode"],
        **trained_models.described(platform, CLASSIFIERS, record),
    }
    if "Result" in record.body:
        result = record.body["Result"]
        shown["ClassifierMetadata"] = {
            "NumberOfLabels": result["labels"],
            "NumberOfTrainedDocuments": result["trained"],
            "NumberOfTestDocuments": result["tested"],
            "EvaluationMetrics": {name: result["measures"][kept] for name, kept in _MEASURES.items()},
        }
    return shown
