"""What is done to a sound: on vowels made of harmonics and noise, without weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engines.speech.synthesis.sentences import marks, pitch, seconds, sentence, strength, words
from honmono.engines.base import UnsupportedInput
from honmono.engines.speech.synthesis.assembly import assemble
from honmono.engines.speech.synthesis.effects import compressed
from honmono.engines.speech.synthesis.phrase import Face, Phrase
from honmono.engines.speech.synthesis.psola import fundamentals
from honmono.engines.speech.synthesis.said import Said, Voice
from honmono.engines.speech.utterance import Mark, Pause, Sentence, Word

RATE = 24_000
VOICE = Voice("vowels", "en-US", "Female", ("standard",), RATE)


def vowel(frequency: float, length: float, formant: float = 800.0) -> np.ndarray:
    """Harmonics, the stronger the nearer to the formant."""
    time = np.arange(round(length * RATE)) / RATE
    harmonics = frequency * np.arange(1, int(5000 / frequency))
    weights = 1 / (1 + ((harmonics - formant) / 200) ** 2)
    waves = [weight * np.cos(2 * np.pi * each * time) for weight, each in zip(weights, harmonics, strict=True)]
    return (0.3 * np.sum(waves, axis=0) / weights.sum()).astype(np.float32)


class Singer:
    """Says each word as a vowel of 0.4 s, the first at 120 Hz, each next 20 Hz higher, at its own pace alone."""

    def speak(self, words: list[Word], voice: str) -> Phrase:
        length = round(0.4 * RATE)
        samples = [vowel(120 + 20 * number, 0.4) for number in range(len(words))]
        spans = [(length * number, length * (number + 1)) for number in range(len(words))]
        faces = [Face(begin, "a", number) for number, (begin, _) in enumerate(spans)]
        return Phrase(np.concatenate(samples), RATE, spans, faces, [1.0] * len(words))


def sing(parts: list[Any]) -> Said:
    return assemble(Sentence("text", 0, 4, parts), Singer(), VOICE)


def say(text: str, **style: Any) -> Said:
    return sing(sentence(text, **style).parts)


def styled(parts: list[Any], index: int, **style: Any) -> list[Any]:
    return [
        replace(part, style=replace(part.style, **style)) if number == index else part
        for number, part in enumerate(parts)
    ]


def part_of(said: Said, index: int) -> Said:
    mark = marks(said)[index]
    inside = said.samples[round(mark.seconds * RATE) + 1200 : round(mark.until * RATE) - 1200]
    return Said(inside, RATE)


def formant(said: Said) -> float:
    spectrum = np.abs(np.fft.rfft(said.samples * np.hanning(len(said.samples))))
    frequencies = np.fft.rfftfreq(len(said.samples), 1 / said.rate)
    return float((spectrum * frequencies).sum() / spectrum.sum())


@pytest.mark.parametrize("frequency", [75.0, 120.0, 210.0, 400.0])
def test_the_fundamental_of_a_vowel_is_found(frequency):
    found = fundamentals(vowel(frequency, 1.0), RATE)
    assert np.median(found) == pytest.approx(frequency, rel=0.01)


def test_hiss_and_silence_have_no_fundamental():
    hiss = np.random.default_rng(5).normal(0, 0.1, RATE).astype(np.float32)
    assert (fundamentals(hiss, RATE) > 0).mean() < 0.1
    assert not fundamentals(np.zeros(RATE, np.float32), RATE).any()


@pytest.mark.parametrize("semitones", [-7.0, -4.0, 4.0, 7.0])
def test_pitch_moves_and_formants_stay(semitones):
    plain, moved = say("one"), say("one", pitch=semitones)
    assert 12 * np.log2(pitch(moved) / pitch(plain)) == pytest.approx(semitones, abs=0.3)
    assert len(moved.samples) == len(plain.samples)
    assert formant(moved) == pytest.approx(formant(plain), rel=0.12)


def test_a_longer_vocal_tract_lowers_the_formants_and_leaves_the_pitch():
    plain, longer = say("one"), say("one", effects=("vocal-tract-length:+25%",))
    assert formant(longer) / formant(plain) == pytest.approx(0.8, abs=0.06)
    assert pitch(longer) == pytest.approx(pitch(plain), rel=0.02)


@pytest.mark.parametrize("rate", [0.4, 0.8, 1.5, 2.5])
def test_pace_changes_the_length_and_not_the_pitch(rate):
    said = say("one two", rate=rate)
    assert seconds(said) == pytest.approx(0.8 / rate, abs=0.002)
    assert pitch(part_of(said, 0)) == pytest.approx(120, rel=0.02)
    assert pitch(part_of(said, 1)) == pytest.approx(140, rel=0.02)


def test_one_word_changes_and_its_neighbours_stay_without_clicks():
    parts = words("one two three")
    plain = sing(parts)
    said = sing(styled(parts, 1, pitch=5.0, rate=0.5))
    assert [round(mark.until - mark.seconds, 3) for mark in marks(said)] == [0.4, 0.8, 0.4]
    assert np.array_equal(part_of(said, 0).samples, part_of(plain, 0).samples)
    assert np.array_equal(part_of(said, 2).samples, part_of(plain, 2).samples)
    assert pitch(part_of(said, 1)) == pytest.approx(140 * 2 ** (5 / 12), rel=0.02)
    steepest = np.abs(np.diff(plain.samples)).max()
    assert np.abs(np.diff(said.samples)).max() < 1.5 * steepest


def test_volume_is_in_decibels_and_word_by_word():
    parts = words("one two three")
    plain, said = sing(parts), sing(styled(parts, 1, volume=-6.0))
    levels = [strength(part_of(said, number)) / strength(part_of(plain, number)) for number in range(3)]
    assert levels == pytest.approx([1, 0.501, 1], abs=0.005)


def test_silent_is_silent_and_loud_is_limited():
    assert strength(say("one", volume=-120.0)) < 1e-4
    loud = say("one", volume=30.0)
    assert 0.9 < np.abs(loud.samples).max() <= 0.981
    assert pitch(loud) == pytest.approx(120, rel=0.02)


def test_compression_raises_the_quiet_passages_and_keeps_the_peak():
    quiet_then_loud = np.concatenate([0.1 * vowel(120, 0.4), vowel(140, 0.4)])
    pressed = compressed(quiet_then_loud, RATE)
    half = len(pressed) // 2

    def difference(samples: np.ndarray) -> float:
        parts = samples[1200 : half - 1200], samples[half + 1200 : -1200]
        quiet, loud = (float(np.sqrt(np.mean(part**2))) for part in parts)
        return 20 * np.log10(loud / quiet)

    assert difference(quiet_then_loud) == pytest.approx(20, abs=1)
    assert 6 < difference(pressed) < 16
    assert np.abs(pressed).max() == pytest.approx(np.abs(quiet_then_loud).max(), rel=1e-5)


def test_a_whisper_keeps_the_formant_and_loses_the_pitch():
    said = say("one", effects=("whispered",))
    found = fundamentals(said.samples, RATE)
    assert (np.abs(found - 120) < 6).mean() < 0.1 < (np.abs(fundamentals(say("one").samples, RATE) - 120) < 6).mean()
    assert formant(said) == pytest.approx(formant(say("one")), rel=0.3)
    assert np.array_equal(said.samples, say("one", effects=("whispered",)).samples)


def test_a_soft_voice_has_less_of_the_high_harmonics():
    assert formant(say("one", effects=("soft",))) != formant(say("one"))
    assert strength(say("one", effects=("soft",))) < strength(say("one"))


def test_pauses_and_marks():
    parts = [
        Pause(0.25),
        Mark("a", 1, 9),
        *words("one"),
        Mark("b", 10, 19),
        Pause(1.5),
        *words("two"),
        Mark("c", 20, 29),
    ]
    said = sing(parts)
    assert seconds(said) == 0.25 + 0.4 + 1.5 + 0.4
    assert [(mark.value, mark.seconds) for mark in marks(said, "ssml")] == [("a", 0.25), ("b", 0.65), ("c", 2.55)]
    assert [mark.seconds for mark in marks(said)] == [0.25, 2.15]
    assert [mark.seconds for mark in marks(said, "sentence")] == [0.25]
    assert not said.samples[round(0.65 * RATE) : round(2.15 * RATE)].any()
    assert [(mark.value, mark.seconds) for mark in marks(said, "viseme")] == [("a", 0.25), ("sil", 0.65), ("a", 2.15)]


def test_pauses_alone_are_silence_of_their_length():
    said = sing([Pause(0.5), Pause(0.25)])
    assert len(said.samples) == 18_000
    assert not said.samples.any()
    assert said.marks == []


def test_a_time_that_is_long_enough_changes_nothing_and_a_short_one_is_kept():
    plain = say("one two")
    assert np.array_equal(say("one two", effects=("max-duration:2",)).samples, plain.samples)
    assert 0.45 < seconds(say("one two", effects=("max-duration:0.5",))) <= 0.5


def test_a_word_that_must_not_be_heard_is_a_tone():
    parts = styled(words("one two three"), 1, effects=("expletive",))
    said = sing(parts)
    spectrum = np.abs(np.fft.rfft(part_of(said, 1).samples))
    assert spectrum.argmax() * RATE / len(part_of(said, 1).samples) == pytest.approx(1000, abs=5)
    assert pitch(part_of(said, 2)) == pytest.approx(160, rel=0.02)


@pytest.mark.parametrize("effect", ["robot", "vocal-tract-length:long", "max-duration:0", "max-duration:x"])
def test_effects_that_are_none_are_refused(effect):
    with pytest.raises(UnsupportedInput, match=r"robot|percentage|number of seconds"):
        say("one", effects=(effect,))
