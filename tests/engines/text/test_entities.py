from __future__ import annotations

import itertools

import pytest

from honmono.engines.base import UnsupportedLanguage
from honmono.engines.text.encoder import Trunk
from honmono.engines.text.entities import EntityEngine, windows
from honmono.weights import Cache

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def engine() -> EntityEngine:
    engine = EntityEngine(Cache())
    engine.load()
    return engine


def found(engine: EntityEngine, text: str, language: str = "en") -> dict[str, str]:
    return {text[entity.begin : entity.end]: entity.type for entity in engine.find.one(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Barack Obama was born in Honolulu.", {"Barack Obama": "PERSON", "Honolulu": "LOCATION"}),
        ("en", "Siemens said on 3 March 2015 that Angela Merkel had visited its plant in Berlin.",
         {"Siemens": "ORGANIZATION", "3 March 2015": "DATE", "Angela Merkel": "PERSON", "Berlin": "LOCATION"}),
        ("ja", "安倍晋三は東京都で生まれた。", {"安倍晋三": "PERSON", "東京都": "LOCATION"}),
        ("ja", "ソニー株式会社は2020年に大阪市で会議を開いた。",
         {"ソニー株式会社": "ORGANIZATION", "2020年": "DATE", "大阪市": "LOCATION"}),
        ("de", "Angela Merkel wohnt in Berlin.", {"Angela Merkel": "PERSON", "Berlin": "LOCATION"}),
        ("fr", "Victor Hugo est né à Besançon.", {"Victor Hugo": "PERSON", "Besançon": "LOCATION"}),
        ("es", "Pablo Picasso nació en Málaga.", {"Pablo Picasso": "PERSON", "Málaga": "LOCATION"}),
        ("it", "Sophia Loren è nata a Roma.", {"Sophia Loren": "PERSON", "Roma": "LOCATION"}),
        ("pt", "Amália Rodrigues nasceu em Lisboa.", {"Amália Rodrigues": "PERSON", "Lisboa": "LOCATION"}),
    ],
)  # fmt: skip
def test_names_are_found_with_their_types(
    engine: EntityEngine, language: str, text: str, expected: dict[str, str]
) -> None:
    assert found(engine, text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "😀👨‍👩‍👧 Barack Obama lives in Chicago.", "Barack Obama"),
        ("fr", "Jose\u0301 Bove\u0301 habite a\u0300 Besanc\u0327on.", "Besanc\u0327on"),
        ("ja", "😀 ＳＯＮＹは東京都港区にある。", "東京都港区"),
        ("ja", "①　安倍晋三は、か\u3099んばった。", "安倍晋三"),
    ],
)
def test_offsets_are_code_points_of_the_text_as_given(
    engine: EntityEngine, language: str, text: str, name: str
) -> None:
    assert name in found(engine, text, language)


def test_entities_are_in_order_and_never_overlap(engine: EntityEngine) -> None:
    text = "On 5 May 2021 Emma Watson paid $20 for the Sunday Times in New York; Apple sold 3 million phones in 2020."
    entities = engine.find.one(text, "en")
    assert len(entities) > 4
    for left, right in itertools.pairwise(entities):
        assert left.end <= right.begin
    assert all(0.0 < entity.score <= 1.0 for entity in entities)


def test_a_name_is_found_wherever_it_stands_in_a_long_text(engine: EntityEngine) -> None:
    filler = "It rained all day and nobody came to see the garden. "
    text = filler * 40 + "Then Barack Obama arrived. " + filler * 40
    place = text.index("Barack Obama")
    [entity] = engine.find.one(text, "en")
    assert (entity.type, entity.begin, entity.end) == ("PERSON", place, place + 12)


def test_a_text_without_sentences_is_read_to_its_end(engine: EntityEngine) -> None:
    text = "rain and " * 300 + "Barack Obama came"
    assert found(engine, text).get("Barack Obama") == "PERSON"


def test_windows_keep_every_piece_once(trunk: Trunk) -> None:
    for text in ("word " * 1000, "A short one. " * 200, "雨が降った。" * 200, "x", "no end " * 60 + ". " + "y " * 200):
        pieces = trunk.pieces(text)
        kept = [place for _, _, first, behind in windows(text, pieces) for place in range(first, behind)]
        assert kept == list(range(len(pieces)))
        assert all(stop - start <= 126 for start, stop, _, _ in windows(text, pieces))


def test_nothing_is_found_in_nothing(engine: EntityEngine) -> None:
    for text in ("", "   ", "\n"):
        assert engine.find.one(text, "en") == []
    engine.find.one("\ud800", "en")


def test_a_text_reads_the_same_in_company(engine: EntityEngine) -> None:
    texts = ["Barack Obama lives in Chicago.", "Sony sold 12% more in Japan."]
    together = engine.find(texts, ["en", "en"])
    assert together == [engine.find.one(text, "en") for text in texts]
    assert together[0] != together[1]


def test_a_language_that_was_not_measured_is_refused_by_name(engine: EntityEngine) -> None:
    with pytest.raises(UnsupportedLanguage, match="'hi'"):
        engine.find.one("दिल्ली", "hi")
