"""Stream processors: create, describe, list, start, stop, update, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, State
from honmono.services.iam.permissions import pass_role
from honmono.services.job_engines import limits_for
from honmono.services.rekognition import collection as stored
from honmono.services.rekognition.part import (
    PRINCIPAL,
    Answer,
    Part,
    Request,
    arn_of,
    bad_token,
    invalid,
    not_found,
    scope_of,
)
from honmono.services.rekognition.regions import regions_of
from honmono.services.rekognition.stream_delivery import Delivery, event
from honmono.services.rekognition.stream_job import FACES_FIELD, KIND, LABELS_FIELD
from honmono.services.rekognition.stream_sources import stream_name
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.notifications import Notifications
    from honmono.services.platform import Platform
    from honmono.store.records import Record, Records
    from honmono.wire.service import Context

_PROCESSOR = "streamprocessor"
_BUSY = ("STARTING", "RUNNING", "STOPPING")
_LABELS = ("PERSON", "PET", "ALL")
_SECONDS = 10
"""MaxDurationInSeconds where none is given. Source: StreamProcessingStopSelector."""
_SHOWN = (
    "Input", "Output", "RoleArn", "Settings", "NotificationChannel", "KmsKeyId", "RegionsOfInterest",
    "DataSharingPreference",
)  # fmt: skip


class StreamProcessors(Part):
    """Faces of a collection, or people and pets, in what a camera shows."""

    delivery: Delivery

    def create_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """Keep a processor, stopped."""
        _check(request)
        try:
            pass_role(self.platform, ctx.principal, request["RoleArn"], PRINCIPAL)
        except ServiceError as error:
            raise invalid(error.message) if error.code == "ValidationException" else error from error
        name = request["Name"]
        arn = arn_of(ctx, f"{_PROCESSOR}/{name}")
        body = {"Request": {key: request[key] for key in _SHOWN if key in request}}
        try:
            self.platform.records.create(
                scope_of(ctx), _PROCESSOR, name, body, arn=arn, status="STOPPED", tags=request.get("Tags", {})
            )
        except RecordExists as error:
            raise ServiceError("ResourceInUseException", f"There is a stream processor {name}.") from error
        return {"StreamProcessorArn": arn}

    def describe_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """A processor and how it stands."""
        record = _find(self.platform.records, ctx, request["Name"])
        asked = record.body["Request"]
        return {
            "Name": record.name,
            "StreamProcessorArn": record.arn,
            "Status": _status(self.platform, record),
            **({"StatusMessage": record.body["StatusMessage"]} if record.body.get("StatusMessage") else {}),
            "CreationTimestamp": record.created,
            "LastUpdateTimestamp": record.updated,
            **{key: asked[key] for key in _SHOWN if key in asked},
        }

    def list_stream_processors(self, request: Request, ctx: Context) -> Answer:
        """The processors by name."""
        try:
            page = self.platform.records.list(
                scope_of(ctx),
                _PROCESSOR,
                after=request.get("NextToken"),
                limit=min(request.get("MaxResults", 1000), 1000),
            )
        except BadPageToken as error:
            raise bad_token() from error
        listed = [{"Name": each.name, "Status": _status(self.platform, each)} for each in page]
        return {"StreamProcessors": listed, **({"NextToken": page.next} if page.next else {})}

    def start_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """Begin to look."""
        platform = self.platform
        record = _find(platform.records, ctx, request["Name"])
        if record.status in _BUSY:
            raise _in_use(f"The stream processor {record.name} is started already.")
        asked = record.body["Request"]
        settings, home = asked["Settings"], "ConnectedHome" in asked["Settings"]
        arn = asked["Input"]["KinesisVideoStream"]["Arn"]
        if stream_name(arn) not in platform.streams:
            raise not_found(
                f"The Kinesis video stream {stream_name(arn)} has no source here. Name one in honmono.toml: under [streams], "
                f'{stream_name(arn)} = "rtsp://…", or the path of a file.'
            )
        if not home:
            found = stored.find(platform.records, ctx, settings["FaceSearch"]["CollectionId"])
            stored.check_model(found, self.engines.info(FACES_FIELD))
            if "StartSelector" in request or "StopSelector" in request:
                raise invalid("StartSelector and StopSelector are for stream processors that detect labels.")
        payload: dict[str, Any] = {
            "account": ctx.account,
            "region": ctx.region,
            "stream": arn,
            "settings": settings,
            "regions": asked.get("RegionsOfInterest", []),
        }
        if home:
            payload["seconds"] = request.get("StopSelector", {}).get("MaxDurationInSeconds", _SECONDS)
        session = str(uuid4())
        limits = limits_for(self.engines, LABELS_FIELD if home else FACES_FIELD)
        with platform.database.transaction() as tx:
            job = platform.jobs.enqueue(KIND, payload, resource_arn=record.arn, limits=limits, tx=tx)
            start = {key: request[key] for key in ("Name", "StartSelector", "StopSelector") if key in request}
            body = {"Request": asked, "Job": job, "Session": session, "Start": start}
            platform.records.update(record, body=body, status="RUNNING", tx=tx)
        return {"SessionId": session}

    def stop_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """Look no more."""
        platform = self.platform
        record = _find(platform.records, ctx, request["Name"])
        if record.status not in _BUSY:
            raise _in_use(f"The stream processor {record.name} is not running.")
        with platform.database.transaction() as tx:
            platform.records.update(record, status="STOPPING", tx=tx)
            platform.jobs.stop(JobId(record.body["Job"]), tx=tx)
        return {}

    def update_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """Change what a processor of labels looks for."""
        record = _find(self.platform.records, ctx, request["Name"])
        if record.status in _BUSY:
            raise _in_use(f"The stream processor {record.name} is running. Stop it first.")
        asked = {**record.body["Request"]}
        changed = request.get("SettingsForUpdate", {}).get("ConnectedHomeForUpdate")
        if changed is not None:
            if "ConnectedHome" not in asked["Settings"]:
                raise invalid("The settings of a stream processor that searches faces cannot be changed.")
            asked["Settings"] = {"ConnectedHome": asked["Settings"]["ConnectedHome"] | changed}
        for name in ("RegionsOfInterest", "DataSharingPreference"):
            if f"{name}ForUpdate" in request:
                asked[name] = request[f"{name}ForUpdate"]
        for gone in request.get("ParametersToDelete", []):
            if gone == "ConnectedHomeMinConfidence":
                asked.get("Settings", {}).get("ConnectedHome", {}).pop("MinConfidence", None)
            else:
                asked.pop(gone, None)
        _check({**asked, "Name": record.name})
        self.platform.records.update(record, body={**record.body, "Request": asked})
        return {}

    def delete_stream_processor(self, request: Request, ctx: Context) -> Answer:
        """Forget a processor that does not run."""
        record = _find(self.platform.records, ctx, request["Name"])
        if record.status in _BUSY:
            raise _in_use(f"The stream processor {record.name} is running. Stop it first.")
        self.platform.records.delete(record.scope, _PROCESSOR, record.name)
        return {}


def watch_streams(platform: Platform, notifications: Notifications) -> None:
    """Have the end of each processor's job written to its record."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, notifications, job, tx))


