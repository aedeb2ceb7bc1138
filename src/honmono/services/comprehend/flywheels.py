"""Flywheels: a custom model with its data lake, retrained as data come.

A flywheel never changes its active model by itself: an iteration tells which version is better, and the customer
switches with UpdateFlywheel, as "Flywheel iterations" in the developer guide has it. Endpoints on the flywheel follow.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, State
from honmono.services.comprehend import endpoints
from honmono.services.comprehend.custom_models import KINDS, CustomKind, check_ready, kind_of
from honmono.services.comprehend.data_lake import EXAMPLES, lake_of, version_folder
from honmono.services.comprehend.datasets import INGESTING, finish_dataset
from honmono.services.comprehend.flywheel_jobs import INGEST, ITERATE, TEST, TRAINING
from honmono.services.comprehend.flywheel_records import DATASET, FLYWHEEL, ITERATION, parts_of
from honmono.services.comprehend.iterations import finish_iteration
from honmono.services.comprehend.part import Part
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
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.services.stored_files import split_uri
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_SUMMARY = ("ActiveModelArn", "DataLakeS3Uri", "ModelType", "LatestFlywheelIteration", "Message")
_SHOWN = (*_SUMMARY, "DataAccessRoleArn", "TaskConfig", "DataSecurityConfig")


class Flywheels(Part):
    """Create, Describe, List, Update and Delete of flywheels."""

    def create_flywheel(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Begin with a trained model, whose data are copied into the lake, or with a task and no model yet."""
        platform, name = self.platform, request["FlywheelName"]
        tags = tags_of(request)
        active = request.get("ActiveModelArn")
        if active is not None:
            if "TaskConfig" in request or "ModelType" in request:
                raise invalid("Do not set TaskConfig or ModelType together with ActiveModelArn: the model says both.")
            model = find(platform, ctx, active)
            kind = kind_of(model)
            check_ready(model)
            task = kind.task_of(platform, model)
        else:
            model = None
            kind, task = _new_task(request)
        check_role(platform, ctx, request["DataAccessRoleArn"])
        check_place(request["DataLakeS3Uri"], ctx)
        arn = arn_of(ctx, FLYWHEEL, name)
        lake = lake_of(request["DataLakeS3Uri"], name, datetime.now(UTC))
        body: dict[str, Any] = {
            "ModelType": kind.model_type,
            "TaskConfig": task,
            "DataAccessRoleArn": request["DataAccessRoleArn"],
            "DataLakeS3Uri": lake,
            "DataSecurityConfig": request.get("DataSecurityConfig", {}),
            "Asked": {key: request[key] for key in ("ClientRequestToken",) if key in request},
            "Lake": {TRAINING: [], TEST: []},
        }
        source: dict[str, Any] | None = None
        if model is not None:
            body["ActiveModelArn"] = model.arn
            source = _data_of(model)
        status = "CREATING" if source else "ACTIVE"
        try:
            with platform.database.transaction() as tx:
                if source and model is not None:
                    folder = version_folder(_version_name(model))
                    payload = {
                        "account": ctx.account,
                        "type": kind.model_type,
                        "task": task,
                        "folders": {TRAINING: f"{folder}Training/", TEST: f"{folder}Test/"},
                        **source,
                    }
                    body["Job"] = platform.jobs.enqueue(INGEST, payload, resource_arn=arn, limits=INGESTING, tx=tx)
                platform.records.create(scope_of(ctx), FLYWHEEL, name, body, arn=arn, status=status, tags=tags, tx=tx)
        except RecordExists as error:
            there = find(platform, ctx, arn, FLYWHEEL)
            token = request.get("ClientRequestToken")
            if token is None or there.body["Asked"].get("ClientRequestToken") != token:
                raise ServiceError("ResourceInUseException", f"The flywheel {name} exists already.") from error
        return {"FlywheelArn": arn, **({"ActiveModelArn": active} if active is not None else {})}

    def describe_flywheel(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How a flywheel stands."""
        return {"FlywheelProperties": _described(find(self.platform, ctx, request["FlywheelArn"], FLYWHEEL), _SHOWN)}

    def list_flywheels(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The flywheels that fit the filter, the newest first."""
        wanted = request.get("Filter", {})
        if len(wanted) > 1:
            raise ServiceError("InvalidFilterException", f"Only one filter at a time: {', '.join(sorted(wanted))}.")

        def keep(record: Record, described: dict[str, Any]) -> bool:
            return wanted.get("Status") in (None, described["Status"]) and within(
                record.created, wanted.get("CreationTimeBefore"), wanted.get("CreationTimeAfter")
            )

        found, more = listed(self.platform, ctx, FLYWHEEL, request, lambda record: _described(record, _SUMMARY), keep)
        return {"FlywheelSummaryList": found, **more}

    def update_flywheel(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Switch the active model, with all endpoints on the flywheel, or change the role and the keys."""
        platform = self.platform
        if "DataAccessRoleArn" in request:
            check_role(platform, ctx, request["DataAccessRoleArn"])
        with platform.database.transaction() as tx:
            record = find(platform, ctx, request["FlywheelArn"], FLYWHEEL)
            if record.status != "ACTIVE":
                raise invalid(f"The flywheel is {record.status}; only one that is ACTIVE can be updated.")
            changes: dict[str, Any] = {}
            if "ActiveModelArn" in request:
                changes["ActiveModelArn"] = self._checked_model(record, request["ActiveModelArn"], ctx)
            if "DataAccessRoleArn" in request:
                changes["DataAccessRoleArn"] = request["DataAccessRoleArn"]
            if "DataSecurityConfig" in request:
                changes["DataSecurityConfig"] = {**record.body["DataSecurityConfig"], **request["DataSecurityConfig"]}
            if not changes:
                raise invalid("Nothing is to be changed: give ActiveModelArn, DataAccessRoleArn or DataSecurityConfig.")
            changed = platform.records.modify(
                record.scope, record.kind, record.name, lambda found: {**found.body, **changes}, tx=tx
            )
            if "ActiveModelArn" in changes:
                endpoints.follow(platform, record, changes["ActiveModelArn"], tx)
        return {"FlywheelProperties": _described(changed, _SHOWN)}

    def delete_flywheel(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete a flywheel with its datasets and its history; the data lake and the models stay."""
        platform = self.platform
        with platform.database.transaction() as tx:
            record = find(platform, ctx, request["FlywheelArn"], FLYWHEEL)
            datasets = list(parts_of(platform, record, DATASET, tx=tx))
            iterations = list(parts_of(platform, record, ITERATION, tx=tx))
            busy = (
                "is being created"
                if record.status == "CREATING"
                else "is running an iteration"
                if any(each.status == "TRAINING" for each in iterations)
                else "is creating a dataset"
                if any(each.status == "CREATING" for each in datasets)
                else ""
            )
            if busy:
                raise ServiceError("ResourceInUseException", f"The flywheel {busy}; delete it when that has ended.")
            used = endpoints.of_flywheel(platform, record, tx=tx)
            if used:
                raise ServiceError("ResourceInUseException", f"The flywheel serves {used[0].arn}; delete that first.")
            for each in (*datasets, *iterations, record):
                platform.records.delete(each.scope, each.kind, each.name, tx=tx)
                # An iteration's job holds the files of the model that it trained, which stays.
                if each.kind != ITERATION and "Job" in each.body:
                    platform.jobs.delete(JobId(each.body["Job"]), tx=tx)
        return {}

    def _checked_model(self, flywheel: Record, arn: str, ctx: Context) -> str:
        model = find(self.platform, ctx, arn)
        kind = kind_of(model)
        check_ready(model, "InvalidRequestException")
        task, wanted = kind.members_of(kind.task_of(self.platform, model)), flywheel.body["TaskConfig"]
        if kind.model_type != flywheel.body["ModelType"] or task != kind.members_of(wanted):
            raise invalid(f"{arn} is a model for another task than the flywheel's: {kind.model_type}, {task}.")
        return model.arn


def watch_flywheels(platform: Platform) -> None:
    """Have the end of each job written to what it serves, with its files in the data lake."""

    def ingested(job: Job, tx: Connection) -> None:
        record = platform.records.by_arn(job.resource_arn or "", tx=tx)
        (finish_dataset if record.kind == DATASET else _finish_creation)(platform, record, job, tx)

    platform.jobs.when_finished(INGEST, ingested)
    platform.jobs.when_finished(ITERATE, lambda job, tx: finish_iteration(platform, job, tx))


def check_place(uri: str, ctx: Context) -> None:
    """Refuse a bucket that is not there or not the caller's.

    Raises ServiceError InvalidRequestException.
    """
    bucket, _ = split_uri(uri)
    try:
        ctx.client("s3").head_bucket(Bucket=bucket)
    except ServiceError as error:
        raise invalid(
            f"NO_WRITE_ACCESS_TO_OUTPUT: The provided data access role does not have write access to the S3 URI {uri}."
        ) from error


def _new_task(request: dict[str, Any]) -> tuple[CustomKind, dict[str, Any]]:
    if "TaskConfig" not in request or "ModelType" not in request:
        raise invalid("Give ActiveModelArn, or both TaskConfig and ModelType for a new model.")
    task, model_type = request["TaskConfig"], request["ModelType"]
    kind = KINDS[model_type]
    if kind.task not in task or any(each.task in task for each in KINDS.values() if each is not kind):
        raise invalid(f"A TaskConfig for {model_type} has {kind.task}, and no other.")
    kind.check_task(task)
    return kind, task


def _data_of(model: Record) -> dict[str, Any] | None:
    """Where a model's examples are: as its training was given them, or in the lake of the flywheel that trained it.

    None for an imported one: its data stayed with the account that it came from.
    """
    if "Lake" in model.body:
        return {"lake": model.body["Lake"]}
    return {"input": model.body["InputDataConfig"]} if "InputDataConfig" in model.body else None


def _version_name(model: Record) -> str:
    return str(model.body.get("VersionName") or model.name)


def _finish_creation(platform: Platform, record: Record, job: Job, tx: Connection) -> None:
    body = dict(record.body)
    if job.state is not State.SUCCEEDED:
        body["Message"] = job.error or "The training data of the model were not copied."
        platform.records.update(record, body=body, status="FAILED", tx=tx)
        return
    lake = body["DataLakeS3Uri"]
    write_output(platform, job, lake, record.scope.account, tx)
    body["Lake"] = {
        part: [f"{lake}{folder}{EXAMPLES}"] if (job.result or {})[part] else []
        for part, folder in job.payload["folders"].items()
    }
    platform.records.update(record, body=body, status="ACTIVE", tx=tx)


def _described(record: Record, shown: tuple[str, ...]) -> dict[str, Any]:
    return {
        "FlywheelArn": record.arn,
        "Status": record.status,
        "CreationTime": record.created,
        "LastModifiedTime": record.updated,
        **{key: record.body[key] for key in shown if key in record.body},
    }
