"""Video files: what they say of themselves, and their frames as red, green and blue with the time of each.

The decoder is PyAV, whose package holds FFmpeg with the x264 and x265 libraries (GPL): it is imported in the processes
of jobs only, because what it parses is hostile.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from honmono.engines.errors import DamagedInput, InputTooLarge, UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SECONDS = 6 * 3600
"""A video's length, at most. Source: "Guidelines and quotas in Amazon Rekognition"."""
MOST_PIXELS = 7680 * 4320
"""Of a frame: what one takes to decode is bounded before the first."""
SEEN_SIDE = 1_280
"""Pixels of the longer side of a frame that is looked at, where nobody asks for others."""
_CONTAINERS = ("mov", "avi", "matroska", "mpegts")
_LEAST_READ = 0.9
"""The share of the stated length that must be readable: less is a file that broke off."""
_SPARSE = 3.0
"""Frames from one wanted frame to the next, from which on those that no other depends on are not decoded."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a file says of its picture.

    Attributes:
        container: the format's full name, as FFmpeg has it: `QuickTime / MOV`.
        codec: FFmpeg's name, `h264`.
        seconds: the length.
        rate: frames a second, on average.
        width, height: of the upright frame, in pixels.
        range: of the luminance values: `FULL`, 0 to 255, or `LIMITED`, 16 to 235.
    """

    container: str
    codec: str
    seconds: float
    rate: Fraction
    width: int
    height: int
    range: Literal["FULL", "LIMITED"]


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """What a file says of one of its sound tracks: FFmpeg's name of the codec, seconds, samples a second, channels."""

    codec: str
    seconds: float
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame.

    Attributes:
        number: counted from 0 in the order in which frames are shown, as far as all were decoded; else by its time.
        seconds: from the beginning.
        pixels: (height, width, 3) of uint8, red, green, blue, upright.
    """

    number: int
    seconds: float
    pixels: NDArray[np.uint8]

    @property
    def milliseconds(self) -> int:
        """From the beginning, rounded down, as AWS's timestamps are."""
        return int(self.seconds * 1000 + 1e-6)


