"""Rules held against calls that are written down by hand."""

from __future__ import annotations

import pytest

from honmono.services.transcribe.call_rules import categories, fits
from honmono.services.transcribe.call_transcript import (
    CallTurn,
    characteristics,
    interruptions,
    silences,
    turns_of,
    written,
)
from honmono.services.transcribe.transcript import Item, Passage


def words(text: str, begin: float, step: float = 0.5) -> list[Item]:
    """A word every half second, marks behind them."""
    items: list[Item] = []
    for word in text.split():
        plain = word.rstrip(".,!?。")
        times = {"start_time": f"{begin:.3f}", "end_time": f"{begin + step:.3f}"}
        items.append({"type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": plain}], **times})
        for mark in word[len(plain) :]:
            items.append({"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": mark}]})
        begin += step
    return items


def turn(role: str, text: str, begin: float, mood: str = "NEUTRAL", language: str = "en") -> CallTurn:
    return CallTurn(role, words(text, begin), language, mood)


CALL = [
    turn("AGENT", "Good morning, how can I help you?", 0.0),  # until 3.5
    turn("CUSTOMER", "My phone isn’t working. I want to speak to a manager.", 3.5, "NEGATIVE"),  # until 9.0
    turn("AGENT", "Please wait.", 8.0),  # breaks in a second early, until 9.0
    turn("AGENT", "Here I am again.", 15.0, "POSITIVE"),  # after six seconds of silence, until 17.0
]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("speak to a manager", [(7000, 9000)]),
        ("Speak to a Manager!", [(7000, 9000)]),
        ("speak to the manager", None),
        ("isn't working", [(4500, 5500)]),
        ("peak to a manager", None),
        ("!!!", None),
    ],
)
def test_a_phrase_is_found_word_by_word(target, found) -> None:
    assert fits(CALL, {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": [target]}}) == found


def test_a_phrase_is_looked_for_where_it_is_asked_for() -> None:
    rule = {"TranscriptFilterType": "EXACT", "Targets": ["manager"]}
    assert fits(CALL, {"TranscriptFilter": {**rule, "ParticipantRole": "AGENT"}}) is None
    assert fits(CALL, {"TranscriptFilter": {**rule, "ParticipantRole": "AGENT", "Negate": True}}) == []
    assert fits(CALL, {"TranscriptFilter": {**rule, "AbsoluteTimeRange": {"First": 5000}}}) is None
    assert fits(CALL, {"TranscriptFilter": {**rule, "RelativeTimeRange": {"Last": 60}}}) == [(8500, 9000)]
    assert fits(CALL, {"TranscriptFilter": {**rule, "AbsoluteTimeRange": {"StartTime": 8000, "EndTime": 9000}}})


def test_japanese_phrases_need_no_blanks() -> None:
    call = [turn("CUSTOMER", "解約 し たい です 。 ☎ 電話", 1.0, language="ja")]
    rule = {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": ["解約したい"]}}
    assert fits(call, rule) == [(1000, 2500)]
    rule["TranscriptFilter"]["Targets"] = ["解約しない"]
    assert fits(call, rule) is None


def test_moods_are_of_a_participant_and_negated_they_are_the_others() -> None:
    negative = {"Sentiments": ["NEGATIVE"]}
    assert fits(CALL, {"SentimentFilter": negative}) == [(3500, 9000)]
    assert fits(CALL, {"SentimentFilter": {**negative, "ParticipantRole": "AGENT"}}) is None
    assert fits(CALL, {"SentimentFilter": {**negative, "ParticipantRole": "CUSTOMER", "Negate": True}}) is None
    last = {"Sentiments": ["POSITIVE"], "AbsoluteTimeRange": {"Last": 3000}}
    assert fits(CALL, {"SentimentFilter": last}) == [(15000, 17000)]


def test_silence_and_interruptions_have_thresholds() -> None:
    assert interruptions(CALL)[0].role == "AGENT"
    assert fits(CALL, {"InterruptionFilter": {"ParticipantRole": "AGENT"}}) == [(8000, 9000)]
    assert fits(CALL, {"InterruptionFilter": {"Threshold": 1001}}) is None
    assert fits(CALL, {"InterruptionFilter": {"ParticipantRole": "CUSTOMER", "Negate": True}}) == []
    assert silences(CALL) == [(9000, 15000)]
    assert fits(CALL, {"NonTalkTimeFilter": {"Threshold": 6000}}) == [(9000, 15000)]
    assert fits(CALL, {"NonTalkTimeFilter": {"Threshold": 6001}}) is None
    assert fits(CALL, {"NonTalkTimeFilter": {"Threshold": 2000, "AbsoluteTimeRange": {"First": 10000}}}) is None
    assert fits(CALL, {"NonTalkTimeFilter": {"Negate": True, "RelativeTimeRange": {"First": 50}}}) == []


def test_all_rules_of_a_category_must_fit() -> None:
    manager = {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": ["manager"]}}
    silent, long_silent = ({"NonTalkTimeFilter": {"Threshold": each}} for each in (5000, 9000))
    found = categories(
        CALL, [{"Name": "both", "Rules": [manager, silent]}, {"Name": "not-both", "Rules": [manager, long_silent]}]
    )
    assert found["MatchedCategories"] == ["both"]
    assert [each["BeginOffsetMillis"] for each in found["MatchedDetails"]["both"]["PointsOfInterest"]] == [8500, 9000]


def test_scores_are_those_of_the_example_in_amazons_guide() -> None:
    """ "Example Contact Lens output files": the moods there, and the scores that they make."""
    agent = [(0, 90, 0), (4640, 6610, 0), (11220, 15210, -1), (18310, 21820, 0), (24120, 29710, 1)]
    customer = [(160, 4640, 0), (7370, 11190, -1), (15840, 18120, 1), (22610, 24140, 1), (30580, 32110, 1)]
    moods = {0: "NEUTRAL", 1: "POSITIVE", -1: "NEGATIVE"}
    call = [
        CallTurn(role, words("Yes", begin / 1000, (end - begin) / 1000), "en", moods[mood])
        for role, turns in (("AGENT", agent), ("CUSTOMER", customer))
        for begin, end, mood in turns
    ]
    found = characteristics(sorted(call, key=lambda each: each.begin))
    assert found["Sentiment"]["OverallSentiment"] == {"AGENT": 0.0, "CUSTOMER": 3.1}
    quarters = found["Sentiment"]["SentimentByPeriod"]["QUARTER"]
    assert [each["Score"] for each in quarters["AGENT"]] == [0, -5, 0, 5]
    assert [each["Score"] for each in quarters["CUSTOMER"]] == [-2.5, 5, 5, 5]
    assert [each["EndOffsetMillis"] for each in quarters["CUSTOMER"]] == [8027, 16055, 24082, 32110]
    assert found["TotalConversationDurationMillis"] == 32110
    assert found["NonTalkTime"]["TotalTimeMillis"] == 0


def test_passages_of_a_channel_are_one_turn_until_the_other_speaks() -> None:
    passages = [
        Passage(words("Good morning.", 0.0), 0),
        Passage(words("How are you?", 1.2), 0),
        Passage(words("Fine.", 3.0), 1),
        Passage(words("Good.", 9.0), 1),
    ]
    turns = turns_of(passages, {0: "CUSTOMER", 1: "AGENT"})
    assert [(each.role, each.text) for each in turns] == [
        ("CUSTOMER", "Good morning. How are you?"),
        ("AGENT", "Fine."),
        ("AGENT", "Good."),
    ]
    shown = written(turns, "call")
    assert shown[0]["Items"][1] == {
        "Type": "pronunciation",
        "Content": "morning",
        "Confidence": "0.9",
        "BeginOffsetMillis": 500,
        "EndOffsetMillis": 1000,
    }
    assert characteristics([])["TotalConversationDurationMillis"] == 0
