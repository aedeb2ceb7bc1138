from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from honmono.cli import showcase
from honmono.cli.screen import bar


class Answers:
    """A client whose answers are a function of the text."""

    def __init__(self, language, sentiment):
        self.language = language
        self.sentiment = sentiment

    def detect_dominant_language(self, Text):
        answer = self.language(Text)
        return {"Languages": [{"LanguageCode": answer, "Score": 0.9}], **headers("l/1")}

    def detect_sentiment(self, Text, LanguageCode):
        label = self.sentiment(Text, LanguageCode)
        scores = dict.fromkeys(("Positive", "Negative", "Neutral", "Mixed"), 0.1)
        return {"Sentiment": label, "SentimentScore": scores | {label.capitalize(): 0.7}, **headers("s/1")}


def headers(engine):
    return {"ResponseMetadata": {"HTTPHeaders": {"x-honmono-engine": engine}}}


def failing(code, status):
    def fail(*_):
        raise ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Op")

    return fail


def test_the_mood_is_asked_for_in_the_language_found():
    client = Answers(lambda text: "ja" if "の" in text else "en", lambda text, code: f"{code}ATIVE".upper())
    client.sentiment = lambda text, code: {"ja": "POSITIVE", "en": "MIXED"}[code]
    assert showcase.read(client, "私の").sentiment == "POSITIVE"
    reading = showcase.read(client, "mine")
    assert (reading.language, reading.sentiment, reading.sentiment_score) == ("en", "MIXED", 0.7)
    assert reading.engines == ("l/1", "s/1")


def test_what_a_server_cannot_do_is_shown_and_what_breaks_is_raised():
    def lacks(text):
        raise NotImplementedError

    assert showcase.read(Answers(lacks, lambda text, code: "NEUTRAL"), "x").language == "no answer"
    refused = Answers(lambda text: "eu", failing("UnsupportedLanguageException", 400))
    assert showcase.read(refused, "x").sentiment == "UnsupportedLanguageException"
    with pytest.raises(ClientError):
        showcase.read(Answers(lambda text: "en", failing("ServiceUnavailable", 503)), "x")


def test_the_table_counts_different_answers():
    screen = Console(file=io.StringIO(), width=120)
    client = Answers(lambda text: "en", lambda text, code: "POSITIVE" if "good" in text else "NEGATIVE")
    texts = ["good", "bad"]
    ours = [showcase.read(client, text) for text in texts]
    showcase.draw(screen, texts, ours, [ours[0], ours[0]])
    drawn = screen.file.getvalue()
    assert "2 texts: Honmono gave 2 different answers (l/1, s/1), moto 1." in " ".join(drawn.split())
    assert "NEGATIVE 0.70" in drawn


@pytest.mark.slow
def test_moto_says_the_same_of_every_text():
    with showcase._moto("comprehend") as client:
        readings = [showcase.read(client, text) for text in showcase.TEXTS]
    assert len({(reading.language, reading.sentiment) for reading in readings}) == 1


@pytest.mark.slow
@pytest.mark.weights
def test_the_demo_tells_texts_apart(honmono_command):
    ended = honmono_command("demo")
    assert ended.returncode == 0, ended.stderr
    for word in (
        "POSITIVE",
        "NEGATIVE",
        "ja ",
        "en ",
        "fetches nothing",
        "the same bytes",
        "moto 1.",
        "Oxford",
        "会議",
    ):
        assert word in " ".join(ended.stdout.split())


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, ""), (1, "████"), (0.5, "██"), (0.28125, "█▏"), (7, "████"), (-1, "")]
)
def test_a_share_becomes_a_bar(share, drawn):
    assert bar(share, 4) == drawn
