"""What the tests of analysis jobs share: start one, wait for its end, and read what it left in the bucket."""

import io
import json
import tarfile
import time
from typing import Any

import pytest
from tests.services.comprehend.custom import BUCKET

METHODS = {
    "SentimentDetection": (
        "start_sentiment_detection_job",
        "describe_sentiment_detection_job",
        "list_sentiment_detection_jobs",
        "stop_sentiment_detection_job",
    ),
    "EntitiesDetection": (
        "start_entities_detection_job",
        "describe_entities_detection_job",
        "list_entities_detection_jobs",
        "stop_entities_detection_job",
    ),
    "KeyPhrasesDetection": (
        "start_key_phrases_detection_job",
        "describe_key_phrases_detection_job",
        "list_key_phrases_detection_jobs",
        "stop_key_phrases_detection_job",
    ),
    "DominantLanguageDetection": (
        "start_dominant_language_detection_job",
        "describe_dominant_language_detection_job",
        "list_dominant_language_detection_jobs",
        "stop_dominant_language_detection_job",
    ),
    "PiiEntitiesDetection": (
        "start_pii_entities_detection_job",
        "describe_pii_entities_detection_job",
        "list_pii_entities_detection_jobs",
        "stop_pii_entities_detection_job",
    ),
    "DocumentClassification": (
        "start_document_classification_job",
        "describe_document_classification_job",
        "list_document_classification_jobs",
    ),
    "TargetedSentimentDetection": (
        "start_targeted_sentiment_detection_job",
        "describe_targeted_sentiment_detection_job",
        "list_targeted_sentiment_detection_jobs",
        "stop_targeted_sentiment_detection_job",
    ),
    "EventsDetection": (
        "start_events_detection_job",
        "describe_events_detection_job",
        "list_events_detection_jobs",
        "stop_events_detection_job",
    ),
}
"""boto3's methods for each kind: Start, Describe, List and, where AWS has it, Stop."""

LINES, FILES = "ONE_DOC_PER_LINE", "ONE_DOC_PER_FILE"


class Jobs:
    """The jobs of one kind, with what all their requests have: `Jobs(custom, "SentimentDetection", LanguageCode="en")`."""

    def __init__(self, custom: Any, kind: str, **request: Any) -> None:
        self.custom = custom
        self.kind = kind
        self.request = request
        self._start, self._describe, self._list, *self._stop = (
            getattr(custom.comprehend, method) for method in METHODS[kind]
        )

    def start(self, uri: str, form: str = LINES, **more: Any) -> dict[str, Any]:
        request = {
            "InputDataConfig": {"S3Uri": uri, "InputFormat": form},
            "OutputDataConfig": {"S3Uri": f"s3://{BUCKET}/answers/"},
            "DataAccessRoleArn": self.custom.role,
            **self.request,
            **more,
        }
        return self._start(**request)

    def describe(self, job_id: str) -> dict[str, Any]:
        return self._describe(JobId=job_id)[f"{self.kind}JobProperties"]

    def listed(self, **request: Any) -> tuple[list[dict[str, Any]], str | None]:
        found = self._list(**request)
        return found[f"{self.kind}JobPropertiesList"], found.get("NextToken")

    def stop(self, job_id: str) -> str:
        return self._stop[0](JobId=job_id)["JobStatus"]

    def ended(self, job_id: str, seconds: float = 60) -> dict[str, Any]:
        """The job once it has ended."""
        ends = time.monotonic() + seconds
        while (found := self.describe(job_id))["JobStatus"] in ("SUBMITTED", "IN_PROGRESS", "STOP_REQUESTED"):
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.05)
        return found

    def answered(self, uri: str, form: str = LINES, **more: Any) -> list[dict[str, Any]]:
        """What a job of an archive answers, once it has completed."""
        found = self.ended(self.start(uri, form, **more)["JobId"])
        assert found["JobStatus"] == "COMPLETED", found
        return self.unpacked(found)

    def unpacked(self, job: dict[str, Any], name: str = "output") -> list[dict[str, Any]]:
        """The answers in a job's archive, which holds the one file of that name."""
        uri = job["OutputDataConfig"]["S3Uri"]
        assert uri.endswith("/output/output.tar.gz")
        body = self.custom.s3.get_object(Bucket=BUCKET, Key=uri.split("/", 3)[3])["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            assert archive.getnames() == [name]
            return [json.loads(line) for line in archive.extractfile(name).read().splitlines()]

    def left(self, job: dict[str, Any]) -> dict[str, str]:
        """The files that a job left as they are, by their names in its folder."""
        uri = job["OutputDataConfig"]["S3Uri"]
        assert uri.endswith("/output/")
        folder = uri.split("/", 3)[3]
        found = self.custom.s3.list_objects_v2(Bucket=BUCKET, Prefix=folder).get("Contents", [])
        return {
            each["Key"].removeprefix(folder): self.custom.s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"]
            .read()
            .decode()
            for each in found
        }


def close(left: Any, right: Any) -> bool:
    """Whether two answers are equal, numbers nearly."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(close(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(close, left, right))
    return left == pytest.approx(right, abs=1e-4) if isinstance(left, float) else left == right
