"""Clients that stream in both directions over real sockets: amazon-transcribe over TLS and h2, a WebSocket."""

import asyncio

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from honmono.wire.eventstream import decode_message

from .streaming import heard
from .test_events import audio, told


@pytest.fixture
def live(streaming_live):
    return streaming_live


# amazon-transcribe: TLS, h2, signed events, both directions at once


def transcribe_client(live, secret="test"):
    awscrt_io = pytest.importorskip("awscrt.io")
    pytest.importorskip("amazon_transcribe")
    from amazon_transcribe.auth import StaticCredentialResolver
    from amazon_transcribe.client import TranscribeStreamingClient
    from amazon_transcribe.endpoints import StaticEndpointResolver

    client = TranscribeStreamingClient(
        region="us-east-1",
        endpoint_resolver=StaticEndpointResolver(live.tls_url),
        credential_resolver=StaticCredentialResolver("test", secret),
    )
    options = awscrt_io.TlsContextOptions()
    options.override_default_trust_store_from_path(None, str(live.authority))
    client._session_manager._tls_ctx = awscrt_io.ClientTlsContext(options)
    return client


def test_amazon_transcribe_in_full_duplex(live):
    async def run():
        stream = await transcribe_client(live).start_stream_transcription(
            language_code="en-US", media_sample_rate_hz=16000, media_encoding="pcm"
        )
        answers: asyncio.Queue[str] = asyncio.Queue()

        async def listen():
            async for event in stream.output_stream:
                for one in event.transcript.results:
                    await answers.put(one.alternatives[0].transcript)

        handling = asyncio.create_task(listen())
        said = []
        for number in range(5):
            await stream.input_stream.send_audio_event(audio_chunk=f"chunk {number}".encode() * 100)
            # The answer to this chunk is here before the next chunk is sent.
            said.append(await asyncio.wait_for(answers.get(), 10))
        await stream.input_stream.end_stream()
        said.append(await asyncio.wait_for(answers.get(), 10))
        await asyncio.wait_for(handling, 10)
        return said

    assert asyncio.run(run()) == [*(heard(f"chunk {n}".encode() * 100) for n in range(5)), "heard 5"]


def test_amazon_transcribe_with_a_wrong_secret(live):
    async def run():
        await transcribe_client(live, "wrong").start_stream_transcription(
            language_code="en-US", media_sample_rate_hz=16000, media_encoding="pcm"
        )

    with pytest.raises(Exception, match="signature") as error:
        asyncio.run(asyncio.wait_for(run(), 20))
    assert "Traceback" not in str(error.value)


def test_amazon_transcribe_is_told_of_bad_audio(live):
    async def run():
        stream = await transcribe_client(live).start_stream_transcription(
            language_code="en-US", media_sample_rate_hz=16000, media_encoding="pcm"
        )
        await stream.input_stream.send_audio_event(audio_chunk=b"bad")
        async for _ in stream.output_stream:
            pass

    with pytest.raises(Exception, match="the audio is bad"):
        asyncio.run(asyncio.wait_for(run(), 20))


# A browser's WebSocket

websockets = pytest.importorskip("websockets")


def presigned(live, secret="test", **parameters):
    query = {"language-code": "en-US", "media-encoding": "pcm", "sample-rate": "16000", **parameters}
    text = "&".join(f"{name}={value}" for name, value in query.items())
    request = AWSRequest("GET", f"{live.url}/stream-transcription-websocket?{text}")
    signer = botocore.auth.SigV4QueryAuth(Credentials("test", secret), "transcribe", "us-east-1", expires=300)
    signer.add_auth(request)
    return request.prepare().url.replace("http://", "ws://")


async def talk(url, messages, *, wait_each=False):
    """Send messages; every frame that came until the server closed."""
    frames = []
    async with websockets.connect(url, proxy=None) as socket:
        for message in messages:
            await socket.send(message)
            if wait_each:
                frames.append(await asyncio.wait_for(socket.recv(), 10))
        async for frame in socket:
            frames.append(frame)
        code = socket.close_code
    return frames, code


def frames_told(frames):
    return told(type("Answer", (), {"pieces": frames}))


