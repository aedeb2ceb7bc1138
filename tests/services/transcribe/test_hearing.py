"""Hearing a recording of several pieces, by a recogniser that says what it is given."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.services.transcribe.spoken import RATE

from honmono.engines.speech.whisper import LanguageScore, Segment, Stretch, Word
from honmono.services.transcribe.hearing import Hearing, JobFailed


class Recording:
    """Seconds of sound that is as loud as the number of its hundred seconds."""

    def __init__(self, seconds: int, channels: int = 1) -> None:
        self._seconds, self._channels = seconds, channels

    def blocks(self, rate: int):
        for at in range(0, self._seconds, 10):
            level = np.full((self._channels, 10 * rate), (at // 100 + 1) / 100, np.float32)
            level[:, -1] = 0
            yield level * np.arange(1, self._channels + 1)[:, None]


class Recogniser:
    """Says how loud the beginning of what it hears is, in English where it is quiet, else in Spanish."""

    def __init__(self) -> None:
        self.heard = 0.0

    def transcribe(self, samples, language, hint=""):
        self.heard += len(samples) / RATE
        word = Word(f" {language}{round(float(samples[0]) * 100)}", 0.0, 1.0, 0.9)
        return type("Transcript", (), {"segments": [Segment(word.text, 0.0, 1.0, [word])]})

    def stretches(self, samples, pause=0.5):
        return [Stretch(at, at + 50 * RATE) for at in range(0, len(samples) - 50 * RATE, 100 * RATE)]

    def identify(self, samples):
        spanish = 0.9 if round(float(samples[0]) * 100) in (2, 3) else 0.2
        return [LanguageScore("en", 1 - spanish), LanguageScore("es", spanish), LanguageScore("xx", 5)]


def payload(**request) -> dict:
    return {"request": request, "vocabularies": {}, "filters": {}}


def test_what_was_heard_before_a_kill_is_not_heard_again(tmp_path):
    note, request = tmp_path / "heard.json", payload(LanguageCode="en-US")
    whole = Hearing(Recogniser(), request, tmp_path / "whole.json")
    assert list(whole.hear(Recording(700)))[-1] == 700
    recogniser = Recogniser()
    first = next(Hearing(recogniser, request, note).hear(Recording(700)))
    assert 0 < first < 301 and recogniser.heard == first
    again = Recogniser()
    hearing = Hearing(again, request, note)
    assert list(hearing.hear(Recording(700)))[-1] == 700
    assert again.heard == 700 - first
    assert hearing.passages() == whole.passages() and len(hearing.passages()) == 3
    starts = [float(passage.items[0]["start_time"]) for passage in hearing.passages()]
    assert starts[0] == 0 and starts == sorted(starts) and starts[1] == first


def test_channels_are_heard_apart_and_together(tmp_path):
    apart = Hearing(
        Recogniser(), payload(LanguageCode="en-US", Settings={"ChannelIdentification": True}), tmp_path / "a.json"
    )
    together = Hearing(Recogniser(), payload(LanguageCode="en-US"), tmp_path / "t.json")
    for hearing in (apart, together):
        list(hearing.hear(Recording(100, channels=3)))
    assert [(each.channel, each.text) for each in apart.passages()] == [(0, "en1"), (1, "en2"), (2, "en3")]
    assert apart.form().channels == 3 and together.form().channels is None
    assert [each.text for each in together.passages()] == ["en2"]


def test_languages_change_where_they_change(tmp_path):
    request = payload(IdentifyMultipleLanguages=True, LanguageOptions=["en-AU", "es-MX"])
    hearing = Hearing(Recogniser(), request, tmp_path / "heard.json")
    list(hearing.hear(Recording(300)))
    assert [(each.code, each.text) for each in hearing.passages()] == [("en-AU", "en1"), ("es-MX", "es2")]
    assert hearing.found() == {
        "LanguageCodes": [
            {"LanguageCode": "es-MX", "DurationInSeconds": 100.0},
            {"LanguageCode": "en-AU", "DurationInSeconds": 50.0},
        ]
    }
    assert hearing.form().code is None


def test_one_language_is_told_by_the_first_speech_and_among_the_options(tmp_path):
    hearing = Hearing(Recogniser(), payload(IdentifyLanguage=True), tmp_path / "heard.json")
    list(hearing.hear(Recording(300)))
    assert hearing.found() == {"LanguageCode": "en-US", "IdentifiedLanguageScore": 0.8}
    assert hearing.identified()["language_identification"] == [
        {"score": "0.8000", "code": "en-US"},
        {"score": "0.2000", "code": "es-US"},
    ]
    other = Hearing(
        Recogniser(), payload(IdentifyLanguage=True, LanguageOptions=["fr-FR", "de-DE"]), tmp_path / "other.json"
    )
    with pytest.raises(JobFailed, match="None of the LanguageOptions"):
        list(other.hear(Recording(300)))


def test_more_than_four_hours_fail(tmp_path):
    hearing = Hearing(Recogniser(), payload(LanguageCode="en-US"), tmp_path / "heard.json")
    with pytest.raises(JobFailed, match="longer than 4 hours"):
        list(hearing.hear(Recording(4 * 3600 + 10)))
    assert json.loads((tmp_path / "heard.json").read_text())["samples"] <= 4 * 3600 * RATE


@pytest.mark.parametrize(
    ("confidence", "expecting", "heard"),
    [
        (0.5, "Zantacom", "Zantacom"),
        (0.5, "something", "cantaloupe"),
        (0.95, "Zantacom", "cantaloupe"),
    ],
)
def test_a_second_hearing_counts_where_the_first_was_unsure_and_it_has_a_phrase(tmp_path, confidence, expecting, heard):
    class Unsure(Recogniser):
        def transcribe(self, samples, language, hint=""):
            assert hint in ("", "Zantacom")
            word = Word(expecting if hint else "cantaloupe", 1.0, 2.0, confidence)
            return type("Transcript", (), {"segments": [Segment(word.text, 1.0, 2.0, [word])]})

    request = payload(LanguageCode="en-US") | {"vocabularies": {"en-US": [["Zantacom", "", ""]]}}
    hearing = Hearing(Unsure(), request, tmp_path / "heard.json")
    list(hearing.hear(Recording(10)))
    assert [passage.text for passage in hearing.passages()] == [heard]
