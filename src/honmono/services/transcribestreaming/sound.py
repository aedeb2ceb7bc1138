"""From a client's events to samples: PCM here, FLAC and Ogg Opus by a process of each stream's own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from honmono.services.transcribestreaming.parameters import Wanted, invalid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEARD_RATE = 16_000
SILENT_SECONDS = 15.0
"""How long a client may send nothing."""
_SLICE = 32_000
"""Bytes that are handed on at once: a second of PCM at 16 kHz. Larger events are cut."""


async def chunks(events: AsyncIterable[dict[str, dict[str, Any]]], seconds: float) -> AsyncGenerator[bytes]:
    """The audio of a stream's events, until an empty one or the end.

    Raises ServiceError BadRequestException: nothing came for so many seconds, or an event of another kind did.
    """
    following = aiter(events)
    while True:
        try:
            async with asyncio.timeout(seconds):
                event = await anext(following)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise invalid(
                f"Your request timed out because no new audio was received for {seconds:g} seconds."
            ) from error
        if "AudioEvent" not in event:
            raise invalid("StartStreamTranscription takes AudioEvents only; a ConfigurationEvent is of Call Analytics.")
        chunk = event["AudioEvent"].get("AudioChunk", b"")
        if not chunk:
            return
        for begin in range(0, len(chunk), _SLICE):
            yield chunk[begin : begin + _SLICE]


async def samples(audio: AsyncGenerator[bytes], asked: Wanted) -> AsyncGenerator[NDArray[np.float32]]:
    """The sound as (channels, n) float32 at 16 kHz, as it comes.

    Raises ServiceError BadRequestException: it is no sound of the encoding.
    """
    is_plain = asked.encoding == "pcm"
    listening = _pcm(audio, asked.rate, asked.channels) if is_plain else _decoded(audio, asked)
    async with aclosing(listening) as found:
        async for each in found:
            yield each


async def _pcm(audio: AsyncGenerator[bytes], rate: int, channels: int) -> AsyncGenerator[NDArray[np.float32]]:
    resampler = _Resampler(rate, channels)
    width = 2 * channels
    rest = b""
    async for chunk in audio:
        joined = rest + chunk
        whole = len(joined) // width * width
        rest = joined[whole:]
        if whole:
            yield await asyncio.to_thread(resampler.take, joined[:whole])
    if rest:
        raise invalid(
            f"The audio ends within a sample: PCM of {channels} channel(s) has {width} bytes for each moment."
        )
    yield await asyncio.to_thread(resampler.take, b"", last=True)


class _Resampler:
    """Signed 16-bit little-endian samples of any rate as float32 at 16 kHz."""

    def __init__(self, rate: int, channels: int) -> None:
        import soxr

        self._channels = channels
        self._stream = soxr.ResampleStream(rate, HEARD_RATE, channels, dtype="float32") if rate != HEARD_RATE else None

    def take(self, pcm: bytes, last: bool = False) -> NDArray[np.float32]:
        import numpy as np

        found = np.frombuffer(pcm, "<i2").astype(np.float32).reshape(-1, self._channels) / 32768.0
        if self._stream is not None:
            found = self._stream.resample_chunk(found, last=last).reshape(-1, self._channels)
        return np.ascontiguousarray(found.T)


async def _decoded(audio: AsyncGenerator[bytes], asked: Wanted) -> AsyncGenerator[NDArray[np.float32]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "honmono.engines.speech.decoding",
        asked.encoding,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    feeding = asyncio.create_task(_feed(audio, process.stdin))
    try:
        head = await process.stdout.readline()
        if head:
            form = json.loads(head)
            _check_form(form, asked)
            resampler = _Resampler(form["rate"], form["channels"])
            width = 2 * form["channels"]
            rest = b""
            while read := await process.stdout.read(_SLICE):
                joined = rest + read
                whole = len(joined) // width * width
                rest = joined[whole:]
                yield _mixed(await asyncio.to_thread(resampler.take, joined[:whole]), asked.channels)
            yield _mixed(await asyncio.to_thread(resampler.take, b"", last=True), asked.channels)
        if feeding.done():
            feeding.result()
        reason = (await process.stderr.read(600)).decode("utf-8", "replace")
        if await process.wait():
            raise invalid(
                f"The audio could not be decoded as {asked.encoding} ({reason or 'the decoder failed'}). Check that "
                "MediaEncoding is that of your audio."
            )
        await feeding
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _feed(audio: AsyncGenerator[bytes], pipe: asyncio.StreamWriter) -> None:
    try:
        async for chunk in audio:
            pipe.write(chunk)
            await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # the decoder has ended, and says itself why
    finally:
        pipe.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            await pipe.wait_closed()


def _check_form(form: dict[str, int], asked: Wanted) -> None:
    if asked.apart and form["channels"] != asked.channels:
        raise invalid(
            f"The audio has {form['channels']} channel(s), not the {asked.channels} that NumberOfChannels says."
        )
    # Opus is always decoded at 48 kHz, whatever it was recorded at.
    if asked.encoding == "flac" and form["rate"] != asked.rate:
        raise invalid(
            f"The audio has {form['rate']} samples a second, not the {asked.rate} that MediaSampleRateHertz says."
        )


def _mixed(found: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    if channels == 1 and found.shape[0] > 1:
        mean: NDArray[np.float32] = found.mean(axis=0, keepdims=True)
        return mean
    return found
