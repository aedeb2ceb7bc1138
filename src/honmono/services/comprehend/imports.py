"""ImportModel: a copy of a custom model, of the caller's account or of one whose resource policy allows it.

Source: "Copying custom models between AWS accounts" in the developer guide.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobRun, Limits, State, job
from honmono.services.comprehend.custom_models import check_ready, kind_of
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import arn_of, check_role, invalid, not_found, scope_of, tags_of
from honmono.services.comprehend.training_files import MODEL
from honmono.services.iam.permissions import shares_with
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

IMPORT = "comprehend.import-model"
_LIMITS = Limits(cores=1, memory_bytes=128 << 20)


class Imports(Part):
    """ImportModel."""

    def import_model(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Check that the model may be copied, and start to; the Describe operation of its kind tells how it goes."""
        platform = self.platform
        tags = tags_of(request)
        source = self._source(request["SourceModelArn"], ctx)
        kind = kind_of(source)
        check_ready(source)
        if "DataAccessRoleArn" in request:
            check_role(platform, ctx, request["DataAccessRoleArn"])
        name = str(request.get("ModelName", source.body[kind.model.name]))
        version = request.get("VersionName")
        whole = f"{name}/version/{version}" if version else name
        arn = arn_of(ctx, kind.model.resource, whole)
        body: dict[str, Any] = {
            kind.model.name: name,
            "SourceModelArn": source.arn,
            "SourceResult": source.body.get("Result"),
            "SourceStatus": source.status,
            **{key: source.body[key] for key in kind.kept if key in source.body},
            **{key: request[key] for key in ("VersionName", "ModelKmsKeyId", "DataAccessRoleArn") if key in request},
        }
        try:
            with platform.database.transaction() as tx:
                payload = {"source": source.body["Job"]}
                body["Job"] = platform.jobs.enqueue(IMPORT, payload, resource_arn=arn, limits=_LIMITS, tx=tx)
                platform.records.create(
                    scope_of(ctx), kind.model.resource, whole, body, arn=arn, status="SUBMITTED", tags=tags, tx=tx
                )
        except RecordExists as error:
            raise ServiceError(
                "ResourceInUseException",
                f"A model with this name exists already: {whole}. Give another ModelName or VersionName.",
            ) from error
        return {"ModelArn": arn}

    def _source(self, arn: str, ctx: Context) -> Record:
        """The model, if the caller may copy it."""
        try:
            source = self.platform.records.by_arn(arn)
        except RecordMissing as error:
            raise not_found() from error
        region = arn.split(":")[3]
        if region != ctx.region:
            raise invalid(
                f"The source model is in the Region {region}, and this is {ctx.region}: a model can be imported within "
                "its Region only."
            )
        if source.scope.account == ctx.account:
            return source
        policy = source.body.get("Policy")
        if policy is None or not shares_with(policy["Text"], ctx.principal, "comprehend:ImportModel", arn):
            raise ServiceError(
                "AccessDeniedException",
                f"User: {ctx.principal} is not authorized to perform: comprehend:ImportModel on resource: {arn} because "
                "no resource-based policy allows the comprehend:ImportModel action",
                status=400,
            )
        return source


@job(IMPORT, resumable=True)
def import_model(run: JobRun) -> dict[str, Any]:
    """Copy the files of a model, which lie in the output of the job that made it."""
    source = Path(os.environ["HONMONO_DATA"]) / "jobs" / run.payload["source"] / "output" / MODEL
    if not source.is_dir():
        raise FileNotFoundError("The source model was deleted before it could be copied.")
    shutil.copytree(source, run.output_dir / MODEL, dirs_exist_ok=True)
    for path in (run.output_dir / MODEL).rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    return {}


def watch_imports(platform: Platform) -> None:
    """Have the end of each copy written to the model's record."""
    platform.jobs.when_finished(IMPORT, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = {key: value for key, value in record.body.items() if key not in ("SourceResult", "SourceStatus")}
    if job.state is State.SUCCEEDED:
        if record.body["SourceResult"] is not None:
            body["Result"] = record.body["SourceResult"]
        platform.records.update(record, body=body, status=record.body["SourceStatus"], tx=tx)
        return
    body["Message"] = job.error or ""
    platform.records.update(record, body=body, status="IN_ERROR" if job.state is State.FAILED else "STOPPED", tx=tx)
