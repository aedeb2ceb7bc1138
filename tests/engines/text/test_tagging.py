from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from honmono.engines.base import UnsupportedLanguage
from honmono.engines.text.perceptron import PerceptronTagger
from honmono.engines.text.phrases import PhraseEngine
from honmono.engines.text.syntax import SyntaxEngine
from honmono.weights import Cache


def test_the_perceptron_weighs_features_and_the_tag_before(tmp_path: Path) -> None:
    table = {
        "classes": ["NOUN|-", "VERB|Fin", "VERB|Inf"],
        "tagdict": {"to": "PART|-"},
        "vocabulary": [],
        "weights": {"w walk": {"NOUN|-": 2.0}, "t-1 PART|-": {"VERB|Inf": 3.0}},
    }
    path = tmp_path / "table.json.gz"
    path.write_bytes(gzip.compress(json.dumps(table).encode()))
    tagger = PerceptronTagger.read(path)
    assert [tag for tag, _ in tagger.tag(["to", "walk"])] == ["PART", "VERB"]
    assert [tag for tag, _ in tagger.tag(["walk"])] == ["NOUN"]
    assert tagger.tag(["to"])[0][1] > tagger.tag(["walk"])[0][1] > 1 / 3


@pytest.fixture(scope="module")
def syntax() -> SyntaxEngine:
    engine = SyntaxEngine(Cache())
    engine.load()
    return engine


@pytest.fixture(scope="module")
def phrases() -> PhraseEngine:
    engine = PhraseEngine(Cache())
    engine.load()
    return engine


@pytest.mark.weights
def test_the_same_word_is_tagged_by_its_sentence(syntax: SyntaxEngine) -> None:
    def tag_of(word: str, text: str) -> str:
        return next(found.tag for found in syntax.tag.one(text, "en") if found.text == word)

    assert tag_of("walk", "They walk home every day.") == "VERB"
    assert tag_of("walk", "We went for a long walk.") == "NOUN"
    assert tag_of("to", "She wants to sing.") == "PART"
    assert tag_of("to", "She went to Rome.") == "ADP"
    assert tag_of("has", "He has slept.") == "AUX"


@pytest.mark.weights
@pytest.mark.parametrize(
    ("text", "language", "tags"),
    [
        ("Wir essen das Essen.", "de", ["PRON", "VERB", "DET", "NOUN", "PUNCT"]),
        ("Je la vois devant la maison.", "fr", ["PRON", "PRON", "VERB", "ADP", "DET", "NOUN", "PUNCT"]),
        (
            "No como carne, pero Juan vende pan.",
            "es",
            ["ADV", "VERB", "NOUN", "PUNCT", "CCONJ", "PROPN", "VERB", "NOUN", "PUNCT"],
        ),
        ("Lo vedo nell'acqua.", "it", ["PRON", "VERB", "ADP", "NOUN", "PUNCT"]),
        ("O gato não come arroz.", "pt", ["DET", "NOUN", "ADV", "VERB", "NOUN", "PUNCT"]),
    ],
)
def test_other_languages_are_read_by_their_sentence(
    syntax: SyntaxEngine, text: str, language: str, tags: list[str]
) -> None:
    found = syntax.tag.one(text, language)
    assert [word.tag for word in found] == tags
    assert all(text[word.begin : word.end] == word.text for word in found)


@pytest.mark.weights
def test_a_sentence_of_more_tokens_than_a_window_is_tagged_whole(syntax: SyntaxEngine) -> None:
    found = syntax.tag.one("und der Hund " * 400, "de")
    assert len(found) == 1200
    assert sum(word.tag == "NOUN" for word in found) > 350


@pytest.mark.weights
@pytest.mark.parametrize("language", ["en", "de", "fr", "ja"])
@pytest.mark.parametrize("text", ["", " \n", "...", "\ud800 \0", "😀", "'", "-", "a\u0301" * 50])
def test_odd_text_is_answered(syntax: SyntaxEngine, phrases: PhraseEngine, text: str, language: str) -> None:
    assert all(0 < word.score <= 1 for word in syntax.tag.one(text, language))
    assert all(phrase.end <= len(text) for phrase in phrases.find.one(text, language))


@pytest.mark.weights
def test_signs_and_numbers_are_tagged_by_their_characters(syntax: SyntaxEngine) -> None:
    found = {word.text: word.tag for word in syntax.tag.one("It cost $ 3.50 😀 (in 2014)!", "en")}
    assert (found["$"], found["3.50"], found["😀"], found["("], found["!"]) == ("SYM", "NUM", "SYM", "PUNCT", "PUNCT")


@pytest.mark.weights
@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The new hotel stands near my uncle's old house.", "en", ["The new hotel", "my uncle's old house"]),
        ("She lost her keys in Paris on 3 May.", "en", ["her keys", "Paris", "3 May"]),
        ("They are here.", "en", []),
        ("新しい先生がきれいな花を持ってきた。", "ja", ["新しい先生", "きれいな花"]),
        ("大阪市の図書館で勉強した。", "ja", ["大阪市", "図書館"]),
        ("ジェフ・ベゾスが来た。", "ja", ["ジェフ・ベゾス"]),
        ("食べることができる。", "ja", []),
        ("Der alte Lehrer verkauft sein blaues Auto.", "de", ["Der alte Lehrer", "sein blaues Auto"]),
        ("La profesora vende una casa blanca.", "es", ["La profesora", "una casa blanca"]),
        ("Mon oncle cherche une chaise confortable.", "fr", ["Mon oncle", "une chaise confortable"]),
    ],
)
def test_phrases_follow_the_text(phrases: PhraseEngine, text: str, language: str, expected: list[str]) -> None:
    found = phrases.find.one(text, language)
    assert [phrase.text for phrase in found] == expected
    assert all(text[phrase.begin : phrase.end] == phrase.text and 0 < phrase.score <= 1 for phrase in found)


@pytest.mark.weights
def test_offsets_count_code_points(phrases: PhraseEngine) -> None:
    (phrase,) = phrases.find.one("👩‍👩‍👧🎉 e\u0301tude: the café", "en")[-1:]
    assert (phrase.text, phrase.begin) == ("the café", len("👩‍👩‍👧🎉 e\u0301tude: "))


@pytest.mark.weights
def test_a_language_without_a_tagger_is_refused_naming_what_to_plug_in(
    syntax: SyntaxEngine, phrases: PhraseEngine
) -> None:
    with pytest.raises(UnsupportedLanguage, match="field syntax"):
        syntax.tag.one("Hei", "fi")
    with pytest.raises(UnsupportedLanguage, match="field key-phrases"):
        phrases.find.one("नमस्ते", "hi")
