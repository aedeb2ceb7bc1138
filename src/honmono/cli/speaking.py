"""The demo's second part: Polly speaks, and Transcribe writes down what it hears.

As `showcase`: an application that knows the server by AWS_ENDPOINT_URL alone.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.words import say

if TYPE_CHECKING:
    from rich.table import Table

SENTENCES = (
    ("Joanna", "en-US", "The train to Oxford leaves at half past nine on Thursday."),
    ("Takumi", "ja-JP", "明日の会議は午前九時から始まります。"),
)
_RATE = 16_000
_PATIENCE = 240.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence, how many seconds of sound it became, and what was written down of them.

    `confidence` is the least of its words'.
    """

    voice: str
    text: str
    seconds: float
    heard: str
    confidence: float


def speak_and_hear() -> list[Heard]:
    """Speak each sentence, put the sound into a bucket, and have it transcribed.

    Raises botocore's errors; RuntimeError where a job fails or does not end.
    """
    import boto3

    s3, transcribe = boto3.client("s3"), boto3.client("transcribe")
    bucket = f"honmono-demo-speech-{os.getpid()}"
    region = s3.meta.region_name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **where)
    try:
        spoken = [_speak(s3, bucket, voice, text) for voice, _, text in SENTENCES]
        for voice, language, _ in SENTENCES:
            transcribe.start_transcription_job(
                TranscriptionJobName=_job(voice),
                LanguageCode=language,
                Media={"MediaFileUri": f"s3://{bucket}/{voice}.wav"},
            )
        return [
            Heard(voice, text, seconds, *_written(transcribe, voice))
            for (voice, _, text), seconds in zip(SENTENCES, spoken, strict=True)
        ]
    finally:
        for voice, _, _ in SENTENCES:
            s3.delete_object(Bucket=bucket, Key=f"{voice}.wav")
        s3.delete_bucket(Bucket=bucket)


def drawn(heard: list[Heard]) -> Table:
    """One row a sentence."""
    from rich.table import Table

    table = Table(title="Polly → Transcribe", title_justify="left", show_lines=True)
    table.add_column(say("Spoken by Polly"), ratio=3, overflow="fold")
    table.add_column(say("Written down by Transcribe"), ratio=3, overflow="fold")
    for each in heard:
        table.add_row(
            f"{each.text}\n[dim]{each.voice}, {each.seconds:.1f} s[/dim]",
            f"{each.heard}\n[dim]{say('least sure word {score:.2f}', score=each.confidence)}[/dim]",
        )
    return table


def _speak(s3: Any, bucket: str, voice: str, text: str) -> float:
    import io
    import wave

    import boto3

    answer = boto3.client("polly").synthesize_speech(
        Text=text, VoiceId=voice, Engine="neural", OutputFormat="pcm", SampleRate=str(_RATE)
    )
    samples = answer["AudioStream"].read()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_RATE)
        writer.writeframes(samples)
    s3.put_object(Bucket=bucket, Key=f"{voice}.wav", Body=file.getvalue())
    return len(samples) / 2 / _RATE


def _job(voice: str) -> str:
    return f"honmono-demo-{os.getpid()}-{voice}"


def _written(transcribe: Any, voice: str) -> tuple[str, float]:
    """What a job has written down, and the confidence of its least sure word."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        job = transcribe.get_transcription_job(TranscriptionJobName=_job(voice))["TranscriptionJob"]
        if job["TranscriptionJobStatus"] == "COMPLETED":
            with urllib.request.urlopen(job["Transcript"]["TranscriptFileUri"]) as answer:
                results = json.load(answer)["results"]
            transcribe.delete_transcription_job(TranscriptionJobName=_job(voice))
            words = [item for item in results["items"] if item["type"] == "pronunciation"]
            sure = min((float(word["alternatives"][0]["confidence"]) for word in words), default=0.0)
            return results["transcripts"][0]["transcript"], sure
        if job["TranscriptionJobStatus"] == "FAILED":
            raise RuntimeError(job["FailureReason"])
        time.sleep(0.2)
    raise RuntimeError(say("The transcription did not end within {seconds:.0f} s.", seconds=_PATIENCE))
