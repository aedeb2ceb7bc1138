from __future__ import annotations

import pytest

pytestmark = pytest.mark.weights

EMOJI = "👩‍👩‍👧 Cafe\u0301 𝕏: The coffee was delicious, but the cakes were stale."


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def moods(answer):
    return {
        mention["Text"]: mention["MentionSentiment"]["Sentiment"]
        for entity in answer["Entities"]
        for mention in entity["Mentions"]
    }


@pytest.mark.parametrize(
    ("text", "screen", "battery"),
    [
        ("The screen is wonderful but the battery is terrible.", "POSITIVE", "NEGATIVE"),
        ("The screen is terrible but the battery is wonderful.", "NEGATIVE", "POSITIVE"),
    ],
)
def test_each_thing_has_the_mood_in_which_the_text_speaks_of_it(comprehend, text, screen, battery):
    answer = comprehend.detect_targeted_sentiment(Text=text, LanguageCode="en")
    assert moods(answer) == {"screen": screen, "battery": battery}
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("e5-targets")
    for entity in answer["Entities"]:
        (mention,) = entity["Mentions"]
        assert entity["DescriptiveMentionIndex"] == [0]
        assert mention["Type"] == "ATTRIBUTE"
        assert 0 < mention["Score"] <= 1
        assert mention["GroupScore"] == 1
        scores = mention["MentionSentiment"]["SentimentScore"]
        assert scores[mention["MentionSentiment"]["Sentiment"].title()] == max(scores.values())
        assert sum(scores.values()) == pytest.approx(1, abs=1e-3)


def test_mentions_of_one_thing_stand_in_one_group(comprehend):
    # The developer guide's own example.
    text = "The burger was cooked perfectly but it was cold. The service was OK."
    burger, service = comprehend.detect_targeted_sentiment(Text=text, LanguageCode="en")["Entities"]
    assert [(m["Text"], m["BeginOffset"], m["EndOffset"]) for m in burger["Mentions"]] == [
        ("burger", 4, 10),
        ("it", 36, 38),
    ]
    assert burger["DescriptiveMentionIndex"] == [0]
    assert [m["MentionSentiment"]["Sentiment"] for m in burger["Mentions"]] == ["POSITIVE", "NEGATIVE"]
    assert 0 < burger["Mentions"][1]["GroupScore"] < 1
    assert [m["Type"] for m in service["Mentions"]] == ["ATTRIBUTE"]


def test_another_subject_gets_the_pronoun(comprehend):
    def group_of(pronoun, text):
        answer = comprehend.detect_targeted_sentiment(Text=text, LanguageCode="en")
        groups = [[mention["Text"] for mention in entity["Mentions"]] for entity in answer["Entities"]]
        return next(group for group in groups if pronoun in group)

    assert group_of("She", "The waitress brought a bowl. She was kind.") == ["waitress", "She"]
    assert group_of("It", "The waitress brought a bowl. It was chipped.") == ["bowl", "It"]
    assert group_of("my", "I lost my keys.") == ["I", "my"]


def test_offsets_count_characters(comprehend):
    answer = comprehend.detect_targeted_sentiment(Text=EMOJI, LanguageCode="en")
    mentions = [mention for entity in answer["Entities"] for mention in entity["Mentions"]]
    assert {"coffee", "cakes"} <= {mention["Text"] for mention in mentions}
    for mention in mentions:
        assert EMOJI[mention["BeginOffset"] : mention["EndOffset"]] == mention["Text"]


def test_a_text_that_speaks_of_nothing_has_no_entities(comprehend):
    assert comprehend.detect_targeted_sentiment(Text="Absolutely!", LanguageCode="en")["Entities"] == []


def test_a_batch_answers_each_text_as_alone_and_tells_which_is_too_long(comprehend):
    texts = ["The guide was lovely.", "é" * 2501, "The guide was dreadful."]
    batch = comprehend.batch_detect_targeted_sentiment(TextList=texts, LanguageCode="en")
    assert [(error["Index"], error["ErrorCode"]) for error in batch["ErrorList"]] == [(1, "TEXT_SIZE_LIMIT_EXCEEDED")]
    assert [item["Index"] for item in batch["ResultList"]] == [0, 2]
    assert [moods(item) for item in batch["ResultList"]] == [{"guide": "POSITIVE"}, {"guide": "NEGATIVE"}]
    for item in batch["ResultList"]:
        alone = comprehend.detect_targeted_sentiment(Text=texts[item["Index"]], LanguageCode="en")
        assert alone["Entities"] == item["Entities"]


def test_a_text_of_more_than_5000_bytes_is_refused(comprehend):
    with pytest.raises(comprehend.exceptions.TextSizeLimitExceededException, match=r"5000 bytes .* 5002 bytes"):
        comprehend.detect_targeted_sentiment(Text="é" * 2501, LanguageCode="en")


def test_a_batch_of_more_than_25_is_refused(comprehend):
    with pytest.raises(comprehend.exceptions.BatchSizeLimitExceededException, match="26"):
        comprehend.batch_detect_targeted_sentiment(TextList=["The soup."] * 26, LanguageCode="en")


@pytest.mark.parametrize("language", ["ja", "de", "zh-TW"])
def test_other_languages_are_refused_naming_what_to_plug_in(comprehend, language):
    with pytest.raises(comprehend.exceptions.UnsupportedLanguageException, match="targeted-sentiment"):
        comprehend.detect_targeted_sentiment(Text="画面はきれいです。", LanguageCode=language)
    with pytest.raises(comprehend.exceptions.UnsupportedLanguageException, match="plug in"):
        comprehend.batch_detect_targeted_sentiment(TextList=["画面はきれいです。"], LanguageCode=language)
