"""Transcription jobs: start, get, list, delete."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, State
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.services.transcribe import outputs, running
from honmono.services.transcribe.job_request import check
from honmono.services.transcribe.media import check_readable, media_format, s3_uri
from honmono.services.transcribe.part import (
    Answer,
    Part,
    Request,
    check_role,
    find,
    invalid,
    listed,
    scope_of,
    tags_shown,
)
from honmono.services.transcribe.transcription_job import KIND, REDACTED, RESULT, SUBTITLES
from honmono.services.transcribe.vocabularies import words_for
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

JOB = "transcription-job"
MOST_AT_ONCE = 250
"""Jobs that may be under way; one more must allow to be deferred. Source: "Guidelines and quotas"."""
_SHOWN = (
    "TranscriptionJobName", "LanguageCode", "MediaSampleRateHertz", "MediaFormat", "Media", "Settings",
    "JobExecutionSettings", "ContentRedaction", "IdentifyLanguage", "IdentifyMultipleLanguages", "LanguageOptions",
    "LanguageIdSettings", "ToxicityDetection",
)  # fmt: skip
_KEPT = (*_SHOWN, "OutputBucketName", "OutputKey", "OutputEncryptionKMSKeyId", "KMSEncryptionContext", "Subtitles")
_SUMMARISED = (
    "TranscriptionJobName", "LanguageCode", "ContentRedaction", "IdentifyLanguage", "IdentifyMultipleLanguages",
    "ToxicityDetection",
)  # fmt: skip
_FOUND = ("LanguageCode", "LanguageCodes", "IdentifiedLanguageScore")
_STATUS = {State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED", State.STOPPED: "FAILED"}


class TranscriptionJobs(Part):
    """Start, get, list and delete."""

    def start_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job."""
        name, platform = request["TranscriptionJobName"], self.platform
        if "MediaFileUri" not in request["Media"]:
            raise invalid("Media.MediaFileUri is required.")
        media = s3_uri(request["Media"]["MediaFileUri"])
        kept = {key: request[key] for key in _KEPT if key in request}
        fields = check(platform, request)
        check_role(platform, ctx, request.get("JobExecutionSettings", {}).get("DataAccessRoleArn"))
        words = words_for(platform, ctx, request)
        check_readable(media, ctx)
        self._check_room(request, ctx)
        body = kept | {"Output": outputs.place(self.results, request, ctx)}
        if "MediaFormat" not in kept and (guessed := media_format(media)):
            body["MediaFormat"] = guessed
        payload = {"account": ctx.account, "name": name, "uri": media, "request": kept, **words}
        record = running.start(platform, ctx, JOB, name, request, body, job=KIND, payload=payload, fields=fields)
        return {"TranscriptionJob": self._described(record, ctx)}

    def get_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """How a job stands, and where its results are."""
        record = find(self.platform, ctx, JOB, request["TranscriptionJobName"], "job")
        return {"TranscriptionJob": self._described(record, ctx)}

    def list_transcription_jobs(self, request: Request, ctx: Context) -> Answer:
        """The jobs that fit, the newest first."""
        status, part = request.get("Status"), request.get("JobNameContains", "").lower()

        def keep(record: Record) -> bool:
            return part in record.name.lower() and status in (None, _status(record, self._job(record)))

        found, more = listed(self.platform, ctx, JOB, request, keep)
        summaries = [self._summary(record) for record in found]
        return {"TranscriptionJobSummaries": summaries, **({"Status": status} if status else {}), **more}

    def delete_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Forget a job that has ended; what it wrote into a bucket of the customer's stays."""
        platform = self.platform
        with platform.database.transaction() as tx:
            record = find(platform, ctx, JOB, request["TranscriptionJobName"], "job", tx=tx)
            running.delete(platform, record, tx)
        return {}

    def _check_room(self, request: Request, ctx: Context) -> None:
        if request.get("JobExecutionSettings", {}).get("AllowDeferredExecution"):
            return
        under_way = self.platform.records.list(scope_of(ctx), JOB, status="", limit=MOST_AT_ONCE).items
        if len(under_way) >= MOST_AT_ONCE:
            raise ServiceError(
                "LimitExceededException",
                f"{MOST_AT_ONCE} jobs are under way. Wait until some have ended, or set AllowDeferredExecution.",
            )

    def _job(self, record: Record) -> Job:
        return self.platform.jobs.get(JobId(record.body["Job"]))

    def _described(self, record: Record, ctx: Context) -> Answer:
        job, body = self._job(record), record.body
        described: Answer = {
            **self._times(record, job),
            **{key: body[key] for key in _SHOWN if key in body},
            "Transcript": {},
        }
        described.setdefault("Settings", {"ChannelIdentification": False, "ShowAlternatives": False})
        described |= body.get("Found", {})
        done = described["TranscriptionJobStatus"] == "COMPLETED"
        if done:
            redaction = body.get("ContentRedaction", {}).get("RedactionOutput")
            if redaction != "redacted":
                described["Transcript"]["TranscriptFileUri"] = self._address(body, RESULT, ctx)
            if redaction:
                described["Transcript"]["RedactedTranscriptFileUri"] = self._address(body, REDACTED, ctx)
        if "Subtitles" in body:
            formats = body["Subtitles"].get("Formats", [])
            described["Subtitles"] = {
                "Formats": formats,
                "SubtitleFileUris": [self._address(body, SUBTITLES[each], ctx) for each in formats] if done else [],
                "OutputStartIndex": body["Subtitles"].get("OutputStartIndex", 0),
            }
        return described | tags_shown(self.platform, record)

    def _address(self, body: dict[str, Any], file: str, ctx: Context) -> str:
        return outputs.address(self.results, body["Output"], file, ctx)

    def _summary(self, record: Record) -> Answer:
        body = record.body
        return {
            **self._times(record, self._job(record)),
            "OutputLocationType": "SERVICE_BUCKET" if "own" in body["Output"] else "CUSTOMER_BUCKET",
            **{key: body[key] for key in _SUMMARISED if key in body},
            **{key: value for key, value in body.get("Found", {}).items() if key in _FOUND},
        }

    def _times(self, record: Record, job: Job) -> Answer:
        """How a job stands and since when."""
        status = _status(record, job)
        times: Answer = {
            "TranscriptionJobStatus": status,
            "CreationTime": record.created,
            "StartTime": job.started or record.created,
        }
        if status in ("COMPLETED", "FAILED") and job.finished is not None:
            times["CompletionTime"] = job.finished
        if status == "FAILED":
            times["FailureReason"] = record.body.get("FailureReason", "")
        return times


def watch(platform: Platform) -> None:
    """Have the end of each job written to its record, and its results to their bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    if job.state is State.SUCCEEDED:
        output = body["Output"]
        write_output(platform, job, output["folder"], output["account"], tx, names=output["names"])
        body["Found"] = (job.result or {})["found"]
    else:
        body["FailureReason"] = job.error or "The job was stopped."
    platform.records.update(record, body=body, status=_STATUS[job.state], tx=tx)


def _status(record: Record, job: Job) -> str:
    if record.status:
        return str(record.status)
    return "QUEUED" if job.state is State.QUEUED else "IN_PROGRESS"
