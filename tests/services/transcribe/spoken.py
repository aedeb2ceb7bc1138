"""Recordings for tests, spoken by Kokoro from phonemes, and jobs that transcribe them."""

from __future__ import annotations

import functools
import io
import json
import time
import urllib.request
from typing import Any

import numpy as np
import soundfile
import soxr
from tests.conftest import CACHE

from honmono.engines.speech.kokoro import Kokoro
from honmono.weights import Cache

BUCKET = "calls"
RATE = 16_000

NAME = "mI nˈAm ɪz ʤˈɑn smˈɪθ. mI fˈOn nˈʌmbəɹ ɪz fˈIv fˈIv fˈIv, wˈʌn tˈu θɹˈi, fˈɔɹ fˈIv sˈɪks sˈɛvən."
"""My name is John Smith. My phone number is 555 123 4567."""
TRAIN = "ðə tɹˈAn lˈivz æt sˈɛvən ɪn ðə mˈɔɹnɪŋ."
"""The train leaves at seven in the morning."""
WEATHER = "ðə wˈɛðəɹ ɪz vˈɛɹi nˈIs tədˈA."
"""The weather is very nice today."""
SIOBHAN = "plˈiz kˈɔl ʃɪvˈɔn məɡˈɪnɪs təmˈɑɹO."
"""Please call Siobhan McGuinness tomorrow."""
SERVERS = "wi mˈuvd ɑɹ sˈɜɹvəɹz tə zˈæntəkəm ænd kjˌubəlˈɪks lˈæst wˈik."
"""We moved our servers to Zantacom and Kubelix last week, which are no words."""
SPANISH = "bwˈenos dˈias. me jˈamo maɾˈia i bˈibo en baɾsˈelona. oj ˈase mˈutʃo kalˈoɾ."
"""Buenos días. Me llamo María y vivo en Barcelona. Hoy hace mucho calor."""
THREAT = "ju ɑɹ ə stˈupɪd ˈɪdiət ænd I wˈɪl kˈɪl ju."
"""You are a stupid idiot and I will kill you."""


@functools.cache
def _kokoro() -> Kokoro:
    return Kokoro(Cache(CACHE))


@functools.cache
def said(phonemes: str, voice: str = "af_heart") -> np.ndarray:
    """(n,) float32 at 16 kHz."""
    sound = _kokoro().say(phonemes, voice)
    return np.asarray(soxr.resample(sound.samples, sound.rate, RATE))


def silence(seconds: float) -> np.ndarray:
    """Nothing to be heard."""
    return np.zeros(int(seconds * RATE), np.float32)


def file_of(samples: np.ndarray, container: str = "WAV", rate: int = RATE) -> bytes:
    """An audio file; (n,) is mono, (n, channels) is not."""
    made = io.BytesIO()
    soundfile.write(made, samples, rate, format=container)
    return made.getvalue()


class Calls:
    """A bucket with recordings, and jobs on them."""

    def __init__(self, server: Any) -> None:
        self.s3, self.transcribe = server.client("s3"), server.client("transcribe")
        self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, data: bytes) -> str:
        """The URI of a new object."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data)
        return f"s3://{BUCKET}/{key}"

    def start(self, name: str, uri: str, **options: Any) -> dict[str, Any]:
        """Start a job; its language is English where none is told."""
        if not {"LanguageCode", "IdentifyLanguage", "IdentifyMultipleLanguages"} & set(options):
            options["LanguageCode"] = "en-US"
        request = {"TranscriptionJobName": name, "Media": {"MediaFileUri": uri}, **options}
        return self.transcribe.start_transcription_job(**request)["TranscriptionJob"]

    def get(self, name: str) -> dict[str, Any]:
        return self.transcribe.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]

    def ended(self, name: str, seconds: float = 120) -> dict[str, Any]:
        """The job once it has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job = self.get(name)
            if job["TranscriptionJobStatus"] in ("COMPLETED", "FAILED"):
                return job
            time.sleep(0.1)
        raise AssertionError(f"{name} has not ended within {seconds} s")

    def completed(self, name: str) -> dict[str, Any]:
        """The job, which must not have failed."""
        job = self.ended(name)
        assert job["TranscriptionJobStatus"] == "COMPLETED", job.get("FailureReason")
        return job

    def results(self, name: str, which: str = "TranscriptFileUri") -> dict[str, Any]:
        """What the transcript says."""
        return json.loads(read(self.completed(name)["Transcript"][which]))["results"]


def read(url: str) -> str:
    """What lies at an address."""
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


def words(results: dict[str, Any]) -> list[str]:
    """The words of a transcript, in small letters."""
    return [item["alternatives"][0]["content"].lower() for item in results["items"] if item["type"] == "pronunciation"]


def text(results: dict[str, Any]) -> str:
    return results["transcripts"][0]["transcript"]
