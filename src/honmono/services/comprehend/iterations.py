"""Iterations of a flywheel: a new version of its model, trained on all data, and how it compares with the active one.

The version is a model of the customer's from the moment that the iteration starts; both stand on the same job.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, Limits, State
from honmono.services.comprehend.custom_models import KINDS
from honmono.services.comprehend.data_lake import EXAMPLES, evaluation_folder, stamp, version_folder
from honmono.services.comprehend.flywheel_jobs import ITERATE, TEST, TRAINING
from honmono.services.comprehend.flywheel_records import DATASET, FLYWHEEL, ITERATION, check_active, parts_of
from honmono.services.comprehend.learner import EVALUATED
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import arn_of, find, invalid, listed, not_found, within
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch

_LIMITS = Limits(cores=1, memory_bytes=1536 << 20)
_SHOWN = (
    "FlywheelArn",
    "FlywheelIterationId",
    "Message",
    "EvaluatedModelArn",
    "EvaluatedModelMetrics",
    "TrainedModelArn",
    "TrainedModelMetrics",
    "EvaluationManifestS3Prefix",
)
_ENDED_AS = {State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED", State.STOPPED: "STOPPED"}
_MODEL_ENDED_AS = {State.FAILED: "IN_ERROR", State.STOPPED: "STOPPED"}
_DONE = "FULL_ITERATION: Flywheel iteration performed all functions successfully."
_COMPARED = {
    "TRAINED": "The trained version has the better F1 score; UpdateFlywheel with its ARN as ActiveModelArn promotes it.",
    "EVALUATED": "The active version has the better F1 score.",
    "EQUAL": "Both versions have the same F1 score.",
}


class Iterations(Part):
    """Start, Describe and List of iterations."""

    def start_flywheel_iteration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Begin to train a new version; one iteration runs at a time."""
        platform, token = self.platform, request.get("ClientRequestToken")
        with platform.database.transaction() as tx:
            flywheel = find(platform, ctx, request["FlywheelArn"], FLYWHEEL)
            earlier = list(parts_of(platform, flywheel, ITERATION, tx=tx))
            for each in earlier:
                if token is not None and each.body.get("ClientRequestToken") == token:
                    return _started(each)
            _check_free(flywheel, earlier)
            examples = _examples(platform, flywheel, tx)
            if not examples[TRAINING]:
                raise invalid("The flywheel has no data to train with: create a dataset of the type TRAIN first.")
            identifier = _identifier({each.name for each in earlier}, flywheel)
            body = {"FlywheelArn": flywheel.arn, "FlywheelIterationId": identifier}
            if token is not None:
                body["ClientRequestToken"] = token
            self._begin(flywheel, body, examples, ctx, tx)
            platform.records.modify(
                flywheel.scope,
                flywheel.kind,
                flywheel.name,
                lambda found: {**found.body, "LatestFlywheelIteration": identifier},
                tx=tx,
            )
        return {"FlywheelArn": flywheel.arn, "FlywheelIterationId": identifier}

    def describe_flywheel_iteration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How an iteration stands, and how good both versions are once it is completed."""
        flywheel = find(self.platform, ctx, request["FlywheelArn"], FLYWHEEL)
        name = f"{flywheel.name}/{request['FlywheelIterationId']}"
        try:
            record = self.platform.records.get(flywheel.scope, ITERATION, name)
        except RecordMissing as error:
            raise not_found() from error
        return {"FlywheelIterationProperties": _described(self.platform, record)}

    def list_flywheel_iteration_history(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The iterations that fit the filter, the newest first."""
        flywheel = find(self.platform, ctx, request["FlywheelArn"], FLYWHEEL)
        wanted = request.get("Filter", {})

        def keep(record: Record, _: dict[str, Any]) -> bool:
            return within(record.created, wanted.get("CreationTimeBefore"), wanted.get("CreationTimeAfter"))

        found, more = listed(
            self.platform,
            ctx,
            ITERATION,
            request,
            lambda record: _described(self.platform, record),
            keep,
            prefix=f"{flywheel.name}/",
        )
        return {"FlywheelIterationPropertiesList": found, **more}

    def _begin(
        self, flywheel: Record, body: dict[str, Any], examples: dict[str, list[str]], ctx: Context, tx: Connection
    ) -> None:
        """Enqueue the job, and write the records of the iteration and of the version that is to be trained."""
        platform, records = self.platform, self.platform.records
        kind, task = KINDS[flywheel.body["ModelType"]], flywheel.body["TaskConfig"]
        name, active = flywheel.name, None
        if "ActiveModelArn" in flywheel.body:
            active = records.by_arn(flywheel.body["ActiveModelArn"], tx=tx)
            name = active.body[kind.model.name]
        # As AWS calls the versions that its flywheels train.
        version = f"Comprehend-Generated-v1-{secrets.token_hex(4)}"
        arn = arn_of(ctx, kind.model.resource, f"{name}/version/{version}")
        payload = {
            "account": ctx.account,
            "type": kind.model_type,
            "task": task,
            "examples": examples,
            "iteration": body["FlywheelIterationId"],
            "record": f"{flywheel.name}/{body['FlywheelIterationId']}",
            "arns": {"trained": arn},
            "lake_uri": flywheel.body["DataLakeS3Uri"],
            "folders": {
                "version": version_folder(version),
                "evaluation": evaluation_folder(body["FlywheelIterationId"]),
            },
        }
        if active is not None:
            payload["active"] = active.body["Job"]
            payload["arns"]["evaluated"] = body["EvaluatedModelArn"] = active.arn
        body["Job"] = platform.jobs.enqueue(ITERATE, payload, resource_arn=arn, limits=_LIMITS, tx=tx)
        body["TrainedModelArn"] = arn
        records.create(flywheel.scope, ITERATION, payload["record"], body, arn="", status="TRAINING", tx=tx)
        model = {
            kind.model.name: name,
            "VersionName": version,
            "DataAccessRoleArn": flywheel.body["DataAccessRoleArn"],
            "FlywheelArn": flywheel.arn,
            "Job": body["Job"],
            **kind.members_of(task),
        }
        security = flywheel.body["DataSecurityConfig"]
        model |= {key: security[key] for key in ("ModelKmsKeyId", "VolumeKmsKeyId", "VpcConfig") if key in security}
        records.create(
            flywheel.scope, kind.model.resource, f"{name}/version/{version}", model, arn=arn, status="SUBMITTED", tx=tx
        )


