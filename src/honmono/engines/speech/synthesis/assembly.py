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
_FAINT = 0.02
"""Of the loudest sample: what is below is silence."""
_TAIL = 0.015
_ORDER = {"sentence": 0, "ssml": 1, "word": 2, "viseme": 3}


def assemble(sentence: Sentence, speaker: Speaker, voice: Voice) -> Said:
    """Speak the phrases, be silent in the pauses, and say when everything is.

    A pause is the whole silence from the end of a word to the beginning of the next: it stands for that of the
    punctuation.

    Raises: see `Speaker.speak`.
    """
    import numpy as np

    sounds: list[NDArray[np.float32]] = []
    marks: list[SpokenMark] = []
    at, start = 0, None
    silence: float | None = None
    groups = list(_groups(sentence))
    for number, group in enumerate(groups):
        if isinstance(group, Pause):
            silence = min(max(group.seconds, 0.0), _LONGEST_PAUSE) + (silence or 0.0)
            if number < len(groups) - 1 and isinstance(groups[number + 1], Pause):
                continue
            following = groups[number + 1 :]
            length = round(silence * voice.rate)
            if not following:
                sounds.append(np.zeros(length, np.float32))
            if silence and start is not None:
                marks.append(SpokenMark("viseme", at / voice.rate, sentence.begin, sentence.end, "sil"))
            if not following:
                at += length
            continue
        words = [part for part in group if isinstance(part, Word)]
        phrase = Phrase(np.zeros(0, np.float32), voice.rate)
        if words:
            phrase = spoken(words, speaker, voice.id)
            if number < len(groups) - 1:
                phrase = _without_tail(phrase)
        lead = phrase.words[0][0] if phrase.words else 0
        if silence is not None:
            # The quiet before the first word is part of the pause.
            missing = round(silence * voice.rate) - lead
            if missing < 0:
                phrase = _without_lead(phrase, -missing)
            sounds.append(np.zeros(max(missing, 0), np.float32))
            at += max(missing, 0)
            silence = None
        if words and start is None:
            start = at + phrase.words[0][0] if number else at
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
    """The parts in phrases and pauses. A word before a pause that is heard, and the sentence's last, have a sign."""
    parts = list(sentence.parts)
    words = [index for index, part in enumerate(parts) if isinstance(part, Word)]
    if words:
        parts[words[-1]] = _signed(parts[words[-1]], ".")
    before: int | None = None
    for index, part in enumerate(parts):
        if isinstance(part, Word):
            before = index
        elif isinstance(part, Pause) and part.seconds >= _HEARD_PAUSE and before is not None:
            parts[before] = _signed(parts[before], ",")
    waiting: list[Word | Mark] = []
    for part in parts:
        if not isinstance(part, Pause):
            waiting.append(part)
            continue
        if waiting:
            yield waiting
        waiting = []
        yield part
    if waiting:
        yield waiting


def _signed(part: Word | Pause | Mark, sign: str) -> Word:
    assert isinstance(part, Word)
    return part if part.behind else replace(part, behind=sign)


def _without_tail(phrase: Phrase) -> Phrase:
    """The phrase up to where it can still be heard."""
    import numpy as np

    if not len(phrase.samples) or not phrase.words:
        return phrase
    levels = np.abs(phrase.samples)
    heard = np.flatnonzero(levels > max(_FAINT * float(levels.max()), 1e-4))
    end = min(len(levels), int(heard[-1]) + 1 + round(_TAIL * phrase.rate)) if len(heard) else len(levels)
    end = max(end, phrase.words[-1][0])
    return replace(
        phrase,
        samples=phrase.samples[:end],
        words=[(min(begin, end), min(behind, end)) for begin, behind in phrase.words],
        faces=[face for face in phrase.faces if face.sample < end],
    )


def _without_lead(phrase: Phrase, samples: int) -> Phrase:
    """The phrase without so many of its first samples, all of them before its first word."""
    return replace(
        phrase,
        samples=phrase.samples[samples:],
        words=[(begin - samples, end - samples) for begin, end in phrase.words],
        faces=[replace(face, sample=face.sample - samples) for face in phrase.faces],
    )


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
