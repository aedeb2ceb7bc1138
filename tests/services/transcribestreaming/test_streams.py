"""Streams of speech, as an application sends them."""

from __future__ import annotations

import asyncio
import io

import numpy as np
import pytest
import soundfile

from .talking import COLD_DAY, PHONE, READING, TRAIN, cut, pcm, stream, streamed, transcript

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def words(text):
    return "".join(sign for sign in text.lower().replace("7", "seven") if sign.isalnum() or sign == " ").split()


def spoken_items(result):
    return [item for item in result["Alternatives"][0]["Items"] if item["Type"] == "pronunciation"]


def test_two_clips_have_two_transcripts_and_partials_settle_into_the_final(listening, voice):
    told = streamed(listening, cut(pcm(voice.say(COLD_DAY))), pause=0.2)
    assert words(told.text) == ["it", "was", "a", "bright", "cold", "day", "in", "april"]
    assert told.failure is None
    assert told.partials, "a sentence of two seconds and a half has a partial result"
    [final] = told.finals
    assert told.results[-1] is final
    assert {each["ResultId"] for each in told.results} == {final["ResultId"]}
    ends = [each["EndTime"] for each in told.results]
    assert ends[:-1] == sorted(ends[:-1])
    heard = words(transcript(told.partials[-1]))
    assert heard[:3] == words(told.text)[:3]
    assert "Stable" not in final["Alternatives"][0]["Items"][0]
    other = streamed(listening, cut(pcm(voice.say(TRAIN))), pause=0.02)
    assert words(other.text) == ["the", "train", "to", "london", "leaves", "at", "seven"]


def test_words_have_times_and_confidence_and_marks_none(listening, voice):
    sound = voice.say(COLD_DAY)
    [final] = streamed(listening, cut(pcm(sound))).finals
    items = final["Alternatives"][0]["Items"]
    spoken = spoken_items(final)
    assert [each["Content"] for each in spoken] == ["It", "was", "a", "bright", "cold", "day", "in", "April"]
    times = [time for each in spoken for time in (each["StartTime"], each["EndTime"])]
    assert times == sorted(times)
    # Half a second of silence stands before the first word, a second, and the voice fades, behind the last.
    assert times[0] == pytest.approx(0.5, abs=0.35)
    assert times[-1] == pytest.approx(len(sound) / 16_000 - 1.5, abs=0.4)
    assert final["StartTime"] <= times[0] and times[-1] <= final["EndTime"]
    assert all(0 < each["Confidence"] <= 1 for each in spoken)
    assert items[-1] == {
        "Type": "punctuation",
        "Content": ".",
        "StartTime": times[-1],
        "EndTime": times[-1],
        "VocabularyFilterMatch": False,
    }
    assert "ChannelId" not in final


def test_two_sentences_are_two_results_in_the_streams_time(listening, voice):
    told = streamed(listening, cut(pcm(np.concatenate([voice.say(COLD_DAY), voice.say(TRAIN)]))))
    first, second = told.finals
    assert "april" in transcript(first).lower() and "london" in transcript(second).lower()
    assert first["ResultId"] != second["ResultId"]
    assert first["EndTime"] < second["StartTime"]
    assert spoken_items(second)[0]["StartTime"] == pytest.approx(len(voice.say(COLD_DAY)) / 16_000 + 0.5, abs=0.4)


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_any_rate(listening, voice, rate):
    told = streamed(listening, cut(pcm(voice.say(TRAIN, rate))), **{"sample-rate": rate})
    assert "london leaves" in told.text.lower()
    assert told.finals[0]["EndTime"] == pytest.approx(3.2, abs=0.5)


def test_the_wrong_rate_is_heard_as_it_is_said_to_be(listening, voice):
    told = streamed(listening, cut(pcm(voice.say(TRAIN))), **{"sample-rate": 32_000})
    assert told.failure is None
    assert words(told.text) != ["the", "train", "to", "london", "leaves", "at", "seven"]