def finish_iteration(platform: Platform, job: Job, tx: Connection) -> None:
    """Write the end of an iteration to it and to the version, with what was evaluated in the data lake."""
    records, result = platform.records, job.result or {}
    model = records.by_arn(job.resource_arn or "", tx=tx)
    iteration = records.get(model.scope, ITERATION, job.payload["record"], tx=tx)
    body = {**iteration.body, "EndTime": (job.finished or datetime.now(UTC)).timestamp()}
    if job.state is State.SUCCEEDED:
        lake, folders = job.payload["lake_uri"], job.payload["folders"]
        write_output(platform, job, lake, model.scope.account, tx)
        metrics = result["metrics"]
        body["Message"] = _DONE + (f" {_COMPARED[result['better']]}" if "evaluated" in metrics else "")
        if result["drawn"]:
            body["Message"] += " There is no TEST dataset: a tenth of the training documents was put aside."
        body["TrainedModelMetrics"] = metrics["trained"]
        if "evaluated" in metrics:
            body["EvaluatedModelMetrics"] = metrics["evaluated"]
        body["EvaluationManifestS3Prefix"] = f"{lake}{folders['evaluation']}"
        trained = result["model"]
        warning = trained.get("warning", "")
        kept = {
            TRAINING: [f"{lake}{folders['version']}Training/{EXAMPLES}"],
            TEST: [f"{lake}{folders['version']}Test/{EXAMPLES}"],
        }
        changed = {**model.body, "Result": trained, "Message": warning, "Lake": kept}
        status = "TRAINED_WITH_WARNING" if warning else "TRAINED"
        records.update(model, body=changed, status=status, tx=tx)
    else:
        body["Message"] = job.error or ("The training was stopped." if job.state is State.STOPPED else "")
        changed = {**model.body, "Message": job.error or ""}
        records.update(model, body=changed, status=_MODEL_ENDED_AS[job.state], tx=tx)
    records.update(iteration, body=body, status=_ENDED_AS[job.state], tx=tx)


def _check_free(flywheel: Record, iterations: list[Record]) -> None:
    check_active(flywheel)
    running = [each for each in iterations if each.status == "TRAINING"]
    if running:
        raise ServiceError(
            "ResourceInUseException",
            f"The iteration {running[0].body['FlywheelIterationId']} is running; start the next when it has ended.",
        )


def _examples(platform: Platform, flywheel: Record, tx: Connection) -> dict[str, list[str]]:
    """The files of the flywheel's examples: those of the model that it began with, and of every completed dataset."""
    found = {part: list(uris) for part, uris in flywheel.body["Lake"].items()}
    datasets = [each for each in parts_of(platform, flywheel, DATASET, tx=tx) if each.status == "COMPLETED"]
    for each in sorted(datasets, key=lambda record: (record.created, record.name)):
        part = TRAINING if each.body["DatasetType"] == "TRAIN" else TEST
        found[part].append(f"{each.body['DatasetS3Uri']}{EXAMPLES}")
    return found


def _identifier(taken: set[str], flywheel: Record) -> str:
    """The time; the next second that is free where an iteration failed within this one."""
    moment = datetime.now(UTC)
    while f"{flywheel.name}/{stamp(moment)}" in taken:
        moment += timedelta(seconds=1)
    return stamp(moment)


def _started(record: Record) -> dict[str, Any]:
    return {key: record.body[key] for key in ("FlywheelArn", "FlywheelIterationId")}


def _described(platform: Platform, record: Record) -> dict[str, Any]:
    body = record.body
    status, message = str(record.status), ""
    if status == "TRAINING":
        job = platform.jobs.get(JobId(body["Job"]))
        if job.progress is not None and job.state is State.RUNNING:
            done, total, what = job.progress.done, job.progress.total, job.progress.what
            status = "EVALUATING" if what == EVALUATED else status
            message = f"{done:g}{f' of {total:g}' if total else ''} {what}"
        status = "STOP_REQUESTED" if job.stop_requested else status
    described = {
        "Status": status,
        "CreationTime": record.created,
        **{key: body[key] for key in _SHOWN if key in body},
        **({"EndTime": from_epoch(body["EndTime"])} if "EndTime" in body else {}),
    }
    if message:
        described["Message"] = message
    return described
