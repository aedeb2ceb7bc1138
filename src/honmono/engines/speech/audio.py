"""Audio files, read as they come: any container and codec that FFmpeg knows, as samples of one rate.

The decoder is PyAV, whose package holds FFmpeg with the x264 and x265 libraries (GPL): it is imported in the processes
of the speech engines and of jobs only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from honmono.engines.errors import UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that recognisers hear."""
_BLOCK = RATE * 10
_MOST_CHANNELS = 8


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says of itself.

    Attributes:
        container: FFmpeg's names of the format, `wav` or `mov,mp4,m4a,3gp,3g2,mj2`.
        codec: FFmpeg's name, `pcm_s16le`.
        rate: samples a second, as recorded.
        channels: how many.
        seconds: as the container states it; None where it does not.
    """

    container: str
    codec: str
    rate: int
    channels: int
    seconds: float | None


class AudioFile:
    """An audio file, or the sound of a video. A context manager."""

    def __init__(self, source: Path | BinaryIO) -> None:
        """Read the head.

        Raises:
            UnsupportedInput: it is no audio, it is damaged, or has no sound.
        """
        import av
        from av.error import FFmpegError

        # A playlist or a concatenation would make FFmpeg open files that the user only names.
        options = {"protocol_whitelist": "file,pipe", "format_whitelist": ",".join(_CONTAINERS)}
        try:
            opened: Any = av.open(
                str(source) if isinstance(source, Path) else source, options=options, metadata_errors="replace"
            )
        except (FFmpegError, ValueError, EOFError) as error:
            raise UnsupportedInput(f"the file is no audio that can be read ({_reason(error)})") from error
        self._container = opened
        if not self._container.streams.audio:
            self.close()
            raise UnsupportedInput("the file has no sound")
        self._stream = self._container.streams.audio[0]
        context = self._stream.codec_context
        if context is None or not context.rate or not 1 <= context.channels <= _MOST_CHANNELS:
            self.close()
            raise UnsupportedInput("the file's sound is of a form that cannot be read")
        length: int | None = self._container.duration
        self.info = AudioInfo(
            container=self._container.format.name,
            codec=context.name,
            rate=context.rate,
            channels=context.channels,
            seconds=None if length is None or length < 0 else length / 1e6,
        )

    def blocks(self, rate: int = RATE) -> Iterator[NDArray[np.float32]]:
        """The samples from the beginning to the end, (channels, up to ten seconds) at a time, in -1 … 1.

        Raises:
            UnsupportedInput: not one sample could be read. What is damaged further on is left out, as players do.
        """
        import av
        import numpy as np
        from av.error import FFmpegError

        layout = self.info.channels
        resampler = av.AudioResampler(format="s16p", layout=self._stream.codec_context.layout.name, rate=rate)
        waiting: list[NDArray[np.int16]] = []
        held = read = 0

        def joined() -> NDArray[np.float32]:
            block = np.concatenate(waiting, axis=1).astype(np.float32)
            block /= 32768.0
            waiting.clear()
            return block

        trouble: Exception | None = None
        frames = self._frames()
        while True:
            try:
                frame = next(frames, None)
                resampled = resampler.resample(frame)
            except (FFmpegError, ValueError) as error:
                trouble = error
                break
            for each in resampled:
                samples: Any = each.to_ndarray()
                if samples.shape[0] != layout:
                    raise UnsupportedInput("the number of channels changes within the file")
                waiting.append(samples)
                held += samples.shape[1]
                read += samples.shape[1]
            if held >= _BLOCK:
                yield joined()
                held = 0
            if frame is None:
                break
        if waiting:
            yield joined()
        if not read:
            raise UnsupportedInput(
                "the file has no sample that can be read" + (f" ({_reason(trouble)})" if trouble else "")
            )

    def _frames(self) -> Iterator[Any]:
        for packet in self._container.demux(self._stream):
            yield from packet.decode()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def __enter__(self) -> AudioFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


_CONTAINERS = ("wav", "w64", "flac", "mp3", "ogg", "mov", "matroska", "amr", "aac", "aiff", "au", "caf")


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)
