"""Model versions: trained by a job on a project's datasets or on manifests, described, started, stopped and deleted.

A running model holds no process of its own: the engine's worker loads it when it is first asked. Inference units are kept
and told; they bound nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from honmono.jobs import Job, JobId, Limits, State
from honmono.services.job_output import write_output
from honmono.services.rekognition import training_job
from honmono.services.rekognition.datasets import check_ready, give, manifest_uri
from honmono.services.rekognition.part import Answer, Part, Request, bad_token, invalid
from honmono.services.rekognition.projects import (
    DATASET,
    FEATURE,
    VERSION,
    find_project,
    find_resource,
    now,
    of_project,
)
from honmono.services.stored_files import FilesMissing
from honmono.store.errors import BadPageToken, RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.wire.service import Context

_LIMITS = Limits(cores=1, memory_bytes=1792 << 20)
_STARTABLE = ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED", "FAILED")
_READY_MESSAGE = "The model is ready to run."
BASE_MODEL = "efficientnet-lite2"


class ProjectVersions(Part):
    """CreateProjectVersion, DescribeProjectVersions, Start-, Stop- and DeleteProjectVersion."""

    def create_project_version(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start the training; DescribeProjectVersions tells how it goes."""
        if "FeatureConfig" in request:
            raise invalid("FeatureConfig does not fit a project of the feature CUSTOM_LABELS.")
        output = output_of(request, ctx)
        payload: dict[str, Any] = {"account": ctx.account}
        given = _given_manifests(request, ctx)
        with self.platform.database.transaction() as tx:
            project = find_project(self.platform, ctx, request["ProjectArn"], tx=tx)
            datasets = {record.body["Type"]: record for record in of_project(self.platform, project, DATASET, tx=tx)}
            if given is not None:
                if datasets:
                    raise invalid("TrainingData and TestingData cannot be given for a project that has datasets.")
                payload |= given
            else:
                _check_datasets(datasets)
            body: dict[str, Any] = {
                "Output": output,
                "Input": {
                    name: request[name]
                    for name in ("TrainingData", "TestingData")
                    if given is not None and name in request
                },
                **{name: request[name] for name in ("KmsKeyId", "VersionDescription") if name in request},
            }
            arn = version_arn(project, request["VersionName"])
            payload["arn"] = arn
            body["Job"] = self.platform.jobs.enqueue(
                training_job.KIND, payload, resource_arn=arn, limits=_LIMITS, tx=tx
            )
            if given is None:
                give(self.platform, body["Job"], datasets["TRAIN"], training_job.TRAIN)
                if "TEST" in datasets and datasets["TEST"].body["Stats"]["TotalEntries"]:
                    give(self.platform, body["Job"], datasets["TEST"], training_job.TEST)
            create_version(self.platform, project, request, body, arn, "TRAINING_IN_PROGRESS", tx)
        return {"ProjectVersionArn": arn}

    def describe_project_versions(self, request: Request, ctx: Context) -> Answer:
        """The versions of a project, the newest first."""
        project = find_project(self.platform, ctx, request["ProjectArn"])
        names, limit = request.get("VersionNames"), request.get("MaxResults", 100)
        found: list[Record] = []
        after: str | None = request.get("NextToken")
        while len(found) < limit:
            try:
                page = self.platform.records.list(
                    project.scope,
                    VERSION,
                    prefix=f"{project.name}/",
                    after=after,
                    limit=limit - len(found),
                    order="created",
                    descending=True,
                )
            except BadPageToken as error:
                raise bad_token() from error
            found += [record for record in page.items if names is None or record.body["Name"] in names]
            after = page.next
            if after is None:
                break
        answer: Answer = {"ProjectVersionDescriptions": [_described(self.platform, record) for record in found]}
        return answer | ({"NextToken": after} if after else {})

    def start_project_version(self, request: Request, ctx: Context) -> Answer:
        """Let a trained model answer."""
        least, most = request["MinInferenceUnits"], request.get("MaxInferenceUnits")
        if most is not None and most < least:
            raise invalid("MaxInferenceUnits must be at least MinInferenceUnits.")
        with self.platform.database.transaction() as tx:
            record = find_version(self.platform, ctx, request["ProjectVersionArn"], tx=tx)
            if record.status not in _STARTABLE:
                raise ServiceError(
                    "ResourceInUseException", f"The model version is {record.status}; it cannot be started."
                )
            body = {name: value for name, value in record.body.items() if name != "MaxInferenceUnits"}
            body |= {"MinInferenceUnits": least, "Message": "The model is running."}
            if most is not None:
                body["MaxInferenceUnits"] = most
            self.platform.records.update(record, body=body, status="RUNNING", tx=tx)
        return {"Status": "STARTING"}

    def stop_project_version(self, request: Request, ctx: Context) -> Answer:
        """Let a running model answer no more."""
        with self.platform.database.transaction() as tx:
            record = find_version(self.platform, ctx, request["ProjectVersionArn"], tx=tx)
            if record.status != "RUNNING":
                raise ServiceError(
                    "ResourceInUseException",
                    f"The model version is {record.status}; only a running one can be stopped.",
                )
            body = {name: value for name, value in record.body.items() if not name.endswith("InferenceUnits")}
            body["Message"] = "The model is stopped."
            self.platform.records.update(record, body=body, status="STOPPED", tx=tx)
        return {"Status": "STOPPING"}

    def delete_project_version(self, request: Request, ctx: Context) -> Answer:
        """Delete a model that is neither running nor being made; the files in the customer's bucket stay."""
        with self.platform.database.transaction() as tx:
            record = find_version(self.platform, ctx, request["ProjectVersionArn"], tx=tx)
            if record.status in ("RUNNING", "TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"):
                raise ServiceError(
                    "ResourceInUseException", f"The model version is {record.status}; it cannot be deleted now."
                )
            self.platform.records.delete(record.scope, record.kind, record.name, tx=tx)
            self.platform.jobs.delete(JobId(record.body["Job"]), tx=tx)
        return {"Status": "DELETING"}


