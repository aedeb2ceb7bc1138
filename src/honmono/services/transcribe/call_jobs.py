"""Call analytics jobs: start, get, list, delete."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from honmono.engines.errors import EngineUnavailable
from honmono.jobs import Job, JobId, State
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.services.transcribe import outputs, running
from honmono.services.transcribe.call_categories import categories_after_calls
from honmono.services.transcribe.call_job import KIND, SENTIMENT_FIELD
from honmono.services.transcribe.call_transcript import ROLES
from honmono.services.transcribe.job_request import no_language_model
from honmono.services.transcribe.media import check_readable, media_format, s3_uri
from honmono.services.transcribe.part import (
    Answer,
    Part,
    Request,
    check_role,
    invalid,
    listed,
    scope_of,
    tags_shown,
)
from honmono.services.transcribe.transcription_job import FIELD, PII_FIELD, REDACTED, RESULT
from honmono.services.transcribe.vocabularies import words_for
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

JOB = "analytics"
_SHOWN = ("CallAnalyticsJobName", "Media", "DataAccessRoleArn", "Settings", "ChannelDefinitions")
_KEPT = (*_SHOWN, "OutputLocation", "OutputEncryptionKMSKeyId")
_STATUS = {State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED", State.STOPPED: "FAILED"}
_SUMMARY_FIELD = "summary"


class CallAnalyticsJobs(Part):
    """Start, get, list and delete."""

    def start_call_analytics_job(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job."""
        name, platform = request["CallAnalyticsJobName"], self.platform
        settings = request.get("Settings", {})
        media = _media(request)
        roles = _roles(request)
        as_transcription = _as_transcription(settings)
        fields = _fields(platform, settings)
        check_role(platform, ctx, request.get("DataAccessRoleArn"))
        words = words_for(platform, ctx, as_transcription)
        check_readable(media, ctx)
        body = {key: request[key] for key in _KEPT if key in request} | {"Output": self._place(request, ctx)}
        if guessed := media_format(media):
            body["MediaFormat"] = as_transcription["MediaFormat"] = guessed
        payload = {
            "account": ctx.account,
            "name": name,
            "uri": media,
            "request": as_transcription,
            "roles": {str(channel): role for channel, role in roles.items()},
            "categories": categories_after_calls(platform, ctx),
            "redaction": settings.get("ContentRedaction"),
            **words,
        }
        record = running.start(platform, ctx, JOB, name, request, body, job=KIND, payload=payload, fields=fields)
        return {"CallAnalyticsJob": self._call_job(record, ctx)}

    def get_call_analytics_job(self, request: Request, ctx: Context) -> Answer:
        """How a job stands, and where its results are."""
        record = _found(self.platform, request["CallAnalyticsJobName"], ctx)
        return {"CallAnalyticsJob": self._call_job(record, ctx)}

    def list_call_analytics_jobs(self, request: Request, ctx: Context) -> Answer:
        """The jobs that fit, the newest first."""
        status, part = request.get("Status"), request.get("JobNameContains", "").lower()

        def keep(record: Record) -> bool:
            return part in record.name.lower() and status in (None, _status(record, _job(self.platform, record)))

        found, more = listed(self.platform, ctx, JOB, request, keep)
        summaries = [
            {"CallAnalyticsJobName": record.name, **_times(self.platform, record), **_language(record)}
            for record in found
        ]
        return {"CallAnalyticsJobSummaries": summaries, **({"Status": status} if status else {}), **more}

    def delete_call_analytics_job(self, request: Request, ctx: Context) -> Answer:
        """Forget a job that has ended; what it wrote into a bucket of the customer's stays."""
        platform = self.platform
        with platform.database.transaction() as tx:
            record = _found(platform, request["CallAnalyticsJobName"], ctx, tx=tx)
            running.delete(platform, record, tx)
        return {}

    def _place(self, request: Request, ctx: Context) -> dict[str, Any]:
        named: Request = {"TranscriptionJobName": request["CallAnalyticsJobName"]}
        if "OutputLocation" in request:
            if not request["OutputLocation"].startswith("s3://"):
                raise invalid(
                    "OutputLocation must be an S3 URI: s3://bucket, s3://bucket/folder/ or s3://bucket/file.json."
                )
            bucket, _, key = request["OutputLocation"].removeprefix("s3://").partition("/")
            named |= {"OutputBucketName": bucket, **({"OutputKey": key} if key else {})}
        elif "OutputEncryptionKMSKeyId" in request:
            raise invalid("OutputEncryptionKMSKeyId needs an OutputLocation.")
        return outputs.place(self.results, named, ctx)

    def _call_job(self, record: Record, ctx: Context) -> Answer:
        body = record.body
        described: Answer = {
            **_times(self.platform, record),
            **{key: body[key] for key in (*_SHOWN, "MediaFormat") if key in body},
            **body.get("Found", {}),
            "Transcript": {},
        }
        if described["CallAnalyticsJobStatus"] == "COMPLETED":
            redaction = body.get("Settings", {}).get("ContentRedaction", {}).get("RedactionOutput")
            if redaction != "redacted":
                address = outputs.address(self.results, body["Output"], RESULT, ctx)
                described["Transcript"]["TranscriptFileUri"] = address
            if redaction:
                address = outputs.address(self.results, body["Output"], REDACTED, ctx)
                described["Transcript"]["RedactedTranscriptFileUri"] = address
        return described | tags_shown(self.platform, record)


