"""Kokoro's voices speak: what is said, when, and how."""

from __future__ import annotations

import functools
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import soxr

from engines.speech.synthesis.sentences import marks, pitch, seconds, sentence, strength, words
from honmono.engines.base import UnsupportedInput, UnsupportedLanguage
from honmono.engines.speech.kokoro import Kokoro, Sound
from honmono.engines.speech.synthesis.engine import SynthesisEngine
from honmono.engines.speech.synthesis.network import KokoroSpeaker
from honmono.engines.speech.synthesis.psola import fundamentals
from honmono.engines.speech.synthesis.said import Said
from honmono.engines.speech.utterance import Mark, Pause, Sentence, Style, Word
from honmono.weights import Cache

pytestmark = [pytest.mark.weights, pytest.mark.slow]

SAYING = "The boat left the harbour."


@functools.cache
def engine() -> SynthesisEngine:
    """The engine; what its network once said it need not say again."""
    engine = SynthesisEngine(Cache())
    engine.load()
    kokoro = network(engine)
    original, said = kokoro.say, {}

    def say_once(phonemes: str, voice: str, speed: float | list[float] = 1.0) -> Sound:
        key = (phonemes, voice, str(speed))
        if key not in said:
            said[key] = original(phonemes, voice, speed)
        return said[key]

    kokoro.say = say_once  # type: ignore[method-assign]
    return engine


def network(engine: SynthesisEngine) -> Kokoro:
    speaker = engine._speakers["af_heart", "neural"]
    assert isinstance(speaker, KokoroSpeaker)
    return speaker._kokoro


def say(text: str, voice: str = "af_heart", language: str = "en-US", **style: Any) -> Said:
    return engine().say(sentence(text, language, **style), voice, "neural")


@functools.cache
def plain() -> Said:
    return say(SAYING)


SENTENCES = [
    ("en-US", "af_heart", "Good morning."),
    ("en-US", "am_michael", "Who would have thought it, after all?"),
    ("en-US", "af_bella", "No!"),
    ("en-GB", "bf_emma", "The kettle is on the stove."),
    ("es-ES", "ef_dora", "El tren sale a las siete."),
    ("es-ES", "em_alex", "¿Dónde está la llave?"),
    ("it-IT", "if_sara", "La porta è aperta."),
    ("pt-BR", "pf_dora", "A casa fica perto do rio."),
    ("ja-JP", "jf_alpha", "今日|は|良い|天気|です|ね。"),
    ("ja-JP", "jm_kumo", "駅|まで|歩き|ます。"),
    ("ja-JP", "jf_nezumi", "水|を|ください。"),
    ("ja-JP", "jf_alpha", "はい。"),
]


@pytest.mark.parametrize(("language", "voice", "text"), SENTENCES)
def test_the_words_fill_the_sound_to_the_sample_and_are_in_order(language, voice, text):
    said = say(text, voice, language)
    spoken = marks(said)
    assert [mark.value for mark in spoken] == [word.text for word in words(text, language)]
    whole = text.replace("|", "").encode()
    assert [whole[mark.begin : mark.end].decode() for mark in spoken] == [mark.value for mark in spoken]
    assert round(spoken[-1].until * said.rate) == len(said.samples)
    for mark, following in pairwise(spoken):
        assert mark.seconds < mark.until <= following.seconds
    assert strength(said) > 0.01
    assert 0.15 < seconds(said) < 0.8 + 0.13 * len(text)


def test_speech_begins_and_ends_where_the_marks_say():
    said = say("Stop it, please.")
    level = np.abs(said.samples)
    first, last = np.flatnonzero(level > 0.05)[[0, -1]] / said.rate
    spoken = marks(said)
    assert abs(first - spoken[0].seconds) < 0.04
    assert spoken[-1].seconds < last <= spoken[-1].until


def test_the_same_sentence_gives_the_same_samples():
    kokoro = network(engine())
    first, again, other = (
        Kokoro.say(kokoro, "wˈAt.", voice).samples for voice in ("af_heart", "af_heart", "am_michael")
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:9000], other[:9000])
    whispers = [say(SAYING, effects=("whispered",), pitch=2.0).samples for _ in range(2)]
    assert np.array_equal(*whispers)


def test_twice_the_rate_is_half_the_length():
    fast = say(SAYING, rate=2.0)
    assert seconds(fast) / seconds(plain()) == pytest.approx(0.5, abs=0.03)
    assert pitch(fast) == pytest.approx(pitch(plain()), rel=0.25)  # nobody speaks fast at just his pitch


