"""Start and Get for stored videos: what all the analyses share."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from honmono.compute import devices
from honmono.jobs import Job, JobId, Limits, State
from honmono.services.findings import FILE, Findings, FindingsStore
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.own_buckets import OWNER
from honmono.services.rekognition.part import Answer, Part, Request, arn_of, not_found, scope_of
from honmono.services.rekognition.video_job import KIND
from honmono.services.rekognition.video_request import check_channel, check_video, keep_token, started_before
from honmono.store.errors import RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.notifications import Notifications
    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

MOST_CORES = 2
"""Of a job."""
MOST_AT_ONCE = 20
"""Analyses of an account under way. Source: "Guidelines and quotas in Amazon Rekognition"."""
_STATUS = {State.SUCCEEDED: "SUCCEEDED", State.FAILED: "FAILED", State.STOPPED: "FAILED"}


@dataclass(frozen=True, slots=True)
class Operation:
    """An analysis.

    Attributes:
        name: as the completion message has it under API: `LABEL_DETECTION`.
        fields: of the engines that it asks.
    """

    name: str
    fields: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Of its records."""
        return f"video-{self.name.lower().replace('_', '-')}"

    @property
    def tokens(self) -> str:
        """The kind of the records of tokens."""
        return f"{self.kind}-token"


class VideoJobs(Part):
    """What Start and Get of every analysis do."""

    videos: FindingsStore

    def start_video(self, operation: Operation, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job, or answer with the job that the same request started before.

        Raises ServiceError.
        """
        platform, scope = self.platform, scope_of(ctx)
        if known := started_before(platform.records, scope, operation.tokens, request):
            return {"JobId": known}
        check_channel(request, platform, ctx)
        check_video(request, ctx)
        self._check_video_room(operation, ctx)
        limits = _limits(platform, operation)
        job_id = secrets.token_hex(32)
        payload = {
            "operation": operation.name,
            "account": ctx.account,
            "region": ctx.region,
            "request": request,
            "cores": int(limits.cores),
        }
        body: dict[str, Any] = {
            "Request": request,
            "Folder": self.videos.folder(ctx.region, job_id),
        }
        arn = arn_of(ctx, f"{operation.kind}/{job_id}")
        try:
            with platform.database.transaction() as tx:
                body["Job"] = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=limits, tx=tx)
                platform.records.create(scope, operation.kind, job_id, body, arn=arn, status="", tx=tx)
                keep_token(platform.records, scope, operation.tokens, request, job_id, tx)
        except RecordExists as error:  # the same token, at the same time
            known = started_before(platform.records, scope, operation.tokens, request)
            if known is None:
                raise error from None
            return {"JobId": known}
        return {"JobId": job_id}

    def video_found(self, operation: Operation, request: Request, ctx: Context) -> tuple[Answer, Findings | None]:
        """What every Get answers, and what was found, once it was.

        Raises ServiceError ResourceNotFoundException.
        """
        try:
            record = self.platform.records.get(scope_of(ctx), operation.kind, request["JobId"])
        except RecordMissing as error:
            raise not_found(f"Could not find JobId {request['JobId']}.") from error
        status = record.status or "IN_PROGRESS"
        asked = record.body["Request"]
        answer: Answer = {"JobStatus": status, "JobId": record.name, "Video": asked["Video"]}
        if "JobTag" in asked:
            answer["JobTag"] = asked["JobTag"]
        if status == "FAILED":
            answer["StatusMessage"] = record.body.get("StatusMessage", "")
        if status != "SUCCEEDED":
            return answer, None
        findings = self.videos.read(record.body["Folder"])
        ctx.engine = findings.head.get("engine")
        return answer | findings.head["answer"], findings

    def _check_video_room(self, operation: Operation, ctx: Context) -> None:
        under_way = self.platform.records.list(scope_of(ctx), operation.kind, status="", limit=MOST_AT_ONCE).items
        if len(under_way) >= MOST_AT_ONCE:
            raise ServiceError(
                "LimitExceededException",
                f"{MOST_AT_ONCE} jobs of this kind are under way. Wait until some have ended, and try again.",
            )


def _limits(platform: Platform, operation: Operation) -> Limits:
    """What a job may use: frames are looked at on some cores beside each other, each with engines of its own.

    Raises EngineUnavailable.
    """
    one = limits_for(platform.engines, *operation.fields)
    cores = max(1, min(MOST_CORES, int(devices.cores())))
    return replace(one, cores=float(cores), memory_bytes=cores * one.memory_bytes)


def watch_videos(platform: Platform, notifications: Notifications) -> None:
    """Have the end of each job written to its record, its findings kept, and its topic told."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, notifications, job, tx))


def _finish(platform: Platform, notifications: Notifications, job: Job, tx: Connection) -> None:
    try:
        record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    except RecordMissing:
        return  # it was forgotten meanwhile
    body, status = dict(record.body), _STATUS[job.state]
    if job.state is State.SUCCEEDED:
        write_output(platform, job, body["Folder"], OWNER, tx, names={FILE: FILE})
    else:
        body["StatusMessage"] = _reason(job)
    platform.records.update(record, body=body, status=status, tx=tx)
    _tell(notifications, record, job.payload, status, body.get("StatusMessage", ""), tx)
    platform.jobs.discard_output(JobId(job.id), tx=tx)


def _tell(
    notifications: Notifications, record: Record, payload: dict[str, Any], status: str, message: str, tx: Connection
) -> None:
    """Source: "Reference: Video analysis results notification"."""
    asked = record.body["Request"]
    channel = asked.get("NotificationChannel")
    if channel is None:
        return
    place = asked["Video"]["S3Object"]
    told: dict[str, Any] = {
        "JobId": record.name,
        "Status": status,
        "API": f"Start{''.join(part.title() for part in payload['operation'].split('_'))}",
        **({"JobTag": asked["JobTag"]} if "JobTag" in asked else {}),
        **({"Message": message} if message else {}),
        "Timestamp": int(time.time() * 1000),
        "Video": {"S3ObjectName": place["Name"], "S3Bucket": place["Bucket"]},
    }
    notifications.post(payload["account"], channel["SNSTopicArn"], told, tx)


def _reason(job: Job) -> str:
    if job.state is State.STOPPED:
        return "The job was stopped."
    return job.error or "The job failed."
