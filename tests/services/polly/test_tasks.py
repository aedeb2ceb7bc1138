"""Speech synthesis tasks: long texts into a bucket, also over a kill -9."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest
import soundfile
from tests.conftest import RunningServer
from tests.services.comprehend.test_killed_training import Killable
from tests.services.polly.test_lexicons import pls, refused

from honmono.services.polly import tasks

pytestmark = [pytest.mark.weights, pytest.mark.slow]
TOPIC = "arn:aws:sns:us-east-1:000000000000:spoken"


def ended(polly: Any, task: str, seconds: float = 120) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found: dict[str, Any] = polly.get_speech_synthesis_task(TaskId=task)["SynthesisTask"]
        if found["TaskStatus"] in ("completed", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{task} has not ended within {seconds} s")


@pytest.fixture(scope="module")
def bucket(server: RunningServer) -> str:
    server.client("s3").create_bucket(Bucket="spoken")
    return "spoken"


def test_a_task_speaks_into_a_bucket(server: RunningServer, bucket: str) -> None:
    polly, s3 = server.client("polly"), server.client("s3")
    request = {"VoiceId": "Joanna", "OutputS3BucketName": bucket}
    first = polly.start_speech_synthesis_task(
        **request, Text="Good day.", OutputFormat="mp3", OutputS3KeyPrefix="tales/one", SnsTopicArn=TOPIC
    )["SynthesisTask"]
    second = polly.start_speech_synthesis_task(
        **request, Text="Good day. And good night.", OutputFormat="json", SpeechMarkTypes=["word", "sentence"]
    )["SynthesisTask"]
    assert first["TaskStatus"] in ("scheduled", "inProgress")
    assert (first["RequestCharacters"], second["RequestCharacters"]) == (9, 25)
    done = ended(polly, first["TaskId"])
    assert done["TaskStatus"] == "completed" and done["SnsTopicArn"] == TOPIC
    key = f"tales/one.{first['TaskId']}.mp3"
    assert done["OutputUri"] == f"https://s3.us-east-1.amazonaws.com/{bucket}/{key}"
    stored = s3.get_object(Bucket=bucket, Key=key)
    assert stored["ContentType"] == "audio/mpeg"
    said = soundfile.info(io.BytesIO(stored["Body"].read()))
    at_once = polly.synthesize_speech(Text="Good day.", VoiceId="Joanna", OutputFormat="mp3")["AudioStream"].read()
    assert said.duration == pytest.approx(soundfile.info(io.BytesIO(at_once)).duration, abs=0.05)
    assert ended(polly, second["TaskId"])["TaskStatus"] == "completed"
    lines = s3.get_object(Bucket=bucket, Key=f"{second['TaskId']}.marks")["Body"].read().decode().splitlines()
    assert [mark["value"] for mark in map(json.loads, lines) if mark["type"] == "word"] == [
        "Good",
        "day",
        "And",
        "good",
        "night",
    ]
    times = [json.loads(line)["time"] for line in lines]
    assert times == sorted(times)


def test_tasks_are_listed_the_newest_first(server: RunningServer, bucket: str) -> None:
    polly = server.client("polly", region_name="eu-west-1")
    request = {"VoiceId": "Brian", "OutputS3BucketName": bucket, "OutputFormat": "pcm"}
    started = [polly.start_speech_synthesis_task(**request, Text=text)["SynthesisTask"]["TaskId"] for text in ("", "?")]
    for task in started:
        assert ended(polly, task)["TaskStatus"] == "completed"
    pages = polly.get_paginator("list_speech_synthesis_tasks").paginate(PaginationConfig={"PageSize": 1})
    assert [task["TaskId"] for page in pages for task in page["SynthesisTasks"]] == started[::-1]
    assert polly.list_speech_synthesis_tasks(Status="failed")["SynthesisTasks"] == []
    assert len(polly.list_speech_synthesis_tasks(Status="completed", MaxResults=1)["SynthesisTasks"]) == 1
    assert refused(polly.list_speech_synthesis_tasks, NextToken="x")[0] == "InvalidNextTokenException"


def test_a_task_is_forgotten_after_three_days(
    server: RunningServer, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    polly = server.client("polly", region_name="us-west-2")
    request = {"VoiceId": "Brian", "OutputS3BucketName": bucket, "OutputFormat": "pcm", "Text": ""}
    task = polly.start_speech_synthesis_task(**request)["SynthesisTask"]["TaskId"]
    ended(polly, task)
    monkeypatch.setattr(tasks, "_KEPT_FOR", tasks._KEPT_FOR * 0)
    assert polly.list_speech_synthesis_tasks()["SynthesisTasks"] == []
    assert refused(polly.get_speech_synthesis_task, TaskId=task)[0] == "SynthesisTaskNotFoundException"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"OutputS3BucketName": "not-there"}, "InvalidS3BucketException"),
        ({"OutputS3BucketName": "Not_A_Name"}, "ValidationException"),
        ({"Text": "a" * 100_001}, "TextLengthExceededException"),
        ({"Text": "<speak>open", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": "<speak><bark/></speak>", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"VoiceId": "Seoyeon"}, "LanguageNotSupportedException"),
        ({"Engine": "generative"}, "EngineNotSupportedException"),
        ({"SampleRate": "1"}, "InvalidSampleRateException"),
        ({"LexiconNames": ["none"]}, "LexiconNotFoundException"),
        ({"SpeechMarkTypes": ["word"]}, "MarksNotSupportedForFormatException"),
        ({"SnsTopicArn": "arn:x"}, "ValidationException"),
    ],
)
def test_what_cannot_be_spoken_is_refused(
    server: RunningServer, bucket: str, request_: dict[str, Any], code: str
) -> None:
    whole = {"Text": "Hello", "VoiceId": "Joanna", "OutputFormat": "mp3", "OutputS3BucketName": bucket, **request_}
    assert refused(server.client("polly").start_speech_synthesis_task, **whole)[0] == code


def test_a_task_that_nobody_started_is_named(server: RunningServer) -> None:
    polly = server.client("polly")
    unknown = "01234567-89ab-cdef-0123-456789abcdef"
    assert refused(polly.get_speech_synthesis_task, TaskId=unknown) == (
        "SynthesisTaskNotFoundException",
        f"The Speech Synthesis task with requested Task ID cannot be found: {unknown}",
    )
    assert refused(polly.get_speech_synthesis_task, TaskId="x")[0] == "InvalidTaskIdException"


def test_a_bucket_that_went_away_fails_the_task(server: RunningServer) -> None:
    polly, s3 = server.client("polly"), server.client("s3")
    s3.create_bucket(Bucket="leaving")
    task = polly.start_speech_synthesis_task(
        Text="", VoiceId="Joanna", OutputFormat="pcm", OutputS3BucketName="leaving"
    )["SynthesisTask"]["TaskId"]
    s3.delete_bucket(Bucket="leaving")
    done = ended(polly, task)
    if done["TaskStatus"] == "failed":  # else it was done before the bucket went
        assert "leaving" in done["TaskStatusReason"]


def test_a_task_goes_on_after_the_server_was_killed(tmp_path: Any) -> None:
    server = Killable(tmp_path / "data")
    try:
        polly, s3 = server.client("polly"), server.client("s3")
        s3.create_bucket(Bucket="spoken")
        polly.put_lexicon(Name="animals", Content=pls(("cows", "kine")))
        task = polly.start_speech_synthesis_task(
            VoiceId="Matthew",
            Engine="neural",
            Text="One cat. Two dogs. Three cows. Four hens.",
            LexiconNames=["animals"],
            OutputFormat="json",
            SpeechMarkTypes=["word"],
            OutputS3BucketName="spoken",
        )["SynthesisTask"]["TaskId"]
        notes = server.folder / "jobs"
        until = time.monotonic() + 90
        while not list(notes.glob("*/checkpoint/spoken.json")):
            assert time.monotonic() < until
            time.sleep(0.02)
        server.kill()
        (note,) = notes.glob("*/checkpoint/spoken.json")
        assert 1 <= json.loads(note.read_bytes())["sentences"] < 4, "killed too late to show anything"
        server.start()
        polly.delete_lexicon(Name="animals")  # the task has what was stored when it began
        assert ended(polly, task)["TaskStatus"] == "completed"
        marks = s3.get_object(Bucket="spoken", Key=f"{task}.marks")["Body"].read().decode().splitlines()
        assert [json.loads(mark)["value"] for mark in marks] == [
            "One",
            "cat",
            "Two",
            "dogs",
            "Three",
            "cows",
            "Four",
            "hens",
        ]
        times = [json.loads(mark)["time"] for mark in marks]
        assert times == sorted(times)
    finally:
        server.kill()