def test_a_fifth_of_the_rate_is_five_times_the_length():
    assert seconds(say("Wait.", rate=0.2)) / seconds(say("Wait.")) == pytest.approx(5, rel=0.08)


def test_one_slow_word_makes_only_that_word_longer():
    parts = words(SAYING)
    assert isinstance(parts[3], Word)
    parts[3] = replace(parts[3], style=replace(parts[3].style, rate=0.5))
    said = engine().say(Sentence(SAYING, 0, len(SAYING), parts), "af_heart", "neural")
    before, after = marks(plain()), marks(said)
    lengths = [(b.until - b.seconds) / (a.until - a.seconds) for a, b in zip(before, after, strict=True)]
    assert lengths[3] == pytest.approx(2, abs=0.3)
    assert np.mean(lengths[:3] + lengths[4:]) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("semitones", [4, -4])
def test_pitch_moves_the_fundamental_and_not_the_length(semitones):
    moved = say(SAYING, pitch=float(semitones))
    assert 12 * np.log2(pitch(moved) / pitch(plain())) == pytest.approx(semitones, abs=0.5)
    assert len(moved.samples) == len(plain().samples)


def test_six_decibels_less_is_half_the_amplitude():
    quiet = say(SAYING, volume=-6.0)
    assert strength(quiet) / strength(plain()) == pytest.approx(0.5, abs=0.01)
    loud = say(SAYING, volume=20.0)
    assert strength(loud) > 2.5 * strength(plain())
    assert np.abs(loud.samples).max() <= 0.98


def test_a_stressed_word_is_longer_higher_and_louder():
    parts = words("I want the red one.")
    assert isinstance(parts[3], Word)
    stressed = [*parts[:3], replace(parts[3], style=replace(parts[3].style, emphasis=2)), *parts[4:]]
    plain, said = (engine().say(Sentence("", 0, 19, each), "am_michael", "neural") for each in (parts, stressed))
    (begin, end), (first, last) = ((marks(each)[3].seconds, marks(each)[3].until) for each in (plain, said))
    assert last - first > 1.1 * (end - begin)
    before = plain.samples[int(begin * 24_000) : int(end * 24_000)]
    after = said.samples[int(first * 24_000) : int(last * 24_000)]
    assert np.sqrt(np.mean(after**2)) > 1.15 * np.sqrt(np.mean(before**2))


def test_a_whisper_has_no_pitch():
    whispered = say(SAYING, effects=("whispered",))
    assert len(marks(whispered)) == 5
    assert _voiced(whispered) < 0.35 * _voiced(plain())


def test_pauses_are_exact_and_marks_lie_in_their_place():
    tag = Mark("here", 6, 24)
    parts = [*words("Hello"), Pause(0.75), tag, *words("my world.", shift=24), Pause(0.2)]
    said = engine().say(Sentence("Hello my world.", 0, 33, parts), "af_heart", "neural")
    hello, my, world = marks(said)
    begin, end = round(hello.until * said.rate), round(my.seconds * said.rate)
    assert end - begin == 18_000
    assert np.abs(said.samples[begin:end]).max() < 0.06
    assert not said.samples[begin : end - 1200].any()
    assert np.abs(said.samples[begin - 1000 : begin]).max() > 0.01
    assert [mark.seconds for mark in marks(said, "ssml")] == [my.seconds]
    assert round(world.until * said.rate) == len(said.samples) - 4800
    shorter = engine().say(replace(_with_pause(said, parts, 0.5)), "af_heart", "neural")
    assert len(said.samples) - len(shorter.samples) == 6000


def test_at_most_so_long():
    said = say(SAYING, effects=("max-duration:1.0",))
    spoken = marks(said)
    assert 0.9 < spoken[-1].until - spoken[0].seconds <= 1.0 < seconds(plain())
    assert len(spoken) == 5
    assert np.array_equal(say(SAYING, effects=("max-duration:9",)).samples, plain().samples)


def test_another_language_within_a_sentence_is_said_by_the_same_voice():
    parts = [*words("She said"), *words("buenas noches", "es-ES", shift=9), *words("to him.", shift=23)]
    said = engine().say(Sentence("She said buenas noches to him.", 0, 30, parts), "af_heart", "neural")
    english = engine().say(sentence("She said buenas noches to him."), "af_heart", "neural")
    assert len(marks(said)) == 6
    assert [mark.value for mark in marks(said, "viseme")] != [mark.value for mark in marks(english, "viseme")]


