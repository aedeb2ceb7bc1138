"""Speech for tests, and two clients that stream it: amazon-transcribe over TLS and h2, and a plain WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import botocore.auth
import numpy as np
import soxr
import websockets
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.conftest import RunningServer

from honmono.engines.speech.kokoro import Kokoro
from honmono.weights import Cache
from honmono.wire.eventstream import decode_message, event

COLD_DAY = "ɪt wʌz ɐ bɹˈIt kˈOld dˈA ɪn ˈApɹəl."
TRAIN = "ðə tɹˈAn tə lˈʌndən lˈivz æt sˈɛvən."
PHONE = "mI fˈOn nˈʌmbəɹ ɪz fˈIv fˈIv fˈIv, wˈʌn tˈu θɹˈi fˈɔɹ."
READING = "kʲoːwa toɕokaɴ de hoɴ o yomimaɕita."
"""今日は図書館で本を読みました。"""


class Voice:
    """Speaks phonemes at a rate; what was said once is remembered."""

    def __init__(self) -> None:
        self._kokoro = Kokoro(Cache(), threads=2)
        self._said: dict[tuple[str, str], np.ndarray] = {}

    def say(self, phonemes: str, rate: int = 16_000, voice: str = "af_heart") -> np.ndarray:
        """(n,) float32, half a second of silence before and a whole one behind."""
        key = phonemes, voice
        if key not in self._said:
            self._said[key] = self._kokoro.say(phonemes, voice).samples
        spoken = soxr.resample(self._said[key], 24_000, rate).astype(np.float32)
        return np.concatenate([np.zeros(rate // 2, np.float32), spoken, np.zeros(rate, np.float32)])


def pcm(*channels: np.ndarray) -> bytes:
    """Signed 16-bit samples, interleaved."""
    longest = max(map(len, channels))
    padded = [np.pad(each, (0, longest - len(each))) for each in channels]
    return (np.stack(padded, axis=1) * 32767).astype("<i2").tobytes()


def cut(data: bytes, size: int = 6400) -> list[bytes]:
    """Chunks as clients send them."""
    return [data[at : at + size] for at in range(0, len(data), size)]


@dataclass
class Told:
    """What a stream told: its results in order, and the exception that it ended with."""

    results: list[dict[str, Any]] = field(default_factory=list)
    failure: str | None = None
    message: str = ""

    @property
    def finals(self) -> list[dict[str, Any]]:
        return [each for each in self.results if not each["IsPartial"]]

    @property
    def partials(self) -> list[dict[str, Any]]:
        return [each for each in self.results if each["IsPartial"]]

    @property
    def text(self) -> str:
        return " ".join(transcript(each) for each in self.finals)

    def take(self, frame: bytes) -> None:
        message = decode_message(frame)
        if message.headers[":message-type"] == "event":
            self.results += json.loads(message.payload)["Transcript"]["Results"]
        elif message.headers[":message-type"] == "exception":
            self.failure, self.message = message.headers[":exception-type"], json.loads(message.payload)["Message"]
        else:
            self.failure, self.message = message.headers[":error-code"], message.headers[":error-message"]


def transcript(result: dict[str, Any]) -> str:
    return result["Alternatives"][0]["Transcript"]


def address(server: RunningServer, **parameters: Any) -> str:
    """A presigned WebSocket URL."""
    query = {"language-code": "en-US", "media-encoding": "pcm", "sample-rate": "16000", **parameters}
    text = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    request = AWSRequest("GET", f"{server.url}/stream-transcription-websocket?{text}")
    botocore.auth.SigV4QueryAuth(Credentials("test", "test"), "transcribe", "us-east-1", expires=300).add_auth(request)
    return request.prepare().url.replace("http://", "ws://")


def audio_event(chunk: bytes) -> bytes:
    return event("AudioEvent", chunk, "application/octet-stream").encode()


async def stream(
    server: RunningServer, chunks: Iterable[bytes], *, pause: float = 0.0, end: bool = True, **parameters: Any
) -> Told:
    """Send chunks over a WebSocket and gather all that is told until the server closes it."""
    told = Told()
    async with websockets.connect(address(server, **parameters), proxy=None, max_size=None) as socket:

        async def send() -> None:
            for chunk in chunks:
                await socket.send(audio_event(chunk))
                await asyncio.sleep(pause)
            if end:
                await socket.send(audio_event(b""))

        sending = asyncio.create_task(send())
        async for frame in socket:
            told.take(frame)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    return told


def streamed(server: RunningServer, chunks: Iterable[bytes], **options: Any) -> Told:
    return asyncio.run(asyncio.wait_for(stream(server, chunks, **options), 120))
