"""The features of speech beside librosa: do both compute the same, and how long do they take?

librosa is not among the requirements (it brings numba and LLVM): where it is missing, ours is timed alone.
`python bench/features.py [seconds]`.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from honmono.engines.speech import features

sys.path.insert(0, str(Path(__file__).parent))
from peers import report

RATE, ROUNDS = 16_000, 7
SETTINGS: dict[str, Any] = {"n_fft": 512, "hop_length": 160, "win_length": 400, "pad_mode": "constant"}


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    noise = np.random.default_rng(1).normal(size=RATE * seconds)
    samples = noise * np.abs(np.sin(np.arange(len(noise)) / 3000)) / 4
    ours: dict[str, Callable[[], Any]] = {
        "stft": lambda: features.stft(samples),
        "mel filters, Slaney": lambda: features.mel_filters(RATE),
        "mel filters, HTK": lambda: features.mel_filters(RATE, scale="htk", equal_areas=False),
        "mel spectrogram": lambda: features.mel_spectrogram(samples, RATE, 40),
        "MFCC": lambda: features.mfcc(samples, RATE),
        "inverse stft": lambda: features.unstft(features.stft(samples), len(samples)),
    }
    theirs = librosa_calls(samples)
    rows = []
    for name, call in ours.items():
        row: dict[str, Any] = {"what": name, "honmono, CPU ms": timed(call)}
        if name in theirs:
            peer = theirs[name]()
            row["librosa, CPU ms"] = timed(theirs[name])
            row["greatest difference"] = float(np.abs(call() - peer).max() / np.abs(peer).max())
        rows.append(row)
    report("features", rows, seconds=seconds)


def librosa_calls(samples: np.ndarray) -> dict[str, Callable[[], Any]]:
    try:
        import librosa
    except ImportError:
        print("librosa is not installed: left out")
        return {}
    mel = {**SETTINGS, "sr": RATE, "n_mels": 40}
    return {
        "stft": lambda: librosa.stft(samples, **SETTINGS).T,
        "mel filters, Slaney": lambda: librosa.filters.mel(sr=RATE, n_fft=512, n_mels=80, dtype=np.float64),
        "mel filters, HTK": lambda: librosa.filters.mel(
            sr=RATE, n_fft=512, n_mels=80, htk=True, norm=None, dtype=np.float64
        ),
        "mel spectrogram": lambda: librosa.feature.melspectrogram(y=samples, **mel).T,
        "MFCC": lambda: librosa.feature.mfcc(y=samples, n_mfcc=13, **mel).T,
        "inverse stft": lambda: librosa.istft(
            librosa.stft(samples, **SETTINGS), hop_length=160, win_length=400, n_fft=512, length=len(samples)
        ),
    }


def timed(call: Callable[[], Any]) -> float:
    """The median of the rounds, after one that warms up."""
    call()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return round(statistics.median(times) * 1e3, 2)


if __name__ == "__main__":
    main()