@pytest.mark.parametrize(("encoding", "form"), [("flac", ("FLAC", "PCM_16")), ("ogg-opus", ("OGG", "OPUS"))])
def test_compressed_sound(listening, voice, encoding, form):
    file = io.BytesIO()
    soundfile.write(file, voice.say(TRAIN), 16_000, format=form[0], subtype=form[1])
    told = streamed(listening, cut(file.getvalue(), 1500), **{"media-encoding": encoding})
    assert "london leaves" in told.text.lower()


def test_channels_apart(listening, voice):
    sound = pcm(voice.say(COLD_DAY), voice.say(TRAIN))
    told = streamed(listening, cut(sound), **{"enable-channel-identification": "true", "number-of-channels": 2})
    by_channel = {each["ChannelId"]: transcript(each).lower() for each in told.finals}
    assert "april" in by_channel["ch_0"] and "london" in by_channel["ch_1"]


def test_stable_words_stay(listening, voice):
    sound = np.concatenate([voice.say(COLD_DAY)[:-16_000], voice.say(TRAIN)[8_000:]])
    told = streamed(listening, cut(pcm(sound)), pause=0.2, **{"enable-partial-results-stabilization": "true"})
    stable: dict[str, list[str]] = {}
    for each in told.results:
        items = spoken_items(each)
        before = stable.get(each["ResultId"], [])
        assert [item["Content"] for item in items][: len(before)] == before
        stable[each["ResultId"]] = [item["Content"] for item in items if item["Stable"]]
        if not each["IsPartial"]:
            assert len(stable[each["ResultId"]]) == len(items)
    assert sum(map(len, stable.values())) >= 14


def test_the_language_is_identified(listening, voice):
    told = streamed(
        listening,
        cut(pcm(voice.say(TRAIN))),
        **{"language-code": None, "identify-language": "true", "language-options": "ja-JP,en-GB,es-US"},
    )
    [final] = told.finals
    assert final["LanguageCode"] == "en-GB"
    assert next(each["LanguageCode"] for each in final["LanguageIdentification"]) == "en-GB"
    assert sum(each["Score"] for each in final["LanguageIdentification"]) == pytest.approx(1, abs=0.01)


def test_the_language_changes_from_utterance_to_utterance(listening, voice):
    sound = np.concatenate([voice.say(TRAIN), voice.say(READING, voice="jf_alpha")])
    told = streamed(
        listening,
        cut(pcm(sound)),
        **{"language-code": None, "identify-multiple-languages": "true", "language-options": "es-US,ja-JP,en-US"},
    )
    english, japanese = told.finals
    assert (english["LanguageCode"], japanese["LanguageCode"]) == ("en-US", "ja-JP")
    assert "london" in transcript(english).lower()
    assert "で本を読みました" in transcript(japanese)
    assert [item["Content"] for item in japanese["Alternatives"][0]["Items"]][-1] == "。"
    assert "".join(item["Content"] for item in japanese["Alternatives"][0]["Items"]) == transcript(japanese)


@pytest.mark.parametrize("what", ["content-redaction-type", "content-identification-type"])
def test_personal_data(listening, voice, what):
    told = streamed(listening, cut(pcm(voice.say(PHONE))), pause=0.02, **{what: "PII", "pii-entity-types": "PHONE"})
    [final] = told.finals
    [alternative] = final["Alternatives"]
    [entity] = alternative["Entities"]
    assert (entity["Category"], entity["Type"]) == ("PII", "PHONE")
    assert final["StartTime"] < entity["StartTime"] < entity["EndTime"] <= final["EndTime"]
    if "redaction" in what:
        assert "[PHONE]" in transcript(final) and "555" not in str(told.results)
        assert "[PHONE]" in [item["Content"] for item in alternative["Items"]]
    else:
        assert entity["Content"] in transcript(final) and "555" in entity["Content"]


def test_eight_streams_at_once(listening, voice):
    chunks = {"april": cut(pcm(voice.say(COLD_DAY))), "london": cut(pcm(voice.say(TRAIN)))}

    async def all_of_them():
        return await asyncio.gather(
            *(stream(listening, chunks[word], pause=0.1) for word in ("april", "london") for _ in range(4))
        )

    told = asyncio.run(asyncio.wait_for(all_of_them(), 120))
    assert all("april" in each.text.lower() for each in told[:4])
    assert all("london" in each.text.lower() for each in told[4:])
