"""Which frequencies sound when: the short-time Fourier transform (J. B. Allen and L. R. Rabiner, "A unified approach to
short-time Fourier analysis and synthesis", 1977)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Window = Literal["hann", "hamming", "rectangle"]

LENGTH, HOP, SIZE = 400, 160, 512
"""25 ms, 10 ms and the next power of two at 16,000 samples a second: what most recognisers take."""


def pre_emphasis(samples: NDArray[np.floating], coefficient: float = 0.97) -> Reals:
    """Lift the high frequencies, which are weak in voices: `y[n] = x[n] - coefficient · x[n - 1]`.

    Args:
        samples: (n,).
        coefficient: between 0 (nothing happens) and 1.

    Returns:
        (n,); the first sample stays as it is.

    >>> pre_emphasis(np.array([1.0, 1.0, 0.0]), 0.5)
    array([ 1. ,  0.5, -0.5])
    """
    lifted = _line(samples).copy()
    lifted[1:] -= coefficient * lifted[:-1]
    return lifted


def frames(samples: NDArray[np.floating], length: int = LENGTH, hop: int = HOP) -> Reals:
    """Cut into pieces that overlap. What does not fill a piece at the end is left out.

    Args:
        samples: (n,).
        length, hop: of a piece, and from the beginning of one to the beginning of the next.

    Returns:
        (frames, length), a view that cannot be written to.

    >>> frames(np.arange(6.0), length=4, hop=2)
    array([[0., 1., 2., 3.],
           [2., 3., 4., 5.]])
    """
    line = _line(samples)
    _positive(length=length, hop=hop)
    if len(line) < length:
        return np.empty((0, length))
    return np.lib.stride_tricks.sliding_window_view(line, length)[::hop]


def window(kind: Window, length: int) -> Reals:
    """How much each sample of a frame counts: a piece cut out with hard edges would have frequencies of its own.

    Args:
        kind: "hann" falls to 0 at the edges, "hamming" to .08 and has lower side lobes nearby; "rectangle" is no window.
        length: of it; the period is as long, which is what overlapping frames need.

    Returns:
        (length,), between 0 and 1.

    >>> window("hann", 4)
    array([0. , 0.5, 1. , 0.5])
    """
    _positive(length=length)
    cosine = np.cos(2 * np.pi * np.arange(length) / length)
    match kind:
        case "hann":
            return 0.5 - 0.5 * cosine
        case "hamming":
            return 0.54 - 0.46 * cosine
        case "rectangle":
            return np.ones(length)
    raise ValueError(f"no window: {kind!r}; there are hann, hamming and rectangle")


def stft(
    samples: NDArray[np.floating], length: int = LENGTH, hop: int = HOP, size: int = SIZE, kind: Window = "hann"
) -> Complexes:
    """The short-time Fourier transform: the spectrum of each frame.

    Args:
        samples: (n,).
        length: of the window. Long ones tell near frequencies apart, short ones near times; both at once is impossible.
        hop: from the middle of a frame to the middle of the next; the first one's is sample 0, with silence before it.
        size: of the Fourier transform, at least `length`: frames are filled up with zeros.
        kind: of the window.

    Returns:
        (1 + n // hop, size // 2 + 1): of each frame and frequency the strength and the phase, as a complex number.
        Frequencies run from 0 to half the rate: see `bin_frequencies`.

    Raises:
        ValueError: `size` is smaller than `length`, or one of them not positive.

    A tone of 1,000 Hz:

    >>> rate = 16_000
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    >>> spectrum = stft(tone)
    >>> spectrum.shape
    (101, 257)
    >>> float(bin_frequencies(rate)[np.abs(spectrum[50]).argmax()])
    1000.0
    """
    weights = _padded_window(length, hop, size, kind)
    edge = size // 2
    line = np.pad(_line(samples), edge)
    return np.fft.rfft(frames(line, size, hop) * weights)


def unstft(
    spectrum: Complexes,
    count: int,
    length: int = LENGTH,
    hop: int = HOP,
    size: int = SIZE,
    kind: Window = "hann",
) -> Reals:
    """The waveform whose short-time Fourier transform is nearest to this one: overlapping frames are added up, each
    weighted by the window (D. W. Griffin and J. S. Lim, 1984, equation 6).

    Args:
        spectrum: (frames, size // 2 + 1).
        count: how many samples.
        length, hop, size, kind: as in `stft`.

    Returns:
        (count,).

    >>> noise = np.random.default_rng(1).normal(size=1000)
    >>> bool(np.allclose(unstft(stft(noise), 1000), noise))
    True
    """
    weights = _padded_window(length, hop, size, kind)
    pieces = np.fft.irfft(spectrum, size) * weights
    whole = np.zeros(size + hop * max(0, len(pieces) - 1))
    shares = np.zeros_like(whole)
    for number, piece in enumerate(pieces):
        place = slice(number * hop, number * hop + size)
        whole[place] += piece
        shares[place] += weights**2
    heard = shares > 1e-10
    whole[heard] /= shares[heard]
    edge = size // 2
    inside = whole[edge : edge + count]
    return np.pad(inside, (0, count - len(inside)))


def power_spectrogram(
    samples: NDArray[np.floating], length: int = LENGTH, hop: int = HOP, size: int = SIZE, kind: Window = "hann"
) -> Reals:
    """The power of each frequency in each frame, its phase forgotten: `|stft|²`. Arguments and shape as in `stft`."""
    spectrum = stft(samples, length, hop, size, kind)
    return spectrum.real**2 + spectrum.imag**2


def bin_frequencies(rate: int, size: int = SIZE) -> Reals:
    """The frequencies of a spectrum's columns in hertz: (size // 2 + 1,), from 0 to half the rate.

    >>> bin_frequencies(16_000, 8)
    array([   0., 2000., 4000., 6000., 8000.])
    """
    return np.asarray(np.fft.rfftfreq(size, 1 / rate), np.float64)


def _padded_window(length: int, hop: int, size: int, kind: Window) -> Reals:
    _positive(length=length, hop=hop, size=size)
    if size < length:
        raise ValueError(f"a transform of {size} samples is too short for a window of {length}")
    before = (size - length) // 2
    return np.pad(window(kind, length), (before, size - length - before))


def _line(samples: NDArray[np.floating]) -> Reals:
    line = np.asarray(samples, np.float64)
    if line.ndim != 1:
        raise ValueError(f"one channel of samples is wanted, (n,); this is {line.shape}")
    return line


def _positive(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} must be 1 or more, not {number}")