def test_a_pronunciation_is_said_in_place_of_the_letters():
    def faces(pronunciation: str) -> list[str]:
        word = Word("pecan", 0, 5, ("pecan",), Style("en-US"), pronunciation=pronunciation, behind=".")
        said = engine().say(Sentence("pecan.", 0, 6, [word]), "af_heart", "neural")
        return [mark.value for mark in marks(said, "viseme")]

    assert faces("ˈpi.kæn") == ["p", "i", "k", "a", "t", "sil"]
    assert faces("ˈʃuːz") == ["S", "u", "s", "sil"]


def test_a_pronunciation_that_is_no_ipa_is_refused():
    word = Word("x", 0, 1, ("x",), Style("en-US"), pronunciation="→ж")
    with pytest.raises(UnsupportedInput, match="ж"):
        engine().say(Sentence("x", 0, 1, [word]), "af_heart", "neural")


def test_nothing_to_say_is_no_sound():
    empty = engine().say(Sentence("", 0, 0, []), "af_heart", "neural")
    assert len(empty.samples) == 0
    assert empty.marks == []
    emoji = engine().say(sentence("🙂"), "af_heart", "neural")
    assert len(emoji.samples) == 0


def test_unknown_voices_engines_and_languages_are_named():
    with pytest.raises(UnsupportedInput, match="no voice nobody"):
        say(SAYING, "nobody")
    with pytest.raises(UnsupportedInput, match="speaks as neural, not as standard"):
        engine().say(sentence(SAYING), "af_heart", "standard")
    with pytest.raises(UnsupportedLanguage, match="tlh"):
        say("Qapla", language="tlh")


def test_voices_are_there_with_their_languages():
    voices = {voice.id: voice for voice in engine().voices()}
    assert (voices["af_heart"].language, voices["af_heart"].gender, voices["af_heart"].rate) == (
        "en-US",
        "Female",
        24_000,
    )
    assert (voices["jm_kumo"].language, voices["jm_kumo"].gender) == ("ja-JP", "Male")
    assert voices["mei"].engines == ("standard",)


def test_three_thousand_characters_without_a_full_stop():
    # Saying all of it would take minutes of processor time: the network says "ah" in the place of each piece.
    text = ", ".join(["the long road went on over the hills and far away"] * 58)[:3000]
    calls: list[int] = []
    kokoro = network(engine())
    original = kokoro.say

    def short(phonemes: str, voice: str, speed: Any) -> Sound:
        calls.append(len(phonemes))
        assert phonemes[0] != " "
        sound = original("ɑ.", voice, 1.0)
        ends = [12_000 + 600 * number for number in range(1, len(phonemes) + 1)]
        samples = np.resize(sound.samples, ends[-1] + 600)
        return replace(sound, samples=samples, begin=12_000, ends=ends, natural=[600] * len(phonemes))

    kokoro.say = short  # type: ignore[method-assign]
    try:
        said = say(text)
    finally:
        kokoro.say = original  # type: ignore[method-assign]
    assert len(calls) > 4
    assert all(300 < length <= 509 for length in calls[:-1])
    assert len(marks(said)) == len(words(text))
    assert round(marks(said)[-1].until * said.rate) == len(said.samples)


@pytest.mark.parametrize("text", ["The meeting is on Thursday.", "Please water the tomatoes."])
def test_a_recogniser_hears_what_was_said(text, recogniser):
    said = say(text)
    samples = soxr.resample(said.samples, said.rate, 16_000).astype(np.float32)
    heard = "".join(segment.text for segment in recogniser.transcribe(samples, "en").segments)
    assert heard.strip().lower() == text.lower()


@pytest.fixture(scope="module")
def recogniser():
    from honmono.engines.speech.whisper import WhisperEngine

    whisper = WhisperEngine(Cache())
    whisper.load()
    return whisper


def _voiced(said: Said) -> int:
    return int((fundamentals(said.samples, said.rate) > 0).sum())


def _with_pause(said: Said, parts: list[Any], length: float) -> Sentence:
    changed = [Pause(length) if isinstance(part, Pause) and part.seconds == 0.75 else part for part in parts]
    return Sentence("Hello my world.", 0, 33, changed)
