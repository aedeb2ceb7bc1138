"""What a recogniser hears: from a waveform to a spectrogram, a mel spectrogram and MFCC, one step a function.

    spectrum    pre-emphasis, frames, windows, the short-time Fourier transform and its inverse
    mel         the ear's scale of pitch, its filter bank, decibels
    cepstrum    the cosine transform, MFCC, their changes in time
    inversion   a waveform for a spectrogram (Griffin and Lim)

Time runs along the first axis everywhere: (frames, bins), (frames, bands), (frames, coefficients). Samples are floats
in -1 … 1, frequencies hertz, lengths and hops samples. The values are those of librosa with the same settings: a test
holds them against figures that librosa computed (`bench/features.py`).

Sources: S. B. Davis and P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition in
continuously spoken sentences", 1980; D. O'Shaughnessy, "Speech communication: human and machine", 1987; S. Young and
others, "The HTK book", 2006; M. Slaney, "Auditory toolbox", 1998.
"""

from honmono.engines.speech.features.cepstrum import cosine_transform, deltas, mel_cepstrum, mfcc
from honmono.engines.speech.features.inversion import griffin_lim
from honmono.engines.speech.features.mel import (
    decibels,
    hertz,
    mel_filters,
    mel_spectrogram,
    mels,
)
from honmono.engines.speech.features.spectrum import (
    bin_frequencies,
    frames,
    power_spectrogram,
    pre_emphasis,
    stft,
    unstft,
    window,
)

__all__ = [
    "bin_frequencies",
    "cosine_transform",
    "decibels",
    "deltas",
    "frames",
    "griffin_lim",
    "hertz",
    "mel_cepstrum",
    "mel_filters",
    "mel_spectrogram",
    "mels",
    "mfcc",
    "power_spectrogram",
    "pre_emphasis",
    "stft",
    "unstft",
    "window",
]
