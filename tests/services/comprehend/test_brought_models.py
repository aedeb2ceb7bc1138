"""Comprehend's operations, answered by models and a server that the user brought, through boto3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for
from tests.engines.text.brought import models
from tests.engines.text.brought.chat_server import ChatServer, serving
from tests.services.comprehend.analysed import Jobs
from tests.services.comprehend.custom import Custom

MOODS = {"splendid": "positive", "awful": "negative", "table": "neutral", "素敵": "positive"}


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chat: ChatServer) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("models")
    moods = models.classifier(folder / "moods", MOODS, ["negative", "neutral", "positive"])
    names = models.gliner(folder / "names", {"tokyo": "location", "東京": "location", "ana": "person"})
    toxic = models.classifier(
        folder / "toxic", {"fool": "insult", "beware": "threat"}, ["insult", "threat"],
        problem_type="multi_label_classification",
    )  # fmt: skip
    engines: dict[str, dict[str, Any]] = {
        "toxicity": {"engine": "hf-pipeline", "model": str(toxic)},
        "sentiment": {"engine": "hf-pipeline", "model": str(moods)},
        "entities": {"engine": "gliner", "model": str(names), "threshold": 0.6},
        "key-phrases": {"engine": "openai-compatible", "url": chat.url, "model": "house"},
        "pii": {"engine": "openai-compatible", "url": chat.url, "model": "house", "languages": ["en"]},
    }
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=engines))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> Custom:
    return Custom(server)


def engine_of(answer: dict[str, Any]) -> str:
    return str(answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"])


def test_sentiment_by_a_pipeline(server: RunningServer) -> None:
    comprehend = server.client("comprehend")
    good = comprehend.detect_sentiment(Text="A splendid day", LanguageCode="en")
    assert good["Sentiment"] == "POSITIVE" and good["SentimentScore"]["Positive"] > 0.9
    assert engine_of(good) == "hf-pipeline/moods"
    batch = comprehend.batch_detect_sentiment(TextList=["awful", "a table", "素敵な"], LanguageCode="ja")
    assert [item["Sentiment"] for item in batch["ResultList"]] == ["NEGATIVE", "NEUTRAL", "POSITIVE"]


def test_entities_by_gliner(server: RunningServer) -> None:
    comprehend = server.client("comprehend")
    text = "👩‍🚀 Ana is in Tokyo since 2015"
    answer = comprehend.detect_entities(Text=text, LanguageCode="en")
    found = [(e["Type"], e["Text"]) for e in answer["Entities"]]
    assert found == [("PERSON", "Ana"), ("LOCATION", "Tokyo")]
    assert engine_of(answer) == "gliner/names"
    for entity in answer["Entities"]:
        assert text[entity["BeginOffset"] : entity["EndOffset"]] == entity["Text"]
    batch = comprehend.batch_detect_entities(TextList=["東京へ", "どこにも"], LanguageCode="ja")
    assert [[e["Text"] for e in item["Entities"]] for item in batch["ResultList"]] == [["東京"], []]


def test_key_phrases_by_a_chat_model(server: RunningServer) -> None:
    answer = server.client("comprehend").detect_key_phrases(Text="About green energy.", LanguageCode="en")
    assert [phrase["Text"] for phrase in answer["KeyPhrases"]] == ["green energy"]
    assert engine_of(answer) == "openai-compatible/house"


def test_personal_data_by_a_chat_model(server: RunningServer) -> None:
    comprehend = server.client("comprehend")
    found = comprehend.detect_pii_entities(Text="Write to ana@example.org", LanguageCode="en")["Entities"]
    assert [(e["Type"], e["BeginOffset"]) for e in found] == [("EMAIL", 9)]
    with pytest.raises(ClientError) as refused:
        comprehend.detect_pii_entities(Text="Ana", LanguageCode="es")
    assert refused.value.response["Error"]["Code"] == "UnsupportedLanguageException"


def test_toxic_content_by_a_pipeline(server: RunningServer) -> None:
    answer = server.client("comprehend").detect_toxic_content(
        TextSegments=[{"Text": "you fool"}, {"Text": "beware"}], LanguageCode="en"
    )
    insult, threat = ({label["Name"]: label["Score"] for label in each["Labels"]} for each in answer["ResultList"])
    assert insult["INSULT"] > 0.9 > insult["VIOLENCE_OR_THREAT"] and threat["VIOLENCE_OR_THREAT"] > 0.9
    assert engine_of(answer) == "hf-pipeline/toxic"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SentimentDetection", ["POSITIVE", "NEGATIVE"]),
        ("EntitiesDetection", [["Ana"], ["Tokyo"]]),
        ("KeyPhrasesDetection", [[], ["green energy"]]),
    ],
)
def test_an_analysis_job_asks_them_too(custom: Custom, name: str, expected: list[Any]) -> None:
    uri = custom.put(f"{name}/lines.txt", "Ana had a splendid day\nTokyo was awful on green energy")
    answers = Jobs(custom, name).answered(uri, LanguageCode="en")
    told = [
        each.get("Sentiment") or [found["Text"] for found in each.get("Entities", each.get("KeyPhrases"))]
        for each in answers
    ]
    assert told == expected


def test_a_lying_server_is_an_error_and_no_answer(server: RunningServer, chat: ChatServer) -> None:
    def lie(number: int, answer: dict[str, Any]) -> None:
        spans = {"spans": [{"text": "not there", "type": "PHRASE", "confidence": 1}]}
        answer["choices"][0]["message"]["content"] = json.dumps(spans)

    chat.spoil = lie
    try:
        with pytest.raises(ClientError, match="not believed") as caught:
            server.client("comprehend").detect_key_phrases(Text="About green energy.", LanguageCode="en")
    finally:
        chat.spoil = lambda number, answer: None
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_a_directory_that_cannot_be_is_told_to_the_client_until_it_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "moods"
    settings = settings_for(tmp_path / "data", engines={"sentiment": {"engine": "hf-pipeline", "model": str(folder)}})
    running = RunningServer(settings)
    try:
        comprehend = running.client("comprehend")
        with pytest.raises(ClientError, match="does not exist") as caught:
            comprehend.detect_sentiment(Text="awful", LanguageCode="en")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424
        models.classifier(folder, MOODS, ["negative", "neutral", "positive"])
        assert comprehend.detect_sentiment(Text="awful", LanguageCode="en")["Sentiment"] == "NEGATIVE"
    finally:
        running.close()
