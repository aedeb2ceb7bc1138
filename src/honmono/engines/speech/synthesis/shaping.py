"""What the words' styles ask for and the voice did not do itself: the rest of the pace, pitch, volume and effects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedInput
from honmono.engines.speech.synthesis import effects
from honmono.engines.speech.synthesis.phrase import Phrase
from honmono.engines.speech.synthesis.psola import Change, changed, pitch_marks
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EMPHASIS_PACE = {-1: 1.1, 0: 1.0, 1: 0.92, 2: 0.82}
_EMPHASIS_PITCH = {-1: -0.5, 0: 0.0, 1: 0.8, 2: 1.5}
_EMPHASIS_VOLUME = {-1: -3.0, 0: 0.0, 1: 1.5, 2: 3.0}
"""Who stresses a word says it slower, higher and louder (reduced: the contrary)."""
_NEAR = 0.03
"""Differences of pace that nobody hears are left."""
_WIDEST_PITCH = 24.0
_FADE = 0.005

_COLOURS: dict[str, Callable[[NDArray[np.float32], int], NDArray[np.float32]]] = {
    "whispered": effects.whispered,
    "soft": effects.softened,
    "drc": effects.compressed,
    "expletive": effects.beep,
}


def pace(word: Word) -> float:
    """How much faster than the voice's own pace a word is to be said: 2 is twice as fast."""
    return word.style.rate * _EMPHASIS_PACE.get(word.style.emphasis, 1.0)


def shaped(phrase: Phrase, words: Sequence[Word]) -> Phrase:
    """The phrase with its words' styles.

    Raises:
        UnsupportedInput: an effect that is not known.
    """
    changes = [_change(word, speed) for word, speed in zip(words, phrase.speeds, strict=True)]
    phrase = _moved(phrase, changes)
    phrase = _coloured(phrase, words)
    spans = [
        (begin, end, word.style.volume + _EMPHASIS_VOLUME.get(word.style.emphasis, 0.0))
        for (begin, end), word in zip(_territories(phrase), words, strict=True)
    ]
    if any(decibels for _, _, decibels in spans):
        phrase = replace(phrase, samples=effects.amplified(phrase.samples, phrase.rate, spans))
    return replace(phrase, samples=effects.limited(phrase.samples, phrase.rate))


def _change(word: Word, speed: float) -> Change:
    length = speed / pace(word)
    semitones = word.style.pitch + _EMPHASIS_PITCH.get(word.style.emphasis, 0.0)
    tract = 1.0
    for effect in word.style.effects:
        name, _, value = effect.partition(":")
        if name == "vocal-tract-length":
            tract = _tract(value)
    return Change(
        pitch=2 ** (min(max(semitones, -_WIDEST_PITCH), _WIDEST_PITCH) / 12),
        length=1.0 if abs(length - 1) < _NEAR else length,
        tract=tract,
    )


def _tract(value: str) -> float:
    """`+10%` → 1.1, held between half and double as Polly does."""
    try:
        return min(max(1 + float(value.removesuffix("%")) / 100, 0.5), 2.0)
    except ValueError as error:
        raise UnsupportedInput(f"vocal-tract-length is a percentage like +10%, not {value!r}") from error


def _territories(phrase: Phrase) -> list[tuple[int, int]]:
    """The samples that go with each word: up to the next one's beginning; the first has the lead too."""
    begins = [begin for begin, _ in phrase.words]
    edges = [0, *begins[1:], len(phrase.samples)] if begins else []
    return list(pairwise(edges))


def _moved(phrase: Phrase, changes: list[Change]) -> Phrase:
    """The phrase after changes of its words' pitch, length and tract; neighbours of one change go together."""
    import numpy as np

    neutral = Change()
    if all(change == neutral for change in changes) or not len(phrase.samples):
        return phrase
    marks = pitch_marks(phrase.samples, phrase.rate)
    margin = round(_FADE * phrase.rate)
    groups: list[tuple[int, int, Change]] = []
    for (begin, end), change in zip(_territories(phrase), changes, strict=True):
        if groups and groups[-1][2] == change:
            groups[-1] = (groups[-1][0], end, change)
        elif end > begin:
            groups.append((begin, end, change))
    pieces: list[NDArray[np.float32]] = []
    olds, news = [0], [0]
    for begin, end, change in groups:
        if change == neutral:
            padded = np.pad(phrase.samples, margin)
            pieces.append(padded[begin : end + 2 * margin])
        else:
            pieces.append(changed(phrase.samples, marks, begin, end, change, margin))
        olds.append(end)
        news.append(news[-1] + len(pieces[-1]) - 2 * margin)

    def moved(sample: int) -> int:
        return round(float(np.interp(sample, olds, news)))

    return Phrase(
        _joined(pieces, margin),
        phrase.rate,
        [(moved(begin), moved(end)) for begin, end in phrase.words],
        [replace(face, sample=moved(face.sample)) for face in phrase.faces],
        phrase.speeds,
    )


def _joined(pieces: list[NDArray[np.float32]], margin: int) -> NDArray[np.float32]:
    """Pieces one behind the other, cross-faded over the margins that each has on both sides."""
    import numpy as np

    length = sum(len(piece) - 2 * margin for piece in pieces)
    out = np.zeros(length + 2 * margin, np.float32)
    rise = np.linspace(0, 1, 2 * margin, endpoint=False, dtype=np.float32)
    at = 0
    for number, piece in enumerate(pieces):
        faded = piece.copy()
        if number and len(faded) >= 2 * margin:
            faded[: 2 * margin] *= rise
        if number < len(pieces) - 1 and len(faded) >= 2 * margin:
            faded[-2 * margin :] *= 1 - rise
        out[at : at + len(piece)] += faded
        at += len(piece) - 2 * margin
    return out[margin : margin + length]


def _coloured(phrase: Phrase, words: Sequence[Word]) -> Phrase:
    """The phrase with whispered, soft and compressed stretches."""
    import numpy as np

    chosen = []
    for word in words:
        asked = {effect.partition(":")[0] for effect in word.style.effects}
        if unknown := asked - set(_COLOURS) - {"vocal-tract-length", "max-duration"}:
            raise UnsupportedInput(f"there is no effect {', '.join(sorted(unknown))}")
        chosen.append([name for name in _COLOURS if name in asked])
    samples = phrase.samples
    for name, colour in _COLOURS.items():
        if not any(name in names for names in chosen):
            continue
        share = np.zeros(len(samples), np.float64)
        for (begin, end), names in zip(_territories(phrase), chosen, strict=True):
            share[begin:end] = name in names
        width = max(1, phrase.rate // 100)
        share = np.convolve(
            np.pad(share, (width // 2, width - 1 - width // 2), mode="edge"), np.ones(width) / width, "valid"
        )
        samples = (samples * (1 - share) + colour(samples, phrase.rate) * share).astype(np.float32)
    return replace(phrase, samples=samples)
