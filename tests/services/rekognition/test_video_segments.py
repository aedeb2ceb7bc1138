from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.engines.vision.video.films import colour_bars, scene, write_film
from tests.services.rekognition.watched import BUCKET, Watching

pytestmark = pytest.mark.slow

BLACK = [np.zeros((108, 192, 3), np.uint8)]


@pytest.fixture(scope="module")
def watching(server: RunningServer) -> Watching:
    return Watching(server)


def test_shots_are_told_to_the_frame(watching: Watching, tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", scene(1, 30) + scene(2, 45) + scene(3, 25))
    found = watching.done("segment_detection", watching.put("a.mp4", film), SegmentTypes=["SHOT"])
    assert found["JobStatus"] == "SUCCEEDED"
    assert [(each["StartFrameNumber"], each["EndFrameNumber"]) for each in found["Segments"]] == [
        (0, 30), (30, 75), (75, 100),
    ]  # fmt: skip
    assert [each["ShotSegment"]["Index"] for each in found["Segments"]] == [0, 1, 2]
    second = found["Segments"][1]
    assert (second["StartTimestampMillis"], second["DurationMillis"]) == (1200, 1800)
    assert (second["StartTimecodeSMPTE"], second["EndTimecodeSMPTE"]) == ("00:00:01:05", "00:00:03:00")
    assert found["SelectedSegmentTypes"] == [{"Type": "SHOT", "ModelVersion": "1.0"}]
    (metadata,) = found["VideoMetadata"]
    assert (metadata["Codec"], metadata["FrameRate"], metadata["DurationMillis"]) == ("h264", 25.0, 4000)


def test_technical_cues_are_told(watching: Watching, tmp_path: Path) -> None:
    film = [colour_bars()] * 30 + BLACK * 20 + scene(1, 75) + BLACK * 10
    video = watching.put("cues.mp4", write_film(tmp_path / "a.mp4", film, Fraction(30000, 1001)))
    found = watching.done("segment_detection", video, SegmentTypes=["TECHNICAL_CUE"])["Segments"]
    assert [(each["TechnicalCueSegment"]["Type"], each["StartFrameNumber"], each["EndFrameNumber"]) for each in found] == [
        ("ColorBars", 0, 30), ("BlackFrames", 30, 50), ("Content", 50, 125), ("BlackFrames", 125, 135),
    ]  # fmt: skip
    assert found[1]["StartTimecodeSMPTE"] == "00:00:01;00"


def test_how_black_is_black_is_the_requests(watching: Watching, tmp_path: Path) -> None:
    dark = [np.full((108, 192, 3), 40, np.uint8)] * 20
    video = watching.put("dark.mp4", write_film(tmp_path / "a.mp4", scene(1, 25) + dark + scene(2, 25)))

    def black(threshold: float) -> list[int]:
        filters = {"TechnicalCueFilter": {"BlackFrame": {"MaxPixelThreshold": threshold}}}
        answer = watching.done("segment_detection", video, SegmentTypes=["TECHNICAL_CUE"], Filters=filters)
        return [
            each["DurationFrames"]
            for each in answer["Segments"]
            if each["TechnicalCueSegment"]["Type"] == "BlackFrames"
        ]

    assert black(0.2) == [20]
    assert black(0.1) == []


@pytest.mark.slow
def test_credits_are_read(watching: Watching, tmp_path: Path) -> None:
    page = np.zeros((270, 480, 3), np.uint8)
    for row, text in enumerate(["DIRECTED BY", "Akira Tanaka", "PRODUCED BY", "Mary Miller"]):
        cv2.putText(page, text, (140, 70 + 45 * row), cv2.FONT_HERSHEY_DUPLEX, 0.9, (255, 255, 255), 1, cv2.LINE_AA)
    film = scene(1, 125, (480, 270)) + [page] * 60
    video = watching.put("credits.mp4", write_film(tmp_path / "a.mp4", film, 10))
    found = watching.done("segment_detection", video, SegmentTypes=["TECHNICAL_CUE"])["Segments"]
    cues = {each["TechnicalCueSegment"]["Type"]: each for each in found}
    assert set(cues) == {"Content", "EndCredits"}
    assert abs(cues["EndCredits"]["StartFrameNumber"] - 125) <= 10
    unwritten = watching.put(
        "b.mp4", write_film(tmp_path / "b.mp4", scene(1, 125, (480, 270)) + scene(2, 60, (480, 270)), 10)
    )
    found = watching.done("segment_detection", unwritten, SegmentTypes=["TECHNICAL_CUE"])["Segments"]
    assert [each["TechnicalCueSegment"]["Type"] for each in found] == ["Content"]


def test_pages_follow_each_other(watching: Watching, tmp_path: Path) -> None:
    film = [frame for seed in range(5) for frame in scene(seed, 20)]
    job = watching.start(
        "segment_detection", watching.put("many.mp4", write_film(tmp_path / "a.mp4", film)), SegmentTypes=["SHOT"]
    )
    whole = watching.get("segment_detection", job)["Segments"]
    assert [each["StartFrameNumber"] for each in whole] == [0, 20, 40, 60, 80]
    met, request = [], {"MaxResults": 2}
    while True:
        answer = watching.get("segment_detection", job, **request)
        met += answer["Segments"]
        if "NextToken" not in answer:
            break
        request["NextToken"] = answer["NextToken"]
    assert met == whole
    for token in ("nonsense", request["NextToken"][:-4] + "AAAA"):
        with pytest.raises(ClientError) as caught:
            watching.get("segment_detection", job, NextToken=token)
        assert caught.value.response["Error"]["Code"] == "InvalidPaginationTokenException"


def test_a_token_starts_one_job(watching: Watching, tmp_path: Path) -> None:
    video = watching.put("token.mp4", write_film(tmp_path / "a.mp4", scene(1, 30)))
    first = watching.start("segment_detection", video, SegmentTypes=["SHOT"], ClientRequestToken="one")
    assert watching.start("segment_detection", video, SegmentTypes=["SHOT"], ClientRequestToken="one") == first
    assert watching.start("segment_detection", video, SegmentTypes=["SHOT"], ClientRequestToken="two") != first
    with pytest.raises(ClientError) as caught:
        watching.start("segment_detection", video, SegmentTypes=["TECHNICAL_CUE"], ClientRequestToken="one")
    assert caught.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"


@pytest.mark.parametrize("data", [b"", b"This is no film.", b"\0\0\0\x20ftypisom" + bytes(4096)])
def test_a_damaged_video_fails_and_says_why(watching: Watching, data: bytes) -> None:
    answer = watching.done("segment_detection", watching.put("bad.mp4", data), SegmentTypes=["SHOT"])
    assert answer["JobStatus"] == "FAILED"
    assert "cannot be analysed" in answer["StatusMessage"]
    assert "Traceback" not in answer["StatusMessage"]


def test_half_a_video_fails(watching: Watching, tmp_path: Path) -> None:
    data = write_film(tmp_path / "a.mkv", scene(1, 250), g="25").read_bytes()
    answer = watching.done("segment_detection", watching.put("half.mkv", data[: len(data) // 2]), SegmentTypes=["SHOT"])
    assert (answer["JobStatus"], "breaks off" in answer["StatusMessage"]) == ("FAILED", True)


def test_what_is_wrong_with_a_request_is_said(watching: Watching, tmp_path: Path) -> None:
    def code(**changes: object) -> str:
        request = {
            "Video": {"S3Object": {"Bucket": BUCKET, "Name": "missing.mp4"}},
            "SegmentTypes": ["SHOT"],
            **changes,
        }
        with pytest.raises(ClientError) as caught:
            watching.rekognition.start_segment_detection(**request)
        return str(caught.value.response["Error"]["Code"])

    assert code() == "InvalidS3ObjectException"
    assert code(Video={}) == "InvalidParameterException"
    assert code(SegmentTypes=["SHOT", "SHOT"]) == "InvalidParameterException"
    assert code(Filters={"TechnicalCueFilter": {"MinSegmentConfidence": 60}}) == "InvalidParameterException"
    channel = {"SNSTopicArn": "arn:aws:sns:us-east-1:000000000000:t", "RoleArn": "arn:aws:iam::000000000000:role/none"}
    assert code(NotificationChannel=channel) == "InvalidParameterException"
    with pytest.raises(ClientError) as caught:
        watching.rekognition.get_segment_detection(JobId="f" * 64)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.slow
def test_a_queue_hears_of_the_end(watching: Watching, tmp_path: Path) -> None:
    server = watching.server
    sns, sqs, iam = server.client("sns"), server.client("sqs"), server.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "rekognition.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]}  # fmt: skip
    role = iam.create_role(RoleName="publish", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    topic = sns.create_topic(Name="AmazonRekognitionDone")["TopicArn"]
    queue = sqs.create_queue(QueueName="done")["QueueUrl"]
    address = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=address)

    def told() -> dict[str, object]:
        for _ in range(60):
            for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []):
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                return dict(json.loads(json.loads(message["Body"])["Message"]))
        raise AssertionError("no message came")

    channel = {"SNSTopicArn": topic, "RoleArn": role}
    good = watching.put("good.mp4", write_film(tmp_path / "a.mp4", scene(1, 30)))
    job = watching.start("segment_detection", good, SegmentTypes=["SHOT"], NotificationChannel=channel, JobTag="mine")
    message = told()
    assert isinstance(message.pop("Timestamp"), int)
    assert message == {
        "JobId": job,
        "Status": "SUCCEEDED",
        "API": "StartSegmentDetection",
        "JobTag": "mine",
        "Video": {"S3ObjectName": "good.mp4", "S3Bucket": BUCKET},
    }
    bad = watching.put("bad.mp4", b"no film")
    job = watching.start("segment_detection", bad, SegmentTypes=["SHOT"], NotificationChannel=channel)
    message = told()
    assert (message["JobId"], message["Status"], "JobTag" in message) == (job, "FAILED", False)
