"""Speech as an application asks for it: heard again, in every format, with its marks, refused where it cannot be."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import soundfile
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.services.polly.test_lexicons import pls, refused

from honmono.engines.speech.audio import AudioFile
from honmono.services.polly.speaking import read, said
from honmono.services.polly.speech import Speech

pytestmark = [pytest.mark.weights, pytest.mark.slow]
HELLO, TRAIN, SHORT = "Hello, how are you today?", "The train leaves at nine.", "Good day."


def spoken(server: RunningServer, text: str, voice: str = "Joanna", form: str = "pcm", **more: Any) -> bytes:
    request = {"Text": text, "VoiceId": voice, "OutputFormat": form, "Engine": "neural", **more}
    answer = server.client("polly").synthesize_speech(**request)
    found: bytes = answer["AudioStream"].read()
    return found


def marks(server: RunningServer, text: str, *types: str, voice: str = "Joanna", **more: Any) -> list[dict[str, Any]]:
    lines = spoken(server, text, voice, "json", SpeechMarkTypes=list(types), **more).decode().splitlines()
    return [json.loads(line) for line in lines]


def heard(server: RunningServer, samples: np.ndarray, language: str = "en") -> str:
    found = server.app.engines.get("speech-recognition").transcribe(samples, language)
    return " ".join(segment.text for segment in found.segments).strip().lower()


def sixteen(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768


def test_two_texts_are_two_sounds_that_whisper_reads_back(server: RunningServer) -> None:
    first, second = spoken(server, HELLO), spoken(server, TRAIN)
    assert first != second
    assert "how are you today" in heard(server, sixteen(first))
    assert "train leaves at" in heard(server, sixteen(second))


def test_the_same_request_is_the_same_sound_and_another_voice_another(server: RunningServer) -> None:
    first = spoken(server, SHORT)
    assert first == spoken(server, SHORT)
    assert first != spoken(server, SHORT, "Matthew")


@pytest.mark.parametrize(
    ("form", "given", "rate", "content_type"),
    [
        ("mp3", None, 24_000, "audio/mpeg"),
        ("mp3", "8000", 8_000, "audio/mpeg"),
        ("ogg_vorbis", None, 24_000, "audio/ogg"),
        ("ogg_opus", None, 48_000, "audio/ogg"),
    ],
)
def test_a_format_has_its_rate(
    server: RunningServer, tmp_path: Any, form: str, given: str | None, rate: int, content_type: str
) -> None:
    more = {"SampleRate": given} if given else {}
    answer = server.client("polly").synthesize_speech(
        Text=SHORT, VoiceId="Joanna", OutputFormat=form, Engine="neural", **more
    )
    assert (answer["ContentType"], answer["RequestCharacters"]) == (content_type, len(SHORT))
    data = answer["AudioStream"].read()
    info = soundfile.info(io.BytesIO(data))
    whole = len(spoken(server, SHORT)) / 2 / 16_000
    assert (info.samplerate, info.channels) == (rate, 1)
    assert info.duration == pytest.approx(whole, abs=0.2), "LAME pads its first and last frames, of 72 ms at 8 kHz"
    path = tmp_path / "speech"
    path.write_bytes(data)
    with AudioFile(path) as audio:
        assert audio.info.seconds == pytest.approx(whole, abs=0.2)


@pytest.mark.parametrize("form", ["mulaw", "alaw"])
def test_the_telephones_formats_are_a_byte_a_sample(server: RunningServer, form: str) -> None:
    data = spoken(server, SHORT, form=form)
    assert len(data) == pytest.approx(len(spoken(server, SHORT, SampleRate="8000")) / 2, abs=2)
    linear, _ = soundfile.read(
        io.BytesIO(data), format="RAW", samplerate=8_000, channels=1, subtype={"mulaw": "ULAW", "alaw": "ALAW"}[form]
    )
    wanted = sixteen(spoken(server, SHORT, SampleRate="8000"))[: len(linear)]
    assert np.abs(linear[: len(wanted)] - wanted).max() < 0.03


def test_marks_are_in_order_and_slice_the_text_by_bytes(server: RunningServer) -> None:
    text = "音声は、とても🎵きれいです。またね。"
    found = marks(server, text, "word", "sentence", "viseme", voice="Takumi")
    times = [mark["time"] for mark in found]
    assert times == sorted(times) and times[0] >= 0
    placed = [mark for mark in found if mark["type"] != "viseme"]
    for mark in placed:
        assert text.encode()[mark["start"] : mark["end"]].decode() == mark["value"]
    assert [mark["value"] for mark in found if mark["type"] == "sentence"] == [
        "音声は、とても🎵きれいです。",
        "またね。",
    ]
    assert list(found[0]) == ["time", "type", "start", "end", "value"]
    assert all(list(mark) == ["time", "type", "value"] for mark in found if mark["type"] == "viseme")
    assert {mark["type"] for mark in marks(server, text, "word", voice="Takumi")} == {"word"}


def test_the_last_word_ends_with_the_sound(server: RunningServer) -> None:
    speech = Speech(f"{SHORT} Bye.", False, "af_heart", "neural", "en-US", "pcm", 16_000, (), (), 0)
    sounds = list(said(speech, server.app.engines.get("speech-synthesis"), read(speech)))
    before = sum(len(sound.samples) / sound.rate for sound in sounds[:-1])
    last = max(mark.until for mark in sounds[-1].marks if mark.kind == "word")
    whole = len(spoken(server, speech.text)) / 2 / 16_000
    assert before + last == pytest.approx(whole, abs=0.02)


def test_ssml_is_read_and_its_marks_are_told(server: RunningServer) -> None:
    plain = '<speak>Hello <mark name="here"/>there.</speak>'
    paused = '<speak>Hello <mark name="here"/><break time="700ms"/>there.</speak>'
    found = {text: marks(server, text, "ssml", "word", TextType="ssml") for text in (plain, paused)}
    (mark,) = [mark for mark in found[plain] if mark["type"] == "ssml"]
    assert mark["value"] == "here" and plain.encode()[mark["start"] : mark["end"]] == b'<mark name="here"/>'
    begins = [next(mark["time"] for mark in found[text] if mark["value"] == "there") for text in (plain, paused)]
    assert begins[1] - begins[0] > 500
    answer = server.client("polly").synthesize_speech(Text=plain, TextType="ssml", VoiceId="Joanna", OutputFormat="pcm")
    assert answer["RequestCharacters"] == len("Hello there.")


def test_a_lexicon_changes_the_sound_where_its_language_is_spoken(server: RunningServer) -> None:
    polly = server.client("polly")
    polly.put_lexicon(Name="w3c", Content=pls(("W3C", "World Wide Web Consortium")))
    polly.put_lexicon(Name="onsei", Content=pls(("W3C", "だぶさんし"), language="ja-JP"))
    text = "Ask the W3C."
    without, other = spoken(server, text), spoken(server, text, LexiconNames=["onsei"])
    applied = spoken(server, text, LexiconNames=["w3c"])
    assert without == other != applied
    assert "consortium" in heard(server, sixteen(applied))
    polly.put_lexicon(Name="w3c", Content=pls(("W3C", "web folks")))
    assert spoken(server, text, LexiconNames=["w3c"]) != applied, "what is kept of before is another lexicon's"
    assert refused(polly.synthesize_speech, Text=text, VoiceId="Joanna", OutputFormat="pcm", LexiconNames=["none"])[
        0
    ] == ("LexiconNotFoundException")


def test_a_presigned_url_speaks(server: RunningServer) -> None:
    polly = server.client("polly")
    request = {"Text": SHORT, "VoiceId": "Joanna", "OutputFormat": "pcm", "Engine": "neural"}
    for method in ("GET", "POST"):
        url = polly.generate_presigned_url("synthesize_speech", Params=request, HttpMethod=method)
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            assert answer.headers["Content-Type"] == "audio/pcm"
            assert answer.read() == spoken(server, SHORT)
    listed = {**request, "OutputFormat": "json", "SpeechMarkTypes": ["word", "sentence"]}
    url = polly.generate_presigned_url("synthesize_speech", Params=listed, HttpMethod="GET")
    with urllib.request.urlopen(url) as answer:
        assert answer.read().decode().count('"type":"word"') == 2
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url.replace("Good", "Bad"))


def test_eight_clients_get_each_its_own(server: RunningServer) -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda word: marks(server, f"Number {word}.", "word"), words))
    assert [[mark["value"] for mark in each] for each in found] == [["Number", word] for word in words]


def test_the_engine_named_first_in_the_list_is_taken_where_none_is_asked_for(server: RunningServer) -> None:
    polly, rates = server.client("polly"), {"standard": 22_050, "neural": 24_000}
    for voice in ("Mizuki", "Takumi"):
        (row,) = [each for each in polly.describe_voices(LanguageCode="ja-JP")["Voices"] if each["Id"] == voice]
        answer = polly.synthesize_speech(Text="こんにちは。", VoiceId=voice, OutputFormat="mp3")
        info = soundfile.info(io.BytesIO(answer["AudioStream"].read()))
        assert info.samplerate == rates[row["SupportedEngines"][0]]
        assert row["SupportedEngines"] == {"Mizuki": ["standard", "neural"], "Takumi": ["neural"]}[voice]


def calls(server: RunningServer) -> int:
    (state,) = [state for state in server.app.engines.states() if state.field == "speech-synthesis"]
    return state.counts.calls


def test_who_hangs_up_stops_the_work(server: RunningServer) -> None:
    text = " ".join(f"This is sentence number {number} of a long text." for number in range(20))
    before = calls(server)
    stream = server.client("polly").synthesize_speech(Text=text, VoiceId="Ruth", OutputFormat="pcm", Engine="neural")[
        "AudioStream"
    ]
    assert len(stream.read(1000)) == 1000
    stream.close()
    time.sleep(1)
    until = time.monotonic() + 20
    while (seen := calls(server)) != (time.sleep(3), calls(server))[1]:
        assert time.monotonic() < until
    assert seen - before < 10
    assert [mark["value"] for mark in marks(server, "Still here.", "word")] == ["Still", "here"]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"VoiceId": "Vicki"}, "LanguageNotSupportedException"),
        ({"VoiceId": "Kajal", "LanguageCode": "fr-FR"}, "LanguageNotSupportedException"),
        ({"Engine": "generative"}, "EngineNotSupportedException"),
        ({"Engine": "long-form"}, "EngineNotSupportedException"),
        ({"SampleRate": "18000"}, "InvalidSampleRateException"),
        ({"SampleRate": "24000"}, "InvalidSampleRateException"),
        ({"SampleRate": "x"}, "InvalidSampleRateException"),
        ({"Text": "a" * 3001}, "TextLengthExceededException"),
        ({"Text": f"<speak>{'<s></s>' * 900}</speak>", "TextType": "ssml"}, "TextLengthExceededException"),
        ({"SpeechMarkTypes": ["word"]}, "MarksNotSupportedForFormatException"),
        ({"OutputFormat": "json", "SpeechMarkTypes": ["ssml"]}, "SsmlMarksNotSupportedForTextTypeException"),
        ({"OutputFormat": "json"}, "ValidationException"),
        ({"OutputFormat": "flac"}, "ValidationException"),
        ({"VoiceId": "Nobody"}, "ValidationException"),
        ({"Text": "no markup", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": "<speak>open", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": "<speak><bark/></speak>", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": '<!DOCTYPE s [<!ENTITY a "b">]><speak>&a;</speak>', "TextType": "ssml"}, "InvalidSsmlException"),
    ],
)
def test_what_cannot_be_spoken_is_refused(server: RunningServer, request_: dict[str, Any], code: str) -> None:
    whole = {"Text": "Hello", "VoiceId": "Joanna", "OutputFormat": "pcm", **request_}
    assert refused(server.client("polly").synthesize_speech, **whole)[0] == code


def test_a_text_without_a_word_is_silence(server: RunningServer) -> None:
    for text in ("", "  \n", "!?"):
        try:
            assert len(spoken(server, text)) < 2 * 16_000
        except ClientError as error:  # pragma: no cover - shows what came
            raise AssertionError(text) from error


def test_the_voices_are_those_that_can_speak(server: RunningServer) -> None:
    polly = server.client("polly")
    voices = {voice["Id"]: voice for voice in polly.describe_voices()["Voices"]}
    assert voices["Takumi"] == {
        "Gender": "Male",
        "Id": "Takumi",
        "LanguageCode": "ja-JP",
        "LanguageName": "Japanese",
        "Name": "Takumi",
        "SupportedEngines": voices["Takumi"]["SupportedEngines"],
    }
    assert voices["Celine"]["Name"] == "Céline" and "Hans" not in voices
    british = polly.describe_voices(LanguageCode="en-GB", Engine="neural")["Voices"]
    assert sorted(voice["Id"] for voice in british) == ["Amy", "Arthur", "Brian", "Emma"]
    assert polly.describe_voices(LanguageCode="hi-IN")["Voices"] == []
    also = polly.describe_voices(LanguageCode="hi-IN", IncludeAdditionalLanguageCodes=True)["Voices"]
    assert [voice["Id"] for voice in also] == ["Aditi", "Kajal"]
    assert polly.describe_voices(Engine="generative")["Voices"] == []
    assert [page["Voices"] for page in polly.get_paginator("describe_voices").paginate()] == [list(voices.values())]
    assert refused(polly.describe_voices, NextToken="x")[0] == "InvalidNextTokenException"
    assert refused(polly.describe_voices, LanguageCode="xx")[0] == "ValidationException"
