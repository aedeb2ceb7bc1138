from __future__ import annotations

import pytest

from honmono.engines.base import UnsupportedInput, UnsupportedLanguage
from honmono.engines.text.entities import Entity
from honmono.engines.text.taggers import TaggedWord
from honmono.engines.text.targets.coreference import describing, group_mentions
from honmono.engines.text.targets.engine import TargetEngine
from honmono.engines.text.targets.lexicon import noun_type
from honmono.engines.text.targets.mentions import Found, find_mentions
from honmono.weights import Cache


def tagged(*sentences: str) -> tuple[str, list[list[TaggedWord]]]:
    """A text and its words, written as word/TAG; signs have no tag and no space before them, nor has what + begins."""
    text, found = "", []
    for sentence in sentences:
        words = []
        for token in sentence.split():
            word, _, tag = token.partition("/")
            if text and tag and not word.startswith("+"):
                text += " "
            word = word.removeprefix("+")
            words.append(TaggedWord(word, len(text), len(text) + len(word), tag or "PUNCT", 0.9))
            text += word
        found.append(words)
    return text, found


def mentions_of(*sentences: str, names: tuple[Entity, ...] = ()) -> list[Found]:
    text, words = tagged(*sentences)
    found = find_mentions(text, words, names)
    assert all(text[mention.begin : mention.end] == mention.text for mention in found)
    return found


def groups_of(*sentences: str, names: tuple[Entity, ...] = ()) -> list[list[str]]:
    text, words = tagged(*sentences)
    found, links = group_mentions(find_mentions(text, words, names), [word for part in words for word in part])
    groups: dict[int, list[str]] = {}
    for mention, link in zip(found, links, strict=True):
        assert 0 < link.score <= 1
        groups.setdefault(link.group, []).append(mention.text)
    return list(groups.values())


def test_a_mention_is_the_noun_without_article_and_adjectives() -> None:
    found = mentions_of("The/DET huge/ADJ burger/NOUN bun/NOUN pleased/VERB my/PRON wife/NOUN .")
    assert [(mention.text, mention.type, mention.kind) for mention in found] == [
        ("burger bun", "OTHER", "noun"),
        ("my", "PERSON", "pronoun"),
        ("wife", "PERSON", "noun"),
    ]
    assert found[0].score == pytest.approx(0.81)


def test_a_compound_with_a_hyphen_is_one_mention() -> None:
    found = mentions_of("The/DET car/NOUN - +park/NOUN of/ADP Winston/PROPN - +Salem/PROPN is/AUX full/ADJ .")
    assert [mention.text for mention in found] == ["car-park", "Winston-Salem"]


def test_nobody_speaks_of_the_it_that_rains() -> None:
    assert mentions_of("It/PRON is/AUX hard/ADJ to/PART park/VERB .") == []
    assert [m.text for m in mentions_of("It/PRON is/AUX hard/ADJ .")] == ["It"]


def test_a_verdict_is_no_mention_where_it_says_what_something_is() -> None:
    assert [m.text for m in mentions_of("The/DET tour/NOUN is/AUX a/DET complete/ADJ joke/NOUN .")] == ["tour"]
    assert [m.text for m in mentions_of("He/PRON told/VERB a/DET joke/NOUN .")] == ["He", "joke"]


def test_a_verb_that_was_taken_for_a_noun_is_left_out() -> None:
    assert [m.text for m in mentions_of("The/DET printer/NOUN jams/NOUN .")] == ["printer"]
    assert [m.text for m in mentions_of("It/PRON screams/NOUN .")] == ["It"]


def test_names_go_before_nouns_and_lose_their_article() -> None:
    name = Entity("ORGANIZATION", 0, 13, 0.8)
    (found,) = mentions_of("The/DET Blue/PROPN Note/PROPN rocks/VERB .", names=(name,))
    assert (found.text, found.begin, found.end, found.type, found.score) == ("Blue Note", 4, 13, "ORGANIZATION", 0.8)


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("nurses", "PERSON"), ("customer service", "ATTRIBUTE"), ("picture quality", "ATTRIBUTE"), ("airports", "FACILITY"),
        ("novels", "BOOK"), ("Photoshop", "SOFTWARE"), ("iPhone 15", "COMMERCIAL_ITEM"), ("weddings", "EVENT"),
        ("chess", "GAME"), ("mornings", "DATE"), ("valley", "LOCATION"), ("wardrobe", "OTHER"), ("Sony", "BRAND"),
    ],
)  # fmt: skip
def test_the_type_follows_the_last_noun(noun: str, kind: str) -> None:
    assert noun_type(noun) == kind


