"""Document classifiers: trained by a job on the customer's examples, described, listed, stopped and deleted."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, Limits, State
from honmono.services.comprehend import endpoints
from honmono.services.comprehend.classifier_job import KIND, MODEL
from honmono.services.comprehend.output_data import ARCHIVE, place_of_output
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.policies import check_policy, policy_of
from honmono.services.comprehend.resources import (
    arn_of,
    check_role,
    find,
    invalid,
    listed,
    scope_of,
    tags_of,
    within,
)
from honmono.services.platform import Platform
from honmono.services.stored_files import write
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

CLASSIFIER = "document-classifier"
READY = ("TRAINED", "TRAINED_WITH_WARNING")
_ENDED = (*READY, "IN_ERROR", "STOPPED")
_LIMITS = Limits(cores=1, memory_bytes=1536 << 20)
_ENDED_AS = {State.FAILED: "IN_ERROR", State.STOPPED: "STOPPED"}
_SHOWN = ("LanguageCode", "InputDataConfig", "OutputDataConfig", "DataAccessRoleArn", "VolumeKmsKeyId", "VpcConfig")
_KEPT = (*_SHOWN, "Mode", "ModelKmsKeyId", "VersionName", "ClientRequestToken", "DocumentClassifierName")
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
        name, version = request["DocumentClassifierName"], request.get("VersionName")
        mode = request.get("Mode", "MULTI_CLASS")
        tags = tags_of(request)
        _check_input(request["InputDataConfig"])
        check_role(self.platform, ctx, request["DataAccessRoleArn"])
        whole = f"{name}/version/{version}" if version else name
        arn = arn_of(ctx, CLASSIFIER, whole)
        body = {key: request[key] for key in _KEPT if key in request} | {"Mode": mode}
        if "S3Uri" in request.get("OutputDataConfig", {}):
            body["OutputDataConfig"] = place_of_output(request["OutputDataConfig"], ctx, f"CLR-{secrets.token_hex(16)}")
        if "ModelPolicy" in request:
            check_policy(request["ModelPolicy"])
            body["Policy"] = policy_of(request["ModelPolicy"])
        platform = self.platform
        payload = {"account": ctx.account, "mode": mode, "input": request["InputDataConfig"]}
        try:
            with platform.database.transaction() as tx:
                body["Job"] = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=_LIMITS, tx=tx)
                platform.records.create(
                    scope_of(ctx), CLASSIFIER, whole, body, arn=arn, status="SUBMITTED", tags=tags, tx=tx
                )
        except RecordExists as error:
            there = find(platform, ctx, arn, CLASSIFIER)
            token = request.get("ClientRequestToken")
            if token is None or there.body.get("ClientRequestToken") != token:
                raise ServiceError(
                    "ResourceInUseException",
                    f"A document classifier with this name exists already: {whole}. Give a new VersionName, or delete it.",
                ) from error
        return {"DocumentClassifierArn": arn}

    def describe_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How a classifier stands, and how good it is once it is trained."""
        record = find(self.platform, ctx, request["DocumentClassifierArn"], CLASSIFIER)
        return {"DocumentClassifierProperties": _described(self.platform, record)}

    def list_document_classifiers(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The classifiers that fit the filter, the newest first."""
        wanted = request.get("Filter", {})
        name = wanted.get("DocumentClassifierName")

        def keep(record: Record, described: dict[str, Any]) -> bool:
            return (
                name in (None, record.body["DocumentClassifierName"])
                and wanted.get("Status") in (None, described["Status"])
                and within(record.created, wanted.get("SubmitTimeBefore"), wanted.get("SubmitTimeAfter"))
            )

        found, more = listed(
            self.platform,
            ctx,
            CLASSIFIER,
            request,
            lambda record: _described(self.platform, record),
            keep,
            prefix=name or "",
        )
        return {"DocumentClassifierPropertiesList": found, **more}

    def list_document_classifier_summaries(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Each name with the number of its versions and the newest of them."""
        scope, records = scope_of(ctx), self.platform.records
        names: dict[str, list[Record]] = {}
        after: str | None = None
        while True:
            page = records.list(scope, CLASSIFIER, after=after, limit=500)
            for record in page.items:
                names.setdefault(record.body["DocumentClassifierName"], []).append(record)
            after = page.next
            if after is None:
                break
        limit = request.get("MaxResults", 100)
        order = sorted(name for name in names if name > request.get("NextToken", ""))
        shown = [_summary(self.platform, name, names[name]) for name in order[:limit]]
        more = {"NextToken": order[limit - 1]} if len(order) > limit else {}
        return {"DocumentClassifierSummariesList": shown, **more}

    def stop_training_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """End a training that has not ended; one that has stays as it is."""
        platform = self.platform
        with platform.database.transaction() as tx:
            record = find(platform, ctx, request["DocumentClassifierArn"], CLASSIFIER)
            if record.status in ("SUBMITTED", "TRAINING"):
                platform.records.modify(
                    record.scope, record.kind, record.name, lambda found: found.body, status="STOP_REQUESTED", tx=tx
                )
                platform.jobs.stop(JobId(record.body["Job"]), tx=tx)
        return {}

    def delete_document_classifier(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete a classifier whose training has ended and that no endpoint uses, with its model."""
        platform = self.platform
        record = find(platform, ctx, request["DocumentClassifierArn"], CLASSIFIER)
        if record.status not in _ENDED:
            raise ServiceError(
                "ResourceInUseException",
                f"The classifier is {_status(record, _job(platform, record))}; stop its training before deleting it.",
            )
        used = endpoints.of_model(platform, ctx, record.arn)
        if used:
            raise ServiceError("ResourceInUseException", f"The classifier serves {used[0].arn}; delete that first.")
        with platform.database.transaction() as tx:
            platform.records.delete(record.scope, record.kind, record.name, tx=tx)
            platform.jobs.delete(JobId(record.body["Job"]), tx=tx)
        return {}


def watch_training(platform: Platform) -> None:
    """Have the end of each training written to its classifier, with the archive in the customer's bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def model_folder(platform: Platform, record: Record) -> Path:
    """Where a trained classifier's files are."""
    return platform.jobs.job_directory(JobId(record.body["Job"])) / "output" / MODEL


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    if job.state is State.SUCCEEDED:
        result = job.result or {}
        status = "TRAINED_WITH_WARNING" if result.get("warning") else "TRAINED"
        body["Result"] = result
        body["Message"] = result.get("warning", "")
        output = body.get("OutputDataConfig", {}).get("S3Uri")
        if output:
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
    else:
        status = _ENDED_AS[job.state]
        body["Message"] = job.error or ""
    platform.records.update(record, body=body, status=status, tx=tx)


def _check_input(config: dict[str, Any]) -> None:
    if config.get("DocumentType", "PLAIN_TEXT_DOCUMENT") != "PLAIN_TEXT_DOCUMENT" or "Documents" in config:
        raise invalid(
            "Training on semi-structured documents (PDF, Word, images) needs a document reader, and none is plugged in. "
            "Extract the text and give it as PLAIN_TEXT_DOCUMENT."
        )
    if config.get("DataFormat", "COMPREHEND_CSV") == "COMPREHEND_CSV":
        if "S3Uri" not in config:
            raise invalid("InputDataConfig.S3Uri is required where DataFormat is COMPREHEND_CSV.")
    elif not config.get("AugmentedManifests"):
        raise invalid("InputDataConfig.AugmentedManifests is required where DataFormat is AUGMENTED_MANIFEST.")
    elif all(manifest.get("Split") == "TEST" for manifest in config["AugmentedManifests"]):
        raise invalid("At least one of InputDataConfig.AugmentedManifests must have the Split TRAIN.")


def _job(platform: Platform, record: Record) -> Job:
    return platform.jobs.get(JobId(record.body["Job"]))


def _status(record: Record, job: Job) -> str:
    """SUBMITTED until the job runs: nobody tells the record when it begins."""
    return "TRAINING" if record.status == "SUBMITTED" and job.state is State.RUNNING else str(record.status)


def _described(platform: Platform, record: Record) -> dict[str, Any]:
    job, body = _job(platform, record), record.body
    described = {
        "DocumentClassifierArn": record.arn,
        "Status": _status(record, job),
        "SubmitTime": record.created,
        "Mode": body["Mode"],
        **{key: body[key] for key in (*_SHOWN, "ModelKmsKeyId", "VersionName") if key in body},
    }
    message = body.get("Message") or _progress(job)
    if message:
        described["Message"] = message
    _put_time(described, "TrainingStartTime", job.started)
    if record.status in _ENDED:
        _put_time(described, "EndTime", job.finished)
        if job.started is not None:
            _put_time(described, "TrainingEndTime", job.finished)
    if "Result" in body:
        result = body["Result"]
        described["ClassifierMetadata"] = {
            "NumberOfLabels": result["labels"],
            "NumberOfTrainedDocuments": result["trained"],
            "NumberOfTestDocuments": result["tested"],
            "EvaluationMetrics": {shown: result["measures"][kept] for shown, kept in _MEASURES.items()},
        }
    return described


def _progress(job: Job) -> str:
    if job.state is not State.RUNNING or job.progress is None:
        return ""
    done, total = job.progress.done, job.progress.total
    return f"{done:g}{f' of {total:g}' if total else ''} {job.progress.what}"


def _put_time(described: dict[str, Any], name: str, moment: datetime | None) -> None:
    if moment is not None:
        described[name] = moment


def _summary(platform: Platform, name: str, versions: list[Record]) -> dict[str, Any]:
    latest = max(versions, key=lambda record: record.created)
    summary = {
        "DocumentClassifierName": name,
        "NumberOfVersions": len(versions),
        "LatestVersionCreatedAt": latest.created,
        "LatestVersionStatus": _status(latest, _job(platform, latest)),
    }
    if "VersionName" in latest.body:
        summary["LatestVersionName"] = latest.body["VersionName"]
    return summary
