from __future__ import annotations

import json
import time
from typing import Any

import pytest
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.watched import BUCKET, Watching

pytestmark = pytest.mark.slow


class Moderating:
    """Manifests on a server with planted engines."""

    def __init__(self, framed: Watching) -> None:
        self.client, self._framed = framed.rekognition, framed

    def put(self, key: str, data: bytes) -> str:
        self._framed.put(key, data)
        return f"s3://{BUCKET}/{key}"

    def request(self, manifest: str, **changes: Any) -> dict[str, Any]:
        self.put("manifest.jsonl", manifest.encode())
        return {
            "OperationsConfig": {"DetectModerationLabels": {"MinConfidence": 60}},
            "Input": {"S3Object": {"Bucket": BUCKET, "Name": "manifest.jsonl"}},
            "OutputConfig": {"S3Bucket": BUCKET, "S3KeyPrefix": "out"},
            **changes,
        }

    def done(self, manifest: str, **changes: Any) -> dict[str, Any]:
        job = self.client.start_media_analysis_job(**self.request(manifest, **changes))["JobId"]
        until = time.monotonic() + 60
        while (answer := self.client.get_media_analysis_job(JobId=job))["Status"] not in ("SUCCEEDED", "FAILED"):
            assert time.monotonic() < until
            time.sleep(0.05)
        return dict(answer)

    def read(self, place: dict[str, Any]) -> str:
        found = self._framed.s3.get_object(Bucket=place["S3Object"]["Bucket"], Key=place["S3Object"]["Name"])
        return str(found["Body"].read().decode())


@pytest.fixture(scope="module")
def moderating(framed: Watching) -> Moderating:
    return Moderating(framed)


def line(uri: str) -> str:
    return json.dumps({"source-ref": uri}) + "\n"


def test_each_picture_of_a_manifest_is_moderated(moderating: Moderating) -> None:
    red = moderating.put("red.png", picture("red", "red"))
    green = moderating.put("green.png", picture("lime", "lime"))
    done = moderating.done(line(red) + line(green), JobName="two")
    assert (done["Status"], done["JobName"]) == ("SUCCEEDED", "two")
    results = [json.loads(each) for each in moderating.read(done["Results"]).splitlines()]
    assert [each["source-ref"] for each in results] == [red, green]
    names = [{label["Name"] for label in each["detect-moderation-labels"]["ModerationLabels"]} for each in results]
    assert names[0] != names[1] and all(names)
    assert json.loads(moderating.read(done["ManifestSummary"]))["statistics"] == {
        "total-json-lines": 2, "valid-json-lines": 2, "invalid-json-lines": 0,
    }  # fmt: skip
    assert done["Results"]["ModelVersions"]["Moderation"] == "frame-colours/1.0"


def test_lines_that_cannot_be_done_are_told(moderating: Moderating) -> None:
    good = moderating.put("good.png", picture("red"))
    bad = moderating.put("bad.png", b"no picture")
    done = moderating.done(line(bad) + "nonsense\n" + line(good) + '{"other": 1}\n' + line("s3://videos/none.png"))
    summary = json.loads(moderating.read(done["ManifestSummary"]))
    assert [(each["line-number"], each["code"]) for each in summary["errors"]] == [
        (1, "ERROR_INVALID_IMAGE_FORMAT"), (2, "ERROR_INVALID_JSON"), (4, "ERROR_MISSING_SOURCE_REF"),
        (5, "ERROR_INVALID_S3_OBJECT"),
    ]  # fmt: skip
    assert [json.loads(each)["source-ref"] for each in moderating.read(done["Results"]).splitlines()] == [good]


def test_an_empty_manifest_fails(moderating: Moderating) -> None:
    done = moderating.done("\n")
    assert (done["Status"], done["FailureDetails"]["Code"]) == ("FAILED", "INVALID_MANIFEST")


def test_jobs_are_listed_and_requests_checked(moderating: Moderating) -> None:
    moderating.done(line("s3://videos/none.png"), JobName="first")
    moderating.done(line("s3://videos/none.png"), JobName="second")
    page = moderating.client.list_media_analysis_jobs(MaxResults=1)
    assert [each["JobName"] for each in page["MediaAnalysisJobs"]] == ["second"]
    following = moderating.client.list_media_analysis_jobs(MaxResults=1, NextToken=page["NextToken"])
    assert [each["JobName"] for each in following["MediaAnalysisJobs"]] == ["first"]
    start = moderating.client.start_media_analysis_job
    asked = moderating.request(line("s3://videos/none.png"))
    assert refused(start, **{**asked, "OutputConfig": {"S3Bucket": "nobody-has-it"}})[0] == "InvalidS3ObjectException"
    assert refused(start, **{**asked, "OperationsConfig": {}})[0] == "InvalidParameterException"
    assert refused(moderating.client.get_media_analysis_job, JobId="f" * 64)[0] == "ResourceNotFoundException"
    token = {"ClientRequestToken": "once"}
    first = start(**asked, **token)["JobId"]
    assert start(**asked, **token)["JobId"] == first
    assert refused(start, **{**asked, "JobName": "other"}, **token)[0] == "IdempotentParameterMismatchException"
