"""A GLiNER directory finds the kinds of names that it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.engines.text.brought import models

from honmono.engines.base import Engine
from honmono.engines.errors import EngineFailed, EngineUnavailable
from honmono.engines.text.brought.gliner_engines import GlinerEntities, GlinerPii
from honmono.weights import Cache

NAMES = {
    "tokyo": "location", "new": "location", "york": "location", "東京": "location", "京": "location",
    "barack": "person", "obama": "person", "ana": "person", "acme": "organization", "walkman": "product",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.gliner(tmp_path_factory.mktemp("gliner") / "gliner-small", NAMES)


def made(kind: type[Engine], folder: Path, **options: Any) -> Any:
    engine = kind(Cache(folder.parent / "cache"), {"model": str(folder), "device": "cpu", **options})
    engine.load()
    return engine


def names(engine: Any, text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(text[e.begin : e.end], e.type) for e in engine.find.one(text, language)]


def test_names_have_the_types_that_were_asked_for(folder: Path) -> None:
    engine = made(GlinerEntities, folder)
    assert names(engine, "Barack Obama flew from Tokyo to New York with a Walkman of Acme.") == [
        ("Barack Obama", "PERSON"), ("Tokyo", "LOCATION"), ("New York", "LOCATION"), ("Walkman", "COMMERCIAL_ITEM"),
        ("Acme", "ORGANIZATION"),
    ]  # fmt: skip
    assert names(engine, "Nobody went anywhere.") == []
    assert engine.configured(engine.options).identity == "gliner/gliner-small"


def test_the_score_is_the_networks_probability(folder: Path) -> None:
    [place] = made(GlinerEntities, folder).find.one("in Tokyo", "en")
    assert abs(place.score - 0.97068777) < 1e-6  # of the logit (4 + 4) · 2 - 12.5
    [place] = made(GlinerEntities, folder).find.one("in New York", "en")
    assert abs(place.score - 0.98201379) < 1e-6  # two words are worth a half more


def test_it_finds_only_what_it_is_asked_for(folder: Path) -> None:
    engine = made(GlinerEntities, folder, labels={"person": "OTHER"}, grammars=False)
    assert names(engine, "Ana is in Tokyo") == [("Ana", "OTHER")]
    engine = made(GlinerEntities, folder, labels={"location": "LOCATION", "product": "TITLE"}, grammars=False)
    assert names(engine, "Ana in Tokyo, a Walkman") == [("Tokyo", "LOCATION"), ("Walkman", "TITLE")]


def test_the_threshold_decides(folder: Path) -> None:
    assert names(made(GlinerEntities, folder, threshold=0.975), "New York or Tokyo") == [("New York", "LOCATION")]
    assert names(made(GlinerEntities, folder, threshold=0.999), "New York or Tokyo") == []


def test_grammars_find_what_it_is_not_asked_for(folder: Path) -> None:
    text = "Tokyo, 3 March 2015"
    asked = {"location": "LOCATION"}
    assert names(made(GlinerEntities, folder, labels=asked), text)[1] == ("3 March 2015", "DATE")
    assert names(made(GlinerEntities, folder, labels=asked, grammars=False), text) == [("Tokyo", "LOCATION")]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("私は東京へ行く。", "ja", "東京"),
        ("👩‍🚀😀 cafe\u0301 in Tokyo", "en", "Tokyo"),
        ("我在京。", "zh", "京"),
        ("\ud800 Tokyo", "en", "Tokyo"),
    ],
)
def test_offsets_are_exact_in_every_writing(folder: Path, text: str, language: str, expected: str) -> None:
    assert names(made(GlinerEntities, folder), text, language) == [(expected, "LOCATION")]


def test_a_text_longer_than_the_model_reads_is_read_whole(tmp_path: Path) -> None:
    folder = models.gliner(tmp_path / "short", NAMES, max_len=40)
    text = "".join(f"and {number} times New York , " for number in range(300))
    found = names(made(GlinerEntities, folder, labels={"location": "LOCATION"}, grammars=False), text)
    assert found == [("New York", "LOCATION")] * 300


def test_personal_data(folder: Path) -> None:
    engine = made(GlinerPii, folder)
    [name] = engine.detect.one("I am Ana.", "en")
    assert (name.type, name.begin, name.end) == ("NAME", 5, 8)
    assert engine.detect.one("I am here.", "en") == []


def token_level(folder: Path) -> None:
    models.write_json(folder, "gliner_config.json", {"span_mode": "token_level"})


def two_encoders(folder: Path) -> None:
    models.write_json(folder, "gliner_config.json", {"labels_encoder": "some/encoder"})


def endless_width(folder: Path) -> None:
    models.write_json(folder, "gliner_config.json", {"max_width": 10**9})


def no_config(folder: Path) -> None:
    (folder / "gliner_config.json").unlink()


def other_mark(folder: Path) -> None:
    models.write_json(folder, "gliner_config.json", {"max_width": 4, "ent_token": "[ENTITY]"})


def another_graph(folder: Path) -> None:
    models.tagger(folder, {"tokyo": "B-LOC"}, ["O", "B-LOC"])
    models.write_tokenizer(folder, list(NAMES), added=("<<ENT>>", "<<SEP>>"))


def no_graph(folder: Path) -> None:
    (folder / "model.onnx").rename(folder / "model.safetensors")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (token_level, "token-level spans"),
        (two_encoders, "two encoders"),
        (endless_width, "max_width is 1000000000, not a number from 1 to 64"),
        (no_config, "has no gliner_config.json"),
        (other_mark, r"does not know GLiNER's mark \[ENTITY\]"),
        (another_graph, "with the inputs input_ids and"),
        (no_graph, "has no ONNX file; make one with the gliner package"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_directory_of_another_kind_is_refused(tmp_path: Path, spoil: Callable[[Path], None], reason: str) -> None:
    folder = models.gliner(tmp_path / "gliner", NAMES)
    spoil(folder)
    with pytest.raises(EngineUnavailable, match=reason):
        made(GlinerEntities, folder)


def test_logits_of_another_shape_are_no_answer(tmp_path: Path) -> None:
    folder = models.gliner(tmp_path / "gliner", NAMES, width=4)
    models.write_json(folder, "gliner_config.json", {"max_width": 6})
    with pytest.raises(EngineFailed, match=r"shape|refused"):
        made(GlinerEntities, folder).find.one("in Tokyo", "en")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"threshold": 2}, "threshold"),
        ({"labels": {"person": "HUMAN"}}, "labels gives HUMAN; the words are PERSON"),
        ({"batch": 4}, "batch is 1"),
        ({"treshold": 0.2}, "unknown field `treshold`"),
    ],
)
def test_options_that_cannot_be(folder: Path, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EngineUnavailable, match=reason):
        GlinerEntities.configured({"model": str(folder), **options})
