"""StartSpeechSynthesisStream: signed events in, sound out, while both go on. boto3 has no client for it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.conftest import RunningServer
from tests.wire.asgi import scope

from honmono.wire.eventstream import EventStreamDecoder, Message, encode_headers, event
from honmono.wire.signature import signing_key

pytestmark = [pytest.mark.weights, pytest.mark.slow]
PATH = "/v1/synthesisStream"


class Signer:
    """Signs events as an SDK does, each with the one before."""

    def __init__(self, seed: str) -> None:
        self._before = seed

    def sign(self, payload: bytes) -> bytes:
        now = datetime.now(UTC).replace(microsecond=0)
        date = encode_headers({":date": now})
        day = now.strftime("%Y%m%d")
        text = "\n".join(
            [
                "AWS4-HMAC-SHA256-PAYLOAD",
                now.strftime("%Y%m%dT%H%M%SZ"),
                f"{day}/us-east-1/polly/aws4_request",
                self._before,
                hashlib.sha256(date).hexdigest(),
                hashlib.sha256(payload).hexdigest(),
            ]
        )
        signature = hmac.digest(signing_key("test", day, "us-east-1", "polly"), text.encode(), "sha256")
        self._before = signature.hex()
        return Message({":date": now, ":chunk-signature": signature}, payload).encode()


class Stream:
    """One request over ASGI, whose events a test gives one by one."""

    def __init__(self, server: RunningServer, **members: str) -> None:
        headers = {f"x-amzn-{name}": value for name, value in members.items()}
        headers["x-amz-content-sha256"] = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
        request = AWSRequest("POST", f"http://127.0.0.1:4566{PATH}", headers=headers)
        SigV4Auth(Credentials("test", "test"), "polly", "us-east-1").add_auth(request)
        signed = [*request.headers.items(), ("Host", "127.0.0.1:4566")]
        self._signer = Signer(request.headers["Authorization"].rpartition("=")[2])
        self._gateway = server.app.gateway
        self._scope = scope("POST", PATH, signed) | {"http_version": "2"}
        self._in: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._out: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.status = 0
        self.plain = b""

    async def __aenter__(self) -> Stream:
        self._task = asyncio.create_task(self._gateway(self._scope, self._receive, self._send))
        return self

    async def __aexit__(self, *error: object) -> None:
        self._in.put_nowait(None)
        await asyncio.wait_for(self._task, 60)

    def say(self, **members: Any) -> None:
        self._put(event("TextEvent", json.dumps(members).encode(), "application/json").encode())

    def close(self) -> None:
        self._put(event("CloseStreamEvent", b"{}", "application/json").encode())

    def _put(self, data: bytes) -> None:
        self._in.put_nowait(self._signer.sign(data))

    async def answers(self) -> AsyncIterator[tuple[str, Any]]:
        decoder = EventStreamDecoder()
        while (piece := await asyncio.wait_for(self._out.get(), 90)) is not None:
            if self.status != 200:
                self.plain += piece
                continue
            for message in decoder.feed(piece):
                kind = message.headers.get(":event-type") or message.headers.get(":exception-type")
                yield str(kind), message.payload if kind == "AudioEvent" else json.loads(message.payload)

    async def _receive(self) -> dict[str, Any]:
        piece = await self._in.get()
        return (
            {"type": "http.disconnect"} if piece is None else {"type": "http.request", "body": piece, "more_body": True}
        )

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if message.get("body"):
            self._out.put_nowait(message["body"])
        if not message.get("more_body"):
            self._out.put_nowait(None)


PCM = {"Engine": "neural", "VoiceId": "Joanna", "OutputFormat": "pcm", "SampleRate": "16000"}


def test_a_sentence_is_spoken_while_the_next_is_being_written(server: RunningServer) -> None:
    async def talk() -> tuple[list[str], bytes, Any]:
        sound, kinds, closed = b"", [], None
        async with Stream(server, **PCM) as stream:
            stream.say(Text="Good d")
            stream.say(Text="ay. And good")
            async for kind, payload in stream.answers():
                kinds.append(kind)
                if kind == "AudioEvent":
                    if not sound:  # the first sentence is here; only now the second one's end is written
                        stream.say(Text=" night.")
                        stream.close()
                    sound += payload
                else:
                    closed = payload
        return kinds, sound, closed

    kinds, sound, closed = asyncio.run(talk())
    assert kinds[-1] == "StreamClosedEvent" and kinds.count("AudioEvent") >= 2
    assert closed == {"RequestCharacters": len("Good day. And good night.")}
    at_once = server.client("polly").synthesize_speech(
        Text="Good day. And good night.", VoiceId="Joanna", OutputFormat="pcm", Engine="neural"
    )
    assert abs(len(sound) - len(at_once["AudioStream"].read())) <= 4


def test_a_flush_speaks_what_has_no_end_yet(server: RunningServer) -> None:
    async def talk() -> str:
        async with Stream(server, **PCM) as stream:
            stream.say(Text="Well", FlushStreamConfiguration={"Force": True})
            async for kind, _ in stream.answers():
                return kind  # and the client goes
        return ""

    assert asyncio.run(talk()) == "AudioEvent"


def test_documents_stand_for_themselves_and_bad_ones_end_the_stream(server: RunningServer) -> None:
    async def talk() -> list[tuple[str, Any]]:
        async with Stream(server, **PCM) as stream:
            stream.say(Text="<speak>Hi</speak>", TextType="ssml")
            stream.say(Text="<speak>open", TextType="ssml")
            return [answer async for answer in stream.answers()]

    found = asyncio.run(talk())
    assert [kind for kind, _ in found] == ["AudioEvent", "ValidationException"]
    assert found[1][1]["reason"] == "invalidInboundEvent" and "InvalidSsml" in found[1][1]["message"]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"Engine": "generative"}, "EngineNotSupportedException"),
        ({"OutputFormat": "json"}, "Speech marks are not available"),
        ({"VoiceId": "Astrid"}, "Swedish"),
        ({"LexiconNames": "none"}, "LexiconNotFoundException"),
    ],
)
def test_a_stream_that_cannot_begin_is_refused(server: RunningServer, members: dict[str, str], said: str) -> None:
    async def talk() -> tuple[int, dict[str, str]]:
        async with Stream(server, **{**PCM, **members}) as stream:
            assert [answer async for answer in stream.answers()] == []
        return stream.status, json.loads(stream.plain)

    status, answer = asyncio.run(talk())
    assert status == 400 and said in answer["message"] and answer["reason"] == "unsupportedOperation"
