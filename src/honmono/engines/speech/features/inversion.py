"""Back from a spectrogram to sound (D. W. Griffin and J. S. Lim, "Signal estimation from modified short-time Fourier
transform", 1984; with the momentum of N. Perraudin, P. Balazs and P. L. Søndergaard, "A fast Griffin-Lim algorithm",
2013)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from honmono.engines.speech.features.spectrum import HOP, LENGTH, SIZE, Reals, Window, stft, unstft


def griffin_lim(
    strengths: NDArray[np.floating],
    count: int,
    length: int = LENGTH,
    hop: int = HOP,
    size: int = SIZE,
    kind: Window = "hann",
    rounds: int = 32,
    momentum: float = 0.99,
    seed: int = 0,
) -> Reals:
    """A waveform with such a spectrogram. The phases that it forgot are found by going back and forth: phases of a
    waveform agree with each other where frames overlap, any others do not.

    Args:
        strengths: (frames, size // 2 + 1), `|stft|`: the square root of a power spectrogram.
        count: how many samples.
        length, hop, size, kind: as in `stft`.
        rounds: each takes a transform and its inverse.
        momentum: 0 is the method of 1984; nearer to 1 goes faster.
        seed: of the phases that it begins with: the same seed gives the same waveform.

    Returns:
        (count,).

    Raises:
        ValueError: there are not as many frames as so many samples have.
    """
    wanted = np.asarray(strengths, np.float64)
    expected = (1 + count // hop, size // 2 + 1)
    if wanted.shape != expected:
        raise ValueError(f"{count} samples have a spectrogram of {expected}, not {wanted.shape}")
    phases = np.exp(2j * np.pi * np.random.default_rng(seed).random(wanted.shape))
    before = np.zeros_like(phases)
    for _ in range(rounds):
        possible = stft(unstft(wanted * phases, count, length, hop, size, kind), length, hop, size, kind)
        # Going beyond what is possible, in the direction of the last step.
        ahead = possible - momentum / (1 + momentum) * before
        phases = ahead / np.maximum(np.abs(ahead), 1e-12)
        before = possible
    return unstft(wanted * phases, count, length, hop, size, kind)
