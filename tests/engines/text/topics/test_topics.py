"""Topics of small collections whose subjects everybody sees."""

from __future__ import annotations

import pytest
from tests.engines.text.topics.texts import english, japanese

from honmono.engines.errors import UnsupportedInput, UnsupportedLanguage
from honmono.engines.text.topics.engine import TopicEngine, Topics
from honmono.weights import Cache


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TopicEngine:
    made = TopicEngine(Cache(tmp_path_factory.mktemp("cache")))
    made.load()
    return made


def found(engine: TopicEngine, texts: list[str], language: str, number: int = 2) -> Topics:
    return engine.find(engine.terms(texts, [language] * len(texts)), number)


def main_topics(topics: Topics) -> list[int]:
    return [shares[0].topic for shares in topics.documents]


def words(topics: Topics, topic: int) -> set[str]:
    return {term.term for term in topics.topics[topic].terms}


def test_two_subjects_are_told_apart(engine: TopicEngine) -> None:
    topics = found(engine, english(), "en")
    kitchen, football = main_topics(topics)[:2]
    assert main_topics(topics) == [kitchen, football] * 30
    assert {"oven", "dough", "soup"} & words(topics, kitchen)
    assert {"match", "goalkeeper", "cup"} & words(topics, football)
    assert not words(topics, kitchen) & words(topics, football)
    assert not {"the", "with", "and"} & words(topics, kitchen)


def test_other_documents_have_other_topics(engine: TopicEngine) -> None:
    topics = found(engine, japanese(), "ja")
    cooking, railways = main_topics(topics)[:2]
    assert main_topics(topics) == [cooking, railways] * 30
    assert {"炒める", "生地", "砂糖"} & words(topics, cooking)
    assert {"列車", "駅", "車両"} & words(topics, railways)


def test_a_document_on_both_subjects_has_both(engine: TopicEngine) -> None:
    texts = [
        *english(),
        "bake the bread in the oven and stir the soup. the goalkeeper saved the penalty of the striker",
    ]
    shares = found(engine, texts, "en").documents[-1]
    assert {each.topic for each in shares} == {0, 1}
    assert sum(each.share for each in shares) == pytest.approx(1) and shares[1].share > 0.3


def test_weights_are_probabilities_and_the_largest_topic_comes_first(engine: TopicEngine) -> None:
    topics = found(engine, english() + english()[::2], "en", 3)
    sizes = [topic.share for topic in topics.topics]
    assert sizes == sorted(sizes, reverse=True) and sum(sizes) == pytest.approx(1)
    for topic in topics.topics:
        assert len(topic.terms) == 10 and 0 < sum(term.weight for term in topic.terms) < 1


def test_few_words_have_all_the_weight(engine: TopicEngine) -> None:
    topics = engine.find([["red", "green"], ["red"]], 1)
    (topic,) = topics.topics
    assert {term.term: round(term.weight, 3) for term in topic.terms} == {"red": 0.667, "green": 0.333}


def test_the_same_seed_gives_the_same_topics(engine: TopicEngine) -> None:
    documents = engine.terms(english(), ["en"] * 60)
    assert engine.find(documents, 5, 3) == engine.find(documents, 5, 3)


def test_subjects_cohere_more_than_mixtures(engine: TopicEngine) -> None:
    apart, together = found(engine, english(), "en", 2), found(engine, english(), "en", 1)
    assert apart.coherence is not None and together.coherence is not None
    assert apart.coherence > together.coherence + 0.1


def test_no_more_topics_than_documents_that_differ(engine: TopicEngine) -> None:
    assert len(engine.find([["red"], ["green"], ["blue", "sky"]], 100).topics) == 3
    topics = found(engine, ["the cat sat on the mat"] * 50, "en", 100)
    assert len(topics.topics) == 1 and words(topics, 0) == {"cat", "mat", "sat"}
    assert len(engine.find([["red"]], 25).topics) == 1


def test_a_document_without_terms_has_no_topic(engine: TopicEngine) -> None:
    topics = found(engine, [*english(20), "", "12 345", "and of the"], "en")
    assert topics.documents[-3:] == [[], [], []] and all(topics.documents[:-3])


@pytest.mark.parametrize(("documents", "number"), [([], 5), ([[], []], 5), ([["word"]], 0)])
def test_nothing_to_find_is_said(engine: TopicEngine, documents: list[list[str]], number: int) -> None:
    with pytest.raises(UnsupportedInput):
        engine.find(documents, number)


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("The Smiths' 3 dogs don't bark at https://a.example/dogs!", "en", ["smiths", "dogs", "bark"]),
        ("Die Katzen schlafen auf dem Sofa", "de", ["katzen", "schlafen", "sofa"]),
        ("Les chats dorment sur l'herbe", "fr", ["chats", "dorment", "herbe"]),
        ("De katten slapen op de bank", "nl", ["katten", "slapen", "bank"]),
        ("東京の会社で新しい車を三台買いました。", "ja", ["東京", "会社", "新しい", "車", "買う"]),
        ("我们在北京大学学习", "zh", ["北京", "京大", "大学", "学学", "学习"]),
        ("고양이가 소파에서 잔다", "ko", ["고양이가", "소파에서", "잔다"]),
        ("a" * 41 + " whale", "en", ["whale"]),
        ("\x00\x01\ud800 🐳 whale", "en", ["whale"]),
        ("", "ja", []),
    ],
)
def test_terms_carry_a_meaning(engine: TopicEngine, text: str, language: str, terms: list[str]) -> None:
    assert engine.terms.one(text, language) == terms


def test_a_language_that_nothing_cuts_is_named(engine: TopicEngine) -> None:
    first, second = engine.terms.each(["แมวนอนบนโซฟา", "cats sleep"], ["th", "en"])
    assert isinstance(first, UnsupportedLanguage) and first.language == "th"
    assert second == ["cats", "sleep"]


def test_many_documents_are_learned_in_batches(engine: TopicEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    from honmono.engines.text.topics import dirichlet

    monkeypatch.setattr(dirichlet, "FEW", 100)
    monkeypatch.setattr(dirichlet, "_SAMPLE", 80)
    topics = found(engine, english(400), "en")
    assert main_topics(topics) == main_topics(topics)[:2] * 200
    assert len(set(main_topics(topics))) == 2


def test_a_huge_line_is_read(engine: TopicEngine) -> None:
    assert len(engine.terms.one("whale " * 150_000, "en")) == 150_000
    assert engine.terms.one("x" * 1_000_000, "en") == []
