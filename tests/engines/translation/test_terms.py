from __future__ import annotations

import pytest

from honmono.engines.translation.terms import Terms
from honmono.engines.translation.translation import Term


def upper(sentences):
    """A translator that passes on what it does not know: words with an X."""
    return [" ".join(word if "x" in word.lower() else word.upper() for word in each.split()) for each in sentences]


def forgetful(sentences):
    """A translator that drops every word with an X."""
    return [" ".join(word.upper() for word in each.split() if "x" not in word.lower()) for each in sentences]


@pytest.mark.parametrize("translate", [upper, forgetful])
def test_terms_stand_whatever_the_translator_does(translate):
    terms = Terms([Term("green tea", "o-cha"), Term("tea", "cha")])
    [(text, found)] = terms.hold(["we drink green tea with tea cakes"], translate)
    assert text == "WE DRINK o-cha WITH cha CAKES"
    assert found == [Term("green tea", "o-cha"), Term("tea", "cha")]


def test_a_term_is_a_whole_word_and_its_case_counts():
    terms = Terms([Term("cat", "neko")])
    answers = terms.hold(["the cat in the category", "the Cat"], upper)
    assert [text for text, _ in answers] == ["THE neko IN THE CATEGORY", "THE CAT"]
    assert [len(found) for _, found in answers] == [1, 0]


def test_a_term_in_a_script_without_blanks_is_found_within_a_run():
    [(text, _)] = Terms([Term("東京", "Tokyo")]).hold(["私は東京に行く"], lambda texts: texts)
    assert text == "私はTokyoに行く"


@pytest.mark.parametrize("count", [1, 19, 20, 400])
def test_many_terms_keep_apart(count):
    terms = Terms([Term(f"t{index}", f"[{index}]") for index in range(count)])
    [(text, _)] = terms.hold([" ".join(f"t{index}" for index in range(count))], lambda texts: texts)
    assert text == " ".join(f"[{index}]" for index in range(count))
