from __future__ import annotations

import pytest

from honmono.engines.errors import EngineUnavailable, UnsupportedLanguage
from honmono.engines.translation.apertium import installed
from honmono.engines.translation.engine import TranslationEngine
from honmono.engines.translation.translation import Example, Term
from honmono.weights import Cache

names = {mode.name for mode in installed()}
pytestmark = pytest.mark.skipif(
    not {"eng-spa", "spa-eng", "eng-cat"} <= names,
    reason="the packages apertium-eng-spa and apertium-eng-cat are not installed",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = TranslationEngine(Cache(tmp_path_factory.mktemp("cache")))
    made.load()
    yield made
    made.close()


def test_blanks_and_lines_stay_where_they_are(engine):
    [made] = engine.translate(["  The house is big.\n\n\t12:30\nThe cat is black.  "], "en", "es", [], [])
    assert made.text == "  La casa es grande.\n\n\t12:30\nEl gato es negro.  "
    assert made.steps == ["apertium eng-spa"]


def test_terms_and_examples_take_the_translators_place(engine):
    plain, bound = (
        engine.translate(["The house is big. Good bye."], "en", "es", terms, examples)[0]
        for terms, examples in (
            ([], []),
            ([Term("house", "HOGAR"), Term("dog", "CAN")], [Example("good bye.", "¡Chao!")]),
        )
    )
    assert "HOGAR" not in plain.text
    assert "HOGAR" in bound.text and bound.text.endswith("¡Chao!")
    assert bound.applied == [Term("house", "HOGAR")] and bound.remembered == 1


def test_two_steps_through_english_are_told(engine):
    [made] = engine.translate(["El gato es negro."], "es", "eo", [Term("gato", "Rex")], [])
    assert made.steps == ["apertium spa-eng", "apertium en-eo"]
    assert "Rex" in made.text
    pair = next(pair for pair in engine.pairs() if (pair.source, pair.target) == ("es", "eo"))
    assert pair.pivoted


def test_a_direction_that_nobody_knows_is_refused_with_what_there_is(engine):
    with pytest.raises(UnsupportedLanguage, match=r"en-de.*en-es.*CTranslate2"):
        engine.translate(["Hello"], "en", "de", [], [])
    with pytest.raises(UnsupportedLanguage):
        engine.translate(["Hello"], "en", "en", [], [])


def test_texts_of_a_batch_share_their_sentences(engine):
    made = engine.translate(["The cat is black.", "12", "The cat is black. The cat is black."], "en", "es", [], [])
    assert [each.text for each in made] == ["El gato es negro.", "12", "El gato es negro. El gato es negro."]
    assert made[1].steps == []


def test_a_model_that_is_described_by_halves_is_refused(tmp_path):
    broken = TranslationEngine(Cache(tmp_path), {"models": [{"path": str(tmp_path), "source": "en"}]})
    with pytest.raises(EngineUnavailable, match="target"):
        broken.load()
    missing = TranslationEngine(Cache(tmp_path), {"models": [{"path": str(tmp_path), "source": "en", "target": "de"}]})
    missing.load()
    with pytest.raises(EngineUnavailable, match=r"model\.bin"):
        missing.translate(["Hello"], "en", "de", [], [])
