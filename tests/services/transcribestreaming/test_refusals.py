"""What goes wrong with a stream, and what a client is told of it."""

from __future__ import annotations

import asyncio
import time

import botocore.auth
import numpy as np
import pytest
import requests
import websockets
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from honmono.services.transcribestreaming import sound

from .talking import TRAIN, address, audio_event, cut, pcm, stream, streamed

pytestmark = [pytest.mark.weights, pytest.mark.slow]

SILENCE = pcm(np.zeros(48_000, np.float32))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"language-code": None}, "exactly one of LanguageCode"),
        ({"identify-language": "true", "language-options": "en-US,fr-FR"}, "exactly one of LanguageCode"),
        ({"language-code": None, "identify-language": "true", "language-options": "en-US,en-GB"}, "only one dialect"),
        ({"language-code": None, "identify-language": "true", "language-options": "en-US,xx-YY"}, "xx-YY"),
        ({"language-options": "en-US,fr-FR"}, "require IdentifyLanguage"),
        ({"sample-rate": 4000}, "4000"),
        ({"media-encoding": "mp3"}, "enum"),
        ({"language-code": "xx-YY"}, "enum"),
        ({"session-id": "short"}, "short"),
        ({"enable-channel-identification": "true"}, "set together"),
        ({"enable-channel-identification": "true", "number-of-channels": 3}, "only two channels"),
        ({"partial-results-stability": "high"}, "requires EnablePartialResultsStabilization"),
        ({"content-redaction-type": "PII", "content-identification-type": "PII"}, "both"),
        ({"pii-entity-types": "PHONE"}, "requires ContentIdentificationType"),
        ({"content-redaction-type": "PII", "pii-entity-types": "SHOE_SIZE"}, "SHOE_SIZE"),
        ({"content-redaction-type": "PII", "language-code": "ja-JP"}, "ja-JP"),
        ({"show-speaker-label": "true"}, "engine that tells speakers apart"),
        ({"vocabulary-filter-name": "rude"}, "vocabulary filters"),
        ({"transcript-format": "spoken"}, "written form only"),
    ],
)
def test_parameters_that_do_not_fit(listening, parameters, words):
    told = streamed(listening, [], **parameters)
    assert told.failure == "BadRequestException"
    assert words in told.message


@pytest.mark.parametrize(
    ("path", "headers", "code", "words"),
    [
        ("call-analytics-stream-transcription", {"language-code": "en-US"}, "BadRequestException", "Call Analytics"),
        (
            "medical-stream-transcription",
            {"language-code": "en-US", "specialty": "PRIMARYCARE", "type": "DICTATION"},
            "BadRequestException",
            "clinical",
        ),
        ("medical-scribe-stream", {"language-code": "en-US"}, "BadRequestException", "HealthScribe"),
        (
            "medical-scribe-stream/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            {},
            "ResourceNotFoundException",
            "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        ),
    ],
)
def test_operations_that_need_what_is_not_here(listening, path, headers, code, words):
    named = {f"x-amzn-transcribe-{name}": value for name, value in headers.items()}
    named |= {"x-amzn-transcribe-sample-rate": "16000", "x-amzn-transcribe-media-encoding": "pcm"}
    method = "GET" if path.count("/") else "POST"
    request = AWSRequest(method, f"{listening.url}/{path}", headers=named, data=b"")
    botocore.auth.SigV4Auth(Credentials("test", "test"), "transcribe", "us-east-1").add_auth(request)
    prepared = request.prepare()
    answer = requests.request(method, prepared.url, data=b"", headers=dict(prepared.headers), timeout=20)
    assert answer.headers["x-amzn-errortype"] == code
    assert answer.status_code == (404 if method == "GET" else 400)
    assert words in answer.json()["Message"]


@pytest.mark.parametrize("encoding", ["flac", "ogg-opus"])
def test_garbage_is_no_sound(listening, encoding):
    told = streamed(listening, cut(np.random.default_rng(5).bytes(40_000)), **{"media-encoding": encoding})
    assert told.failure == "BadRequestException"
    assert f"could not be decoded as {encoding}" in told.message


def test_a_sample_that_is_cut_in_two(listening):
    told = streamed(listening, [SILENCE[:6401]])
    assert told.failure == "BadRequestException"
    assert "within a sample" in told.message


@pytest.mark.parametrize("level", [0.0, 0.05])
def test_nobody_speaks(listening, level):
    noise = np.random.default_rng(7).normal(0, level, 48_000).astype(np.float32) if level else np.zeros(48_000)
    told = streamed(listening, cut(pcm(noise)))
    assert (told.results, told.failure) == ([], None)


def test_no_sound_at_all(listening):
    assert streamed(listening, []).failure is None
    assert streamed(listening, [], **{"media-encoding": "flac"}).failure == "BadRequestException"


def test_a_client_that_falls_silent_is_told_after_what_it_said(listening, voice, monkeypatch):
    monkeypatch.setattr(sound, "SILENT_SECONDS", 1.0)
    told = streamed(listening, cut(pcm(voice.say(TRAIN)[:-12_000])), end=False)
    assert "london" in told.text.lower()
    assert told.failure == "BadRequestException"
    assert "no new audio was received for 1 seconds" in told.message


def test_a_client_that_hangs_up_frees_everything(listening, voice):
    [service] = [each for each in listening.app.services if each.name == "transcribestreaming"]

    async def hang_up():
        async with websockets.connect(address(listening), proxy=None) as socket:
            for chunk in cut(pcm(voice.say(TRAIN))):
                await socket.send(audio_event(chunk))
            await socket.recv()
            assert len(service._sessions) == 1
            socket.transport.abort()

    asyncio.run(hang_up())
    until = time.monotonic() + 20
    while service._sessions and time.monotonic() < until:
        time.sleep(0.1)
    assert not service._sessions
    assert "london" in streamed(listening, cut(pcm(voice.say(TRAIN)))).text.lower()


def test_a_failure_of_the_server_is_told_without_its_details(listening, monkeypatch):
    def broken(self, samples):
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr("honmono.engines.speech.endpoints.Endpointer.feed", broken)
    told = streamed(listening, cut(SILENCE))
    assert told.failure == "InternalFailureException"
    assert "secret" not in told.message


def test_a_session_that_starts_again_ends_the_first(listening):
    identifier = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"

    async def both():
        first = asyncio.create_task(stream(listening, cut(SILENCE), pause=0.2, end=False, **{"session-id": identifier}))
        await asyncio.sleep(1)
        second = await stream(listening, cut(SILENCE), **{"session-id": identifier})
        return await asyncio.wait_for(first, 20), second

    first, second = asyncio.run(both())
    assert first.failure == "ConflictException"
    assert second.failure is None