def watch_calls(platform: Platform) -> None:
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


def _media(request: Request) -> str:
    media = request["Media"]
    if "RedactedMediaFileUri" in media:
        raise invalid(
            "RedactedMediaFileUri asks for redacted audio, which Honmono does not write: give MediaFileUri and "
            "ContentRedaction for a redacted transcript."
        )
    if "MediaFileUri" not in media:
        raise invalid("Media.MediaFileUri is required.")
    return s3_uri(media["MediaFileUri"])


def _roles(request: Request) -> dict[int, str]:
    """The role of each channel."""
    if "ChannelDefinitions" not in request:
        raise invalid("ChannelDefinitions are required: say which channel is the AGENT's and which the CUSTOMER's.")
    roles: dict[int, str] = {}
    for definition in request["ChannelDefinitions"]:
        if "ChannelId" not in definition or "ParticipantRole" not in definition:
            raise invalid("Each of the ChannelDefinitions needs a ChannelId and a ParticipantRole.")
        roles[definition["ChannelId"]] = definition["ParticipantRole"]
    if sorted(roles) != [0, 1] or sorted(roles.values()) != sorted(ROLES):
        raise invalid("ChannelDefinitions must name the channels 0 and 1, one the AGENT's and one the CUSTOMER's.")
    return roles


def _as_transcription(settings: dict[str, Any]) -> Request:
    """What a transcription job of this call would be asked."""
    options, named = settings.get("LanguageOptions", []), settings.get("LanguageIdSettings", {})
    for each in (settings, *named.values()):
        if "LanguageModelName" in each:
            raise no_language_model(each["LanguageModelName"])
    alone: dict[str, Any] = {
        name: settings[name] for name in ("VocabularyName", "VocabularyFilterName") if name in settings
    }
    if "VocabularyFilterName" in alone and "VocabularyFilterMethod" not in settings:
        raise invalid("VocabularyFilterName needs a VocabularyFilterMethod.")
    if alone and len(options) != 1:
        raise invalid(
            "Vocabularies and filters are of one language: give it as the only one of the LanguageOptions, or name them in "
            "LanguageIdSettings."
        )
    if options and not set(named) <= set(options):
        raise invalid("LanguageIdSettings must name languages of the LanguageOptions.")
    asked: dict[str, Any] = {"ChannelIdentification": True, **alone}
    if "VocabularyFilterMethod" in settings:
        asked["VocabularyFilterMethod"] = settings["VocabularyFilterMethod"]
    if len(options) == 1:
        asked |= named.get(options[0], {})
        return {"Settings": asked, "LanguageCode": options[0]}
    return {
        "Settings": asked,
        "IdentifyLanguage": True,
        **({"LanguageOptions": options} if options else {}),
        **({"LanguageIdSettings": named} if named else {}),
    }


def _fields(platform: Platform, settings: dict[str, Any]) -> list[str]:
    """The fields of the engines that the job asks."""
    fields = [FIELD, SENTIMENT_FIELD]
    if "ContentRedaction" in settings:
        fields.append(PII_FIELD)
    if settings.get("Summarization", {}).get("GenerateAbstractiveSummary"):
        # No engine of ours writes summaries, and one of a third party's is not asked yet.
        raise invalid(
            f"There is no engine that writes summaries: plug one in as [engines.{_SUMMARY_FIELD}], or leave out Summarization."
        )
    for field in fields:
        try:
            platform.engines.info(field)
        except EngineUnavailable as error:
            raise invalid(
                f"There is no engine for this request: plug one in as [engines.{field}] ({error})."
            ) from error
    return fields


def _found(platform: Platform, name: str, ctx: Context, tx: Connection | None = None) -> Record:
    try:
        return platform.records.get(scope_of(ctx), JOB, name, tx=tx)
    except RecordMissing as error:
        raise ServiceError(
            "NotFoundException", "The requested job couldn't be found. Check the job name and try your request again."
        ) from error


def _job(platform: Platform, record: Record) -> Job:
    return platform.jobs.get(JobId(record.body["Job"]))


def _status(record: Record, job: Job) -> str:
    if record.status:
        return str(record.status)
    return "QUEUED" if job.state is State.QUEUED else "IN_PROGRESS"


def _times(platform: Platform, record: Record) -> Answer:
    """How a job stands and since when."""
    job = _job(platform, record)
    status = _status(record, job)
    times: Answer = {
        "CallAnalyticsJobStatus": status,
        "CreationTime": record.created,
        "StartTime": job.started or record.created,
    }
    if status in ("COMPLETED", "FAILED") and job.finished is not None:
        times["CompletionTime"] = job.finished
    if status == "FAILED":
        times["FailureReason"] = record.body.get("FailureReason", "")
    return times


def _language(record: Record) -> Answer:
    found = record.body.get("Found", {})
    return {"LanguageCode": found["LanguageCode"]} if "LanguageCode" in found else {}
