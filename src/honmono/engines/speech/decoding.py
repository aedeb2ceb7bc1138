"""A process that decodes one stream of FLAC or Ogg Opus while it comes.

    python -m honmono.engines.speech.decoding flac < sound.flac > sound.raw

It writes a line of JSON, `{"rate": 44100, "channels": 2}`, and then signed 16-bit little-endian samples, interleaved.
What cannot be decoded ends it with status 1 and the reason on stderr. FFmpeg (by PyAV, with GPL libraries in it) and a
hostile stream stay in this process; it ends with the pipe that feeds it.
"""

from __future__ import annotations

import json
import resource
import sys
from io import FileIO
from typing import Any

FORMATS = {"flac": ("flac", "flac"), "ogg-opus": ("ogg", "opus")}
"""FFmpeg's container and codec of each encoding."""
_MEMORY = 2 << 30
_PROBED = 4096


def decode(encoding: str) -> None:
    """Decode stdin to stdout. Raises `ValueError` for what is no sound of the encoding."""
    import av
    from av.error import FFmpegError

    container_format, codec = FORMATS[encoding]
    output = sys.stdout.buffer
    try:
        # Unbuffered, and little is probed: what has come is decoded, and nobody waits for a buffer to be full.
        options = {"probesize": str(_PROBED), "analyzeduration": "0"}
        opened: Any = av.open(
            FileIO(0, closefd=False),
            format=container_format,
            options=options,
            buffer_size=_PROBED,
            metadata_errors="replace",
        )
        with opened as container:
            if not container.streams.audio:
                raise ValueError("it holds no sound")
            stream = container.streams.audio[0]
            if stream.codec_context.name not in (codec, f"lib{codec}"):
                raise ValueError(f"its codec is {stream.codec_context.name}")
            channels = stream.codec_context.channels
            rate = stream.codec_context.rate
            resampler = av.AudioResampler(format="s16", layout=stream.codec_context.layout.name, rate=rate)
            output.write(json.dumps({"rate": rate, "channels": channels}).encode() + b"\n")
            output.flush()
            for packet in container.demux(stream):
                for frame in packet.decode():
                    for ready in resampler.resample(frame):
                        output.write(ready.to_ndarray().tobytes())
                output.flush()
    except (FFmpegError, EOFError) as error:
        raise ValueError(str(getattr(error, "strerror", None) or error)) from error


def main() -> int:
    """The process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        decode(sys.argv[1])
    except ValueError as error:
        sys.stderr.write(str(error)[:500])
        return 1
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
