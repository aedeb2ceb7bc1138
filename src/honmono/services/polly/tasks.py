"""Speech synthesis tasks: long texts spoken into a bucket."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from honmono.engines.speech.reading.errors import ReadingError
from honmono.jobs import Job, JobId, JobMissing, State
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.services.polly.cast import FIELD
from honmono.services.polly.part import Answer, Part, Request, bad_token, scope_of
from honmono.services.polly.speaking import read
from honmono.services.polly.speech import AS_A_TASK, refusal, speech_of
from honmono.services.polly.task_job import KIND, RESULT
from honmono.services.stored_files import FilesMissing
from honmono.store.errors import BadPageToken, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

TASK = "speech-synthesis-task"
_KEPT_FOR = timedelta(hours=72)
_PAGE = 100
_ENDINGS = {"ogg_vorbis": "ogg", "ogg_opus": "ogg", "json": "marks"}
_SHOWN = ("LanguageCode", "LexiconNames", "OutputFormat", "SnsTopicArn", "SpeechMarkTypes", "VoiceId")
_STATUS = {State.SUCCEEDED: "completed", State.FAILED: "failed", State.STOPPED: "failed"}


class Tasks(Part):
    """Start, get and list."""

    def start_speech_synthesis_task(self, request: Request, ctx: Context) -> Answer:
        """Check a long text and start its job."""
        platform = self.platform
        speech = speech_of(request, ctx, self.casting.now(), platform.records, AS_A_TASK)
        if speech.is_ssml:
            try:
                read(speech)
            except ReadingError as error:
                raise refusal(error) from error
        _check_bucket(request["OutputS3BucketName"], ctx)
        task = str(uuid4())
        prefix = request.get("OutputS3KeyPrefix", "")
        folder, _, stem = prefix.rpartition("/")
        file = f"{stem}{'.' if stem else ''}{task}.{_ENDINGS.get(speech.form, speech.form)}"
        bucket = request["OutputS3BucketName"]
        body = {
            **{name: request[name] for name in _SHOWN if name in request},
            "Engine": speech.kind,
            "RequestCharacters": speech.characters,
            "SampleRate": str(speech.rate),
            "TextType": "ssml" if speech.is_ssml else "text",
            "Place": {"account": ctx.account, "folder": f"s3://{bucket}/{folder}{'/' if folder else ''}", "file": file},
        }
        payload = {"account": ctx.account, "speech": speech.document()}
        arn = f"arn:aws:polly:{ctx.region}:{ctx.account}:task/{task}"
        with platform.database.transaction() as tx:
            limits = limits_for(platform.engines, FIELD)
            body["Job"] = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=limits, tx=tx)
            record = platform.records.create(scope_of(ctx), TASK, task, body, arn=arn, status="", tx=tx)
        return {"SynthesisTask": self._described(record)}

    def get_speech_synthesis_task(self, request: Request, ctx: Context) -> Answer:
        """How a task stands, and where its speech is."""
        task = request["TaskId"]
        try:
            UUID(task)
        except ValueError as error:
            raise ServiceError("InvalidTaskIdException", f"The provided Task ID is not valid: {task}") from error
        try:
            record = self.platform.records.get(scope_of(ctx), TASK, task)
        except RecordMissing as error:
            raise _missing(task) from error
        if self._forgotten(record):
            raise _missing(task)
        return {"SynthesisTask": self._described(record)}

    def list_speech_synthesis_tasks(self, request: Request, ctx: Context) -> Answer:
        """The tasks of the last 72 hours, the newest first."""
        status, limit, after = request.get("Status"), request.get("MaxResults", _PAGE), request.get("NextToken") or None
        found: list[Answer] = []
        while len(found) < limit:
            try:
                page = self.platform.records.list(
                    scope_of(ctx), TASK, after=after, limit=limit - len(found), order="created", descending=True
                )
            except BadPageToken as error:
                raise bad_token() from error
            fresh = [record for record in page if not self._forgotten(record)]
            shown = [self._described(record) for record in fresh]
            found += [task for task in shown if status in (None, task["TaskStatus"])]
            after = page.next if len(fresh) == len(page.items) else None
            if after is None:
                break
        return {"SynthesisTasks": found, **({"NextToken": after} if after else {})}

    def _forgotten(self, record: Record) -> bool:
        """Whether a task is older than tasks are kept; it is deleted then, once it has ended."""
        if datetime.now(UTC) - record.created <= _KEPT_FOR:
            return False
        platform, job = self.platform, JobId(record.body["Job"])
        # Whoever asks at the same moment deletes it too.
        with suppress(RecordMissing, JobMissing), platform.database.transaction() as tx:
            if platform.jobs.get(job, tx=tx).state.ended:
                platform.records.delete(record.scope, TASK, record.name, tx=tx)
                platform.jobs.delete(job, tx=tx)
        return True

    def _described(self, record: Record) -> Answer:
        body, status = record.body, record.status
        if not status:
            job = self.platform.jobs.get(JobId(body["Job"]))
            status = "scheduled" if job.state is State.QUEUED else "inProgress"
        place = body["Place"]
        region, path = record.scope.region, place["folder"].removeprefix("s3://") + place["file"]
        hidden = ("Place", "Job")
        return {
            **{name: value for name, value in body.items() if name not in hidden},
            "TaskId": record.name,
            "TaskStatus": status,
            "OutputUri": f"https://s3.{region}.amazonaws.com/{path}",
            "CreationTime": record.created,
        }


def watch(platform: Platform) -> None:
    """Have the end of each task's job written to its record, and its speech to the bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body: dict[str, Any] = dict(record.body)
    status = _STATUS[job.state]
    place = body["Place"]
    try:
        write_output(platform, job, place["folder"], place["account"], tx, names={RESULT: place["file"]})
    except FilesMissing as error:
        status, body["TaskStatusReason"] = "failed", f"The speech could not be written: {error}"
    if job.state is not State.SUCCEEDED:
        body["TaskStatusReason"] = job.error or "The task was stopped."
    platform.records.update(record, body=body, status=status, tx=tx)
    platform.jobs.discard_output(job.id, tx=tx)


def _missing(task: str) -> ServiceError:
    return ServiceError(
        "SynthesisTaskNotFoundException", f"The Speech Synthesis task with requested Task ID cannot be found: {task}"
    )


def _check_bucket(bucket: str, ctx: Context) -> None:
    try:
        ctx.client("s3").head_bucket(Bucket=bucket)
    except ServiceError as error:
        raise ServiceError(
            "InvalidS3BucketException",
            f"The provided Amazon S3 bucket cannot be accessed: {bucket}. Make sure that it exists and that you have "
            "write permission, and try again.",
            status=400,
        ) from error
