"""Loudness and colour: gain, the limiter, compression, whispering, a soft voice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CEILING = 0.98
_SEED = 20_160  # whispering is noise, and the same each time
_BEEP = 1000.0
_WHISPER = 0.5
"""Of the voice's strength."""
_COMPRESSED_FROM = 0.01
_RATIO = 2.5


def amplified(samples: NDArray[np.float32], rate: int, spans: list[tuple[int, int, float]]) -> NDArray[np.float32]:
    """Each stretch louder by so many decibels, over slopes of ten milliseconds.

    Args:
        spans: begin, end, decibels; what is in none stays as it is.
    """
    import numpy as np

    gains = np.ones(len(samples), np.float64)
    for begin, end, decibels in spans:
        gains[begin:end] = 10 ** (decibels / 20) if decibels > -100 else 0.0
    width = max(1, rate // 100)
    smooth = np.convolve(
        np.pad(gains, (width // 2, width - 1 - width // 2), mode="edge"), np.ones(width) / width, "valid"
    )
    return (samples * smooth).astype(np.float32)


def limited(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """No sample above `_CEILING`: peaks are turned down ahead of time and slowly, what is quieter stays as it is."""
    import numpy as np

    levels = np.abs(samples)
    if not len(samples) or levels.max() <= _CEILING:
        return samples
    reach = rate // 200
    wanted = np.minimum(1.0, _CEILING / np.maximum(levels, 1e-9))
    padded = np.pad(wanted, (2 * reach, 2 * reach), constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    window = np.hanning(2 * reach + 3)[1:-1]
    gains = np.convolve(lowest, window / window.sum(), "valid")
    turned: NDArray[np.float32] = (samples * gains).clip(-_CEILING, _CEILING).astype(np.float32)
    return turned


def compressed(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Quiet passages nearer to the loud ones, for noisy surroundings (`drc`), as loud at the peak as before."""
    import numpy as np

    width = max(1, rate // 25)
    if len(samples) < width or not samples.any():
        return samples
    window = np.hanning(width + 2)[1:-1]
    level = np.sqrt(np.convolve(samples.astype(np.float64) ** 2, window / window.sum(), "same"))
    floor = 0.004  # below is breath and room, which shall not be raised
    gains = (np.maximum(level, _COMPRESSED_FROM) / _COMPRESSED_FROM) ** (1 / _RATIO - 1)
    quiet = np.clip((level - floor) / floor, 0.0, 1.0)
    raised = samples * (gains * quiet + gains.min() * (1 - quiet))
    scale = float(np.abs(samples).max()) / max(float(np.abs(raised).max()), 1e-9)
    return np.asarray(raised * scale, np.float32)


def whispered(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """The same words without a voice: noise in the place of the vocal cords, with the mouth's spectrum.

    The spectrum's envelope is the low part of the cepstrum (A. V. Oppenheim and R. W. Schafer, 1968).
    """
    import numpy as np

    noise = np.random.default_rng(_SEED).normal(size=len(samples)).astype(np.float32)
    hiss, _ = _spectra(noise, rate)

    def unvoice(spectra: NDArray[np.complex128], frequencies: NDArray[np.float64]) -> NDArray[np.complex128]:
        # A whisper has hardly any strength where the voice's own harmonics were strongest.
        tilt = np.clip(frequencies / 900, 0.05, 1.0)
        return np.asarray(_envelope(spectra, rate) * tilt * hiss)

    found = _by_spectrum(samples, rate, unvoice)
    strength = float(np.sqrt(np.mean(found**2)))
    return (found * (_WHISPER * float(np.sqrt(np.mean(samples**2))) / max(strength, 1e-9))).astype(np.float32)


def softened(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """A soft voice: the higher a harmonic the weaker, with some breath."""
    import numpy as np

    def dampen(spectra: NDArray[np.complex128], frequencies: NDArray[np.float64]) -> NDArray[np.complex128]:
        return np.asarray(spectra / np.sqrt(1 + (frequencies / 1200) ** 2))

    return (0.9 * _by_spectrum(samples, rate, dampen) + 0.25 * whispered(samples, rate)).astype(np.float32)


def beep(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """A tone in the place of what must not be heard."""
    import numpy as np

    strength = float(np.sqrt(np.mean(samples**2)))
    return np.asarray(strength * np.sin(2 * np.pi * _BEEP * np.arange(len(samples)) / rate), np.float32)


def _envelope(spectra: NDArray[np.complex128], rate: int) -> NDArray[np.float64]:
    import numpy as np

    cepstra = np.fft.irfft(np.log(np.abs(spectra) + 1e-7), axis=1)
    kept = rate // 450  # shorter than the shortest period
    cepstra[:, kept:-kept] = 0
    return np.asarray(np.exp(np.fft.rfft(cepstra, axis=1).real))


_Change = Callable[["NDArray[np.complex128]", "NDArray[Any]"], "NDArray[np.complex128]"]


def _by_spectrum(samples: NDArray[np.float32], rate: int, change: _Change) -> NDArray[np.float32]:
    """Change the spectra (frames, frequencies) of a sound; the second argument is the frequencies in hertz."""
    import numpy as np

    spectra, window = _spectra(samples, rate)
    size, hop = len(window), len(window) // 4
    made = np.fft.irfft(change(spectra, np.fft.rfftfreq(size, 1 / rate)), size, axis=1) * window
    out = np.zeros(size + hop * len(made))
    for number, frame in enumerate(made):
        out[number * hop : number * hop + size] += frame
    # The squares of four overlapping Hann windows add up to one and a half.
    return (out[size : size + len(samples)] / 1.5).astype(np.float32)


def _spectra(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """The spectra of windows of some 40 ms, four of which overlap, and the window."""
    import numpy as np

    size = 1 << (rate // 25).bit_length() - 1
    hop = size // 4
    window = np.hanning(size + 1)[:-1]
    padded = np.pad(samples.astype(np.float64), (size, size + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * window
    return np.asarray(np.fft.rfft(frames, axis=1)), np.asarray(window)