def test_a_title_is_a_film_or_a_book_by_what_stands_around_it() -> None:
    watched = mentions_of(
        "I/PRON saw/VERB Dune/PROPN at/ADP the/DET cinema/NOUN .", names=(Entity("TITLE", 6, 10, 0.9),)
    )
    read = mentions_of("I/PRON read/VERB Dune/PROPN .", names=(Entity("TITLE", 7, 11, 0.9),))
    assert [m.type for m in watched if m.text == "Dune"] == ["MOVIE"]
    assert [m.type for m in read if m.text == "Dune"] == ["BOOK"]


def test_pronouns_go_to_what_agrees() -> None:
    first = "The/DET waitress/NOUN dropped/VERB the/DET plates/NOUN in/ADP the/DET kitchen/NOUN ."
    assert ["waitress", "She"] in groups_of(first, "She/PRON laughed/VERB .")
    assert ["plates", "They"] in groups_of(first, "They/PRON broke/VERB .")
    assert ["kitchen", "It"] in groups_of(first, "It/PRON burned/VERB .")
    assert ["He"] in groups_of(first, "He/PRON laughed/VERB .")


def test_equal_nouns_are_one_thing_unless_another_is_meant() -> None:
    first = "The/DET room/NOUN was/AUX dirty/ADJ ."
    assert groups_of(first, "The/DET room/NOUN smelled/VERB .") == [["room", "room"]]
    assert groups_of(first, "Another/DET room/NOUN smelled/VERB .") == [["room"], ["room"]]


def test_a_name_takes_up_its_longer_form() -> None:
    names = (Entity("PERSON", 0, 13, 0.9), Entity("PERSON", 22, 29, 0.9))
    groups = groups_of("Julia/PROPN Roberts/PROPN smiled/VERB .", "Roberts/PROPN left/VERB .", names=names)
    assert groups == [["Julia Roberts", "Roberts"]]


def test_the_best_name_of_a_group_is_a_name_then_a_noun() -> None:
    def found(text: str, kind: str) -> Found:
        return Found(text, 0, len(text), "OTHER", 0.9, kind, 0, 1, 0)  # type: ignore[arg-type]

    assert describing([found("it", "pronoun"), found("hotel", "noun"), found("Hotel", "noun")]) == [1, 2]
    assert describing([found("Ritz", "name"), found("hotel", "noun"), found("Ritz", "name")]) == [0, 2]
    assert describing([found("it", "pronoun")]) == [0]


@pytest.fixture(scope="module")
def engine() -> TargetEngine:
    engine = TargetEngine(Cache())
    engine.load()
    return engine


@pytest.mark.weights
def test_the_mood_of_a_place_follows_what_is_said_of_it(engine: TargetEngine) -> None:
    texts = ["Lovely chairs, hideous tables.", "Hideous chairs, lovely tables."]
    places = [[(text.index(noun), text.index(noun) + 6) for noun in ("chairs", "tables")] for text in texts]
    moods = engine.judge(texts, places)
    assert [[mood.label for mood in row] for row in moods] == [["POSITIVE", "NEGATIVE"], ["NEGATIVE", "POSITIVE"]]
    with pytest.raises(UnsupportedInput, match="characters 90 to 99"):
        engine.judge(["Nice."], [[(90, 99)]])


@pytest.mark.weights
def test_a_long_text_is_read_to_its_end(engine: TargetEngine) -> None:
    text = "We walked along the river and talked. " * 60 + "The ferry was awful."
    last = engine.detect.one(text, "en")[-1].mentions[-1]
    assert (last.text, last.end, last.sentiment.label) == ("ferry", len(text) - len(" was awful."), "NEGATIVE")
    unbroken = "word " * 400 + "and a splendid violin"
    assert engine.detect.one(unbroken, "en")[-1].mentions[-1].end == len(unbroken)


@pytest.mark.weights
@pytest.mark.parametrize("text", ["", " ", "\n\n", "!!!", "👍", "\ud800", "\x00"])
def test_texts_without_words_speak_of_nothing(engine: TargetEngine, text: str) -> None:
    assert engine.detect.one(text, "en") == []


@pytest.mark.weights
def test_a_language_that_was_not_measured_is_refused(engine: TargetEngine) -> None:
    with pytest.raises(UnsupportedLanguage, match="targeted-sentiment"):
        engine.detect.one("料理はおいしい。", "ja")
