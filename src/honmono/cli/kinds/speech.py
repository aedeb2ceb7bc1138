"""A document of SSML: spoken into a file, and drawn word by word."""

from __future__ import annotations

import wave
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.cli import failures
from honmono.cli.kinds import Sample
from honmono.words import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console

    from honmono.engines.host import EngineHost
    from honmono.engines.speech.synthesis.said import Said

_BYTES = 6_000  # as much as Polly takes at once
_VOICES = {
    "ja": "jf_alpha",
    "es": "ef_dora",
    "fr": "ff_siwis",
    "it": "if_sara",
    "pt": "pf_dora",
    "cmn": "zf_xiaoxiao",
    "hi": "hf_alpha",
}
_HEARD = 1 / 16
"""Of the loudest moment: below it the curve shows nothing."""
_COLUMNS = 72
_LEVELS = " ▁▂▃▄▅▆▇█"


class Speech:
    """SSML, which is written to be spoken: `<speak>Hello, world</speak>`."""

    def recognises(self, sample: Sample) -> bool:
        """Whether it begins as SSML does."""
        head = sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return head.startswith((b"<speak>", b"<speak "))

    def show(self, sample: Sample, engines: EngineHost, screen: Console) -> None:
        """Speak it with the voice of its language into `speech.wav`, and draw when each word is said."""
        from honmono.engines.speech.reading import ReadingError, read_ssml

        document = sample.read(_BYTES).decode("utf-8", "replace")
        language = _language(document)
        try:
            sentences = read_ssml(document, language)
        except ReadingError as error:
            raise failures.stop(str(error)) from error
        engine = engines.get("speech-synthesis")
        voice = _voice(language)
        sounds: list[Said] = [engine.say(sentence, voice, "neural") for sentence in sentences]
        path = _unused()
        seconds = _save(path, sounds)
        _draw(screen, sample.name, sounds)
        screen.print(
            say(
                "{seconds:.1f} s of speech are in {path} (voice {voice}, {engine}).",
                seconds=seconds,
                path=path,
                voice=voice,
                engine=engines.identity("speech-synthesis"),
            ),
            markup=False,
        )


def _language(document: str) -> str:
    """The language that the root element names, US English where it names none."""
    head = document.partition(">")[0]
    for quote in "\"'":
        named = head.partition(f"xml:lang={quote}")[2].partition(quote)[0]
        if named:
            return named
    return "en-US"


def _voice(language: str) -> str:
    if language == "en-GB":
        return "bf_emma"
    return _VOICES.get(language.partition("-")[0], "af_heart")


def _unused() -> Path:
    names = (Path(f"speech{f'-{number}' if number else ''}.wav") for number in count())
    return next(path for path in names if not path.exists())


def _save(path: Path, sounds: list[Said]) -> float:
    """Write the sounds one behind the other; the answer is their length in seconds."""
    from honmono.engines.speech.codecs import sixteen_bits

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sounds[0].rate if sounds else 24_000)
        for sound in sounds:
            file.writeframes(sixteen_bits(sound.samples.clip(-1.0, 1.0)))
    return sum(len(sound.samples) / sound.rate for sound in sounds)


def _draw(screen: Console, name: str, sounds: list[Said]) -> None:
    from rich.panel import Panel
    from rich.text import Text

    drawn = Text()
    for sound in sounds:
        curve = _curve(sound.samples)
        drawn.append(curve + "\n", style="cyan")
        line = [" "] * len(curve)
        free = 0
        for mark in sound.marks:
            at = round(mark.seconds * sound.rate / max(1, len(sound.samples)) * len(curve))
            if mark.kind == "word" and at >= free and at + len(mark.value) <= len(line):
                line[at : at + len(mark.value)] = mark.value
                free = at + len(mark.value) + 1
        drawn.append("".join(line).rstrip() + "\n")
    screen.print(Panel(drawn, title=name, title_align="left", width=min(screen.width, _COLUMNS + 8)))


def _curve(samples: NDArray[np.float32]) -> str:
    """How loud each stretch is, as a line of blocks."""
    import numpy as np

    if not len(samples):
        return ""
    loud = [float(np.sqrt((part**2).mean())) if len(part) else 0.0 for part in np.array_split(samples, _COLUMNS)]
    top = max(max(loud), 1e-6)
    return "".join(_LEVELS[0 if share < _HEARD else round(share * 8)] for share in (each / top for each in loud))
