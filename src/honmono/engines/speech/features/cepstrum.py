"""Mel-frequency cepstral coefficients (S. B. Davis and P. Mermelstein, 1980), and how they change in time (S. Furui,
"Speaker-independent isolated word recognition using dynamic features of speech spectrum", 1986)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from honmono.engines.speech.features.mel import Scale, decibels, mel_spectrogram
from honmono.engines.speech.features.spectrum import HOP, LENGTH, SIZE, Reals, Window


def cosine_transform(values: NDArray[np.floating], count: int | None = None) -> Reals:
    """The discrete cosine transform (type II, orthonormal) along the last axis: how much of ever faster waves there is
    in a row of numbers (N. Ahmed, T. Natarajan and K. R. Rao, 1974).

    Args:
        values: (…, n).
        count: how many of the slowest waves; all where nothing is said.

    Returns:
        (…, count). Without a count the squares sum up to those of the values.

    >>> cosine_transform(np.array([[1.0, 1.0, 1.0, 1.0]]), 1)
    array([[2.]])
    """
    given = np.asarray(values, np.float64)
    number = given.shape[-1]
    kept = number if count is None else count
    if not 1 <= kept <= number:
        raise ValueError(f"{kept} coefficients cannot be had of {number} values")
    waves = np.cos(np.pi * np.arange(kept)[:, None] * (2 * np.arange(number) + 1) / (2 * number))
    waves *= np.sqrt(2 / number)
    waves[0] /= np.sqrt(2)
    return np.asarray(given @ waves.T)


def mel_cepstrum(levels: NDArray[np.floating], count: int = 13) -> Reals:
    """MFCC of a mel spectrogram in decibels: (frames, bands) → (frames, count)."""
    return cosine_transform(levels, count)


def mfcc(
    samples: NDArray[np.floating],
    rate: int,
    count: int = 13,
    bands: int = 40,
    length: int = LENGTH,
    hop: int = HOP,
    size: int = SIZE,
    kind: Window = "hann",
    lowest: float = 0.0,
    highest: float | None = None,
    scale: Scale = "slaney",
    equal_areas: bool = True,
    depth: float | None = 80.0,
) -> Reals:
    """The shape of the mouth in a few numbers: the first coefficient is the loudness, the next ones the coarse form of
    the spectrum, in which the vowels differ; what is left out is the voice's pitch.

    Args:
        samples: (n,).
        rate: samples a second.
        count: coefficients.
        bands, lowest, highest, scale, equal_areas: as in `mel_filters`.
        length, hop, size, kind: as in `stft`.
        depth: as in `decibels`.

    Returns:
        (frames, count).
    """
    power = mel_spectrogram(samples, rate, bands, length, hop, size, kind, lowest, highest, scale, equal_areas)
    return mel_cepstrum(decibels(power, depth=depth), count)


def deltas(features: NDArray[np.floating], reach: int = 2) -> Reals:
    """How features change: the slope of the line through a frame and `reach` frames on either side of it, a frame
    (HTK book, equation 5.16). Deltas of deltas are the acceleration.

    Args:
        features: (frames, n); the first and the last are thought to go on for ever.
        reach: 1 or more.

    Returns:
        (frames, n).

    >>> deltas(np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])).ravel()
    array([0.5, 0.8, 1. , 0.8, 0.5])
    """
    if reach < 1:
        raise ValueError(f"reach must be 1 or more, not {reach}")
    given = np.asarray(features, np.float64)
    number = len(given)
    if not number:
        return given.copy()
    padded = np.pad(given, ((reach, reach), (0, 0)), mode="edge")
    slopes = np.zeros_like(given)
    for step in range(1, reach + 1):
        later = padded[reach + step : reach + step + number]
        earlier = padded[reach - step : reach - step + number]
        slopes += step * (later - earlier)
    return slopes / (2 * sum(step * step for step in range(1, reach + 1)))