def find_version(platform: Platform, ctx: Context, arn: str, *, tx: Connection | None = None) -> Record:
    """The caller's model version. Raises ServiceError ResourceNotFoundException."""
    return find_resource(platform, ctx, arn, VERSION, "project version", tx=tx)


def version_arn(project: Record, name: str) -> str:
    """The ARN that a new version gets."""
    return f"{project.arn.rpartition('/')[0]}/version/{name}/{now()}"


def create_version(
    platform: Platform,
    project: Record,
    request: Request,
    body: Mapping[str, Any],
    arn: str,
    status: str,
    tx: Connection,
) -> None:
    """Keep a version under its name. Raises ServiceError ResourceInUseException."""
    name = request["VersionName"]
    doing = "trained" if status == "TRAINING_IN_PROGRESS" else "copied"
    whole = {**body, "Name": name, "Project": project.name, "Message": f"The model is being {doing}."}
    try:
        platform.records.create(
            project.scope,
            VERSION,
            f"{project.name}/{name}",
            whole,
            arn=arn,
            status=status,
            tags=request.get("Tags"),
            tx=tx,
        )
    except RecordExists as error:
        raise ServiceError(
            "ResourceInUseException", f"The project {project.name} has a version {name} already."
        ) from error


def model_folder(platform: Platform, record: Record) -> Path:
    """Where a version's model is."""
    return platform.jobs.job_directory(JobId(record.body["Job"])) / "output" / training_job.MODEL


def output_of(request: Request, ctx: Context) -> dict[str, str]:
    """The OutputConfig of a request, if the caller can write there. Raises ServiceError InvalidParameterException."""
    config = request["OutputConfig"]
    if not config.get("S3Bucket"):
        raise invalid("OutputConfig.S3Bucket is required.")
    try:
        ctx.client("s3").head_bucket(Bucket=config["S3Bucket"])
    except ServiceError as error:
        raise invalid(
            f"Unable to write to output S3 bucket. The bucket {config['S3Bucket']} is not there, or not yours."
        ) from error
    return {name: config[name] for name in ("S3Bucket", "S3KeyPrefix") if config.get(name)}


def watch_training(platform: Platform) -> None:
    """Have the end of each training written to its version, with its files in the customer's bucket."""
    platform.jobs.when_finished(training_job.KIND, lambda job, tx: finish(platform, job, tx, "TRAINING"))


def finish(platform: Platform, job: Job, tx: Connection, doing: str) -> None:
    """Write the end of a training or a copy to its version."""
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    result = job.result or {}
    body = dict(record.body)
    done = job.state is State.SUCCEEDED and "message" not in result
    body["Message"] = _READY_MESSAGE if done else result.get("message") or job.error or f"The job was {job.state}."
    if job.state is State.SUCCEEDED and "files" in result:
        uri = f"s3://{body['Output']['S3Bucket']}/"
        names = {name: _folder(record) + name for name in result["names"]}
        names[training_job.EVALUATION_SUMMARY] = _summary_key(record)
        try:
            write_output(platform, job, uri, record.scope.account, tx, names)
        except FilesMissing:
            done = False
            body["Message"] = "Unable to write to output S3 bucket."
        else:
            body["Names"] = result["names"]
    if done:
        body["F1"] = result["f1"]
        body["Task"] = result["task"]
    platform.records.update(record, body=body, status=f"{doing}_{'COMPLETED' if done else 'FAILED'}", tx=tx)


