"""From a text to bytes: read it, speak it sentence by sentence, and write the sound or the marks as they are made."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from honmono.engines.speech.reading import read_ssml, read_text
from honmono.engines.speech.reading.lexicon import Lexicon
from honmono.services.polly.speech import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.speech.codecs import Encoder, Format
    from honmono.engines.speech.synthesis.said import Said, SpokenMark
    from honmono.engines.speech.utterance import Sentence

LONGEST_AT_ONCE = 600.0
"""Seconds of sound that SynthesizeSpeech gives; what comes behind is cut off, as on AWS."""


def read(speech: Speech) -> list[Sentence]:
    """The sentences of a text.

    Raises ReadingError.
    """
    lexicons = [
        # A lexicon of an accent that the voice has not (en-AU, read as en-GB) holds all the same.
        replace(Lexicon.parse(content.encode("utf-8", "surrogatepass"), name), language=speech.reads)
        for name, content in speech.lexicons
    ]
    if speech.is_ssml:
        return read_ssml(speech.text, speech.reads, lexicons, neural=speech.kind == "neural")
    return read_text(speech.text, speech.reads, lexicons)


def said(speech: Speech, engine: Any, sentences: list[Sentence]) -> Generator[Said]:
    """The sentences as they sound, one after the other.

    Raises EngineError.
    """
    for sentence in sentences:
        yield engine.say(sentence, speech.voice, speech.kind)


def written(speech: Speech, sounds: Generator[Said], longest: float = float("inf")) -> Generator[bytes]:
    """The sounds in the speech's format, as they are made.

    Args:
        speech: says the format, the rate and the types of marks.
        sounds: sentence by sentence.
        longest: seconds after which the rest is cut off.
    """
    writer = Marks(speech.marks) if speech.form == "json" else Sounds(speech)
    passed = 0.0
    with closing(sounds):
        for sound in sounds:
            left = longest - passed
            sound = _cut(sound, left)
            passed += len(sound.samples) / sound.rate
            if piece := writer.add(sound):
                yield piece
            if passed >= longest:
                break
    if piece := writer.finish():
        yield piece


class Sounds:
    """Writes sentences into one of the audio formats."""

    def __init__(self, speech: Speech, made_at: int = 0) -> None:
        """`made_at`: samples a second of what comes, where it is known; else the first sentence tells."""
        self._form = cast("Format", speech.form)
        self._rate = speech.rate
        self._made_at = made_at
        self._encoder: Encoder | None = None

    def add(self, sound: Said) -> bytes:
        """The bytes that are ready after one more sentence."""
        self._made_at = self._made_at or sound.rate
        return self.encode(sound.samples)

    def encode(self, samples: NDArray[np.float32]) -> bytes:
        """The bytes that are ready after these samples."""
        return self._started().encode(samples)

    def finish(self) -> bytes:
        """The last bytes."""
        return self._started().finish()

    def _started(self) -> Encoder:
        from honmono.engines.speech.codecs import encoder

        if self._encoder is None:
            self._encoder = encoder(self._form, self._made_at or self._rate, self._rate)
        return self._encoder


class Marks:
    """Writes speech marks, one a line. Source: "Speech mark output" in the Polly developer guide.

    Args:
        types: which of them.
        passed: seconds of sound before the first sentence that is added.
    """

    def __init__(self, types: tuple[str, ...], passed: float = 0.0) -> None:
        self._types = types
        self._passed = passed

    def add(self, sound: Said) -> bytes:
        """The lines of one more sentence."""
        lines = [_line(mark, self._passed) for mark in sound.marks if mark.kind in self._types]
        self._passed += len(sound.samples) / sound.rate
        return "".join(lines).encode()

    def finish(self) -> bytes:
        """Nothing: a line stands for itself."""
        return b""


def _line(mark: SpokenMark, passed: float) -> str:
    time = {"time": round((passed + mark.seconds) * 1000), "type": mark.kind}
    place = {} if mark.kind == "viseme" else {"start": mark.begin, "end": mark.end}
    line = {**time, **place, "value": mark.value}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _cut(sound: Said, seconds: float) -> Said:
    if len(sound.samples) <= seconds * sound.rate:
        return sound
    kept = [mark for mark in sound.marks if mark.seconds < seconds]
    return replace(sound, samples=sound.samples[: int(seconds * sound.rate)], marks=kept)