def test_a_websocket_in_full_duplex(live):
    async def run():
        frames = []
        async with websockets.connect(presigned(live), proxy=None) as socket:
            for number in range(3):
                await socket.send(audio(f"chunk {number}".encode()))
                frames.append(await asyncio.wait_for(socket.recv(), 10))
            await socket.send(audio(b""))
            frames += [frame async for frame in socket]
            return frames, socket.close_code

    frames, code = asyncio.run(run())
    assert frames_told(frames) == ([*(heard(f"chunk {n}".encode()) for n in range(3)), "heard 3"], None)
    assert code == 1000
    assert decode_message(frames[0]).headers[":event-type"] == "TranscriptEvent"


def signed_events(url, chunks, secret="test"):
    """Events as aws-sdk-js sends them over a WebSocket: each signed with the one before."""
    from amazon_transcribe.auth import Credentials as TranscribeCredentials
    from amazon_transcribe.eventstream import EventSigner, EventStreamMessageSerializer

    serializer, signer = EventStreamMessageSerializer(), EventSigner("transcribe", "us-east-1")
    previous = bytes.fromhex(url.partition("X-Amz-Signature=")[2].partition("&")[0])
    for chunk in chunks:
        inner = audio(chunk) if chunk is not None else b""
        headers = signer.sign(inner, previous, TranscribeCredentials("test", secret))
        previous = headers[":chunk-signature"]
        yield serializer.serialize(headers, inner)


def test_a_websocket_whose_events_are_signed(live):
    pytest.importorskip("amazon_transcribe")
    url = presigned(live)
    frames, _ = asyncio.run(talk(url, list(signed_events(url, [b"one", b"two", None]))))
    assert frames_told(frames) == ([heard(b"one"), heard(b"two"), "heard 2"], None)
    url = presigned(live)
    frames, _ = asyncio.run(talk(url, list(signed_events(url, [b"one"], secret="wrong"))))
    assert frames_told(frames) == ([], "InvalidSignatureException")
    url = presigned(live)
    first, second, third = signed_events(url, [b"one", b"two", b"three"])
    frames, _ = asyncio.run(talk(url, [first, third, second]))
    assert frames_told(frames) == ([heard(b"one")], "InvalidSignatureException")
    url = presigned(live)
    [signed] = signed_events(url, [b"one"])
    frames, _ = asyncio.run(talk(url, [signed, audio(b"unsigned")]))
    assert frames_told(frames) == ([heard(b"one")], "InvalidSignatureException")


def test_a_websocket_takes_its_parameters_from_the_query(live):
    frames, _ = asyncio.run(talk(presigned(live, **{"language-code": "ja-JP"}), [audio(b"x"), audio(b"")]))
    assert frames_told(frames)[0][0] == heard(b"x", "ja-JP")


@pytest.mark.parametrize(
    ("messages", "failure"),
    [
        ([audio(b"bad")], "BadRequestException"),
        ([audio(b"crash")], "InternalFailure"),
        ([b"junk" * 10], "SerializationException"),
        (["text, which is no event"], "SerializationException"),
        ([audio(b"x" * 100_001)], "BadRequestException"),
    ],
)
def test_a_websocket_is_told_what_was_wrong(live, messages, failure):
    frames, code = asyncio.run(talk(presigned(live), messages))
    assert frames_told(frames) == ([], failure)
    assert code == 1000


def test_a_websocket_with_bad_parameters(live):
    frames, _ = asyncio.run(talk(presigned(live, **{"language-code": "xx"}), []))
    message = decode_message(frames[-1])
    assert message.headers[":error-code"] == "BadRequestException"
    assert "enum value set" in message.headers[":error-message"]


@pytest.mark.parametrize("how", ["secret", "path", "unsigned"])
def test_a_websocket_is_refused_at_the_door(live, how):
    url = presigned(live, secret="wrong" if how == "secret" else "test")
    if how == "path":
        url = url.replace("stream-transcription-websocket", "nothing-here")
    if how == "unsigned":
        url = url.partition("?")[0]
    with pytest.raises(websockets.InvalidStatus) as error:
        asyncio.run(talk(url, []))
    assert error.value.response.status_code == 403


def test_a_websocket_whose_client_leaves(live):
    async def run():
        async with websockets.connect(presigned(live), proxy=None) as socket:
            await socket.send(audio(b"one"))
            await socket.recv()
            socket.transport.abort()

    asyncio.run(run())
    # The server goes on.
    frames, _ = asyncio.run(talk(presigned(live), [audio(b"")]))
    assert frames_told(frames) == (["heard 0"], None)
