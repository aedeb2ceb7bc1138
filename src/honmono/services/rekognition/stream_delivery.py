"""What stream processors find, sent on from the server: a job's child has no network.

The child writes lines into its output folder; how many of them were sent is written beside them. A crash between the two
sends a line twice, never not at all. Where another server on the same database runs the job, the folder is not here, and
that one sends.

Sources: "Reference: Kinesis face recognition record" and "Reference: Label detection results" in the Amazon Rekognition
Developer Guide.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobId, JobMissing
from honmono.services.rekognition.stream_job import FOUND
from honmono.services.rekognition.video_job import lines_of
from honmono.services.stored_files import FilesMissing, write

if TYPE_CHECKING:
    from honmono.services.notifications import Notifications
    from honmono.services.platform import Platform
    from honmono.store.records import Record

_SENT = "sent"
_log = logging.getLogger("honmono.rekognition")


class Delivery:
    """Sends on what the processors found; one pass at a time."""

    def __init__(self, platform: Platform, notifications: Notifications) -> None:
        self._platform = platform
        self._notifications = notifications
        self._lock = threading.Lock()

    def deliver(self, processor: Record) -> bool:
        """Send what a processor has found since the last time; whether its job's end was seen before that."""
        body = processor.body
        try:
            job = self._platform.jobs.get(JobId(body["Job"]))
        except JobMissing:
            return True
        folder = self._platform.jobs.job_directory(job.id) / "output"
        with self._lock:
            mark = folder / _SENT
            sent = int(mark.read_text()) if mark.exists() else 0
            for number, line in enumerate(lines_of(folder / FOUND), 1):
                if number <= sent:
                    continue
                if not self._send(processor, line, folder, number):
                    return False
                mark.write_text(str(number))
        return job.state.ended

    def _send(self, processor: Record, line: dict[str, Any], folder: Path, number: int) -> bool:
        return self._put_record(processor, line, number) if "faces" in line else self._tell(processor, line, folder)

    def _put_record(self, processor: Record, line: dict[str, Any], number: int) -> bool:
        """Whether the data stream took the record, or never will."""
        request = processor.body["Request"]
        record = {
            "InputInformation": {"KinesisVideo": _moment(request["Input"]["KinesisVideoStream"]["Arn"], line)},
            "StreamProcessorInformation": {"Status": "RUNNING"},
            "FaceSearchResponse": line["faces"],
        }
        arn = request["Output"]["KinesisDataStream"]["Arn"]
        sent = {
            "StreamName": arn.rpartition("/")[2],
            "StreamARN": arn,
            "PartitionKey": str(number),
            "Data": base64.b64encode(json.dumps(record).encode()).decode(),
        }
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "Kinesis_20131202.PutRecord"}
        try:
            status, answer = self._platform.simulated.post(
                "kinesis", arn.split(":")[3], processor.scope.account, headers, json.dumps(sent).encode()
            )
        except OSError as error:
            _log.warning("the data stream %s cannot be reached: %s", arn, error)
            return False
        if status != 200:
            _log.warning(
                "the data stream %s took no record: %d %s", arn, status, answer[:300].decode("utf-8", "replace")
            )
        return status < 500 or status == 501

    def _tell(self, processor: Record, line: dict[str, Any], folder: Path) -> bool:
        """Keep the picture in the bucket and tell the topic, both or neither."""
        platform, request, session = self._platform, processor.body["Request"], processor.body["Session"]
        place = request["Output"]["S3Destination"]
        prefix = place.get("KeyPrefix", "")
        key = f"{prefix.rstrip('/') + '/' if prefix else ''}{processor.name}/{session}/{line['picture']}"
        uri = f"s3://{place['Bucket']}/{key}"
        moment = _moment(request["Input"]["KinesisVideoStream"]["Arn"], line)
        label = {
            "id": f"{session}-{line['label'].lower()}",
            "name": line["label"],
            "frameImageUri": uri,
            "confidence": line["confidence"],
            "boundingBox": {name.lower(): value for name, value in line["box"].items()},
            "videoMapping": {
                "kinesisVideoMapping": {
                    "fragmentNumber": moment["FragmentNumber"],
                    "serverTimestamp": int(1000 * moment["ServerTimestamp"]),
                    "producerTimestamp": int(1000 * moment["ProducerTimestamp"]),
                    "frameOffsetMillis": int(1000 * moment["FrameOffsetInSeconds"]),
                }
            },
        }
        with platform.database.transaction() as tx:
            try:
                write(
                    platform.database,
                    platform.blobs,
                    uri,
                    (folder / line["picture"]).read_bytes(),
                    account=processor.scope.account,
                    content_type="image/jpeg",
                    tx=tx,
                )
            except FilesMissing as error:
                _log.warning("the picture of %s cannot be kept: %s", processor.name, error)
            if "NotificationChannel" in request:
                message = event(processor, "LABEL_DETECTED") | {"labels": [label]}
                topic = request["NotificationChannel"]["SNSTopicArn"]
                self._notifications.post(processor.scope.account, topic, message, tx)
        return True


def event(processor: Record, kind: str) -> dict[str, Any]:
    """What every message of a session begins with."""
    request = processor.body["Request"]
    return {
        "inputInformation": {"kinesisVideo": {"streamArn": request["Input"]["KinesisVideoStream"]["Arn"]}},
        "eventNamespace": {"type": kind},
        "sessionId": processor.body["Session"],
        "tags": processor.tags,
        "startStreamProcessorRequest": processor.body.get("Start", {}),
    }


def _moment(arn: str, line: dict[str, Any]) -> dict[str, Any]:
    """When a frame was seen. A source has no fragments: a second of it counts as one."""
    fragment = int(line["at"])
    return {
        "StreamArn": arn,
        "FragmentNumber": f"{fragment:047d}",
        "ServerTimestamp": line["time"],
        "ProducerTimestamp": line["time"] - (line["at"] - fragment),
        "FrameOffsetInSeconds": line["at"] - fragment,
    }
