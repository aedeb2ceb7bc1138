from __future__ import annotations

import pytest

from honmono.engines.base import UnsupportedLanguage
from honmono.engines.text.sentiment import SentimentEngine

pytestmark = pytest.mark.weights


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "The waiter was charming and the fish was superb.", "POSITIVE"),
        ("en", "The waiter was rude and the fish was rotten.", "NEGATIVE"),
        ("en", "The restaurant opens at noon and has forty seats.", "NEUTRAL"),
        ("en", "The fish was superb, but the waiter was rude and we waited for two hours.", "MIXED"),
        ("ja", "店員さんが親切で、魚もとてもおいしかったです。", "POSITIVE"),
        ("ja", "店員の態度が悪く、魚は腐っていました。", "NEGATIVE"),
        ("ja", "この店は正午に開き、席は四十あります。", "NEUTRAL"),
        ("ja", "魚は最高においしかったのに、店員の態度がひどかったです。", "MIXED"),
        ("de", "Der Kellner war reizend und der Fisch köstlich.", "POSITIVE"),
        ("fr", "Le poisson était pourri et le serveur grossier.", "NEGATIVE"),
        ("ko", "식당은 정오에 문을 열고 좌석은 마흔 개입니다.", "NEUTRAL"),
    ],
)
def test_the_label_follows_the_text(sentiment: SentimentEngine, language: str, text: str, label: str) -> None:
    assert sentiment.classify.one(text, language).label == label


def test_negation_turns_the_mood(sentiment: SentimentEngine) -> None:
    plain = sentiment.classify.one("I would recommend this to anybody.", "en")
    negated = sentiment.classify.one("I would not recommend this to anybody.", "en")
    assert plain.positive > plain.negative
    assert negated.negative > negated.positive


def test_probabilities_sum_to_one_and_the_label_is_the_largest(sentiment: SentimentEngine) -> None:
    for text in ("Lovely!", "", "😀😀😀", "\ud800", "x" * 5000):
        mood = sentiment.classify.one(text, "en")
        shares = {
            "POSITIVE": mood.positive, "NEGATIVE": mood.negative, "NEUTRAL": mood.neutral, "MIXED": mood.mixed,
        }  # fmt: skip
        assert sum(shares.values()) == pytest.approx(1)
        assert shares[mood.label] == max(shares.values())


def test_a_text_has_the_same_mood_whatever_stands_beside_it(sentiment: SentimentEngine) -> None:
    texts = ["I hate waiting.", "What a wonderful evening that was, thank you all so very much!"]
    together = sentiment.classify(texts, ["en", "en"])
    assert together == [sentiment.classify.one(text, "en") for text in texts]
    assert together[0] != together[1]


def test_the_end_of_a_long_text_counts(sentiment: SentimentEngine) -> None:
    praise = "The room was spotless and the staff were kind. " * 60
    blame = "The room was filthy and the staff were rude. " * 120
    assert sentiment.classify.one(praise, "en").positive > sentiment.classify.one(praise + blame, "en").positive


def test_a_language_that_was_not_measured_is_refused_by_name(sentiment: SentimentEngine) -> None:
    with pytest.raises(UnsupportedLanguage, match="'fi'"):
        sentiment.classify.one("Hyvä!", "fi")
