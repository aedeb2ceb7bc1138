"""amazon-transcribe, AWS's own client of the streaming service, over TLS and HTTP/2."""

from __future__ import annotations

import asyncio

import pytest

from .talking import COLD_DAY, TRAIN, cut, pcm

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def client(server):
    awscrt_io = pytest.importorskip("awscrt.io")
    pytest.importorskip("amazon_transcribe")
    from amazon_transcribe.auth import StaticCredentialResolver
    from amazon_transcribe.client import TranscribeStreamingClient
    from amazon_transcribe.endpoints import StaticEndpointResolver

    made = TranscribeStreamingClient(
        region="us-east-1",
        endpoint_resolver=StaticEndpointResolver(server.tls_url.replace("127.0.0.1", "localhost")),
        credential_resolver=StaticCredentialResolver("test", "test"),
    )
    options = awscrt_io.TlsContextOptions()
    options.override_default_trust_store_from_path(None, str(server.app.settings.data / "tls" / "ca.pem"))
    made._session_manager._tls_ctx = awscrt_io.ClientTlsContext(options)
    return made


async def talk(server, chunks, pause=0.1, **options):
    """Every result that comes, while chunks are sent."""
    stream = await client(server).start_stream_transcription(
        **{"language_code": "en-US", "media_sample_rate_hz": 16_000, "media_encoding": "pcm", **options}
    )
    results = []

    async def listen():
        async for event in stream.output_stream:
            results.extend(event.transcript.results)

    async def send():
        for chunk in chunks:
            await stream.input_stream.send_audio_event(audio_chunk=chunk)
            await asyncio.sleep(pause)
        await stream.input_stream.end_stream()

    await asyncio.gather(listen(), send())
    return stream.response, results


def test_two_clips(listening, voice):
    async def run(phonemes, **options):
        return await asyncio.wait_for(talk(listening, cut(pcm(voice.say(phonemes))), **options), 60)

    session = "00000000-1111-2222-3333-444444444444"
    response, results = asyncio.run(run(COLD_DAY, session_id=session, enable_partial_results_stabilization=True))
    assert (response.session_id, response.language_code) == (session, "en-US")
    assert results[0].is_partial and not results[-1].is_partial
    assert {each.result_id for each in results} == {results[-1].result_id}
    [alternative] = results[-1].alternatives
    assert alternative.transcript == "It was a bright cold day in April."
    assert all(item.stable for item in alternative.items)
    _, others = asyncio.run(run(TRAIN))
    assert "London leaves" in others[-1].alternatives[0].transcript


def test_what_is_wrong_is_told_as_the_clients_own_exceptions(listening):
    from amazon_transcribe.exceptions import BadRequestException

    with pytest.raises(BadRequestException, match="at least two"):
        asyncio.run(talk(listening, [], language_code=None, identify_language=True, language_options=["en-US"]))
    with pytest.raises(BadRequestException, match="could not be decoded as flac"):
        asyncio.run(talk(listening, [b"no flac at all" * 500], media_encoding="flac"))
