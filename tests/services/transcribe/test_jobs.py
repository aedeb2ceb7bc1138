"""Transcription jobs, as an application uses them."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import RunningServer

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def ended(client, name: str, seconds: float = 120) -> dict:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = client.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
        if job["TranscriptionJobStatus"] in ("COMPLETED", "FAILED"):
            return job
        time.sleep(0.2)
    raise AssertionError(f"{name} has not ended within {seconds} s")


def test_slice(server: RunningServer) -> None:
    s3, transcribe = server.client("s3"), server.client("transcribe")
    s3.create_bucket(Bucket="calls")
    for name in (
        "/tmp/speech/x/pya/pyannote/audio/sample/sample.wav",
        "/tmp/speech/x/moon/moonshine_voice/assets/beckett.wav",
    ):
        s3.put_object(Bucket="calls", Key=Path(name).name, Body=Path(name).read_bytes())
    for key in ("sample", "beckett"):
        transcribe.start_transcription_job(
            TranscriptionJobName=key, Media={"MediaFileUri": f"s3://calls/{key}.wav"}, IdentifyLanguage=True
        )
    for key in ("sample", "beckett"):
        job = ended(transcribe, key)
        print(job)
        with urllib.request.urlopen(job["Transcript"]["TranscriptFileUri"]) as answer:
            print(json.load(answer)["results"]["transcripts"])
