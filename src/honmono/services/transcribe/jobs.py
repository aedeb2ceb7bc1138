"""Transcription jobs: start, get, list, delete."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, State
from honmono.services.iam.permissions import pass_role
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.own_buckets import OWNER
from honmono.services.platform import Platform
from honmono.services.transcribe.languages import spoken
from honmono.services.transcribe.media import FORMATS, media_format, s3_uri
from honmono.services.transcribe.part import (
    PRINCIPAL,
    Answer,
    Part,
    Request,
    arn_of,
    invalid,
    listed,
    scope_of,
)
from honmono.services.transcribe.transcription_job import FIELD, KIND, RESULT
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

JOB = "transcription-job"
_KEPT = (
    "TranscriptionJobName", "LanguageCode", "MediaSampleRateHertz", "MediaFormat", "Media", "OutputBucketName",
    "OutputKey", "OutputEncryptionKMSKeyId", "Settings", "JobExecutionSettings", "IdentifyLanguage",
    "IdentifyMultipleLanguages", "LanguageOptions",
)  # fmt: skip
_SHOWN = (
    "TranscriptionJobName", "LanguageCode", "MediaSampleRateHertz", "MediaFormat", "Media", "Settings",
    "JobExecutionSettings", "IdentifyLanguage", "IdentifyMultipleLanguages", "LanguageOptions",
)  # fmt: skip
_STATUS = {State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED", State.STOPPED: "FAILED"}


class TranscriptionJobs(Part):
    """Start, get, list and delete."""

    def start_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job."""
        name, platform = request["TranscriptionJobName"], self.platform
        media = s3_uri(_media(request))
        kept = {key: request[key] for key in _KEPT if key in request}
        given = kept.setdefault("MediaFormat", media_format(media))
        if given is None:
            raise invalid(
                f"The media's format is not to be seen from its name; give MediaFormat: {', '.join(FORMATS)}."
            )
        _check_language(platform, request)
        role = request.get("JobExecutionSettings", {}).get("DataAccessRoleArn")
        if role:
            pass_role(platform, ctx.principal, role, PRINCIPAL)
        _check_readable(media, ctx)
        body = kept | {"Output": self._place(request, ctx), "Uri": media}
        payload = {"account": ctx.account, "name": name, "uri": media, "request": kept}
        arn = arn_of(ctx, JOB, name)
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
        try:
            with platform.database.transaction() as tx:
                body["Job"] = platform.jobs.enqueue(
                    KIND, payload, resource_arn=arn, limits=limits_for(platform.engines, FIELD), tx=tx
                )
                record = platform.records.create(scope_of(ctx), JOB, name, body, arn=arn, status="", tags=tags, tx=tx)
        except RecordExists as error:
            raise ServiceError(
                "ConflictException",
                "The requested job name already exists in this account. Use a different job name, or delete that job.",
            ) from error
        return {"TranscriptionJob": self._described(record, ctx)}

    def get_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """How a job stands, and where its results are."""
        return {"TranscriptionJob": self._described(_find(self.platform, request["TranscriptionJobName"], ctx), ctx)}

    def list_transcription_jobs(self, request: Request, ctx: Context) -> Answer:
        """The jobs that fit, the newest first."""
        status, part = request.get("Status"), request.get("JobNameContains", "").lower()

        def keep(record: Record) -> bool:
            return part in record.name.lower() and status in (None, _status(record, self._job(record)))

        found, more = listed(self.platform, ctx, JOB, request, keep)
        summaries = [self._summary(record) for record in found]
        return {"TranscriptionJobSummaries": summaries, **({"Status": status} if status else {}), **more}

    def delete_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Forget a job; what it wrote into a bucket of the customer's stays."""
        platform = self.platform
        with platform.database.transaction() as tx:
            record = _find(platform, request["TranscriptionJobName"], ctx, tx=tx)
            job = platform.jobs.get(JobId(record.body["Job"]), tx=tx)
            if not job.state.ended:
                platform.jobs.stop(job.id, tx=tx)
                raise invalid("The requested job is in progress; it is being stopped. Delete it again in a moment.")
            platform.records.delete(record.scope, JOB, record.name, tx=tx)
            platform.jobs.delete(job.id, tx=tx)
        return {}

    def _place(self, request: Request, ctx: Context) -> dict[str, Any]:
        """Where the result goes: the owner's account, and the URI of the folder and name of the file in it."""
        name, bucket, key = request["TranscriptionJobName"], request.get("OutputBucketName"), request.get("OutputKey")
        if bucket is None:
            if key is not None:
                raise invalid("OutputKey needs an OutputBucketName.")
            own = self.results.name(ctx.region)
            folder = f"{ctx.account}/{name}/{secrets.token_hex(16)}/"
            return {"account": OWNER, "folder": f"s3://{own}/{folder}", "file": "asrOutput.json", "own": folder}
        try:
            ctx.client("s3").head_bucket(Bucket=bucket)
        except ServiceError as error:
            raise invalid(
                f"The specified S3 bucket can't be accessed: {bucket}. Make sure that it exists and that you have write "
                "permission, and try your request again."
            ) from error
        whole = f"{name}.json" if key is None else f"{key}{name}.json" if key.endswith("/") else key
        if not whole.endswith(".json"):
            whole += ".json"
        folder, _, file = whole.rpartition("/")
        return {"account": ctx.account, "folder": f"s3://{bucket}/{folder}{'/' if folder else ''}", "file": file}

    def _job(self, record: Record) -> Job:
        return self.platform.jobs.get(JobId(record.body["Job"]))

    def _described(self, record: Record, ctx: Context) -> Answer:
        job, body = self._job(record), record.body
        status = _status(record, job)
        described: Answer = {
            "TranscriptionJobStatus": status,
            "CreationTime": record.created,
            "StartTime": job.started or record.created,
            **{key: body[key] for key in _SHOWN if key in body},
            "Transcript": {},
        }
        described.setdefault("Settings", {"ChannelIdentification": False, "ShowAlternatives": False})
        described |= body.get("Found", {})
        if status == "COMPLETED":
            described["Transcript"] = {"TranscriptFileUri": self._address(body["Output"], ctx)}
        if status in ("COMPLETED", "FAILED") and job.finished is not None:
            described["CompletionTime"] = job.finished
        if status == "FAILED":
            described["FailureReason"] = body.get("FailureReason", "")
        tags = self.platform.records.tags(record.arn)
        if tags:
            described["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        return described

    def _address(self, output: dict[str, Any], ctx: Context) -> str:
        if "own" in output:
            return self.results.url(ctx, output["own"] + output["file"])
        folder = output["folder"].removeprefix("s3://")
        return f"https://s3.{ctx.region}.amazonaws.com/{folder}{output['file']}"

    def _summary(self, record: Record) -> Answer:
        job, body = self._job(record), record.body
        status = _status(record, job)
        shown = ("TranscriptionJobName", "LanguageCode", "IdentifyLanguage", "IdentifyMultipleLanguages")
        summary: Answer = {
            "CreationTime": record.created,
            "StartTime": job.started or record.created,
            "TranscriptionJobStatus": status,
            "OutputLocationType": "SERVICE_BUCKET" if "own" in body["Output"] else "CUSTOMER_BUCKET",
            **{key: body[key] for key in shown if key in body},
            **body.get("Found", {}),
        }
        if status in ("COMPLETED", "FAILED") and job.finished is not None:
            summary["CompletionTime"] = job.finished
        if status == "FAILED":
            summary["FailureReason"] = body.get("FailureReason", "")
        return summary


def watch(platform: Platform) -> None:
    """Have the end of each job written to its record, and its results to their bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    if job.state is State.SUCCEEDED:
        output = body["Output"]
        write_output(platform, job, output["folder"], output["account"], tx, names={RESULT: output["file"]})
        body["Found"] = (job.result or {})["found"]
    else:
        body["FailureReason"] = job.error or "The job was stopped."
    platform.records.update(record, body=body, status=_STATUS[job.state], tx=tx)
    platform.jobs.discard_output(job.id, tx=tx)


def _find(platform: Platform, name: str, ctx: Context, tx: Connection | None = None) -> Record:
    try:
        return platform.records.get(scope_of(ctx), JOB, name, tx=tx)
    except RecordMissing as error:
        raise ServiceError(
            "NotFoundException",
            "The requested job couldn't be found. Check the job name and try your request again.",
        ) from error


def _status(record: Record, job: Job) -> str:
    if record.status:
        return str(record.status)
    return "QUEUED" if job.state is State.QUEUED else "IN_PROGRESS"


def _media(request: Request) -> str:
    uri = request["Media"].get("MediaFileUri")
    if uri is None:
        raise invalid("Media.MediaFileUri is required.")
    return str(uri)


def _check_language(platform: Platform, request: Request) -> None:
    ways = [way for way in ("IdentifyLanguage", "IdentifyMultipleLanguages") if request.get(way)]
    if ("LanguageCode" in request) + len(ways) != 1:
        raise invalid("Give one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages, and not more.")
    options = request.get("LanguageOptions", [])
    if options and not ways:
        raise invalid("LanguageOptions need IdentifyLanguage or IdentifyMultipleLanguages.")
    if len({spoken(code) for code in options}) < len(options):
        raise invalid("LanguageOptions must not name one language twice.")
    known = platform.engines.info(FIELD).languages
    for code in (*options, *([request["LanguageCode"]] if "LanguageCode" in request else ())):
        if known and spoken(code) not in known:
            raise invalid(
                f"The language {code} is not one that the engine knows ({', '.join(known)}). Plug in one that does: "
                f"[engines.{FIELD}] of honmono.toml."
            )


def _check_readable(uri: str, ctx: Context) -> None:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        ctx.client("s3").head_object(Bucket=bucket, Key=key)
    except ServiceError as error:
        raise invalid(
            "The S3 URI that you provided can't be accessed. Make sure that you have read permission and try your "
            "request again."
        ) from error
