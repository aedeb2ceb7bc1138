"""The ear's scale: it tells 200 from 300 Hz as well as 4,000 from 5,500 (S. S. Stevens, J. Volkmann and E. B. Newman,
"A scale for the measurement of the psychological magnitude pitch", 1937)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from honmono.engines.speech.features.spectrum import HOP, LENGTH, SIZE, Reals, Window, power_spectrogram

Scale = Literal["slaney", "htk"]

_STEP, _BEND = 200 / 3, 1000.0
_BEND_MELS = _BEND / _STEP
_LOG_STEP = np.log(6.4) / 27


def mels(frequencies: ArrayLike, scale: Scale = "slaney") -> Reals:
    """Hertz to mels.

    Args:
        frequencies: of any shape.
        scale: "slaney" is straight up to 1,000 Hz and logarithmic above (Slaney 1998); "htk" is
            2595 · log10(1 + f / 700) (O'Shaughnessy 1987). They count in units of their own.

    >>> mels([0, 1000, 6400]), mels([0, 1000], "htk").round()
    (array([ 0., 15., 42.]), array([   0., 1000.]))
    """
    given = np.asarray(frequencies, np.float64)
    if _checked(scale) == "htk":
        return np.asarray(2595 * np.log10(1 + given / 700))
    above = _BEND_MELS + np.log(np.maximum(given, _BEND) / _BEND) / _LOG_STEP
    return np.where(given < _BEND, given / _STEP, above)


def hertz(values: ArrayLike, scale: Scale = "slaney") -> Reals:
    """Mels to hertz: the inverse of `mels`.

    >>> hertz(mels([50.0, 440.0, 7000.0])).round(6)
    array([  50.,  440., 7000.])
    """
    given = np.asarray(values, np.float64)
    if _checked(scale) == "htk":
        return np.asarray(700 * (10 ** (given / 2595) - 1))
    above = _BEND * np.exp(_LOG_STEP * (np.maximum(given, _BEND_MELS) - _BEND_MELS))
    return np.where(given < _BEND_MELS, given * _STEP, above)


def mel_filters(
    rate: int,
    size: int = SIZE,
    bands: int = 80,
    lowest: float = 0.0,
    highest: float | None = None,
    scale: Scale = "slaney",
    equal_areas: bool = True,
) -> Reals:
    """Triangles that overlap, equally wide on the ear's scale: a row for each band, its weight of each frequency.

    Args:
        rate: samples a second.
        size: of the Fourier transform.
        bands: how many.
        lowest, highest: the range in hertz; up to half the rate where nothing is said.
        scale: see `mels`.
        equal_areas: wide triangles are low, so that noise is as strong in every band (Slaney); without, every triangle's
            top is 1 (HTK).

    Returns:
        (bands, size // 2 + 1). A band that is narrower than the distance of two frequencies may be empty.

    Raises:
        ValueError: the range is none, or ends above half the rate.

    >>> filters = mel_filters(16_000, bands=40)
    >>> filters.shape
    (40, 257)
    """
    top = rate / 2 if highest is None else highest
    if bands < 1 or not 0 <= lowest < top <= rate / 2:
        raise ValueError(f"{bands} bands between {lowest} and {top} Hz cannot be had at {rate} samples a second")
    edges = hertz(np.linspace(mels(lowest, scale), mels(top, scale), bands + 2), scale)
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    widths = np.diff(edges)
    rising = (frequencies - edges[:-2, None]) / widths[:-1, None]
    falling = (edges[2:, None] - frequencies) / widths[1:, None]
    triangles: Reals = np.maximum(0, np.minimum(rising, falling))
    if equal_areas:
        triangles *= (2 / (edges[2:] - edges[:-2]))[:, None]
    return triangles


def mel_spectrogram(
    samples: NDArray[np.floating],
    rate: int,
    bands: int = 80,
    length: int = LENGTH,
    hop: int = HOP,
    size: int = SIZE,
    kind: Window = "hann",
    lowest: float = 0.0,
    highest: float | None = None,
    scale: Scale = "slaney",
    equal_areas: bool = True,
) -> Reals:
    """The power in each band of the ear in each frame: what Whisper and most recognisers see, before the logarithm.

    Args:
        samples: (n,).
        rate: samples a second.
        length, hop, size, kind: as in `stft`.
        bands, lowest, highest, scale, equal_areas: as in `mel_filters`.

    Returns:
        (frames, bands).
    """
    filters = mel_filters(rate, size, bands, lowest, highest, scale, equal_areas)
    return np.asarray(power_spectrogram(samples, length, hop, size, kind) @ filters.T)


def decibels(power: NDArray[np.floating], reference: float = 1.0, depth: float | None = 80.0) -> Reals:
    """The logarithm of a power, as the ear takes it: ten times the power is 10 dB more.

    Args:
        power: of any shape, 0 or more.
        reference: the power that is 0 dB.
        depth: nothing is further than so many decibels below the strongest; None leaves the floor at a power of 1e-10.

    >>> decibels(np.array([100.0, 1.0, 0.0]))
    array([ 20.,   0., -60.])
    """
    if reference <= 0:
        raise ValueError(f"the reference of decibels must be above 0, not {reference}")
    level: Reals = 10 * np.log10(np.maximum(power, 1e-10)) - 10 * np.log10(max(reference, 1e-10))
    return level if depth is None or not level.size else np.maximum(level, level.max() - depth)


def _checked(scale: Scale) -> Scale:
    if scale not in ("slaney", "htk"):
        raise ValueError(f"no scale: {scale!r}; there are slaney and htk")
    return scale
