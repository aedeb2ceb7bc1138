"""A recording: what is said in it, and when."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from honmono.cli.kinds import Sample
from honmono.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from honmono.engines.host import EngineHost
    from honmono.engines.speech.audio import AudioInfo

# The first bytes of the containers that `engines.speech.audio` reads; MP4 has its mark at the fifth.
_MARKS = (b"fLaC", b"OggS", b"ID3", b"#!AMR", b"\x1aE\xdf\xa3", b".snd", b"caff", b"riff\x2e\x91\xcf\x11")
_MINUTES = 5


class Recording:
    """Sound, or a video with sound, in any form that FFmpeg knows by its head."""

    def recognises(self, sample: Sample) -> bool:
        """Whether the head is one of WAV, AIFF, FLAC, Ogg, MP3, AAC, MP4, Matroska, WebM, AMR, AU, CAF or Wave64."""
        head = sample.head
        return (
            head.startswith(_MARKS)
            or (head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE")
            or (head[:4] == b"FORM" and head[8:11] == b"AIF")
            or head[4:8] == b"ftyp"
            # MPEG audio and ADTS: eleven bits of ones, a version that there is, and no Layer I, whose head may be UTF-16.
            or (
                head[:1] == b"\xff"
                and len(head) > 2
                and head[1] >= 0xE0
                and head[1] & 0x18 != 0x08
                and head[1] & 0x06 != 0x06
                and head[2] < 0xF0
            )
        )

    def show(self, sample: Sample, engines: EngineHost, screen: Console) -> None:
        """Write down the first minutes, each sentence with its time."""
        import numpy as np
        from rich.panel import Panel

        from honmono.engines.speech.audio import RATE, AudioFile
        from honmono.engines.speech.pieces import pieces

        source: Path | BinaryIO = sample.path if sample.path is not None else BytesIO(sample.head)
        with AudioFile(source) as file:
            (piece,) = islice(pieces(file.blocks(), _MINUTES * 60 * RATE), 1)
            info = file.info
        samples = piece.mean(axis=0, dtype=np.float32)
        listener = engines.get("speech-recognition")
        language = listener.identify(samples)[0]
        transcript = listener.transcribe(samples, language.code)
        lines = [f"[bold]{say('Language')}[/bold] {language.code}  {language.score:.2f}"]
        lines.append(f"[dim]{_form(info)}; {engines.identity('speech-recognition')}[/dim]")
        if info.seconds is not None and info.seconds > _MINUTES * 60:
            lines.append(f"[dim]{say('the first {minutes} minutes', minutes=_MINUTES)}[/dim]")
        lines.append("")
        from rich.markup import escape

        lines += [
            f"[cyan]{clock(segment.begin)} – {clock(segment.end)}[/cyan]  {escape(segment.text.strip())}"
            for segment in transcript.segments
        ]
        if not transcript.segments:
            lines.append(say("Nobody speaks."))
        screen.print(Panel("\n".join(lines), title=sample.name, title_align="left", width=min(screen.width, 100)))


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(75.26)
    '1:15.3'
    """
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def _form(info: AudioInfo) -> str:
    length = "" if info.seconds is None else f", {clock(info.seconds)}"
    return f"{info.codec}, {info.rate} Hz, {say('channels: {count}', count=info.channels)}{length}"
