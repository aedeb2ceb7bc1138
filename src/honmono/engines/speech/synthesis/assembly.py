"""A sentence of phrases, pauses and marks, put together in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from honmono.engines.speech.synthesis.fitting import spoken
from honmono.engines.speech.synthesis.phrase import Phrase, Speaker
from honmono.engines.speech.synthesis.said import Said, SpokenMark, Voice
from honmono.engines.speech.utterance import Mark, Pause, Sentence, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_PAUSE = 10.0
_HEARD_PAUSE = 0.15
"""Seconds from which on a pause ends a phrase, and the melody before it falls as at a comma."""
_FADE = 0.005
_ORDER = {"sentence": 0, "ssml": 1, "word": 2, "viseme": 3}


def assemble(sentence: Sentence, speaker: Speaker, voice: Voice) -> Said:
    """Speak the phrases, be silent in the pauses, and say when everything is.

    Raises: see `Speaker.speak`.
    """
    import numpy as np

    sounds: list[NDArray[np.float32]] = []
    marks: list[SpokenMark] = []
    at, start = 0, None
    for group in _groups(sentence):
        if isinstance(group, Pause):
            silence = round(min(max(group.seconds, 0.0), _LONGEST_PAUSE) * voice.rate)
            sounds.append(np.zeros(silence, np.float32))
            if silence and start is not None:
                marks.append(SpokenMark("viseme", at / voice.rate, sentence.begin, sentence.end, "sil"))
            at += silence
            continue
        words = [part for part in group if isinstance(part, Word)]
        phrase = Phrase(np.zeros(0, np.float32), voice.rate)
        if words:
            phrase = spoken(words, speaker, voice.id)
        if words and start is None:
            start = at
        marks += _marks(group, phrase, at)
        sounds.append(_faded(phrase.samples, voice.rate))
        at += len(phrase.samples)
    samples = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
    if start is not None:
        marks.append(
            SpokenMark("sentence", start / voice.rate, sentence.begin, sentence.end, sentence.text, at / voice.rate)
        )
    marks.sort(key=lambda mark: (mark.seconds, _ORDER[mark.kind]))
    return Said(samples, voice.rate, marks)


def _groups(sentence: Sentence) -> Iterator[Pause | list[Word | Mark]]:
    """The parts in phrases and pauses; before a pause that is heard, a word without punctuation gets a comma."""
    waiting: list[Word | Mark] = []
    for part in sentence.parts:
        if not isinstance(part, Pause):
            waiting.append(part)
            continue
        if part.seconds <= 0:
            continue
        if part.seconds >= _HEARD_PAUSE:
            last = next((at for at in reversed(range(len(waiting))) if isinstance(waiting[at], Word)), None)
            if last is not None:
                word = waiting[last]
                assert isinstance(word, Word)
                waiting[last] = word if word.behind else replace(word, behind=",")
        if waiting:
            yield waiting
        waiting = []
        yield part
    if waiting:
        yield waiting


def _marks(group: list[Word | Mark], phrase: Phrase, shift: int) -> Iterator[SpokenMark]:
    """The marks of a phrase; a `Mark` is where the word behind it begins, at the end where there is none."""
    rate = phrase.rate
    words = [part for part in group if isinstance(part, Word)]
    number = 0
    for part in group:
        if isinstance(part, Mark):
            at = phrase.words[number][0] if number < len(words) else len(phrase.samples)
            yield SpokenMark("ssml", (at + shift) / rate, part.begin, part.end, part.name, (at + shift) / rate)
            continue
        begin, end = phrase.words[number]
        yield SpokenMark("word", (begin + shift) / rate, part.begin, part.end, part.text, (end + shift) / rate)
        number += 1
    untils = [*(face.sample for face in phrase.faces[1:]), len(phrase.samples)]
    for face, until in zip(phrase.faces, untils, strict=False):
        word = words[face.word]
        yield SpokenMark(
            "viseme", (face.sample + shift) / rate, word.begin, word.end, face.viseme, (until + shift) / rate
        )


def _faded(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """The sound with edges that do not click."""
    import numpy as np

    length = min(round(_FADE * rate), len(samples) // 2)
    if not length:
        return samples
    slope = np.linspace(0, 1, length, endpoint=False, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= slope
    faded[-length:] *= slope[::-1]
    return faded
