"""Which words of a hypothesis stay."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from honmono.engines.speech.agreement import Agreement


@dataclass
class Said:
    text: str
    begin: float
    end: float


def hypothesis(text: str) -> list[Said]:
    return [Said(word, at * 0.5, at * 0.5 + 0.4) for at, word in enumerate(text.split())]


def texts(words: list[Said]) -> str:
    return " ".join(word.text for word in words)


def test_what_two_looks_agree_on_is_settled():
    agreement: Agreement[Said] = Agreement()
    assert texts(agreement.take(hypothesis("it was the beast"))) == "it was the beast"
    assert texts(agreement.settled) == ""
    assert texts(agreement.take(hypothesis("It was the best of thymes"))) == "It was the best of thymes"
    assert texts(agreement.settled) == "It was the"
    agreement.take(hypothesis("It was the best of times, it"))
    assert texts(agreement.settled) == "It was the best of"


def test_settled_words_stay_whatever_is_heard_later():
    agreement: Agreement[Said] = Agreement()
    agreement.take(hypothesis("try again fail"))
    agreement.take(hypothesis("try again fail"))
    assert texts(agreement.take(hypothesis("dry again fail again fail better"))) == "try again fail again fail better"
    assert (
        texts(agreement.end(hypothesis("Dry again, fail again. Fail better."))) == "try again fail again. Fail better."
    )


@pytest.mark.parametrize("needed", [2, 3, 4])
def test_more_hypotheses_settle_later(needed):
    agreement: Agreement[Said] = Agreement(needed)
    for turn in range(1, needed):
        agreement.take(hypothesis("one two three"))
        assert not agreement.settled, turn
    agreement.take(hypothesis("one two three four"))
    assert texts(agreement.settled) == "one two three"


def test_words_that_the_last_look_lost_are_kept_and_none_is_said_twice():
    agreement: Agreement[Said] = Agreement()
    agreement.take(hypothesis("so it goes on"))
    agreement.take(hypothesis("so it goes on"))
    assert texts(agreement.end([])) == "so it goes on"
    assert texts(agreement.end(hypothesis("so it goes on and on"))) == "so it goes on and on"
    assert texts(agreement.end(hypothesis("it goes on and on"))) == "so it goes on and on"


def test_a_change_of_signs_is_no_disagreement():
    agreement: Agreement[Said] = Agreement()
    agreement.take(hypothesis("今日 は、 雨"))
    agreement.take(hypothesis("今日 は 雨 です"))
    assert texts(agreement.settled) == "今日 は 雨"
