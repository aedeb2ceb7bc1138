import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


@pytest.mark.parametrize(
    ("text", "language", "mood"),
    [
        ("I love this camera, the pictures are gorgeous and the battery lasts for days.", "en", "POSITIVE"),
        ("The worst purchase of my life: it broke after a week and nobody answers my mails.", "en", "NEGATIVE"),
        ("この加湿器は静かで使いやすく、買って本当によかったです。", "ja", "POSITIVE"),
        ("一週間で壊れました。サポートの対応もひどく、二度と買いません。", "ja", "NEGATIVE"),
        ("El hotel era precioso y el personal encantador.", "es", "POSITIVE"),
        ("Das Essen war kalt und der Kellner unfreundlich.", "de", "NEGATIVE"),
        ("The meeting starts at ten o'clock in room four.", "en", "NEUTRAL"),
        ("会議は十時から四階の会議室で行われます。", "ja", "NEUTRAL"),
    ],
)
def test_the_mood_follows_the_text(comprehend, text, language, mood):
    answer = comprehend.detect_sentiment(Text=text, LanguageCode=language)
    assert answer["Sentiment"] == mood
    scores = answer["SentimentScore"]
    assert scores[mood.title()] == max(scores.values())
    assert sum(scores.values()) == pytest.approx(1, abs=1e-3)


def test_praise_and_blame_in_one_text_are_mixed(comprehend):
    text = "The screen is wonderful and bright, but the battery is terrible and the speakers crackle."
    assert comprehend.detect_sentiment(Text=text, LanguageCode="en")["Sentiment"] == "MIXED"


def test_a_batch_answers_each_text_as_alone(comprehend):
    texts = ["What a delightful film!", "x" * 5001, "Utterly boring and badly acted."]
    batch = comprehend.batch_detect_sentiment(TextList=texts, LanguageCode="en")
    assert [error["Index"] for error in batch["ErrorList"]] == [1]
    for item in batch["ResultList"]:
        alone = comprehend.detect_sentiment(Text=texts[item["Index"]], LanguageCode="en")
        assert alone["Sentiment"] == item["Sentiment"]
        for name, score in alone["SentimentScore"].items():
            assert item["SentimentScore"][name] == pytest.approx(score, abs=0.02)


def test_a_language_that_comprehend_lacks_is_refused_by_the_wire(comprehend):
    with pytest.raises(ClientError, match="enum value set") as refused:
        comprehend.detect_sentiment(Text="Hei maailma", LanguageCode="fi")
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_the_same_text_gives_the_same_answer(comprehend):
    text = "The delivery was late, the product itself is fine."
    first, second = (comprehend.detect_sentiment(Text=text, LanguageCode="en")["SentimentScore"] for _ in range(2))
    assert first == second
