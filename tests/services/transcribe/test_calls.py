"""Call analytics: composed calls in stereo, the agent on one side and the customer on the other."""

from __future__ import annotations

import json

import numpy as np
import pytest
from botocore.exceptions import ClientError
from tests.services.transcribe.spoken import BUCKET, NAME, RATE, Calls, file_of, read, said

pytestmark = [pytest.mark.weights, pytest.mark.slow]

HELP = "həlˈO, θˈæŋk ju fɔɹ kˈɔlɪŋ. hˌW kæn I hˈɛlp ju?"
"""Hello, thank you for calling. How can I help you?"""
ANGRY = "ðə fˈOn ɪz bɹˈOkən ænd jʊɹ sˈɜɹvəs ɪz tˈɛɹəbᵊl. I æm vˈɛɹi ˈæŋɡɹi."
"""The phone is broken and your service is terrible. I am very angry."""
GLAD = "ðə fˈOn ɪz wˈʌndəɹfᵊl ænd jʊɹ sˈɜɹvəs ɪz ˈɛksələnt. I æm vˈɛɹi hˈæpi."
"""The phone is wonderful and your service is excellent. I am very happy."""
SEND = "I wˈɪl sˈɛnd ju ðə pˈApəɹz təmˈɑɹO mˈɔɹnɪŋ bI pˈOst."
"""I will send you the papers tomorrow morning by post."""
CHANNELS = [{"ChannelId": 0, "ParticipantRole": "AGENT"}, {"ChannelId": 1, "ParticipantRole": "CUSTOMER"}]
AGENT, CUSTOMER = "am_michael", "af_heart"


def composed(*parts: tuple[float, int, np.ndarray]) -> np.ndarray:
    """Stereo: each part at a second, in a channel."""
    length = max(int(begin * RATE) + len(samples) for begin, _, samples in parts) + RATE // 2
    sound = np.zeros((length, 2), np.float32)
    for begin, channel, samples in parts:
        at = int(begin * RATE)
        sound[at : at + len(samples), channel] += samples
    return sound


def spoken(phonemes: str, voice: str) -> np.ndarray:
    """A sentence without the silence around it."""
    samples = said(phonemes, voice)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def seconds(samples: np.ndarray) -> float:
    return len(samples) / RATE


class Analysed(Calls):
    """Calls, and call analytics jobs on them."""

    def analyse(self, name: str, uri: str, settings: dict | None = None, **options) -> dict:
        settings = {"LanguageOptions": ["en-US"], **(settings or {})}
        request = {"CallAnalyticsJobName": name, "Media": {"MediaFileUri": uri}, "Settings": settings}
        request = {"ChannelDefinitions": CHANNELS, **request, **options}
        return self.transcribe.start_call_analytics_job(**request)["CallAnalyticsJob"]

    def get(self, name: str) -> dict:
        job = self.transcribe.get_call_analytics_job(CallAnalyticsJobName=name)["CallAnalyticsJob"]
        return job | {"TranscriptionJobStatus": job["CallAnalyticsJobStatus"]}

    def document(self, name: str, which: str = "TranscriptFileUri") -> dict:
        address = self.completed(name)["Transcript"][which]
        if "X-Amz-Signature" in address:
            return json.loads(read(address))
        bucket, key = address.split("/", 4)[3:]
        return json.loads(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())


