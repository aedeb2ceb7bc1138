"""Each table in "Bring your own model" makes an engine that answers, over a small model in place of the reader's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.docs import fences
from tests.engines.text.brought import models
from tests.engines.text.brought.chat_server import ChatServer, serving

from honmono.compute import Ledger
from honmono.engines.host import EngineChoice, EngineHost
from honmono.weights import Cache

PAGE = fences.ROOT / "docs/engines.md"
TABLES = [
    (fence.where, field, table)
    for fence in fences.fences(PAGE)
    if fence.kind == "toml" and "engine =" in fence.code
    for field, table in tomllib.loads(fence.code).get("engines", {}).items()
    if table["engine"] in ("hf-pipeline", "gliner", "openai-compatible")
]
TEXT = "Ana in Tokyo: splendid"


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {
        "/models/moods": models.classifier(
            folder / "moods", {"splendid": "positive", "awful": "negative"}, ["negative", "positive"]
        ),
        "/models/names": models.tagger(
            folder / "names",
            {"ana": "B-PER", "tokyo": "B-LOC", "titanic": "B-VESSEL", "x": "B-XYZ", "english": "B-MISC"},
            ["O", "B-PER", "B-LOC", "B-VESSEL", "B-XYZ", "B-MISC"],
        ),
        "/models/gliner": models.gliner(folder / "gliner", {"ana": "person", "tokyo": "location", "m7": "membership"}),
    }


def test_the_page_has_a_table_of_each_engine() -> None:
    assert {table["engine"] for _, _, table in TABLES} == {"hf-pipeline", "gliner", "openai-compatible"}
    assert len(TABLES) == 5


@pytest.mark.parametrize(("where", "field", "table"), TABLES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_table_makes_an_engine_that_answers(
    where: str, field: str, table: dict[str, Any],
    folders: dict[str, Path], chat: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("HOUSE_KEY", "k")
    options = {name: value for name, value in table.items() if name != "engine"}
    if "url" in options:
        options["url"] = chat.url
    else:
        options["model"] = str(folders[options["model"]])
    choice = {field: EngineChoice(table["engine"], options=options)}
    with EngineHost(choice, Cache(tmp_path), Ledger(2, 4 << 30), in_process=True) as host:
        engine = host.get(field)
        if field == "sentiment":
            assert engine.classify.one(TEXT, "en").label == "POSITIVE", where
            assert engine.classify.one("awful", "en").label == "NEGATIVE", where
            return
        find = engine.detect if field == "pii" else engine.find
        found = [(TEXT[e.begin : e.end], e.type) for e in find.one(TEXT, "en")]
        person = "NAME" if field == "pii" else "PERSON"
        assert ("Ana", person) in found, where
        assert (("Tokyo", "LOCATION") in found) == (field == "entities"), where
        assert find.one("nothing", "en") == [], where
