"""A directory as Hugging Face's pipelines have it answers for a field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.engines.text.brought import models

from honmono.engines.base import Engine
from honmono.engines.errors import EngineFailed, EngineUnavailable, UnsupportedInput, UnsupportedLanguage
from honmono.engines.text.brought.pipelines import PipelineEntities, PipelinePhrases, PipelinePii, PipelineSentiment
from honmono.weights import Cache

MOODS = {"splendid": "positive", "awful": "negative", "table": "neutral", "素敵": "positive", "ひどい": "negative"}
TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC", "I-MISC"]
PLACES = {
    "tokyo": "B-LOC", "東京": "B-LOC", "barack": "B-PER", "obama": "I-PER", "new": "B-LOC", "york": "I-LOC",
    "acme": "B-ORG", "ltd": "I-ORG", "english": "B-MISC",
}  # fmt: skip


def made(kind: type[Engine], folder: Path, **options: Any) -> Any:
    given = {"model": str(folder), "device": "cpu", **options}
    kind.configured(given)
    engine = kind(Cache(folder.parent / "cache"), given)
    engine.load()
    return engine


@pytest.fixture(scope="module")
def moods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.classifier(
        tmp_path_factory.mktemp("moods") / "house-moods", MOODS, ["negative", "neutral", "positive"]
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.tagger(tmp_path_factory.mktemp("places") / "places", PLACES, TAGS)


def test_the_mood_is_that_of_the_words(moods: Path) -> None:
    engine = made(PipelineSentiment, moods)
    good, bad, plain = engine.classify(["A splendid day", "It was awful", "A table."], ["en", "en", "de"])
    assert (good.label, bad.label, plain.label) == ("POSITIVE", "NEGATIVE", "NEUTRAL")
    assert engine.classify.one("素敵な店", "ja").label == "POSITIVE"
    for mood in (good, bad, plain):
        assert abs(mood.positive + mood.negative + mood.neutral - 1) < 1e-9 and mood.mixed == 0.0
    # exp(4) against twice exp(0): what the weights say.
    assert abs(good.positive - 54.59815 / 56.59815) < 1e-5
    both = engine.classify.one("splendid and awful and splendid", "en")
    assert both.label == "POSITIVE" and good.negative < both.negative < 0.5


def test_the_engine_is_named_after_the_directory(moods: Path) -> None:
    info = PipelineSentiment.configured({"model": str(moods), "device": "cpu", "languages": ["en", "ja"]})
    assert info.identity == "hf-pipeline/house-moods"
    assert info.languages == ("en", "ja")
    assert info.cost.memory_bytes > 200 << 20


def test_a_language_that_was_not_named_is_refused(moods: Path) -> None:
    engine = made(PipelineSentiment, moods, languages=["en"])
    assert engine.classify.one("splendid", "en").label == "POSITIVE"
    with pytest.raises(UnsupportedLanguage, match="languages"):
        engine.classify.one("素敵", "ja")


def test_a_long_text_is_read_to_its_end(moods: Path, tmp_path: Path) -> None:
    engine = made(PipelineSentiment, moods)
    text = "table " * 900 + "splendid " * 600
    assert engine.classify.one(text, "en").label == "NEUTRAL"
    assert engine.classify.one("table " * 600 + "splendid " * 900, "en").label == "POSITIVE"


def test_windows_together_answer_as_alone(moods: Path, places: Path) -> None:
    text = "table awful splendid " * 700
    alone, together = made(PipelineSentiment, moods), made(PipelineSentiment, moods, batch=3)
    assert alone.classify.one(text, "en") == together.classify.one(text, "en")
    text = "from Tokyo to New York " * 300
    alone, together = made(PipelineEntities, places), made(PipelineEntities, places, batch=4)
    assert alone.find.one(text, "en") == together.find.one(text, "en")


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], "splendid", "POSITIVE"),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], "awful", "NEGATIVE"),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], "table", "NEUTRAL"),
    ],
)
def test_stars_are_moods(tmp_path: Path, labels: list[str], text: str, expected: str) -> None:
    words = {"splendid": "5 stars", "awful": "1 star", "table": "3 stars"}
    engine = made(PipelineSentiment, models.classifier(tmp_path / "stars", words, labels))
    assert engine.classify.one(text, "en").label == expected


def test_labels_that_nobody_knows_need_the_users_table(tmp_path: Path) -> None:
    words = {"splendid": "LABEL_1", "awful": "LABEL_0"}
    folder = models.classifier(tmp_path / "numbered", words, ["LABEL_0", "LABEL_1"])
    with pytest.raises(EngineUnavailable, match=r"\[engines.sentiment\].*LABEL_0, LABEL_1.*labels = \{"):
        PipelineSentiment.configured({"model": str(folder)})
    engine = made(PipelineSentiment, folder, labels={"LABEL_0": "NEGATIVE", "LABEL_1": "POSITIVE"})
    assert engine.classify.one("awful", "en").label == "NEGATIVE"
    assert engine.classify.one("splendid", "en").label == "POSITIVE"


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ({"LABEL_9": "NEGATIVE"}, "LABEL_9.*the model's labels are LABEL_0, LABEL_1"),
        ({"LABEL_0": "BAD", "LABEL_1": "POSITIVE"}, "BAD; the words are POSITIVE"),
        ({"LABEL_0": "", "LABEL_1": "POSITIVE"}, "none of the model's labels is NEGATIVE"),
        ({"LABEL_0": 3}, "Expected `str`, got `int`"),
    ],
)
def test_a_table_that_cannot_be_is_refused(tmp_path: Path, labels: dict[str, Any], reason: str) -> None:
    words = {"splendid": "LABEL_1", "awful": "LABEL_0"}
    folder = models.classifier(tmp_path / "numbered", words, ["LABEL_0", "LABEL_1"])
    with pytest.raises(EngineUnavailable, match=reason):
        PipelineSentiment.configured({"model": str(folder), "labels": labels})


def test_independent_labels_are_no_sentiment(tmp_path: Path) -> None:
    words = {"splendid": "positive", "awful": "negative"}
    folder = models.classifier(
        tmp_path / "multi", words, ["negative", "positive"], problem_type="multi_label_classification"
    )
    with pytest.raises(EngineUnavailable, match="multi_label"):
        PipelineSentiment.configured({"model": str(folder)})


def names(engine: Any, text: str, language: str = "en") -> dict[str, str]:
    return {text[e.begin : e.end]: e.type for e in engine.find.one(text, language)}


def test_names_have_aws_types(places: Path) -> None:
    engine = made(PipelineEntities, places)
    text = "Barack Obama left Tokyo for New York; Acme Ltd speaks English."
    assert names(engine, text) == {
        "Barack Obama": "PERSON", "Tokyo": "LOCATION", "New York": "LOCATION", "Acme Ltd": "ORGANIZATION",
        "English": "OTHER",
    }  # fmt: skip
    assert names(engine, "Nobody went anywhere.") == {}


@pytest.mark.parametrize(
    "text", ["👩‍🚀😀 to Tokyo", "caf\u0301e\u0301 in Tokyo", "私は東京へ", "\ud800 Tokyo", "  Tokyo"]
)
def test_offsets_are_exact(places: Path, text: str) -> None:
    [place] = made(PipelineEntities, places).find.one(text, "en")
    assert text[place.begin : place.end] in ("Tokyo", "東京")


def test_names_of_a_long_text_are_found_once_each(places: Path) -> None:
    text = "".join(f"word {number} in New York today. " for number in range(700))
    found = made(PipelineEntities, places, grammars=False).find.one(text, "en")
    assert [text[e.begin : e.end] for e in found] == ["New York"] * 700


def test_what_the_model_has_no_label_for_comes_from_grammars(places: Path) -> None:
    text = "Tokyo, 3 March 2015, 12%."
    assert names(made(PipelineEntities, places), text) == {
        "Tokyo": "LOCATION", "3 March 2015": "DATE", "12%": "QUANTITY",
    }  # fmt: skip
    assert names(made(PipelineEntities, places, grammars=False), text) == {"Tokyo": "LOCATION"}


def test_a_label_may_be_left_out_or_renamed(places: Path) -> None:
    engine = made(PipelineEntities, places, labels={"MISC": "", "ORG": "COMMERCIAL_ITEM"})
    assert names(engine, "Acme Ltd speaks English in Tokyo") == {"Acme Ltd": "COMMERCIAL_ITEM", "Tokyo": "LOCATION"}


def test_a_star_stands_for_all_other_labels(tmp_path: Path) -> None:
    folder = models.tagger(tmp_path / "odd", {"tokyo": "B-LOC", "quark": "B-XYZ"}, ["O", "B-LOC", "B-XYZ"])
    with pytest.raises(EngineUnavailable, match="XYZ"):
        PipelineEntities.configured({"model": str(folder)})
    engine = made(PipelineEntities, folder, labels={"*": "OTHER"})
    assert names(engine, "a quark in Tokyo") == {"quark": "OTHER", "Tokyo": "LOCATION"}


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["O", "LOC"], {"new": "LOC", "york": "LOC"}),
        (["O", "I-LOC"], {"new": "I-LOC", "york": "I-LOC"}),
        (["O", "B-LOC", "I-LOC"], {"new": "B-LOC", "york": "I-LOC"}),
        (["O", "B-LOC", "E-LOC", "S-LOC"], {"new": "B-LOC", "york": "E-LOC"}),
        (["O", "B-LOC", "L-LOC", "U-LOC"], {"new": "B-LOC", "york": "L-LOC"}),
    ],
)
def test_every_tagging_scheme_is_read(tmp_path: Path, labels: list[str], words: dict[str, str]) -> None:
    engine = made(PipelineEntities, models.tagger(tmp_path / "scheme", words, labels))
    assert names(engine, "in New York itself") == {"New York": "LOCATION"}


def test_key_phrases_and_personal_data(tmp_path: Path) -> None:
    keys = models.tagger(tmp_path / "keys", {"green": "B-KEY", "energy": "I-KEY"}, ["O", "B-KEY", "I-KEY"])
    [phrase] = made(PipelinePhrases, keys).find.one("All about green energy.", "en")
    assert (phrase.text, phrase.begin, phrase.end) == ("green energy", 10, 22)
    assert made(PipelinePhrases, keys).find.one("All about nothing.", "en") == []
    personal = models.tagger(
        tmp_path / "pii", {"ana": "B-GIVENNAME", "torres": "I-GIVENNAME", "q7": "B-USERNAME"},
        ["O", "B-GIVENNAME", "I-GIVENNAME", "B-USERNAME"],
    )  # fmt: skip
    found = made(PipelinePii, personal).detect.one("Ana Torres is q7", "en")
    assert [(e.type, e.begin, e.end) for e in found] == [("NAME", 0, 10), ("USERNAME", 14, 16)]


def test_a_text_without_a_token_is_refused(moods: Path) -> None:
    engine = made(PipelineSentiment, moods)
    with pytest.raises(UnsupportedInput, match="no token"):
        engine.classify.one("   ", "en")


def test_an_onnx_folder_and_a_named_file(tmp_path: Path) -> None:
    folder = models.classifier(tmp_path / "onnx", MOODS, ["negative", "neutral", "positive"], file="onnx/model.onnx")
    assert made(PipelineSentiment, folder).classify.one("awful", "en").label == "NEGATIVE"
    (folder / "onnx/model.onnx").rename(folder / "onnx/model_int8.onnx")
    assert made(PipelineSentiment, folder).classify.one("awful", "en").label == "NEGATIVE"
    (folder / "onnx/model_fp16.onnx").write_bytes((folder / "onnx/model_int8.onnx").read_bytes())
    with pytest.raises(EngineUnavailable, match=r'choose one, such as file = "onnx/model_fp16\.onnx"'):
        PipelineSentiment.configured({"model": str(folder)})
    engine = made(PipelineSentiment, folder, file="onnx/model_int8.onnx")
    assert engine.classify.one("splendid", "en").label == "POSITIVE"


def test_a_token_number_that_the_network_lacks_is_a_typed_error(tmp_path: Path) -> None:
    folder = models.classifier(tmp_path / "torn", MOODS, ["negative", "neutral", "positive"])
    models.write_tokenizer(folder, [*MOODS, "further"])
    engine = made(PipelineSentiment, folder)
    assert engine.classify.one("awful", "en").label == "NEGATIVE"
    with pytest.raises(EngineFailed, match="refused"):
        engine.classify.one("further", "en")
