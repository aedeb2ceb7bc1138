"""What document classifiers and entity recognizers share: both are trained by a job, have versions, and serve endpoints.

A model is a record whose body names its job; the model's files lie in the job's output.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, Limits, State
from honmono.services.comprehend import analysis, endpoints
from honmono.services.comprehend.flywheel_records import flywheels_of_model
from honmono.services.comprehend.policies import check_policy, policy_of
from honmono.services.comprehend.resources import arn_of, find, invalid, listed, scope_of, tags_of, within
from honmono.services.comprehend.training_files import MODEL
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

READY = ("TRAINED", "TRAINED_WITH_WARNING")
ENDED = (*READY, "IN_ERROR", "STOPPED")
_LIMITS = Limits(cores=1, memory_bytes=1536 << 20)
_SHOWN = ("ModelKmsKeyId", "VersionName", "FlywheelArn", "SourceModelArn")
_ENDED_AS = {State.FAILED: "IN_ERROR", State.STOPPED: "STOPPED"}

Described = Callable[[Platform, Record], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What tells one kind of models from the other.

    Attributes:
        resource: in ARNs, and the kind of the records.
        called: in messages, with its article.
        name: the member of requests and answers that holds a model's name.
        job: the kind of the job that trains it.
        shown: the members of the request that are told as they were given.
    """

    resource: str
    called: str
    name: str
    job: str
    shown: tuple[str, ...]


def create(
    platform: Platform,
    ctx: Context,
    kind: ModelKind,
    request: dict[str, Any],
    body: dict[str, Any],
    payload: Any,
    *,
    more_memory: int = 0,
) -> str:
    """Keep a model and start its training, both or neither; its ARN. The same request with its token starts one only.

    `more_memory` is what the training takes beyond the ordinary, in bytes.

    Raises ServiceError ResourceInUseException, TooManyTagsException, InvalidRequestException.
    """
    name, version = request[kind.name], request.get("VersionName")
    tags = tags_of(request)
    whole = f"{name}/version/{version}" if version else name
    arn = arn_of(ctx, kind.resource, whole)
    kept = (*kind.shown, "ModelKmsKeyId", "VersionName", "ClientRequestToken", kind.name)
    body = {key: request[key] for key in kept if key in request} | body
    if "ModelPolicy" in request:
        check_policy(request["ModelPolicy"])
        body["Policy"] = policy_of(request["ModelPolicy"])
    limits = replace(_LIMITS, memory_bytes=_LIMITS.memory_bytes + more_memory)
    try:
        with platform.database.transaction() as tx:
            body["Job"] = platform.jobs.enqueue(kind.job, payload, resource_arn=arn, limits=limits, tx=tx)
            platform.records.create(
                scope_of(ctx), kind.resource, whole, body, arn=arn, status="SUBMITTED", tags=tags, tx=tx
            )
    except RecordExists as error:
        there = find(platform, ctx, arn, kind.resource)
        token = request.get("ClientRequestToken")
        if token is None or there.body.get("ClientRequestToken") != token:
            raise ServiceError(
                "ResourceInUseException",
                f"{kind.called.capitalize()} with this name exists already: {whole}. Give a new VersionName, or delete "
                "it.",
            ) from error
    return arn


