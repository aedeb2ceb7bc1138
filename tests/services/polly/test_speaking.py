"""Sentences become bytes: what is cut off, where marks stand in the whole, what is left out."""

from __future__ import annotations

import json
from collections.abc import Generator

import numpy as np
import pytest

from honmono.engines.speech.synthesis.said import Said, SpokenMark
from honmono.services.polly.speaking import written
from honmono.services.polly.speech import Speech

closed: list[bool] = []


def speech(form: str, *marks: str, rate: int = 16_000) -> Speech:
    return Speech("text", False, "af_heart", "neural", "en-US", form, rate, marks, (), 4)


def sounds(count: int, seconds: float = 1.0) -> Generator[Said]:
    closed.clear()
    try:
        for number in range(count):
            marks = [
                SpokenMark("sentence", 0.0, number, number + 1, "é🎵"),
                SpokenMark("word", 0.1, number, number + 1, str(number)),
                SpokenMark("viseme", 0.1, number, number + 1, "p"),
                SpokenMark("word", seconds - 0.1, number, number + 1, "last"),
            ]
            yield Said(np.full(round(seconds * 24_000), 0.25, np.float32), 24_000, marks)
    finally:
        closed.append(True)


def test_a_piece_comes_with_each_sentence() -> None:
    pieces = list(written(speech("pcm"), sounds(3)))
    assert len(pieces) >= 3
    assert sum(map(len, pieces)) == pytest.approx(3 * 16_000 * 2, abs=8)


def test_what_is_longer_than_allowed_is_cut_off_and_not_made() -> None:
    data = b"".join(written(speech("pcm"), sounds(100), longest=2.5))
    assert len(data) == pytest.approx(2.5 * 16_000 * 2, abs=8) and closed == [True]
    lines = b"".join(written(speech("json", "word"), sounds(100), longest=2.5)).decode().splitlines()
    assert [(mark["time"], mark["value"]) for mark in map(json.loads, lines)] == [
        (100, "0"), (900, "last"), (1100, "1"), (1900, "last"), (2100, "2"),
    ]  # fmt: skip


def test_marks_of_the_types_asked_for_are_lines_as_polly_writes_them() -> None:
    lines = b"".join(written(speech("json", "sentence", "viseme"), sounds(1))).decode().splitlines()
    assert lines == [
        '{"time":0,"type":"sentence","start":0,"end":1,"value":"é🎵"}',
        '{"time":100,"type":"viseme","value":"p"}',
    ]


def test_who_stops_listening_stops_the_speaker() -> None:
    pieces = written(speech("pcm"), sounds(100))
    next(pieces)
    assert closed == []
    pieces.close()
    assert closed == [True]


@pytest.mark.parametrize("form", ["pcm", "mp3", "ogg_vorbis", "mulaw", "json"])
def test_nothing_to_say_is_no_error(form: str) -> None:
    data = b"".join(written(speech(form, "word"), sounds(0)))
    assert form == "ogg_vorbis" or data == b""
