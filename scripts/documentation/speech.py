"""A sentence from the waveform to MFCC, and the filters of the ear, as pictures: SVG, computed when the script runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from honmono.engines.speech import features
from honmono.evaluation.pictures.heatmaps import fill
from honmono.evaluation.pictures.svg import Drawing, Plot

_LEFT, _WIDE = 84, 700
_BANDS, _COEFFICIENTS = 40, 13
SpokenWord = tuple[str, float, float]
"""A word, and the seconds between which it is spoken."""


def steps(samples: NDArray[np.floating], rate: int, words: Sequence[SpokenWord]) -> str:
    """Four panels, one above the other, with one axis of time."""
    seconds = len(samples) / rate
    spoken = " ".join(word for word, _, _ in words)
    drawing = Drawing(
        820,
        880,
        "From a waveform to MFCC",
        f"“{spoken}”, {seconds:.1f} seconds: the waveform, its spectrogram up to {rate // 2} Hz, the mel spectrogram in "
        f"{_BANDS} bands, and {_COEFFICIENTS} cepstral coefficients. Vowels are bright stripes, s is bright at the top.",
    )
    across = (0.0, seconds)
    ticks = [(tenth / 2, f"{tenth / 2:g}") for tenth in range(int(seconds * 2) + 1)]
    tops = iter((60, 250, 470, 690))

    wave = _panel(drawing, next(tops), 110, "Waveform 波形", across, (-1, 1))
    wave.axes("", "", [], [(-1, "-1"), (0, "0"), (1, "1")])
    loudest = float(np.abs(samples).max())
    drawing.area(_outline(wave, samples / loudest, rate), "first")
    for word, begin, end in words:
        x, _ = wave.at((begin + end) / 2, 0)
        drawing.text(x, wave.top + wave.high + 18, word, anchor="middle")

    power = features.power_spectrogram(samples)
    spectrum = _panel(
        drawing, next(tops), 150, "Spectrogram, short-time Fourier transform フーリエ変換", across, (0, 8)
    )
    spectrum.axes("", "kHz", [], [(each, str(each)) for each in (0, 2, 4, 6, 8)])
    fill(spectrum, features.decibels(power, depth=70))

    mel = _panel(drawing, next(tops), 150, f"Mel spectrogram, {_BANDS} bands メルフィルタバンク", across, (0, _BANDS))
    middles = features.hertz(np.linspace(0, float(features.mels(rate / 2)), _BANDS + 2))[1:-1]
    labels = [
        (int(np.abs(middles - each).argmin()) + 0.5, f"{each / 1000:g}") for each in (250, 1000, 2000, 4000, 7000)
    ]
    mel.axes("", "kHz", [], labels)
    levels = features.decibels(features.mel_spectrogram(samples, rate, _BANDS), depth=70)
    fill(mel, levels)

    cepstrum = _panel(drawing, next(tops), 130, "MFCC メル周波数ケプストラム係数", across, (0, _COEFFICIENTS))
    cepstrum.axes("seconds", "coefficient", ticks, [(each + 0.5, str(each)) for each in (0, 4, 8, 12)])
    coefficients = features.mel_cepstrum(levels, _COEFFICIENTS)
    spread = coefficients.std(axis=0)
    # Each in units of its own spread: the first is loudness, ten times as great as the rest.
    fill(cepstrum, (coefficients - coefficients.mean(axis=0)) / np.maximum(spread, 1e-9), lowest=-2.5, highest=2.5)
    return drawing.render()


def filters(rate: int = 16_000, bands: int = 16) -> str:
    """The filter bank: triangles over the frequencies."""
    bank = features.mel_filters(rate, bands=bands, equal_areas=False)
    kilohertz = features.bin_frequencies(rate) / 1000
    drawing = Drawing(
        820,
        300,
        "A mel filter bank",
        f"{bands} triangles over 0 to {rate // 2} Hz: narrow and near each other below 1,000 Hz, ever wider above.",
    )
    drawing.text(24, 34, f"Mel filter bank メルフィルタバンク: {bands} bands", "head")
    plot = Plot(drawing, (_LEFT, 60, _WIDE, 170), (0, rate / 2000), (0, 1))
    plot.axes("kHz", "weight", [(each, str(each)) for each in range(9)], [(0, "0"), (0.5, ".5"), (1, "1")])
    for number, weights in enumerate(bank):
        heard = np.flatnonzero(weights)
        first, last = max(0, heard[0] - 1), min(len(weights) - 1, heard[-1] + 1)
        kind = "line " + ("first", "second", "third", "fourth")[number % 4]
        drawing.line([plot.at(kilohertz[each], weights[each]) for each in range(first, last + 1)], kind)
    return drawing.render()


def _panel(
    drawing: Drawing, top: float, high: float, title: str, x: tuple[float, float], y: tuple[float, float]
) -> Plot:
    drawing.text(24, top - 16, title, "head")
    return Plot(drawing, (_LEFT, top, _WIDE, high), x, y)


def _outline(plot: Plot, samples: NDArray[np.floating], rate: int) -> list[tuple[float, float]]:
    """The highest and the lowest sample of each pixel, there and back."""
    columns = np.array_split(samples, _WIDE)
    times = np.linspace(0, len(samples) / rate, _WIDE)
    upper = [plot.at(time, float(part.max())) for time, part in zip(times, columns, strict=True)]
    lower = [plot.at(time, float(part.min())) for time, part in zip(times, columns, strict=True)]
    return upper + lower[::-1]