def list_models(
    platform: Platform, ctx: Context, kind: ModelKind, request: dict[str, Any], described: Described
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A page of the models that fit the request's filter, the newest first, and NextToken where more may follow."""
    wanted = request.get("Filter", {})
    name = wanted.get(kind.name)

    def keep(record: Record, shown: dict[str, Any]) -> bool:
        return (
            name in (None, record.body[kind.name])
            and wanted.get("Status") in (None, shown["Status"])
            and within(record.created, wanted.get("SubmitTimeBefore"), wanted.get("SubmitTimeAfter"))
        )

    return listed(
        platform, ctx, kind.resource, request, lambda record: described(platform, record), keep, prefix=name or ""
    )


def summaries(
    platform: Platform, ctx: Context, kind: ModelKind, request: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A page of the names with the number of their versions and the newest of them."""
    names: dict[str, list[Record]] = {}
    after: str | None = None
    while True:
        page = platform.records.list(scope_of(ctx), kind.resource, after=after, limit=500)
        for record in page.items:
            names.setdefault(record.body[kind.name], []).append(record)
        after = page.next
        if after is None:
            break
    limit = request.get("MaxResults", 100)
    order = sorted(name for name in names if name > request.get("NextToken", ""))
    shown = [_summary(platform, kind, name, names[name]) for name in order[:limit]]
    return shown, {"NextToken": order[limit - 1]} if len(order) > limit else {}


def _summary(platform: Platform, kind: ModelKind, name: str, versions: list[Record]) -> dict[str, Any]:
    latest = max(versions, key=lambda record: record.created)
    summary = {
        kind.name: name,
        "NumberOfVersions": len(versions),
        "LatestVersionCreatedAt": latest.created,
        "LatestVersionStatus": _status(latest, _job(platform, latest)),
    }
    if "VersionName" in latest.body:
        summary["LatestVersionName"] = latest.body["VersionName"]
    return summary


def stop_training(platform: Platform, ctx: Context, kind: ModelKind, arn: str) -> None:
    """End a training that has not ended; one that has stays as it is."""
    with platform.database.transaction() as tx:
        record = find(platform, ctx, arn, kind.resource)
        if record.status in ("SUBMITTED", "TRAINING"):
            platform.records.modify(
                record.scope, record.kind, record.name, lambda found: found.body, status="STOP_REQUESTED", tx=tx
            )
            platform.jobs.stop(JobId(record.body["Job"]), tx=tx)


def delete(platform: Platform, ctx: Context, kind: ModelKind, arn: str) -> None:
    """Delete a model whose training has ended and that no endpoint and no flywheel uses, with its files.

    Raises ServiceError ResourceInUseException, ResourceNotFoundException.
    """
    record = find(platform, ctx, arn, kind.resource)
    called = kind.resource.rpartition("-")[2]
    if record.status not in ENDED:
        raise ServiceError(
            "ResourceInUseException",
            f"The {called} is {_status(record, _job(platform, record))}; stop its training before deleting it.",
        )
    running = analysis.of_model(platform, ctx, record.arn)
    if running:
        raise ServiceError("ResourceInUseException", f"The {called} answers in {running[0].arn}; stop that first.")
    used = endpoints.of_model(platform, ctx, record.arn)
    if used:
        raise ServiceError("ResourceInUseException", f"The {called} serves {used[0].arn}; delete that first.")
    wheels = flywheels_of_model(platform, ctx, record.arn)
    if wheels:
        raise ServiceError(
            "ResourceInUseException",
            f"The {called} is the active model of {wheels[0].arn}; delete that, or give it another one first.",
        )
    with platform.database.transaction() as tx:
        platform.records.delete(record.scope, record.kind, record.name, tx=tx)
        platform.jobs.delete(JobId(record.body["Job"]), tx=tx)


def model_folder(platform: Platform, record: Record) -> Path:
    """Where a trained model's files are."""
    return platform.jobs.job_directory(JobId(record.body["Job"])) / "output" / MODEL


def model_behind(platform: Platform, ctx: Context, arn: str, kind: ModelKind) -> Record:
    """The model that an endpoint serves. The operations that ask endpoints have no ResourceNotFoundException.

    Raises ServiceError ResourceUnavailableException.
    """
    try:
        endpoint = find(platform, ctx, arn, f"{kind.resource}-endpoint")
        return find(platform, ctx, endpoint.body["ModelArn"], kind.resource)
    except ServiceError as error:
        own = " AWS's own endpoints are not built." if arn.split(":")[4] == "aws" else ""
        raise ServiceError("ResourceUnavailableException", f"There is no endpoint {arn}.{own}") from error


def finish(platform: Platform, job: Job, tx: Connection) -> Record:
    """Write the end of a training to its model, within the transaction that ends the job."""
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    if job.state is State.SUCCEEDED:
        result = job.result or {}
        status = "TRAINED_WITH_WARNING" if result.get("warning") else "TRAINED"
        body["Result"] = result
        body["Message"] = result.get("warning", "")
    else:
        status = _ENDED_AS[job.state]
        body["Message"] = job.error or ""
    return platform.records.update(record, body=body, status=status, tx=tx)


def described(platform: Platform, kind: ModelKind, record: Record) -> dict[str, Any]:
    """How a model stands: what Describe and List tell of both kinds."""
    job, body = _job(platform, record), record.body
    shown = {
        "Status": _status(record, job),
        "SubmitTime": record.created,
        **{key: body[key] for key in (*kind.shown, *_SHOWN) if key in body},
    }
    message = body.get("Message") or _progress(job)
    if message:
        shown["Message"] = message
    _put_time(shown, "TrainingStartTime", job.started)
    if record.status in ENDED:
        _put_time(shown, "EndTime", job.finished)
        if job.started is not None:
            _put_time(shown, "TrainingEndTime", job.finished)
    return shown


def check_manifests(config: dict[str, Any]) -> None:
    """Refuse a list of augmented manifests of which none is to be learned from.

    Raises ServiceError InvalidRequestException.
    """
    if not config.get("AugmentedManifests"):
        raise invalid("InputDataConfig.AugmentedManifests is required where DataFormat is AUGMENTED_MANIFEST.")
    if all(manifest.get("Split") == "TEST" for manifest in config["AugmentedManifests"]):
        raise invalid("At least one of InputDataConfig.AugmentedManifests must have the Split TRAIN.")


def _job(platform: Platform, record: Record) -> Job:
    return platform.jobs.get(JobId(record.body["Job"]))


def _status(record: Record, job: Job) -> str:
    """SUBMITTED until the job runs: nobody tells the record when it begins."""
    return "TRAINING" if record.status == "SUBMITTED" and job.state is State.RUNNING else str(record.status)


def _progress(job: Job) -> str:
    if job.state is not State.RUNNING or job.progress is None:
        return ""
    done, total = job.progress.done, job.progress.total
    return f"{done:g}{f' of {total:g}' if total else ''} {job.progress.what}"


def _put_time(shown: dict[str, Any], name: str, moment: datetime | None) -> None:
    if moment is not None:
        shown[name] = moment
