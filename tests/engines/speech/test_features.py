"""Features of speech on sounds whose features are known: tones, vowels, sweeps."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

from honmono.engines.speech import features
from honmono.engines.speech.features import cepstrum, inversion, mel, spectrum

RATE = 16_000
Reals = NDArray[np.float64]


def tone(frequency: float, seconds: float = 0.5) -> Reals:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(RATE * seconds)) / RATE)


def sweep() -> Reals:
    """From 200 Hz upwards, 6,000 Hz a second."""
    seconds = np.arange(8000) / RATE
    return 0.5 * np.sin(2 * np.pi * (200 * seconds + 3000 * seconds**2))


def vowel(formants: tuple[float, ...], pitch: float) -> Reals:
    """A source and a filter: pulses through resonances (G. Fant, 1960)."""
    pulses = np.zeros(RATE // 2)
    pulses[:: round(RATE / pitch)] = 1
    for formant in formants:
        radius = np.exp(-np.pi * 90 / RATE)
        poles = [1, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2]
        pulses = scipy.signal.lfilter([sum(poles)], poles, pulses)
    return pulses / np.abs(pulses).max()


A, I = (730, 1090, 2440), (270, 2290, 3010)  # noqa: E741 (the vowels' names; G. E. Peterson and H. L. Barney, 1952)


@pytest.mark.parametrize("module", [spectrum, mel, cepstrum, inversion])
def test_the_examples_in_the_documentation_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize("frequency", [220.0, 1000.0, 3300.0])
def test_a_tone_peaks_in_the_band_around_its_frequency(frequency: float, scale: features.mel.Scale) -> None:
    bands = 40
    heard = features.mel_spectrogram(tone(frequency), RATE, bands, scale=scale)[25]
    edges = features.hertz(np.linspace(0, features.mels(RATE / 2, scale), bands + 2), scale)
    strongest = int(heard.argmax())
    assert edges[strongest] < frequency < edges[strongest + 2]


def test_vowels_are_told_apart_whatever_the_pitch() -> None:
    def shape(formants: tuple[float, ...], pitch: float) -> Reals:
        # The first coefficient is loudness, no shape.
        return features.mfcc(vowel(formants, pitch), RATE)[10:40, 1:].mean(axis=0)

    low, high = 110, 150
    same_vowel = [np.linalg.norm(shape(each, low) - shape(each, high)) for each in (A, I)]
    other_vowel = [
        np.linalg.norm(shape(A, first) - shape(I, second)) for first in (low, high) for second in (low, high)
    ]
    assert max(same_vowel) * 2 < min(other_vowel)


def test_the_values_are_those_of_librosa() -> None:
    # librosa 0.11.0 on the sweep: feature.mfcc and feature.melspectrogram, windows of 400, hops of 160, 512 points.
    coefficients = features.mfcc(sweep(), RATE)
    assert coefficients.shape == (51, 13)
    assert coefficients[10, :4] == pytest.approx([-319.429410, 78.859041, -3.712421, -70.146752], abs=1e-4)
    assert coefficients[40, :4] == pytest.approx([-361.554234, -23.918359, -35.519808, 52.635778], abs=1e-4)
    htk = features.mel_spectrogram(
        sweep(), RATE, 26, kind="hamming", lowest=64, highest=7600, scale="htk", equal_areas=False
    )
    assert htk[20, :4] == pytest.approx([0.0129365439, 0.0304428297, 0.0219050847, 0.0321859608], rel=1e-6)


def test_the_transforms_are_those_of_scipy() -> None:
    values = np.random.default_rng(7).normal(size=(5, 40))
    assert np.allclose(features.cosine_transform(values, 13), scipy.fft.dct(values, norm="ortho")[:, :13])
    _, _, theirs = scipy.signal.stft(
        sweep(), nperseg=512, noverlap=352, window="hann", boundary="zeros", padded=False, scaling="spectrum"
    )
    ours = features.stft(sweep(), length=512)
    # scipy divides by the sum of the window.
    assert np.allclose(ours[: theirs.shape[1]], theirs.T * 256)


def test_a_waveform_comes_back_from_its_spectrum() -> None:
    for length, hop, size in ((400, 160, 512), (512, 128, 512), (320, 80, 1024)):
        spectrum_ = features.stft(sweep(), length, hop, size)
        assert np.allclose(features.unstft(spectrum_, 8000, length, hop, size), sweep())


def test_griffin_lim_finds_a_waveform_with_the_spectrogram() -> None:
    def distance(found: Reals, wanted: Reals) -> float:
        return float(np.linalg.norm(np.abs(features.stft(found)) - wanted) / np.linalg.norm(wanted))

    for samples in (sweep(), vowel(A, 120)):
        wanted = np.sqrt(features.power_spectrogram(samples))
        at_once = distance(features.griffin_lim(wanted, len(samples), rounds=0), wanted)
        found = features.griffin_lim(wanted, len(samples))
        assert distance(found, wanted) < 0.25 < at_once
        assert np.array_equal(found, features.griffin_lim(wanted, len(samples)))


def test_pre_emphasis_lifts_high_tones_above_low_ones() -> None:
    def gain(frequency: float) -> float:
        return float(features.pre_emphasis(tone(frequency)).std() / tone(frequency).std())

    assert gain(100) < 0.1
    assert gain(6000) > 1.5


def test_deltas_are_slopes() -> None:
    features_ = np.stack([np.arange(20.0) * 3, -np.arange(20.0)], axis=1)
    assert np.allclose(features.deltas(features_)[2:-2], [3, -1])
    assert np.allclose(features.deltas(np.ones((4, 3)), reach=3), 0)


def test_silence_and_the_shortest_sounds_have_features() -> None:
    assert np.isfinite(features.mfcc(np.zeros(1600), RATE)).all()
    assert features.mfcc(np.ones(1), RATE).shape == (1, 13)
    assert features.mfcc(np.empty(0), RATE).shape == (1, 13)
    assert features.frames(np.ones(3), length=4).shape == (0, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: features.stft(np.zeros((2, 100))), "one channel"),
        (lambda: features.stft(np.zeros(100), length=600), "too short for a window of 600"),
        (lambda: features.stft(np.zeros(100), hop=0), "hop must be 1 or more"),
        (lambda: features.window("blackman", 4), "there are hann, hamming and rectangle"),  # type: ignore[arg-type]
        (lambda: features.mels(1, "bark"), "there are slaney and htk"),  # type: ignore[arg-type]
        (lambda: features.mel_filters(RATE, highest=9000), "between 0.0 and 9000 Hz"),
        (lambda: features.decibels(np.ones(1), reference=0), "must be above 0"),
        (lambda: features.cosine_transform(np.ones((1, 4)), 5), "5 coefficients cannot be had of 4"),
        (lambda: features.deltas(np.ones((3, 1)), reach=0), "reach must be 1"),
        (lambda: features.griffin_lim(np.ones((3, 257)), 8000), r"\(51, 257\), not \(3, 257\)"),
    ],
)
def test_what_cannot_be_computed_says_why(call: object, message: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()
