"""What a task's job keeps of a speech while it runs: nothing is lost and nothing is there twice when it goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from honmono.engines.speech.codecs import encoder
from honmono.engines.speech.synthesis.said import Said, SpokenMark
from honmono.services.polly.speech import Speech
from honmono.services.polly.task_job import _Spoken


def speech(form: str, rate: int, *marks: str) -> Speech:
    return Speech("text", False, "af_heart", "neural", "en-US", form, rate, marks, (), 4)


def sounds(count: int) -> list[Said]:
    chance = np.random.default_rng(7)
    made = []
    for number in range(count):
        samples = chance.uniform(-0.5, 0.5, 24_000 + number).astype(np.float32)
        made.append(Said(samples, 24_000, [SpokenMark("word", 0.25, number, number + 1, str(number))]))
    return made


@pytest.mark.parametrize(("form", "rate"), [("pcm", 8_000), ("mp3", 22_050), ("ogg_vorbis", 24_000), ("alaw", 8_000)])
def test_a_speech_that_went_on_is_the_same_as_one_in_one_go(tmp_path: Path, form: str, rate: int) -> None:
    wanted = encoder(form, 24_000, rate)  # type: ignore[arg-type]
    whole = b"".join(wanted.encode(sound.samples) for sound in sounds(4)) + wanted.finish()
    with _Spoken(tmp_path, speech(form, rate)) as spoken:
        for sound in sounds(4)[:2]:
            spoken.add(sound)
        (tmp_path / "spoken").open("ab").write(b"half a sentence that was never noted")
    with _Spoken(tmp_path, speech(form, rate)) as spoken:
        assert spoken.sentences == 2
        for sound in sounds(4)[2:]:
            spoken.add(sound)
        written = b"".join(spoken.written())
    if form == "ogg_vorbis":  # its pages carry a number of the stream's own
        assert len(written) == pytest.approx(len(whole), rel=0.02)
    else:
        assert len(written) == pytest.approx(len(whole), abs=4 if form != "mp3" else 500)
    if form == "pcm":
        ours, theirs = (np.frombuffer(data, "<i2").astype(int) for data in (written, whole))
        length = min(len(ours), len(theirs))
        assert np.abs(ours[:length] - theirs[:length]).max() <= 4


def test_marks_go_on_where_the_sound_ended(tmp_path: Path) -> None:
    for sound in sounds(3):
        with _Spoken(tmp_path, speech("json", 24_000, "word")) as spoken:
            spoken.add(sound)
    with _Spoken(tmp_path, speech("json", 24_000, "word")) as spoken:
        lines = b"".join(spoken.written()).decode().splitlines()
    assert lines == [
        '{"time":250,"type":"word","start":0,"end":1,"value":"0"}',
        '{"time":1250,"type":"word","start":1,"end":2,"value":"1"}',
        '{"time":2250,"type":"word","start":2,"end":3,"value":"2"}',
    ]


def test_nothing_spoken_is_an_empty_file(tmp_path: Path) -> None:
    with _Spoken(tmp_path, speech("pcm", 16_000)) as spoken:
        assert b"".join(spoken.written()) == b""
