"""Custom Labels' datasets: a project's pictures to learn from, and those to test with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import Job, JobId, Limits, State
from honmono.services.rekognition.dataset_job import CHANGES, ENTRIES, KIND, TEST_ENTRIES
from honmono.services.rekognition.manifest_files import INPUT
from honmono.services.rekognition.part import Answer, Part, Request, invalid
from honmono.services.rekognition.projects import DATASET, find_project, find_resource, now, of_project
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.wire.service import Context

_LIMITS = Limits(cores=1, memory_bytes=768 << 20)
_READY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_FAILED")


class Datasets(Part):
    """CreateDataset, DescribeDataset, UpdateDatasetEntries, DistributeDatasetEntries and DeleteDataset."""

    def create_dataset(self, request: Request, ctx: Context) -> Answer:
        """Make a dataset, empty, of a manifest, or of another dataset's entries."""
        source = request.get("DatasetSource", {})
        if len(source) > 1:
            raise invalid("DatasetSource takes either GroundTruthManifest or DatasetArn.")
        kind = request["DatasetType"]
        uri = manifest_uri(source["GroundTruthManifest"], ctx) if "GroundTruthManifest" in source else None
        try:
            with self.platform.database.transaction() as tx:
                project = find_project(self.platform, ctx, request["ProjectArn"], tx=tx)
                arn = f"{project.arn.rpartition('/')[0]}/dataset/{kind.lower()}/{now()}"
                copied = (
                    find_dataset(self.platform, ctx, source["DatasetArn"], tx=tx) if "DatasetArn" in source else None
                )
                if copied is not None:
                    check_ready(copied)
                body: dict[str, Any] = {"Type": kind, "ProjectArn": project.arn, **_no_entries()}
                status = "CREATE_COMPLETE"
                if uri is not None or (copied is not None and "Job" in copied.body):
                    status = "CREATE_IN_PROGRESS"
                    body |= {"Message": "The dataset is being created.", "MessageCode": "SUCCESS"}
                    payload = {"account": ctx.account, "operation": "create", "uri": uri}
                    body["Pending"] = _enqueue(self.platform, payload, arn, tx)
                    if copied is not None:
                        give(self.platform, body["Pending"], copied, ENTRIES)
                self.platform.records.create(
                    project.scope,
                    DATASET,
                    f"{project.name}/{kind}",
                    body,
                    arn=arn,
                    status=status,
                    tags=request.get("Tags"),
                    tx=tx,
                )
        except RecordExists as error:
            raise ServiceError(
                "ResourceAlreadyExistsException", f"The project has a dataset of the type {kind} already."
            ) from error
        return {"DatasetArn": arn}

    def describe_dataset(self, request: Request, ctx: Context) -> Answer:
        """How a dataset stands, and how many entries and labels it has."""
        record = find_dataset(self.platform, ctx, request["DatasetArn"])
        return {
            "DatasetDescription": {
                "CreationTimestamp": record.created,
                "LastUpdatedTimestamp": record.updated,
                "Status": record.status,
                "StatusMessage": record.body["Message"],
                "StatusMessageCode": record.body["MessageCode"],
                "DatasetStats": record.body["Stats"],
            }
        }

    def update_dataset_entries(self, request: Request, ctx: Context) -> Answer:
        """Add entries; one whose picture is there takes the place of that picture's entry."""
        with self.platform.database.transaction() as tx:
            record = find_dataset(self.platform, ctx, request["DatasetArn"], tx=tx)
            _check_idle(record)
            if record.status == "CREATE_FAILED":
                raise ServiceError("ResourceInUseException", "The dataset could not be created; delete it.")
            job = _enqueue(self.platform, {"account": ctx.account, "operation": "update"}, record.arn, tx)
            if "Job" in record.body:
                give(self.platform, job, record, ENTRIES)
            _write_input(self.platform, job, CHANGES, request["Changes"]["GroundTruth"])
            _begin_update(self.platform, record, job, tx)
        return {}

    def distribute_dataset_entries(self, request: Request, ctx: Context) -> Answer:
        """Move a fifth of the training dataset's entries to the empty test dataset."""
        with self.platform.database.transaction() as tx:
            found = [find_dataset(self.platform, ctx, each["Arn"], tx=tx) for each in request["Datasets"]]
            by_type = {record.body["Type"]: record for record in found}
            if set(by_type) != {"TRAIN", "TEST"} or found[0].body["ProjectArn"] != found[1].body["ProjectArn"]:
                raise invalid("Datasets must be the training dataset and the test dataset of one project.")
            train, test = by_type["TRAIN"], by_type["TEST"]
            for record in found:
                if record.status not in _READY:
                    raise ServiceError("ResourceNotReadyException", f"The dataset {record.arn} is {record.status}.")
            if test.body["Stats"]["TotalEntries"]:
                raise invalid("The test dataset must be empty.")
            if not train.body["Stats"]["TotalEntries"]:
                raise invalid("The training dataset has no entries to distribute.")
            job = _enqueue(self.platform, {"account": ctx.account, "operation": "distribute"}, train.arn, tx)
            give(self.platform, job, train, ENTRIES)
            for record in found:
                _begin_update(self.platform, record, job, tx)
        return {}

    def delete_dataset(self, request: Request, ctx: Context) -> Answer:
        """Delete a dataset that nothing is being done to."""
        with self.platform.database.transaction() as tx:
            record = find_dataset(self.platform, ctx, request["DatasetArn"], tx=tx)
            _check_idle(record)
            self.platform.records.delete(record.scope, record.kind, record.name, tx=tx)
            _forget(self.platform, record, record.body.get("Job"), tx)
        return {}