def deliver_all(platform: Platform, delivery: Delivery) -> None:
    """Send on what all processors have found."""
    jobs = platform.jobs.list(kind=KIND, limit=200)
    for job in jobs:
        try:
            record = platform.records.by_arn(job.resource_arn or "")
        except RecordMissing:
            continue
        if record.body.get("Job") == job.id and delivery.deliver(record):
            platform.jobs.delete(job.id)


def _finish(platform: Platform, notifications: Notifications, job: Job, tx: Connection) -> None:
    try:
        record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    except RecordMissing:
        return
    failed = job.state is State.FAILED
    body = {**record.body, "StatusMessage": job.error if failed else ""}
    ended = platform.records.update(record, body=body, status="FAILED" if failed else "STOPPED", tx=tx)
    channel = record.body["Request"].get("NotificationChannel")
    if channel is not None:
        kind = "STREAM_PROCESSING_FAILED" if failed else "STREAM_PROCESSING_COMPLETE"
        message = event(ended, kind) | {
            "streamProcessingResults": {"message": job.error or "Stream Processing Success."}
        }
        notifications.post(record.scope.account, channel["SNSTopicArn"], message, tx)


def _check(request: Mapping[str, Any]) -> None:
    """Raises ServiceError InvalidParameterException: the members do not fit each other."""
    settings, output = request["Settings"], request["Output"]
    if "Arn" not in request["Input"].get("KinesisVideoStream", {}):
        raise invalid("Request has invalid parameters: Input needs KinesisVideoStream.Arn.")
    if ("FaceSearch" in settings) == ("ConnectedHome" in settings):
        raise invalid("Request has invalid parameters: Settings takes either FaceSearch or ConnectedHome.")
    if "FaceSearch" in settings:
        if "CollectionId" not in settings["FaceSearch"]:
            raise invalid("Request has invalid parameters: Settings.FaceSearch needs CollectionId.")
        if "Arn" not in output.get("KinesisDataStream", {}):
            raise invalid("Request has invalid parameters: a face search needs Output.KinesisDataStream.Arn.")
        unfit = [name for name in ("NotificationChannel", "KmsKeyId", "RegionsOfInterest") if name in request]
        if unfit:
            raise invalid(f"Request has invalid parameters: {unfit[0]} is for stream processors that detect labels.")
        return
    labels = settings["ConnectedHome"]["Labels"]
    unknown = [label for label in labels if label not in (*_LABELS, "PACKAGE")]
    if unknown:
        raise invalid(f"Request has invalid parameters: {unknown[0]} is no label of ConnectedHome.")
    if "PACKAGE" in labels:
        raise invalid("PACKAGE cannot be detected: the detector has no such class. PERSON, PET and ALL (both) can be.")
    if "Bucket" not in output.get("S3Destination", {}):
        raise invalid("Request has invalid parameters: label detection needs Output.S3Destination.Bucket.")
    regions_of(request.get("RegionsOfInterest", []))


def _find(records: Records, ctx: Context, name: str) -> Record:
    try:
        return records.get(scope_of(ctx), _PROCESSOR, name)
    except RecordMissing as error:
        raise not_found(f"There is no stream processor {name}.") from error


def _status(platform: Platform, record: Record) -> str:
    if record.status == "RUNNING" and platform.jobs.get(JobId(record.body["Job"])).state is State.QUEUED:
        return "STARTING"
    return str(record.status)


def _in_use(message: str) -> ServiceError:
    return ServiceError("ResourceInUseException", message)
