"""Recordings that are none, or other than was said: the job fails and tells why, and the next one runs."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from tests.services.transcribe.spoken import BUCKET, Calls, file_of

RATE = 16_000


def tone(seconds: float, rate: int = RATE) -> np.ndarray:
    return (0.2 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def silent_film() -> bytes:
    """A second of video with no sound."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return made.getvalue()


def playlist() -> bytes:
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


MEDIA = {
    "text": (b"This is no recording. " * 100, {}, "Unsupported media format."),
    "empty": (b"", {}, "Unsupported media format."),
    "head-alone": (file_of(tone(1))[:44], {}, "Unsupported media format."),
    "no-samples": (file_of(tone(0)), {}, "Unsupported media format."),
    "playlist": (playlist(), {}, "Unsupported media format."),
    "film": (silent_film(), {"MediaFormat": "mp4"}, "Unsupported media format. The file has no sound."),
    "other-format": (
        file_of(tone(1), "FLAC"),
        {"MediaFormat": "wav"},
        "The media format provided does not match the detected media format. Specified: wav; detected: flac.",
    ),
    "other-rate": (
        file_of(tone(1, 8000), rate=8000),
        {"MediaSampleRateHertz": 16000},
        "The sample rate provided does not match the detected sample rate. Specified: 16000; detected: 8000.",
    ),
    "low-rate": (file_of(tone(1, 4000), rate=4000), {}, "Invalid sample rate for audio file."),
    "many-channels": (
        file_of(np.stack([tone(1)] * 3, axis=1)),
        {"Settings": {"ChannelIdentification": True}},
        "Invalid number of channels: number of channels too large.",
    ),
}


@pytest.fixture(scope="module")
def calls(server):
    calls = Calls(server)
    for name, (data, options, _) in MEDIA.items():
        calls.start(name, calls.put(f"{name}.wav", data), **options)
    return calls


@pytest.mark.parametrize("name", MEDIA)
def test_the_job_fails_and_says_why(calls, name):
    job = calls.ended(name)
    assert job["TranscriptionJobStatus"] == "FAILED"
    assert job["FailureReason"].startswith(MEDIA[name][2])
    assert job["Transcript"] == {} and job["CompletionTime"] >= job["StartTime"]


def test_failed_jobs_are_listed_page_by_page_and_deleted(calls):
    for name in MEDIA:
        calls.ended(name)
    transcribe = calls.transcribe
    names, token = [], {}
    while True:
        page = transcribe.list_transcription_jobs(Status="FAILED", MaxResults=3, **token)
        names += [each["TranscriptionJobName"] for each in page["TranscriptionJobSummaries"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert names == list(reversed(MEDIA))
    found = transcribe.list_transcription_jobs(JobNameContains="RATE")["TranscriptionJobSummaries"]
    assert {each["TranscriptionJobName"] for each in found} == {"other-rate", "low-rate"}
    assert transcribe.list_transcription_jobs(Status="COMPLETED")["TranscriptionJobSummaries"] == []
    with pytest.raises(transcribe.exceptions.ConflictException, match="The requested job name already exists"):
        calls.start("text", f"s3://{BUCKET}/text.wav")
    transcribe.delete_transcription_job(TranscriptionJobName="text")
    with pytest.raises(transcribe.exceptions.BadRequestException):
        calls.get("text")


@pytest.mark.weights
@pytest.mark.slow
def test_what_can_be_read_of_a_damaged_recording_is_heard(calls):
    whole = file_of(np.concatenate([tone(1)] * 3))
    half = calls.put("half.wav", whole[: len(whole) // 2])
    lying = bytearray(file_of(tone(1)))
    lying[40:44] = (0x7FFFFF00).to_bytes(4, "little")
    long = calls.put("lying.wav", bytes(lying))
    calls.start("half", half)
    calls.start("lying", long)
    calls.start("no-speech", half, IdentifyLanguage=True)
    assert calls.completed("half")["MediaSampleRateHertz"] == RATE
    assert calls.completed("lying")["MediaFormat"] == "wav"
    job = calls.ended("no-speech")
    assert job["FailureReason"].startswith("Your audio file must have a speech segment long enough")
