"""Stream processors over a file, with engines whose answers are known."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.conftest import RunningServer, settings_for
from tests.engines.vision.video.films import write_film
from tests.services.rekognition.conftest import FRAMED, refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.test_video_findings import BLUE, RED, WHITE, ground

pytestmark = pytest.mark.slow

STREAM = "arn:aws:kinesisvideo:us-east-1:000000000000:stream/{}/1510254365350"
DATA = "arn:aws:kinesis:us-east-1:000000000000:stream/found"


@pytest.fixture(scope="module")
def server(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("stream")
    person = (40, 30, 60, 90, (40, 20, 20))
    film = ground(WHITE, 50, (40, 30, 80, 80, RED)) + ground(WHITE, 25) + ground(WHITE, 25, (40, 30, 80, 80, BLUE))
    sources = {
        "door": str(write_film(folder / "door.mp4", film)),
        "dock": str(write_film(folder / "dock.mp4", ground(WHITE, 30) + ground(WHITE, 60, person))),
        "broken": str(folder / "none.mp4"),
    }
    running = RunningServer(settings_for(folder / "data", engines=FRAMED, streams=sources))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def role(server: RunningServer) -> str:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "rekognition.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]}  # fmt: skip
    made = server.client("iam").create_role(RoleName="streams", AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])


def search(role: str, name: str, stream: str = "door") -> dict[str, Any]:
    return {
        "Name": name,
        "Input": {"KinesisVideoStream": {"Arn": STREAM.format(stream)}},
        "Output": {"KinesisDataStream": {"Arn": DATA}},
        "Settings": {"FaceSearch": {"CollectionId": "staff", "FaceMatchThreshold": 85}},
        "RoleArn": role,
    }


def home(role: str, name: str, **changes: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "Input": {"KinesisVideoStream": {"Arn": STREAM.format("dock")}},
        "Output": {"S3Destination": {"Bucket": "seen", "KeyPrefix": "cameras"}},
        "Settings": {"ConnectedHome": {"Labels": ["PERSON"]}},
        "RoleArn": role,
        **changes,
    }


def eventually(look: Callable[[], Any], seconds: float = 60.0) -> Any:
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.1)
    return found


def test_a_processor_is_kept_listed_and_deleted(server: RunningServer, role: str) -> None:
    client = server.client("rekognition")
    arn = client.create_stream_processor(**search(role, "kept"))["StreamProcessorArn"]
    assert arn.endswith(":streamprocessor/kept")
    described = client.describe_stream_processor(Name="kept")
    assert (described["Status"], described["Settings"]["FaceSearch"]["CollectionId"]) == ("STOPPED", "staff")
    assert {"Name": "kept", "Status": "STOPPED"} in client.list_stream_processors()["StreamProcessors"]
    assert refused(client.create_stream_processor, **search(role, "kept"))[0] == "ResourceInUseException"
    assert refused(client.stop_stream_processor, Name="kept")[0] == "ResourceInUseException"
    client.delete_stream_processor(Name="kept")
    assert refused(client.describe_stream_processor, Name="kept")[0] == "ResourceNotFoundException"


def test_what_does_not_fit_is_refused(server: RunningServer, role: str) -> None:
    create = server.client("rekognition").create_stream_processor
    assert refused(create, **{**search(role, "x"), "Settings": {}})[0] == "InvalidParameterException"
    assert refused(create, **{**search(role, "x"), "Output": {}})[0] == "InvalidParameterException"
    package = {"ConnectedHome": {"Labels": ["PACKAGE"]}}
    code, message = refused(create, **home(role, "x", Settings=package))
    assert (code, "PACKAGE cannot be detected" in message) == ("InvalidParameterException", True)
    nobody = "arn:aws:iam::000000000000:role/nobody"
    assert refused(create, **search(nobody, "x"))[0] == "InvalidParameterException"


def test_only_sources_that_the_operator_named_are_read(server: RunningServer, role: str) -> None:
    client = server.client("rekognition")
    client.create_stream_processor(
        **home(role, "stray", Input={"KinesisVideoStream": {"Arn": STREAM.format("passwd")}})
    )
    code, message = refused(client.start_stream_processor, Name="stray")
    assert (code, "[streams]" in message) == ("ResourceNotFoundException", True)
    client.create_stream_processor(
        **home(role, "broken", Input={"KinesisVideoStream": {"Arn": STREAM.format("broken")}})
    )
    client.start_stream_processor(Name="broken")
    described = eventually(
        lambda: (each := client.describe_stream_processor(Name="broken"))["Status"] == "FAILED" and each
    )
    assert "cannot be read" in described["StatusMessage"]


@pytest.mark.slow
def test_faces_go_to_the_data_stream(server: RunningServer, role: str) -> None:
    client, kinesis = server.client("rekognition"), server.client("kinesis")
    kinesis.create_stream(StreamName="found", ShardCount=1)
    client.create_collection(CollectionId="staff")
    client.index_faces(CollectionId="staff", Image={"Bytes": picture(RED)}, ExternalImageId="red")
    client.create_stream_processor(**search(role, "door"))
    assert client.start_stream_processor(Name="door")["SessionId"]
    shard = kinesis.describe_stream(StreamName="found")["StreamDescription"]["Shards"][0]["ShardId"]

    def records() -> list[dict[str, Any]]:
        at = kinesis.get_shard_iterator(StreamName="found", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        got = kinesis.get_records(ShardIterator=at["ShardIterator"])["Records"]
        return [json.loads(each["Data"]) for each in got]

    found = eventually(lambda: (got := records()) and len(got) >= 8 and got)
    names = [
        [[match["Face"]["ExternalImageId"] for match in face["MatchedFaces"]] for face in each["FaceSearchResponse"]]
        for each in found
    ]
    assert names == [[["red"]]] * 4 + [[]] * 2 + [[[]]] * 2
    assert found[1]["InputInformation"]["KinesisVideo"]["StreamArn"] == STREAM.format("door")
    assert found[1]["InputInformation"]["KinesisVideo"]["FrameOffsetInSeconds"] == pytest.approx(0.52)
    eventually(lambda: client.describe_stream_processor(Name="door")["Status"] == "STOPPED")


@pytest.mark.slow
def test_the_first_person_is_told_to_a_topic(server: RunningServer, role: str) -> None:
    client, sns, sqs, s3 = (server.client(name) for name in ("rekognition", "sns", "sqs", "s3"))
    s3.create_bucket(Bucket="seen")
    topic = sns.create_topic(Name="AmazonRekognitionSeen")["TopicArn"]
    queue = sqs.create_queue(QueueName="seen")["QueueUrl"]
    address = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=address)
    client.create_stream_processor(**home(role, "dock", NotificationChannel={"SNSTopicArn": topic}))
    session = client.start_stream_processor(Name="dock", StopSelector={"MaxDurationInSeconds": 60})["SessionId"]
    told: dict[str, Any] = {}

    def both() -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(json.loads(message["Body"])["Message"])
            told[event["eventNamespace"]["type"]] = event
        return len(told) == 2

    eventually(both)
    assert set(told) == {"LABEL_DETECTED", "STREAM_PROCESSING_COMPLETE"}
    event = told["LABEL_DETECTED"]
    (label,) = event["labels"]
    assert (event["sessionId"], label["name"]) == (session, "PERSON")
    assert label["boundingBox"]["left"] == pytest.approx((40 + 8) / 192, abs=0.03)
    bucket, _, key = label["frameImageUri"].removeprefix("s3://").partition("/")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read()[:2] == b"\xff\xd8"