@pytest.fixture(scope="module")
def calls(server):
    """All jobs are started here, and run while the tests wait for theirs."""
    calls = Analysed(server)
    category = calls.transcribe.create_call_analytics_category
    category(
        CategoryName="unhappy", Rules=[{"SentimentFilter": {"Sentiments": ["NEGATIVE"], "ParticipantRole": "CUSTOMER"}}]
    )
    category(
        CategoryName="no-papers",
        Rules=[
            {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": ["send you the papers"], "Negate": True}}
        ],
    )
    category(
        CategoryName="greeted",
        Rules=[
            {
                "TranscriptFilter": {
                    "TranscriptFilterType": "EXACT",
                    "Targets": ["good morning", "thank you for calling"],
                    "ParticipantRole": "AGENT",
                    "AbsoluteTimeRange": {"First": 6000},
                }
            },
            {"NonTalkTimeFilter": {"Threshold": 20000, "Negate": True}},
        ],
    )
    category(CategoryName="cut-off", Rules=[{"InterruptionFilter": {"ParticipantRole": "AGENT", "Threshold": 500}}])
    category(CategoryName="on-hold", Rules=[{"NonTalkTimeFilter": {"Threshold": 4000}}])
    category(CategoryName="live", Rules=[{"NonTalkTimeFilter": {"Negate": True}}], InputType="REAL_TIME")
    hello, send = spoken(HELP, AGENT), spoken(SEND, AGENT)
    angry, glad = spoken(ANGRY, CUSTOMER), spoken(GLAD, CUSTOMER)
    second = 0.3 + seconds(hello) + 0.4
    # The agent breaks in a second and a half before the customer has ended.
    rude = composed((0.3, 0, hello), (second, 1, angry), (second + seconds(angry) - 1.5, 0, send))
    calls.analyse("angry", calls.put("angry.wav", file_of(rude)), OutputLocation=f"s3://{BUCKET}/analysed/")
    calm = composed((0.3, 0, hello), (second, 1, glad), (second + seconds(glad) + 6, 0, hello))
    calls.analyse("glad", calls.put("glad.flac", file_of(calm, "FLAC")))
    name = composed((0.3, 0, hello), (second, 1, said(NAME, CUSTOMER)))
    calls.analyse(
        "redacted",
        calls.put("name.wav", file_of(name)),
        {"ContentRedaction": {"RedactionType": "PII", "RedactionOutput": "redacted_and_unredacted"}},
    )
    calls.analyse("mono", calls.put("mono.wav", file_of(hello)))
    calls.analyse("no-sound", calls.put("text.wav", b"This is no sound. " * 50))
    return calls


def roles(document: dict) -> list[str]:
    return [turn["ParticipantRole"] for turn in document["Transcript"]]


def test_turns_are_of_the_channels_and_moods_of_the_words(calls):
    angry, glad = calls.document("angry"), calls.document("glad")
    assert roles(angry) == ["AGENT", "CUSTOMER", "AGENT"]
    assert angry["Transcript"][1]["Content"].startswith("The phone is broken")
    assert [document["Transcript"][1]["Sentiment"] for document in (angry, glad)] == ["NEGATIVE", "POSITIVE"]
    moods = [each["ConversationCharacteristics"]["Sentiment"]["OverallSentiment"] for each in (angry, glad)]
    assert moods[0]["CUSTOMER"] < 0 < moods[1]["CUSTOMER"]
    quarters = angry["ConversationCharacteristics"]["Sentiment"]["SentimentByPeriod"]["QUARTER"]["CUSTOMER"]
    assert len(quarters) == 4
    assert quarters[3]["EndOffsetMillis"] == angry["Transcript"][1]["EndOffsetMillis"]


def test_items_carry_times_and_confidences(calls):
    turn = calls.document("angry")["Transcript"][1]
    spoken = [item for item in turn["Items"] if item["Type"] == "pronunciation"]
    assert [item["Content"] for item in spoken[:3]] == ["The", "phone", "is"]
    assert spoken[0]["BeginOffsetMillis"] == turn["BeginOffsetMillis"]
    assert all(0 < float(item["Confidence"]) <= 1 for item in spoken)
    assert len({each["Id"] for each in calls.document("angry")["Transcript"]}) == 3
    loud = turn["LoudnessScores"]
    assert len(loud) >= 3
    assert 60 < max(loud) < 100
    assert min(loud) >= 0


def test_interruptions_are_counted_as_composed(calls):
    found = calls.document("angry")["ConversationCharacteristics"]["Interruptions"]
    assert found["TotalCount"] == 1
    (span,) = found["InterruptionsByInterrupter"]["AGENT"]
    assert span["DurationMillis"] == found["TotalTimeMillis"] == pytest.approx(1500, abs=500)
    assert calls.document("glad")["ConversationCharacteristics"]["Interruptions"]["TotalCount"] == 0


def test_silence_and_talk_are_measured(calls):
    glad = calls.document("glad")["ConversationCharacteristics"]
    (silence,) = glad["NonTalkTime"]["Instances"]
    assert silence["DurationMillis"] == glad["NonTalkTime"]["TotalTimeMillis"] == pytest.approx(6000, abs=700)
    assert calls.document("angry")["ConversationCharacteristics"]["NonTalkTime"]["Instances"] == []
    talk = glad["TalkTime"]
    assert talk["TotalTimeMillis"] == sum(each["TotalTimeMillis"] for each in talk["DetailsByParticipant"].values())
    assert 80 < glad["TalkSpeed"]["DetailsByParticipant"]["CUSTOMER"]["AverageWordsPerMinute"] < 260
    assert glad["TotalConversationDurationMillis"] == calls.document("glad")["Transcript"][-1]["EndOffsetMillis"]


def test_calls_belong_to_the_categories_whose_rules_all_fit(calls):
    angry, glad = calls.document("angry")["Categories"], calls.document("glad")["Categories"]
    assert set(angry["MatchedCategories"]) == {"unhappy", "greeted", "cut-off"}
    assert set(glad["MatchedCategories"]) == {"greeted", "on-hold", "no-papers"}
    turn = calls.document("angry")["Transcript"][1]
    assert angry["MatchedDetails"]["unhappy"]["PointsOfInterest"] == [
        {"BeginOffsetMillis": turn["BeginOffsetMillis"], "EndOffsetMillis": turn["EndOffsetMillis"]}
    ]


def test_the_result_lies_where_it_was_asked_for(calls):
    job = calls.completed("angry")
    assert job["Transcript"]["TranscriptFileUri"].endswith(f"/{BUCKET}/analysed/angry.json")
    stored = json.loads(calls.s3.get_object(Bucket=BUCKET, Key="analysed/angry.json")["Body"].read())
    assert (stored["JobStatus"], stored["Channel"], stored["LanguageCode"]) == ("COMPLETED", "VOICE", "en-US")
    assert (job["MediaFormat"], job["MediaSampleRateHertz"], job["LanguageCode"]) == ("wav", RATE, "en-US")


def test_personal_data_is_left_out_of_the_redacted_transcript(calls):
    plain = calls.document("redacted")
    hidden = calls.document("redacted", "RedactedTranscriptFileUri")
    assert "Smith" in plain["Transcript"][1]["Content"]
    assert "[PII]" in hidden["Transcript"][1]["Content"]
    assert "Smith" not in json.dumps(hidden)
    assert hidden["Transcript"][1]["Redaction"]["RedactedTimestamps"]
    assert hidden["Transcript"][0]["Content"] == plain["Transcript"][0]["Content"]


def test_what_is_no_call_fails(calls):
    assert "Invalid number of channels" in calls.ended("mono")["FailureReason"]
    assert "media format" in calls.ended("no-sound")["FailureReason"]


def test_jobs_are_listed_and_deleted(calls):
    for name in ("angry", "glad", "redacted", "mono", "no-sound"):
        calls.ended(name)
    client = calls.transcribe
    failed = client.list_call_analytics_jobs(Status="FAILED")
    assert {each["CallAnalyticsJobName"] for each in failed["CallAnalyticsJobSummaries"]} == {"mono", "no-sound"}
    first = client.list_call_analytics_jobs(MaxResults=3)
    second = client.list_call_analytics_jobs(MaxResults=3, NextToken=first["NextToken"])
    assert len(first["CallAnalyticsJobSummaries"] + second["CallAnalyticsJobSummaries"]) == 5
    client.delete_call_analytics_job(CallAnalyticsJobName="mono")
    with pytest.raises(ClientError, match="couldn't be found") as caught:
        client.get_call_analytics_job(CallAnalyticsJobName="mono")
    assert caught.value.response["Error"]["Code"] == "NotFoundException"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"ChannelDefinitions": [CHANNELS[0], CHANNELS[0]]}, "channels 0 and 1"),
        ({"settings": {"Summarization": {"GenerateAbstractiveSummary": True}}}, r"engines\.summary"),
        ({"settings": {"LanguageModelName": "mine"}}, "language model"),
        ({"OutputLocation": "https://elsewhere/x"}, "S3 URI"),
        ({"Media": {"RedactedMediaFileUri": "s3://calls/angry.wav"}}, "redacted audio"),
    ],
)
def test_what_makes_no_sense_is_refused(calls, options, says):
    with pytest.raises(ClientError, match=says) as caught:
        calls.analyse("refused", f"s3://{BUCKET}/angry.wav", **options)
    assert caught.value.response["Error"]["Code"] == "BadRequestException"


def test_a_name_is_taken_once(calls):
    with pytest.raises(ClientError, match="already exists") as caught:
        calls.analyse("angry", f"s3://{BUCKET}/angry.wav")
    assert caught.value.response["Error"]["Code"] == "ConflictException"
