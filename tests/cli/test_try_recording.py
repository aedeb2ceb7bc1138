"""`honmono try` hears recordings."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pyopenjtalk
import pytest
import soundfile
from typer.testing import CliRunner

from honmono.cli.command import app
from honmono.cli.kinds import Sample, kinds, recording
from honmono.cli.kinds.recording import Recording
from honmono.engines.speech.kokoro import Kokoro
from honmono.weights import Cache


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HONMONO_DATA", "HONMONO_PORT", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", "MPEG_LAYER_III"),
        ("AIFF", "PCM_16"),
        ("AU", "PCM_16"),
        ("CAF", "PCM_16"),
        ("W64", "PCM_16"),
        ("RF64", "PCM_16"),
    ],
)
def test_recordings_are_known_by_their_first_bytes(form, subtype):
    soundfile.write("sound", np.zeros(48_000, np.float32), 48_000, format=form, subtype=subtype)
    sample = Sample("sound", Path("sound").read_bytes()[:8192], Path("sound"))
    (kind,) = [each for each in kinds() if each.recognises(sample)]
    assert isinstance(kind, Recording)


@pytest.mark.parametrize(
    "head", [b"", b"RIFF\x00\x00\x00\x00AVI ", b"\xff\xfeA\x00", b"\xff", b"\x00\x00\x00\x18", b"ID"]
)
def test_other_bytes_are_no_recording(head):
    assert not Recording().recognises(Sample("thing", head))


def test_times_are_minutes_and_seconds():
    assert doctest.testmod(recording).failed == 0
    assert recording.clock(0.04) == "0:00.0"
    assert recording.clock(59.96) == "1:00.0"


def test_what_only_looks_like_a_recording_is_refused():
    Path("thing.flac").write_bytes(b"fLaC" + bytes(100))
    assert "honmono: the file " in run("try", "thing.flac", code=1)


@pytest.mark.weights
@pytest.mark.slow
def test_what_was_spoken_is_heard_again():
    sound = Kokoro(Cache()).say("ðə ˈOld bɹˈɪʤ wʌz klˈOzd ˌɔn mˈʌndA.", "af_heart")
    soundfile.write("speech.wav", sound.samples, sound.rate)
    english = run("try", "speech.wav")
    assert "Language en" in english
    assert "pcm_s16le, 24000 Hz, channels: 1, 0:0" in english
    assert "0:00." in english
    assert "bridge was closed on Monday" in english

    samples, rate = pyopenjtalk.tts("明日は公園で会いましょう。")
    stereo = np.stack([samples, samples], axis=1) / 32768
    soundfile.write("stereo.flac", stereo, rate)
    japanese = run("try", "stereo.flac")
    assert "Language ja" in japanese
    assert "channels: 2" in japanese
    assert "会いましょう" in japanese


@pytest.mark.weights
@pytest.mark.slow
def test_silence_is_heard_as_such():
    soundfile.write("silence.wav", np.zeros(32_000, np.float32), 16_000)
    assert "Nobody speaks." in run("try", "silence.wav")
