"""The fast voices: Mei in Japanese, Flite's in English."""

from __future__ import annotations

import functools
import re
import shutil
import stat
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engines.speech.synthesis.sentences import marks, pitch, seconds, sentence
from honmono.engines.base import EngineError, EngineUnavailable, UnsupportedInput, UnsupportedLanguage
from honmono.engines.speech.synthesis.assembly import assemble
from honmono.engines.speech.synthesis.flite import FliteSpeaker, find_flite
from honmono.engines.speech.synthesis.open_jtalk import MEI, OpenJtalkSpeaker
from honmono.engines.speech.synthesis.said import Said, Voice
from honmono.engines.speech.utterance import Sentence, Style, Word


@functools.cache
def mei() -> OpenJtalkSpeaker:
    return OpenJtalkSpeaker()


def say(text: str, **style: object) -> Said:
    return assemble(sentence(text, "ja-JP", **style), mei(), MEI)


@pytest.mark.parametrize(
    "text",
    [
        "今日|は|とても|良い|天気|です|ね。",
        "2024|年|に|東京|タワー|へ|行き|ます。",
        "きゃー、|ヴァイオリン|が|鳴っ|た！",
        "はい。",
        "行こ|う|よ。",
        "ABC|と|言い|まし|た。",
    ],
)
def test_mei_says_every_word_in_order_and_fills_the_sound(text):
    said = say(text)
    spoken = marks(said)
    assert [mark.value for mark in spoken] == [word for word in re.split(r"[|、。！]+", text) if word]
    assert round(spoken[-1].until * said.rate) == len(said.samples)
    assert all(mark.until <= following.seconds + 1e-9 for mark, following in pairwise(spoken))
    assert all(mark.until > mark.seconds for mark in spoken)
    level = np.abs(said.samples)
    assert level.max() > 0.05
    assert np.flatnonzero(level > 0.02)[0] / said.rate < spoken[0].seconds + 0.15


def test_the_length_of_a_word_is_that_of_its_sounds():
    short, long = say("水|が。"), say("水|から。")
    assert marks(short)[0].until == pytest.approx(marks(long)[0].until, abs=0.08)
    lengths = [mark.until - mark.seconds for mark in (marks(short)[1], marks(long)[1])]
    assert lengths[1] > lengths[0] + 0.1


def test_the_faces_of_japanese_sounds():
    found = [mark.value for mark in marks(say("しま。"), "viseme")]
    assert found[:4] == ["S", "i", "p", "a"]
    assert found[-1] == "sil"


def test_mei_is_faster_and_higher_where_asked():
    plain = say("良い|天気|です。")
    assert seconds(say("良い|天気|です。", rate=2.0)) / seconds(plain) == pytest.approx(0.5, abs=0.02)
    higher = say("良い|天気|です。", pitch=4.0)
    assert 12 * np.log2(pitch(higher) / pitch(plain)) == pytest.approx(4, abs=0.5)


@pytest.mark.slow
def test_a_long_japanese_sentence_is_said_whole():
    text = "|".join(["これ|は|とても|長い|文章|です、"] * 12)
    said = say(text)
    assert len(marks(said)) == 72
    assert round(marks(said)[-1].until * said.rate) == len(said.samples)


def test_mei_says_nothing_of_what_she_cannot_read_and_refuses_other_languages():
    assert len(say("🙂").samples) == 0
    with pytest.raises(UnsupportedLanguage, match="en-US"):
        assemble(sentence("Hello"), mei(), MEI)
    word = Word("東", 0, 3, ("東",), Style("ja-JP"), pronunciation="toː")
    with pytest.raises(UnsupportedInput, match="kana"):
        assemble(Sentence("東", 0, 3, [word]), mei(), MEI)


class Spelling:
    """A reader to whom each word sounds like its letters."""

    def of(self, words: list[Word], language: str) -> list[str]:
        return [
            " ".join("".join(c for c in part.lower() if c in "bdfiklmnpstuvz") for part in word.spoken)
            for word in words
        ]

    @staticmethod
    def visemes(phonemes: str, language: str) -> list[str]:
        return ["a" for _ in phonemes]


_PROGRAM = """#!{python}
import re, sys, wave
options = dict(zip(sys.argv[1::1], sys.argv[2::1]))
lexicon = dict(line.split(" 0 : ") for line in open(options["-add_lex"]).read().splitlines())
at, printed = 0.2, ["pau:0.200"]
for token in re.findall(r"\\w+|[,.?!]", options["-t"]):
    for phone in lexicon[token].split() if token in lexicon else ["pau"]:
        at += 0.05
        printed.append(f"{{phone.rstrip('01')}}:{{at:.3f}}")
print(*printed)
with wave.open(options["-o"], "wb") as sound:
    sound.setparams((1, 2, 16000, 0, "NONE", ""))
    sound.writeframes(b"\\x00\\x10" * round(at * 16000))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Something that is called and answers like `flite`: every phone lasts fifty milliseconds."""
    path = tmp_path / "flite"
    path.write_text(_PROGRAM.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


VOICE = Voice("slt", "en-US", "Female", ("standard",), 16_000)


def test_flite_is_told_the_phonemes_and_tells_the_times(program):
    speaker = FliteSpeaker(str(program), Spelling())  # type: ignore[arg-type]
    said = assemble(sentence("Its film, is silk."), speaker, VOICE)
    assert [(mark.value, mark.seconds) for mark in marks(said)] == [
        ("Its", 0.05), ("film", 0.2), ("is", 0.45), ("silk", 0.55)
    ]  # fmt: skip
    assert marks(said)[1].until == 0.45  # four phones and the comma
    assert len(said.samples) / said.rate == marks(said)[-1].until == 0.8


def test_flite_that_fails_is_an_error(program):
    program.write_text("#!/bin/sh\necho broken >&2; exit 3\n")
    with pytest.raises(EngineError, match="ended with 3: broken"):
        assemble(sentence("film"), FliteSpeaker(str(program), Spelling()), VOICE)  # type: ignore[arg-type]
    with pytest.raises(EngineUnavailable, match="is no program"):
        find_flite(str(program.parent / "nowhere"))
    with pytest.raises(UnsupportedLanguage, match="fr-FR"):
        assemble(sentence("film", "fr-FR"), FliteSpeaker(str(program), Spelling()), VOICE)  # type: ignore[arg-type]


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("flite") is None, reason="the program flite is not installed")
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_flite_itself(voice):
    from honmono.engines.speech.phonemes import Phonemes
    from honmono.weights import Cache

    speaker = FliteSpeaker(find_flite(None) or "", Phonemes(Cache()))
    said = assemble(sentence("The quick brown fox, who jumps."), speaker, replace_id(voice))
    spoken = marks(said)
    assert len(spoken) == 6
    assert round(spoken[-1].until * said.rate) == len(said.samples)
    assert spoken[2].until - spoken[2].seconds > spoken[0].until - spoken[0].seconds
    faces = [mark.value for mark in marks(said, "viseme") if mark.begin == spoken[3].begin]
    assert faces == ["f", "a", "k", "s", "sil"]


def replace_id(voice: str) -> Voice:
    return Voice(voice, "en-US", "Male", ("standard",), 16_000)