class Film:
    """A video file. A context manager."""

    def __init__(self, path: Path | str, *, live: bool = False, timeout: float = 10.0) -> None:
        """Read the head, and the first frame, whose size and orientation are the film's.

        Args:
            path: of a file; where `live`, the address of a camera (`rtsp://…`) that the operator wrote down.
            live: the frames come as they are made, and there is no end and no going back.
            timeout: seconds to wait for a camera.

        Raises:
            UnsupportedInput: it is no video of a container that is read.
            DamagedInput: not one frame can be read, or a camera does not answer.
            InputTooLarge: it is longer or larger than is read.
        """
        import av
        from av.error import FFmpegError

        self._path, self._live = path, live
        # A playlist or a concatenation would make FFmpeg open files that the user only names.
        options = {"protocol_whitelist": "file,pipe", "format_whitelist": ",".join(_CONTAINERS)}
        if live:
            options = {"rtsp_transport": "tcp"}
        try:
            opened: Any = av.open(
                str(path), options=options, metadata_errors="replace", timeout=timeout if live else None
            )
        except (FFmpegError, ValueError, EOFError) as error:
            if live:
                raise DamagedInput(f"the stream cannot be opened ({_reason(error)})") from error
            raise UnsupportedInput(f"the file is no video that can be read ({_reason(error)})") from error
        self._container = opened
        try:
            self._stream = self._picture()
            self._turn = 0
            self.info = self._described()
        except BaseException:
            self.close()
            raise

    def frames(
        self,
        per_second: float | None = None,
        *,
        after: float | None = None,
        longest: int = SEEN_SIDE,
    ) -> Iterator[Frame]:
        """The frames in the order of time.

        Args:
            per_second: so many at most: the first frame of each such part of a second. None: every frame.
            after: seconds of the last frame that was seen before, to go on from there. None: from the beginning.
            longest: pixels of the longer side, at most; larger frames are made smaller.

        Raises:
            DamagedInput: the file breaks off, or no frame can be read. Damage in between is passed over, as players do.
            InputTooLarge: it is longer than it said.
        """
        step = 0.0 if per_second is None else 1.0 / per_second
        size = _fitting(self.info.width, self.info.height, longest)
        rate = float(self.info.rate)
        number, due, end, read = 0, 0.0, 0.0, 0
        if after is not None and step:
            due = (math.floor((after + 1e-6) / step) + 1) * step
        for raw, seconds in self._decoded(after or 0.0, sparse=step * rate >= _SPARSE):
            if seconds > MOST_SECONDS:
                raise InputTooLarge(f"the video is longer than {MOST_SECONDS // 3600} hours")
            if after is not None and seconds <= after + 1e-6:
                continue
            end, read = max(end, seconds), read + 1
            if seconds + 1e-6 < due:
                continue
            if step:
                due = (math.floor((seconds + 1e-6) / step) + 1) * step
            index = number if not step and after is None else round(seconds * rate)
            number += 1
            yield Frame(index, seconds, self._pixels(raw, size))
        if not self._live:
            self._check_end(end if read else after or 0.0, read > 0 or after is not None)

    def _check_end(self, end: float, read: bool) -> None:
        """Refuse a file that broke off before its end."""
        if not read:
            raise DamagedInput("the video has no frame that can be read")
        stated = self.info.seconds
        if stated > 1.0 and end + 1.0 < stated * _LEAST_READ:
            raise DamagedInput(
                f"the video breaks off: it says that it has {stated:.1f} seconds, and only the first {end:.1f} can be read"
            )

    def sounds(self) -> list[SoundInfo]:
        """The sound tracks, in the order of the file."""
        found = []
        for stream in self._container.streams.audio:
            context = stream.codec_context
            if context is not None and context.rate:
                found.append(SoundInfo(context.name, _length(stream, self._container), context.rate, context.channels))
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def __enter__(self) -> Film:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _picture(self) -> Any:
        """The stream that is looked at."""
        pictures = [stream for stream in self._container.streams.video if stream.codec_context is not None]
        if not pictures:
            raise UnsupportedInput("the file has no picture of a codec that is known")
        return pictures[0]

    def _described(self) -> VideoInfo:
        stream, context = self._stream, self._stream.codec_context
        if context.width * context.height > MOST_PIXELS:
            raise InputTooLarge(
                f"a frame has {context.width} × {context.height} pixels; at most {MOST_PIXELS} are read"
            )
        context.options = {"max_pixels": str(MOST_PIXELS)}
        context.thread_type = "AUTO"
        seconds = 0.0 if self._live else _length(stream, self._container)
        if seconds > MOST_SECONDS:
            raise InputTooLarge(f"the video has {seconds / 3600:.1f} hours; at most {MOST_SECONDS // 3600} are read")
        rate = Fraction(stream.average_rate or stream.guessed_rate or 25)
        if not 0 < rate <= 1000:
            raise DamagedInput(f"the video says that it has {float(rate):g} frames a second")
        first, _ = next(self._decoded(0.0, sparse=False), (None, 0.0))
        if first is None:
            raise DamagedInput("the video has no frame that can be read")
        self._turn = (round(first.rotation / 90) % 4) * 90
        width, height = first.width, first.height
        if self._turn in (90, 270):
            width, height = height, width
        full = int(first.color_range) == 2 or first.format.name.startswith(("yuvj", "rgb", "bgr", "gbr", "gray", "pal"))
        return VideoInfo(
            container=self._container.format.long_name,
            codec=context.name,
            seconds=seconds,
            rate=rate,
            width=width,
            height=height,
            range="FULL" if full else "LIMITED",
        )

    def _decoded(self, start: float, *, sparse: bool) -> Iterator[tuple[Any, float]]:
        """FFmpeg's frames with their seconds, from somewhat before `start` on."""
        from av.error import FFmpegError

        stream = self._stream
        if not self._live:
            self._rewind(start)
        stream.codec_context.skip_frame = "NONREF" if sparse else "DEFAULT"
        clock = _Clock(stream)
        packets = self._container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except (FFmpegError, ValueError, EOFError) as error:
                if self._live:
                    raise DamagedInput(f"the stream broke off ({_reason(error)})") from error
                return  # `frames` compares what was read with what was stated
            if packet is None:
                return
            try:
                decoded = packet.decode()
            except (FFmpegError, ValueError):
                continue
            for raw in decoded:
                yield raw, clock.seconds(raw)

    def _rewind(self, start: float) -> None:
        """Go to the key frame at or before `start`."""
        from av.error import FFmpegError

        stream = self._stream
        try:
            target = (stream.start_time or 0) + int(start / stream.time_base)
            self._container.seek(target, stream=stream, backward=True)
        except (FFmpegError, ValueError, OverflowError) as error:
            if start > 0:
                # A container without an index: it is read from its beginning, and what comes too early is passed over.
                self._container.seek(0, any_frame=False, backward=True)
            else:
                raise DamagedInput(f"the video cannot be read from its beginning ({_reason(error)})") from error

    def _pixels(self, raw: Any, size: tuple[int, int]) -> NDArray[np.uint8]:
        """Upright pixels of that (width, height), whatever the size of this frame is."""
        import numpy as np

        width, height = size if self._turn in (0, 180) else size[::-1]
        pixels: NDArray[np.uint8] = raw.to_ndarray(
            format="rgb24", width=width, height=height, interpolation="AREA" if width < raw.width else "BILINEAR"
        )
        return np.ascontiguousarray(np.rot90(pixels, self._turn // 90)) if self._turn else pixels


class _Clock:
    """When each frame is shown. Some files (AVI with frames that lean on later ones) give wrong times of showing: then
    those of decoding are taken, whichever of the two went backwards less often so far, as FFmpeg's own tools do."""

    def __init__(self, stream: Any) -> None:
        self._origin = stream.start_time or 0
        self._step = float(1 / Fraction(stream.average_rate or stream.guessed_rate or 25))
        self._faults = {"pts": 0, "dts": 0}
        self._before: dict[str, int] = {}
        self._last = -1.0

    def seconds(self, raw: Any) -> float:
        """From the beginning; always later than the frame before."""
        for name in ("pts", "dts"):
            value = getattr(raw, name)
            if value is None or value <= self._before.get(name, value - 1):
                self._faults[name] += 1
            self._before[name] = self._before.get(name, 0) if value is None else value
        name = "pts" if self._faults["pts"] <= self._faults["dts"] else "dts"
        value = getattr(raw, name)
        seconds = self._last if value is None else max(0.0, float((value - self._origin) * raw.time_base))
        if seconds <= self._last:
            seconds = self._last + (self._step if value is None else self._step / 2)
        self._last = max(0.0, seconds)
        return self._last


def _fitting(width: int, height: int, longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def _length(stream: Any, container: Any) -> float:
    if stream.duration and stream.duration > 0:
        return float(stream.duration * stream.time_base)
    length = container.duration
    return 0.0 if length is None or length < 0 else length / 1e6


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)
