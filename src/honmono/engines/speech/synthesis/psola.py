"""Pitch, pace and vocal tract of recorded speech, each changed without the others.

Pitch-synchronous overlap-add in the time domain (E. Moulines and F. Charpentier, "Pitch-synchronous waveform processing
techniques for text-to-speech synthesis using diphones", 1990): speech is cut into grains of two periods, which are laid
down again closer together or farther apart, some twice or not at all. Where there is no pitch, grains are of one length,
and one that is laid down twice is turned round, so that hiss does not become a buzz.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOWEST, _HIGHEST = 60.0, 800.0
_HOP_SECONDS = 0.01
_FRAME_SECONDS = 0.04
_VOICED = 0.5
"""Height of the autocorrelation's peak from which on a frame has a pitch."""
_UNVOICED_PERIOD = 0.006


@dataclass(frozen=True, slots=True)
class PitchMarks:
    """Where the grains of a sound are.

    Attributes:
        places: (m,) samples, rising.
        periods: (m,) samples from one to the next.
        voiced: (m,) whether it has a pitch there.
    """

    places: NDArray[np.int64]
    periods: NDArray[np.int64]
    voiced: NDArray[np.bool_]


def fundamentals(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """The fundamental frequency every ten milliseconds in hertz, 0 where there is none.

    The normalised autocorrelation's highest peak, the shortest period among nearly equal ones (after P. Boersma,
    "Accurate short-term analysis of the fundamental frequency", 1993).
    """
    import numpy as np

    hop, width = round(_HOP_SECONDS * rate), round(_FRAME_SECONDS * rate)
    shortest, longest = int(rate / _HIGHEST), math.ceil(rate / _LOWEST)
    if len(samples) < width:
        return np.zeros(0)
    padded = np.pad(samples.astype(np.float64), (width // 2, width))
    count = len(samples) // hop + 1
    frames = np.lib.stride_tricks.sliding_window_view(padded, width)[: count * hop : hop]
    frames = frames - frames.mean(axis=1, keepdims=True)
    window = np.hanning(width)
    size = 1 << (2 * width - 1).bit_length()
    power = np.abs(np.fft.rfft(frames * window, size, axis=1)) ** 2
    correlation = np.fft.irfft(power, size, axis=1)[:, : longest + 2]
    own = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2, size)[: longest + 2]
    energy = correlation[:, :1]
    correlation = correlation / np.maximum(energy, 1e-12) / (own / own[0])
    searched = correlation[:, shortest : longest + 1]
    best = searched.max(axis=1)
    is_peak = (searched >= correlation[:, shortest - 1 : longest]) & (searched >= correlation[:, shortest + 1 :])
    good = is_peak & (searched >= 0.93 * best[:, None])
    lags = np.where(good.any(axis=1), good.argmax(axis=1), searched.argmax(axis=1)) + shortest
    loud = energy[:, 0] > 1e-4 * np.maximum(energy.max(), 1e-9)
    found = np.where((best >= _VOICED) & loud, rate / lags, 0.0)
    return _median(found)


def _median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each five neighbours the middle one: an octave too high or low for one frame is a mistake."""
    import numpy as np

    if len(values) < 5:
        return values
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, 2, mode="edge"), 5)
    return np.asarray(np.median(windows, axis=1))


def pitch_marks(samples: NDArray[np.float32], rate: int) -> PitchMarks:
    """A mark at each period's highest peak; where there is no pitch, one every six milliseconds."""
    import numpy as np

    pitches = fundamentals(samples, rate)
    hop = _HOP_SECONDS * rate
    unvoiced = round(_UNVOICED_PERIOD * rate)
    places: list[int] = []
    periods: list[int] = []
    voiced: list[bool] = []
    at, was_voiced = 0, False
    while at < len(samples):
        pitch = pitches[min(int(at / hop + 0.5), len(pitches) - 1)] if len(pitches) else 0.0
        period = round(rate / pitch) if pitch else unvoiced
        if pitch:
            # The first period is searched whole; the next marks lie a period on, give or take a fifth.
            reach = period // 5 if was_voiced else period // 2
            low, high = max(at - reach, places[-1] + 1 if places else 0), min(at + reach + 1, len(samples))
            if high > low:
                at = low + int(np.argmax(samples[low:high]))
        places.append(at)
        periods.append(period)
        voiced.append(bool(pitch))
        was_voiced = bool(pitch)
        at += period
    return PitchMarks(np.array(places, np.int64), np.array(periods, np.int64), np.array(voiced, np.bool_))


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a stretch of sound.

    Attributes:
        pitch: factor of the fundamental: 2 is an octave up.
        length: factor of the time: 2 is half as fast.
        tract: factor of the vocal tract's length: 1.2 lowers the formants, as a larger speaker's.
    """

    pitch: float = 1.0
    length: float = 1.0
    tract: float = 1.0


def changed(
    samples: NDArray[np.float32], marks: PitchMarks, begin: int, end: int, change: Change, margin: int
) -> NDArray[np.float32]:
    """The samples from `begin` to `end` after a change, with so many samples more on both sides for a cross-fade.

    Returns:
        (2 * margin + round((end - begin) * change.length),) samples.
    """
    import numpy as np

    length = round((end - begin) * change.length)
    out = np.zeros(length + 2 * margin, np.float64)
    weights = np.zeros_like(out)
    if not len(marks.places):
        return out.astype(np.float32)
    # The first mark at or behind the beginning anchors the grid, so that an unchanged sound comes out as it was.
    first = int(np.searchsorted(marks.places, begin - margin / change.length))
    to = float((marks.places[min(first, len(marks.places) - 1)] - begin) * change.length + margin)
    while to > 0:
        to -= float(marks.periods[max(first - 1, 0)]) / change.pitch
    last, turned = -1, False
    while to < len(out) + 2 * int(marks.periods.max()):
        source = begin + (to - margin) / change.length
        mark = _nearest(marks.places, source)
        turned = not turned and mark == last and not marks.voiced[mark]
        last = mark
        period = int(marks.periods[mark])
        _lay(out, weights, samples, round(to), int(marks.places[mark]), period, change.tract, turned)
        to += period / change.pitch if marks.voiced[mark] else period
    # Grains that lie closer than before add up to more than was there, and those farther apart leave it as it is.
    return (out / np.maximum(weights, 1.0)).astype(np.float32)


def _nearest(places: NDArray[np.int64], at: float) -> int:
    import numpy as np

    behind = int(np.searchsorted(places, at))
    if behind == 0:
        return 0
    if behind == len(places) or at - places[behind - 1] <= places[behind] - at:
        return behind - 1
    return behind


def _lay(
    out: NDArray[np.float64],
    weights: NDArray[np.float64],
    samples: NDArray[np.float32],
    to: int,
    place: int,
    period: int,
    tract: float,
    turned: bool,
) -> None:
    """Add a grain of two periods around `place` around `to`."""
    import numpy as np

    offsets = np.arange(-period, period + 1)
    window = 0.5 + 0.5 * np.cos(np.pi * offsets / (period + 1))
    read = -offsets if turned else offsets
    if tract == 1.0:
        sources = np.clip(place + read, 0, len(samples) - 1)
        grain = samples[sources].astype(np.float64)
    else:
        grain = np.interp(place + read / tract, np.arange(len(samples)), samples)
    low, high = max(0, to - period), min(len(out), to + period + 1)
    if low < high:
        inside = slice(low - (to - period), high - (to - period))
        out[low:high] += grain[inside] * window[inside]
        weights[low:high] += window[inside]
