"""Sound that is written piece by piece is the sound that was given."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from honmono.engines.speech.codecs import encoder

SECOND = 24_000


def tone(frequency: float, seconds: float = 2.0) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * SECOND)) / SECOND)).astype(np.float32)


def pitch(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))


@pytest.mark.parametrize(
    ("form", "rate"),
    [("mp3", 8000), ("mp3", 16000), ("mp3", 22050), ("mp3", 24000), ("ogg_vorbis", 8000), ("ogg_vorbis", 22050),
     ("ogg_vorbis", 24000), ("ogg_opus", 8000), ("ogg_opus", 16000), ("ogg_opus", 24000), ("ogg_opus", 48000)],
)  # fmt: skip
@pytest.mark.parametrize("frequency", [440.0, 1200.0])
def test_a_tone_comes_back_at_its_pitch_and_length(form, rate, frequency):
    writer = encoder(form, SECOND, rate)
    samples = tone(frequency)
    data = b"".join(writer.encode(part) for part in np.array_split(samples, 7)) + writer.finish()
    read, read_rate = soundfile.read(io.BytesIO(data))
    assert pitch(read, read_rate) == pytest.approx(frequency, abs=3)
    assert len(read) / read_rate == pytest.approx(2.0, abs=0.25)  # MP3 ends with its frame and the coder's delay


def test_pcm_is_sixteen_bits_at_the_rate_asked_for():
    writer = encoder("pcm", SECOND, 16_000)
    data = writer.encode(tone(440)) + writer.finish()
    samples = np.frombuffer(data, "<i2") / 32767
    assert len(samples) == pytest.approx(32_000, abs=2)
    assert pitch(samples, 16_000) == pytest.approx(440, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.4, abs=0.01)


def test_what_is_too_loud_is_cut_and_does_not_wrap():
    writer = encoder("pcm", SECOND, SECOND)
    samples = np.frombuffer(writer.encode(tone(440) * 5) + writer.finish(), "<i2")
    assert samples.max() == 32767
    assert samples.min() == -32767


@pytest.mark.parametrize("form", ["pcm", "mp3", "ogg_vorbis", "ogg_opus"])
def test_nothing_said_is_no_error(form):
    assert isinstance(encoder(form, SECOND, 24_000).finish(), bytes)


def test_a_rate_that_a_form_does_not_know_is_refused():
    with pytest.raises(ValueError, match="44100"):
        encoder("ogg_opus", SECOND, 44_100)
