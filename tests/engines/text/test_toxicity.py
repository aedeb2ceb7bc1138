from __future__ import annotations

import time

import pytest

from honmono.engines.text.toxicity.lexicon import Lexicon
from honmono.engines.text.toxicity.reading import cleaned, parts
from honmono.engines.text.toxicity.signs import NAMES, signs


def seen(text: str) -> set[str]:
    return {name for name, value in zip(NAMES, signs(text), strict=True) if value}


def test_what_posts_are_full_of_is_left_out() -> None:
    assert cleaned("RT @someone: look &amp; learn   https://example.org/x @other") == "look & learn @user"


def test_a_text_is_read_whole_and_by_sentence() -> None:
    assert parts("Come here now. Sit down there, please! Ok.") == [
        "Come here now. Sit down there, please! Ok.",
        "Come here now.",
        "Sit down there, please!",
        "Ok.",
    ]
    assert parts("Only one sentence here.") == ["Only one sentence here."]


@pytest.mark.parametrize("spelling", ["turd", "TURD", "t-u-r-d", "tuuuurd", "t*rd", "ｔｕｒｄ", "turds"])
def test_a_word_is_known_in_each_spelling(spelling: str) -> None:
    (listed,) = Lexicon.packaged().find(f"What {spelling}!").listed
    assert listed.group == "insult"


@pytest.mark.parametrize("word", ["scrap", "Scunthorpe", "class", "assassin", "well-known", "2024", "c*"])
def test_a_word_that_holds_another_is_not_listed(word: str) -> None:
    assert Lexicon.packaged().find(word).listed == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I will find you and burn your house.", "threat"),
        ("we're going to hurt them", "threat"),
        ("They deserve to be shot.", "wish"),
        ("Do as you’re told.", "order"),
        ("YOU ARE LATE AGAIN", "shouting"),
        ("you stupid man", "insult and you"),
    ],
)
def test_the_grammar_of_abuse(text: str, sign: str) -> None:
    assert sign in seen(text)


@pytest.mark.parametrize("text", ["I will bring you a cake.", "They deserve to be praised.", "Do you like tea?"])
def test_everyday_grammar_has_no_sign_of_it(text: str) -> None:
    assert seen(text).isdisjoint({"threat", "wish", "order", "insult and you"})


def test_a_hostile_text_takes_no_time() -> None:
    begun = time.perf_counter()
    for text in ("i will " * 12_000, "f*" * 50_000, "a" * 100_000, "kill you " * 10_000, "@" * 100_000):
        signs(cleaned(text))
    assert time.perf_counter() - begun < 10
