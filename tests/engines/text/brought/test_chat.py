"""A language model behind OpenAI's API answers for a field, and only what is right of its answers is believed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.engines.text.brought.chat_server import ChatServer, serving

from honmono.engines.base import Engine
from honmono.engines.errors import EngineFailed, EngineTimeout, EngineUnavailable, UnsupportedLanguage
from honmono.engines.text.brought.chat_engines import ChatEntities, ChatPhrases, ChatPii, ChatSentiment
from honmono.weights import Cache


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as server:
        yield server


def made(kind: type[Engine], server: ChatServer, **options: Any) -> Any:
    given = {"url": server.url, "model": "house-7b", "device": "cpu", **options}
    kind.configured(given)
    engine = kind(Cache(), given)
    engine.load()
    return engine


def content(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["choices"][0]["message"]["content"])


def with_content(answer: dict[str, Any], value: object) -> None:
    answer["choices"][0]["message"]["content"] = value if isinstance(value, str) else json.dumps(value)


def test_the_mood_is_the_servers(server: ChatServer) -> None:
    engine = made(ChatSentiment, server)
    good, bad, plain, both = engine.classify(
        ["A splendid day", "It was awful", "A table.", "splendid and awful"], ["en"] * 4
    )
    assert [mood.label for mood in (good, bad, plain, both)] == ["POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"]
    assert abs(good.positive - 0.7) < 1e-6 and abs(good.mixed - 0.1) < 1e-6
    assert engine.classify.one("素敵な店", "ja").label == "POSITIVE"


def test_the_request_is_constrained_and_goes_to_the_url_alone(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOUSE_KEY", "s3cret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    made(ChatEntities, server, key_env="HOUSE_KEY", parameters={"top_p": 0.5}).find.one("In Tokyo", "en")
    [request] = server.requests
    body = request["body"]
    assert request["path"] == "/v1/chat/completions" and request["headers"]["authorization"] == "Bearer s3cret"
    assert body["model"] == "house-7b" and body["temperature"] == 0 and body["top_p"] == 0.5
    assert body["messages"][-1] == {"role": "user", "content": "In Tokyo"}
    form = body["response_format"]["json_schema"]
    assert form["strict"] and "LOCATION" in form["schema"]["properties"]["spans"]["items"]["properties"]["type"]["enum"]


def test_without_key_env_no_key_is_sent(server: ChatServer) -> None:
    made(ChatSentiment, server).classify.one("awful", "en")
    assert "authorization" not in server.requests[0]["headers"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana went to Tokyo.", [("PERSON", "Ana", 0), ("LOCATION", "Tokyo", 12)]),
        ("👩‍🚀 cafe\u0301 in Tokyo, Tokyo!", [("LOCATION", "Tokyo", 13), ("LOCATION", "Tokyo", 20)]),
        ("アナは東京へ", [("LOCATION", "東京", 3)]),
        ("nobody", []),
    ],
)
def test_spans_have_their_place_in_the_text(server: ChatServer, text: str, expected: list[Any]) -> None:
    found = made(ChatEntities, server).find.one(text, "en")
    assert [(e.type, text[e.begin : e.end], e.begin) for e in found] == expected
    assert all(abs(e.score - (0.5 + (e.end - e.begin) / 100)) < 1e-6 for e in found)


def test_a_whole_word_goes_before_a_part_of_one(server: ChatServer) -> None:
    text = "At the party we saw art"

    def once(number: int, answer: dict[str, Any]) -> None:
        with_content(answer, {"spans": [{"text": "art", "type": "TITLE", "confidence": 0.5}]})

    server.spoil = once
    [title] = made(ChatEntities, server).find.one(text, "en")
    assert title.begin == text.rindex("art")


def test_thousands_of_spans_have_their_places_in_no_time(server: ChatServer) -> None:
    text = "Ana and " * 3000
    started = time.monotonic()
    found = made(ChatEntities, server).find.one(text, "en")
    assert [e.begin for e in found] == list(range(0, 24_000, 8))
    assert time.monotonic() - started < 5


def test_phrases_and_personal_data(server: ChatServer) -> None:
    [phrase] = made(ChatPhrases, server).find.one("All about green energy.", "en")
    assert (phrase.text, phrase.begin, phrase.end) == ("green energy", 10, 22)
    found = made(ChatPii, server).detect.one("Ana: ana@example.org", "en")
    assert [(e.type, e.begin, e.end) for e in found] == [("NAME", 0, 3), ("EMAIL", 5, 20)]


def test_scores_are_the_tokens_probabilities_where_the_server_gives_them(server: ChatServer) -> None:
    server.with_logprobs = True
    mood = made(ChatSentiment, server).classify.one("awful", "en")
    # exp(-.51) for the token that begins NEGATIVE and -.22 for the one that tells it from NEUTRAL; POS -1.6, MIX -2.3.
    negative, positive, mixed = 0.60050 * 0.80252, 0.20190, 0.10026
    whole = negative + positive + mixed
    assert mood.label == "NEGATIVE"
    assert abs(mood.negative - negative / whole) < 1e-3
    assert abs(mood.positive - positive / whole) < 1e-3 and abs(mood.mixed - mixed / whole) < 1e-3
    [place] = made(ChatEntities, server).find.one("In Tokyo", "en")
    assert abs(place.score - 0.80252) < 1e-4  # its weakest token
    [place] = made(ChatEntities, server, logprobs=False).find.one("In Tokyo", "en")
    assert abs(place.score - 0.55) < 1e-9
    assert "logprobs" not in server.requests[-1]["body"]


LIES: dict[str, Any] = {
    "a span that is not in the text": {"spans": [{"text": "Osaka", "type": "LOCATION", "confidence": 0.9}]},
    "a type that is none": {"spans": [{"text": "Tokyo", "type": "CITY", "confidence": 0.9}]},
    "a second one that is not there": {"spans": [{"text": "Tokyo", "type": "LOCATION", "confidence": 0.9}] * 2},
    "a probability over 1": {"spans": [{"text": "Tokyo", "type": "LOCATION", "confidence": 9}]},
    "no probability": {"spans": [{"text": "Tokyo", "type": "LOCATION", "confidence": True}]},
    "an empty span": {"spans": [{"text": " ", "type": "LOCATION", "confidence": 0.9}]},
    "no list": {"spans": "Tokyo"},
    "no object": ["Tokyo"],
    "no JSON": "Sure! Here are the entities: Tokyo",
    "deep JSON": "[" * 100_000,
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_what_is_not_right_is_not_believed(server: ChatServer, lie: object) -> None:
    server.spoil = lambda number, answer: with_content(answer, lie)
    with pytest.raises(EngineFailed, match="not believed"):
        made(ChatEntities, server, retries=1).find.one("In Tokyo", "en")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "lie",
    [
        {"sentiment": "HAPPY", "probabilities": {}},
        {"sentiment": "POSITIVE"},
        {"sentiment": "POSITIVE", "probabilities": {"POSITIVE": 0.1, "NEGATIVE": 0.9, "NEUTRAL": 0, "MIXED": 0}},
        {"sentiment": "POSITIVE", "probabilities": {"POSITIVE": 0, "NEGATIVE": 0, "NEUTRAL": 0, "MIXED": 0}},
    ],
)
def test_a_mood_that_contradicts_itself_is_not_believed(server: ChatServer, lie: object) -> None:
    server.spoil = lambda number, answer: with_content(answer, lie)
    with pytest.raises(EngineFailed, match="not believed"):
        made(ChatSentiment, server, retries=0).classify.one("awful", "en")


def test_a_lie_is_asked_again(server: ChatServer) -> None:
    server.spoil = lambda number, answer: with_content(answer, "no") if number == 1 else None
    assert made(ChatSentiment, server).classify.one("awful", "en").label == "NEGATIVE"
    assert len(server.requests) == 2


def test_one_bad_answer_spoils_no_other(server: ChatServer) -> None:
    def spoil(number: int, answer: dict[str, Any]) -> None:
        if content(answer)["sentiment"] == "NEUTRAL":
            with_content(answer, "no")

    server.spoil = spoil
    found = made(ChatSentiment, server, retries=0).classify.each(["awful", "a table", "splendid"], ["en"] * 3)
    assert found[0].label == "NEGATIVE" and found[2].label == "POSITIVE"
    assert isinstance(found[1], EngineFailed)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_refusal_that_passes_is_tried_again(server: ChatServer, status: int) -> None:
    server.spoil = lambda number, answer: (status, {"retry-after": "0"}, b"{}") if number < 3 else None
    assert made(ChatSentiment, server, retries=2).classify.one("awful", "en").label == "NEGATIVE"
    with pytest.raises(EngineFailed, match=str(status)):
        server.requests.clear()
        made(ChatSentiment, server, retries=1).classify.one("awful", "en")


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_that_stays_is_told(server: ChatServer, status: int) -> None:
    said = json.dumps({"error": {"message": "no such model"}}).encode()
    server.spoil = lambda number, answer: (status, {}, said)
    with pytest.raises(EngineUnavailable, match=f"{status}: no such model"):
        made(ChatSentiment, server).classify.one("awful", "en")
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed(server: ChatServer) -> None:
    with serving() as other:
        there = f"{other.url}/chat/completions"
        server.spoil = lambda number, answer: (307, {"location": there}, b"")
        with pytest.raises(EngineUnavailable, match="307"):
            made(ChatSentiment, server).classify.one("awful", "en")
        assert not other.requests


def test_a_server_that_is_slow_or_gone_is_told(server: ChatServer) -> None:
    server.pause = 2.0
    started = time.monotonic()
    with pytest.raises(EngineTimeout, match=r"0\.5 s"):
        made(ChatSentiment, server, timeout=0.5).classify.one("awful", "en")
    assert time.monotonic() - started < 1.5
    with serving() as gone:
        engine = made(ChatSentiment, gone, retries=1)
    with pytest.raises(EngineFailed, match="did not answer"):
        engine.classify.one("awful", "en")


def test_an_answer_without_end_is_not_read(server: ChatServer) -> None:
    server.spoil = lambda number, answer: (200, {}, b" " * (5 << 20))
    with pytest.raises(EngineFailed, match="more than 4,194,304 bytes"):
        made(ChatSentiment, server, retries=0).classify.one("awful", "en")


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}']
)
def test_what_is_no_completion_is_told(server: ChatServer, body: bytes) -> None:
    server.spoil = lambda number, answer: (200, {}, body)
    with pytest.raises(EngineFailed):
        made(ChatSentiment, server, retries=0).classify.one("awful", "en")


def test_an_answer_that_was_cut_off_names_the_option(server: ChatServer) -> None:
    def cut(number: int, answer: dict[str, Any]) -> None:
        answer["choices"][0]["finish_reason"] = "length"

    server.spoil = cut
    with pytest.raises(EngineFailed, match="max_tokens = 100: raise it"):
        made(ChatSentiment, server, max_tokens=100).classify.one("awful", "en")


def test_texts_are_under_way_together_up_to_the_limit(server: ChatServer) -> None:
    server.pause = 0.1
    texts = ["awful", "splendid"] * 6
    found = made(ChatSentiment, server, concurrency=3).classify(texts, ["en"] * 12)
    assert [mood.label for mood in found] == ["NEGATIVE", "POSITIVE"] * 6
    assert server.busiest == 3


def test_a_language_that_was_not_named_is_refused(server: ChatServer) -> None:
    with pytest.raises(UnsupportedLanguage):
        made(ChatSentiment, server, languages=["en"]).classify.one("素敵", "ja")
    assert not server.requests


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "file:///etc/passwd"}, "does not begin with http"),
        ({"url": "http://"}, "and a host"),
        ({"url": "http://[::1"}, "is no URL"),
        ({"url": "http://me:secret@host/v1"}, "a user, a query"),
        ({"url": "http://host/v1?key=1"}, "a user, a query"),
        ({"key_env": "NO_SUCH_VARIABLE"}, "NO_SUCH_VARIABLE, which the environment does not have"),
        ({"key": "s3cret"}, "unknown field `key`"),
        ({"timeout": 600}, "<= 60"),
        ({"device": "cuda"}, "device has no meaning"),
        ({"model": ""}, "length >= 1"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EngineUnavailable, match=rf"\[engines.sentiment\].*{reason}"):
        ChatSentiment.configured({"url": "http://127.0.0.1:1/v1", "model": "m", **options})


def test_the_engine_is_named_after_the_model() -> None:
    info = ChatSentiment.configured({"url": "http://127.0.0.1:1/v1", "model": "org/house 7b"})
    assert info.identity == "openai-compatible/org-house-7b"