def _prefix(record: Record) -> str:
    prefix = record.body["Output"].get("S3KeyPrefix", "").strip("/")
    return f"{prefix}/" if prefix else ""


def _folder(record: Record) -> str:
    return f"{_prefix(record)}{record.body['Project']}/{record.body['Name']}/"


def _summary_key(record: Record) -> str:
    return f"{_prefix(record)}EvaluationResultSummary-{record.body['Project']}-{record.body['Name']}.json"


def _results(record: Record) -> Answer:
    """What a training has left, as far as it has."""
    bucket, names = record.body["Output"]["S3Bucket"], record.body["Names"]
    folder = _folder(record)

    def asset(name: str) -> dict[str, Any]:
        return {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": folder + name}}}

    def assets(*wanted: str) -> dict[str, Any]:
        return {"Assets": [asset(name) for name in wanted if name in names]}

    given = record.body.get("Input", {})
    testing = given.get("TestingData") or assets(training_job.TEST)
    if not testing.get("Assets"):
        testing = {"Assets": [], "AutoCreate": True}
    shown: Answer = {
        "TrainingDataResult": {
            "Input": given.get("TrainingData") or assets(training_job.TRAIN),
            "Output": assets(training_job.TRAIN_SNAPSHOT),
            "Validation": assets(training_job.TRAIN_CHECKED),
        },
        "TestingDataResult": {
            "Input": testing,
            "Output": assets(training_job.TEST_SNAPSHOT),
            "Validation": assets(training_job.TEST_CHECKED),
        },
        "ManifestSummary": asset(training_job.MANIFEST_SUMMARY)["GroundTruthManifest"],
    }
    if "F1" in record.body:
        shown["EvaluationResult"] = {
            "F1Score": record.body["F1"],
            "Summary": {"S3Object": {"Bucket": bucket, "Name": _summary_key(record)}},
        }
    return shown


def _given_manifests(request: Request, ctx: Context) -> dict[str, list[str]] | None:
    """The URIs of the request's own manifests, by part; None where it has none. Raises ServiceError."""
    if "TrainingData" not in request and "TestingData" not in request:
        return None
    if "TrainingData" not in request or "TestingData" not in request:
        raise invalid("If you specify TrainingData you must also specify TestingData, and the other way round.")
    uris = {
        part: [manifest_uri(each.get("GroundTruthManifest", {}), ctx) for each in request[name].get("Assets", ())]
        for part, name in (("training", "TrainingData"), ("testing", "TestingData"))
    }
    if not uris["training"]:
        raise invalid("TrainingData.Assets names no manifest.")
    if bool(uris["testing"]) is bool(request["TestingData"].get("AutoCreate", False)):
        raise invalid("TestingData takes either Assets or AutoCreate.")
    return uris


def _check_datasets(datasets: Mapping[str, Record]) -> None:
    if "TRAIN" not in datasets:
        raise invalid("The project has no training dataset; create one, or give TrainingData and TestingData.")
    for record in datasets.values():
        check_ready(record)
    if not datasets["TRAIN"].body["Stats"]["TotalEntries"]:
        raise invalid("The training dataset of the project is empty.")


def _progress(job: Job) -> str:
    if job.state is not State.RUNNING or job.progress is None:
        return ""
    done, total = job.progress.done, job.progress.total
    return f"The model is being trained: {done:g}{f' of {total:g}' if total else ''} {job.progress.what}."


def _described(platform: Platform, record: Record) -> Answer:
    body = record.body
    job = platform.jobs.get(JobId(body["Job"]))
    shown: Answer = {
        "ProjectVersionArn": record.arn,
        "CreationTimestamp": record.created,
        "Status": record.status,
        "StatusMessage": _progress(job) or body["Message"],
        "OutputConfig": body["Output"],
        "Feature": FEATURE,
        "BaseModelVersion": BASE_MODEL,
    }
    for name in (
        "MinInferenceUnits",
        "MaxInferenceUnits",
        "KmsKeyId",
        "VersionDescription",
        "SourceProjectVersionArn",
    ):
        if name in body:
            shown[name] = body[name]
    if job.finished is not None:
        shown["TrainingEndTimestamp"] = job.finished
    if "Names" in body:
        shown |= _results(record)
    if "F1" in body and "SourceProjectVersionArn" not in body and job.started and job.finished:
        shown["BillableTrainingTimeInSeconds"] = max(0, round((job.finished - job.started).total_seconds()))
    return shown
