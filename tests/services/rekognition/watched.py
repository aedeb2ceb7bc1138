"""Stored videos for the tests of video analyses: put them into S3, start, wait for the end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

BUCKET = "videos"


class Watching:
    """A Rekognition client and a bucket."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.s3, self.rekognition = server.client("s3"), server.client("rekognition")
        if BUCKET not in {each["Name"] for each in self.s3.list_buckets()["Buckets"]}:
            self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, data: bytes | Path) -> dict[str, Any]:
        """The member Video of a request."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data.read_bytes() if isinstance(data, Path) else data)
        return {"S3Object": {"Bucket": BUCKET, "Name": key}}

    def start(self, operation: str, video: dict[str, Any], **request: Any) -> str:
        """`segment_detection`: the job's id."""
        answer = getattr(self.rekognition, f"start_{operation}")(Video=video, **request)
        return str(answer["JobId"])

    def get(self, operation: str, job: str, **request: Any) -> dict[str, Any]:
        """The answer once the job has ended."""
        until = time.monotonic() + 120
        while True:
            answer: dict[str, Any] = getattr(self.rekognition, f"get_{operation}")(JobId=job, **request)
            if answer["JobStatus"] != "IN_PROGRESS":
                return answer
            assert time.monotonic() < until, "the job has not ended"
            time.sleep(0.05)

    def done(self, operation: str, video: dict[str, Any], **request: Any) -> dict[str, Any]:
        """Start and get."""
        return self.get(operation, self.start(operation, video, **request))