def find_dataset(platform: Platform, ctx: Context, arn: str, *, tx: Connection | None = None) -> Record:
    """The caller's dataset. Raises ServiceError ResourceNotFoundException."""
    return find_resource(platform, ctx, arn, DATASET, "dataset", tx=tx)


def check_ready(record: Record, code: str = "InvalidParameterException") -> None:
    """Refuse a dataset that something is being done to, or that could not be made. Raises ServiceError."""
    if record.status not in _READY:
        raise ServiceError(code, f"The dataset {record.arn} is {record.status}; wait until it is complete.")


def entries_file(platform: Platform, record: Record) -> Path | None:
    """Where a dataset's entries are; None of an empty one that was never written to."""
    if "Job" not in record.body:
        return None
    return platform.jobs.job_directory(JobId(record.body["Job"])) / "output" / str(record.body["File"])


def give(platform: Platform, job: JobId, dataset: Record, name: str) -> None:
    """Give a job that is not committed yet a dataset's entries as they are now."""
    source = entries_file(platform, dataset)
    if source is None:
        return
    target = platform.jobs.job_directory(job) / INPUT / name
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target)  # the file is never written to again


def manifest_uri(manifest: dict[str, Any], ctx: Context) -> str:
    """The URI of a GroundTruthManifest that the caller may read.

    Raises ServiceError InvalidS3ObjectException, InvalidParameterException.
    """
    place = manifest.get("S3Object", {})
    if not place.get("Bucket") or not place.get("Name"):
        raise invalid("GroundTruthManifest.S3Object needs Bucket and Name.")
    if "Version" in place:
        raise invalid("A manifest is read as it is now: leave S3Object.Version out.")
    try:
        ctx.client("s3").head_object(Bucket=place["Bucket"], Key=place["Name"])
    except ServiceError as error:
        raise ServiceError(
            "InvalidS3ObjectException",
            f"Unable to get the manifest s3://{place['Bucket']}/{place['Name']}. Check object key, region and/or access "
            "permissions.",
        ) from error
    return f"s3://{place['Bucket']}/{place['Name']}"


def watch_datasets(platform: Platform) -> None:
    """Have the end of each job that writes entries written to its datasets."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    first = platform.records.by_arn(job.resource_arn or "", tx=tx)
    project = platform.records.by_arn(first.body["ProjectArn"], tx=tx)
    written = (job.result or {}).get("written") if job.state is State.SUCCEEDED else None
    for record in list(of_project(platform, project, DATASET, tx=tx)):
        if record.body.get("Pending") != job.id:
            continue
        doing = "CREATE" if record.status == "CREATE_IN_PROGRESS" else "UPDATE"
        body = {name: value for name, value in record.body.items() if name != "Pending"}
        if written is None:
            said = (job.result or {}).get("message")
            body |= {
                "Message": said or job.error or f"The job was {job.state}.",
                "MessageCode": "CLIENT_ERROR" if said else "SERVICE_ERROR",
            }
            platform.records.update(record, body=body, status=f"{doing}_FAILED", tx=tx)
            continue
        name = TEST_ENTRIES if record.body["Type"] == "TEST" and TEST_ENTRIES in written else ENTRIES
        before = body.get("Job")
        body |= {
            "Job": job.id,
            "File": name,
            "Stats": written[name]["stats"],
            "Labels": written[name]["labels"],
            "Message": f"The dataset was {'created' if doing == 'CREATE' else 'updated'} successfully.",
            "MessageCode": "SUCCESS",
        }
        changed = platform.records.update(record, body=body, status=f"{doing}_COMPLETE", tx=tx)
        if before != job.id:
            _forget(platform, changed, before, tx)


def _forget(platform: Platform, record: Record, job: str | None, tx: Connection) -> None:
    """Forget a job of whose entries a dataset lets go, unless the project's other dataset has entries of it."""
    try:
        project = platform.records.by_arn(record.body["ProjectArn"], tx=tx)
    except RecordMissing:
        return  # deleted with all that it had
    if job is not None and all(other.body.get("Job") != job for other in of_project(platform, project, DATASET, tx=tx)):
        platform.jobs.delete(JobId(job), tx=tx)


def _begin_update(platform: Platform, record: Record, job: JobId, tx: Connection) -> None:
    body = {
        **record.body,
        "Pending": job,
        "Message": "The dataset is being updated.",
        "MessageCode": "SUCCESS",
    }
    platform.records.update(record, body=body, status="UPDATE_IN_PROGRESS", tx=tx)


def _check_idle(record: Record) -> None:
    if (record.status or "").endswith("IN_PROGRESS"):
        raise ServiceError("ResourceInUseException", f"The dataset {record.arn} is {record.status}.")


def _write_input(platform: Platform, job: JobId, name: str, data: bytes) -> None:
    target = platform.jobs.job_directory(job) / INPUT / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _no_entries() -> dict[str, Any]:
    return {
        "Stats": {"LabeledEntries": 0, "TotalEntries": 0, "TotalLabels": 0, "ErrorEntries": 0},
        "Labels": [],
        "Message": "The dataset was created successfully.",
        "MessageCode": "SUCCESS",
    }


def _enqueue(platform: Platform, payload: dict[str, Any], arn: str, tx: Connection) -> JobId:
    return platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=_LIMITS, tx=tx)
