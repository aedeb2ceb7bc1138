"""CopyProjectVersion: a model in another project, of the caller's account or of one whose project policy allows it.

Source: "Copying an Amazon Rekognition Custom Labels model (SDK)" in the developer guide.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, Limits, job
from honmono.services.iam.permissions import shares_with
from honmono.services.job_output import leave_files
from honmono.services.rekognition.part import Answer, Part, Request, invalid, not_found
from honmono.services.rekognition.project_versions import create_version, finish, output_of, version_arn
from honmono.services.rekognition.projects import POLICY, PROJECT, VERSION, find_project, of_project
from honmono.services.rekognition.training_job import KEPT, MODEL
from honmono.services.stored_files import StoredFiles
from honmono.store.errors import RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

KIND = "rekognition.copy-project-version"
_ACTION = "rekognition:CopyProjectVersion"
_LIMITS = Limits(cores=1, memory_bytes=128 << 20)
_TRAINED = ("TRAINING_COMPLETED", "COPYING_COMPLETED", "RUNNING", "STOPPED", "FAILED")


class CopiedVersions(Part):
    """CopyProjectVersion."""

    def copy_project_version(self, request: Request, ctx: Context) -> Answer:
        """Check that the model may be copied, and start to; DescribeProjectVersions tells how it goes."""
        output = output_of(request, ctx)
        with self.platform.database.transaction() as tx:
            source = _source(self.platform, request, ctx, tx)
            target = find_project(self.platform, ctx, request["DestinationProjectArn"], tx=tx)
            if source.status not in _TRAINED:
                raise ServiceError(
                    "ResourceInUseException", f"The source model version is {source.status}; it has no model to copy."
                )
            arn = version_arn(target, request["VersionName"])
            result = {name: source.body[key] for name, key in (("f1", "F1"), ("task", "Task"))}
            payload = {"account": ctx.account, "source": source.body["Job"], "result": result}
            body: dict[str, Any] = {"Output": output, "SourceProjectVersionArn": source.arn}
            body |= {name: source.body[name] for name in ("VersionDescription",) if name in source.body}
            body |= {name: request[name] for name in ("KmsKeyId",) if name in request}
            body["Job"] = self.platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=_LIMITS, tx=tx)
            create_version(self.platform, target, request, body, arn, "COPYING_IN_PROGRESS", tx)
        return {"ProjectVersionArn": arn}


@job(KIND, resumable=True)
def copy_version(run: JobRun) -> dict[str, Any]:
    """Copy the model and the files of a training, which lie in the output of the job that made them."""
    jobs = Path(os.environ["HONMONO_DATA"]) / "jobs"
    source = jobs / run.payload["source"] / "output"
    if not (source / MODEL).is_dir():
        raise FileNotFoundError("The source model was deleted before it could be copied.")
    for folder in (MODEL, KEPT):
        shutil.copytree(source / folder, run.output_dir / folder, dirs_exist_ok=True)
        for path in (run.output_dir / folder).iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    names = sorted(path.name for path in (run.output_dir / KEPT).iterdir())
    for name in names:
        shutil.copy(run.output_dir / KEPT / name, run.output_dir / name)
    files = StoredFiles.of_parent(run.payload["account"])
    named = [(name, run.output_dir / name) for name in names]
    result: dict[str, Any] = run.payload["result"]
    return {**result, **leave_files(files, run.output_dir, named, "application/json"), "names": names}


def watch_copies(platform: Platform) -> None:
    """Have the end of each copy written to the version that it makes."""
    platform.jobs.when_finished(KIND, lambda job, tx: finish(platform, job, tx, "COPYING"))


def _source(platform: Platform, request: Request, ctx: Context, tx: Connection) -> Record:
    """The model version, if the caller may copy it."""
    project_arn, arn = request["SourceProjectArn"], request["SourceProjectVersionArn"]
    try:
        project = platform.records.by_arn(project_arn, tx=tx)
        version = platform.records.by_arn(arn, tx=tx)
    except RecordMissing as error:
        raise not_found(f"The source project or version does not exist: {arn}.") from error
    if (project.kind, version.kind) != (PROJECT, VERSION) or version.body["Project"] != project.name:
        raise not_found(f"The version {arn} is none of the project {project_arn}.")
    if version.scope != project.scope:
        raise not_found(f"The version {arn} is none of the project {project_arn}.")
    if project.scope.region != ctx.region:
        raise invalid(f"The source project is in {project.scope.region}: a model is copied within its Region only.")
    if project.scope.account == ctx.account:
        return version
    policies = [record.body["Document"] for record in of_project(platform, project, POLICY, tx=tx)]
    if not any(shares_with(document, ctx.principal, _ACTION, arn) for document in policies):
        raise ServiceError(
            "AccessDeniedException",
            f"User: {ctx.principal} is not authorized to perform: {_ACTION} on resource: {arn} because no project "
            f"policy allows the {_ACTION} action",
        )
    return version
