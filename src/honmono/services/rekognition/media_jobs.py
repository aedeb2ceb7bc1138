"""Media analysis jobs: many pictures moderated at once; start, get, list."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, State
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.rekognition.media_job import KIND, RESULTS, SUMMARY
from honmono.services.rekognition.moderation import FIELD
from honmono.services.rekognition.part import Answer, Part, Request, arn_of, bad_token, invalid, not_found, scope_of
from honmono.services.rekognition.video_request import keep_token, object_size, started_before
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

_JOB, _TOKEN = "media-analysis-job", "media-analysis-token"
_SHOWN = ("JobName", "OperationsConfig", "Input", "OutputConfig", "KmsKeyId")
_STATUS = {State.SUCCEEDED: "SUCCEEDED", State.FAILED: "FAILED", State.STOPPED: "FAILED"}
_CODES = ("INVALID_S3_OBJECT", "INVALID_MANIFEST", "INVALID_OUTPUT_CONFIG")


class MediaJobs(Part):
    """StartMediaAnalysisJob, GetMediaAnalysisJob, ListMediaAnalysisJobs."""

    def start_media_analysis_job(self, request: Request, ctx: Context) -> Answer:
        """Begin to moderate the pictures of a manifest."""
        asked = request["OperationsConfig"].get("DetectModerationLabels")
        if asked is None:
            raise invalid("Request has invalid parameters: OperationsConfig names no operation.")
        if "ProjectVersion" in asked:
            raise not_found(
                f"There is no moderation adapter {asked['ProjectVersion']}: adapters cannot be trained here."
            )
        platform, scope = self.platform, scope_of(ctx)
        if known := started_before(platform.records, scope, _TOKEN, request):
            return {"JobId": known}
        place = request["Input"]["S3Object"]
        if not place.get("Bucket") or not place.get("Name"):
            raise invalid("Request has invalid parameters: Input.S3Object needs Bucket and Name.")
        object_size(place, ctx)
        _check_bucket(request["OutputConfig"]["S3Bucket"], ctx)
        job_id = secrets.token_hex(32)
        arn = arn_of(ctx, f"{_JOB}/{job_id}")
        payload = {"account": ctx.account, "request": request}
        try:
            with platform.database.transaction() as tx:
                limits = limits_for(platform.engines, FIELD)
                job = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=limits, tx=tx)
                body = {"Request": request, "Job": job}
                platform.records.create(scope, _JOB, job_id, body, arn=arn, status="", tx=tx)
                keep_token(platform.records, scope, _TOKEN, request, job_id, tx)
        except RecordExists:  # the same token, at the same time
            known = started_before(platform.records, scope, _TOKEN, request)
            if known is None:
                raise
            return {"JobId": known}
        return {"JobId": job_id}

    def get_media_analysis_job(self, request: Request, ctx: Context) -> Answer:
        """How a job stands, and where its results are."""
        try:
            record = self.platform.records.get(scope_of(ctx), _JOB, request["JobId"])
        except RecordMissing as error:
            raise not_found(f"Could not find JobId {request['JobId']}.") from error
        return _described(self.platform, record)

    def list_media_analysis_jobs(self, request: Request, ctx: Context) -> Answer:
        """The jobs, the newest first."""
        try:
            page = self.platform.records.list(
                scope_of(ctx),
                _JOB,
                after=request.get("NextToken"),
                limit=request.get("MaxResults", 100),
                order="created",
                descending=True,
            )
        except BadPageToken as error:
            raise bad_token() from error
        more = {"NextToken": page.next} if page.next else {}
        return {"MediaAnalysisJobs": [_described(self.platform, record) for record in page], **more}


def watch_media(platform: Platform) -> None:
    """Have the end of each job written to its record, and its results to their bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    if job.state is State.SUCCEEDED:
        bucket = record.body["Request"]["OutputConfig"]["S3Bucket"]
        write_output(platform, job, f"s3://{bucket}/{_folder(record)}", job.payload["account"], tx)
    platform.records.update(record, status=_STATUS[job.state], tx=tx)


def _folder(record: Record) -> str:
    prefix = record.body["Request"]["OutputConfig"].get("S3KeyPrefix", "")
    return f"{prefix.rstrip('/')}/{record.name}/" if prefix else f"{record.name}/"


def _failure(job: Job) -> dict[str, Any]:
    code, _, message = (job.error or "").partition(": ")
    if code in _CODES:
        return {"Code": code, "Message": message}
    return {"Code": "INTERNAL_ERROR", "Message": job.error or "The job was stopped."}


def _check_bucket(bucket: str, ctx: Context) -> None:
    try:
        ctx.client("s3").head_bucket(Bucket=bucket)
    except ServiceError as error:
        raise ServiceError(
            "InvalidS3ObjectException",
            f"The bucket {bucket} of OutputConfig is not there, or you have no access to it.",
        ) from error


def _described(platform: Platform, record: Record) -> Answer:
    asked = record.body["Request"]
    job = platform.jobs.get(JobId(record.body["Job"]))
    status = record.status or ("QUEUED" if job.state is State.QUEUED else "IN_PROGRESS")
    answer: Answer = {
        "JobId": record.name,
        "Status": status,
        "CreationTimestamp": record.created,
        **{name: asked[name] for name in _SHOWN if name in asked},
    }
    if record.status and job.finished is not None:
        answer["CompletionTimestamp"] = job.finished
    if status == "FAILED":
        answer["FailureDetails"] = _failure(job)
    if status == "SUCCEEDED":
        bucket, folder = asked["OutputConfig"]["S3Bucket"], _folder(record)
        versions = {"ModelVersions": {"Moderation": (job.result or {}).get("moderation", "")}}
        answer["Results"] = {"S3Object": {"Bucket": bucket, "Name": folder + RESULTS}, **versions}
        answer["ManifestSummary"] = {"S3Object": {"Bucket": bucket, "Name": folder + SUMMARY}}
    return answer
