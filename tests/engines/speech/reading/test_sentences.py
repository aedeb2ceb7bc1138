"""Sentences end where they do, and words carry the punctuation behind them."""

from __future__ import annotations

import pytest

from honmono.engines.speech.reading import read_text
from honmono.engines.speech.utterance import Pause, Word


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en-US", "One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("en-US", "Dr. Smith met Mr. Jones. They spoke.", ["Dr. Smith met Mr. Jones.", "They spoke."]),
        ("en-US", "Apples, pears, etc. The end.", ["Apples, pears, etc.", "The end."]),
        ("en-US", "The U.S. Army came. It left.", ["The U.S. Army came.", "It left."]),
        ("en-US", "It costs $5.20. I paid.", ["It costs $5.20.", "I paid."]),
        ("en-US", 'He said "Go!" and left.', ['He said "Go!" and left.']),
        ("en-US", '"Stop." He ran.', ['"Stop."', "He ran."]),
        ("en-US", "At 5 p.m. we met. e.g. here.", ["At 5 p.m. we met. e.g. here."]),
        ("en-US", "Well... maybe. Yes", ["Well... maybe.", "Yes"]),
        ("en-US", "A heading\n\nA text", ["A heading", "A text"]),
        ("ja-JP", "今日は雨です。傘が要りますか？はい", ["今日は雨です。", "傘が要りますか？", "はい"]),
        ("ja-JP", "「はい。」と言った。", ["「はい。」", "と言った。"]),
        ("es-ES", "¿Qué tal? Bien. El Sr. López llegó.", ["¿Qué tal?", "Bien.", "El Sr. López llegó."]),
        ("fr-FR", "M. Dupont arrive. Il part !", ["M. Dupont arrive.", "Il part !"]),
        ("de-DE", "Das ist z. B. gut. Am 3. Mai kommt er.", ["Das ist z. B. gut.", "Am 3. Mai kommt er."]),
    ],
)
def test_sentences(language: str, text: str, expected: list[str]) -> None:
    found = read_text(text, language)
    assert [sentence.text for sentence in found] == expected
    data = text.encode()
    assert [data[sentence.begin : sentence.end].decode() for sentence in found] == expected


def test_the_sign_behind_a_word() -> None:
    found = read_text("Well, he (Bob) came; really?! Yes… no — perhaps: go", "en-US")
    words = [part for sentence in found for part in sentence.parts if isinstance(part, Word)]
    assert {word.text: word.behind for word in words} == {
        "Well": ",", "he": ",", "Bob": ",", "came": ";", "really": "?", "Yes": "…", "no": "—", "perhaps": ":", "go": "",
    }  # fmt: skip


def test_an_empty_line_is_a_longer_silence() -> None:
    first, second = read_text("One\n\nTwo", "en-US")
    assert isinstance(first.parts[-1], Pause)
    assert not isinstance(second.parts[-1], Pause)


def test_an_opening_quote_before_an_empty_line_is_no_sentence() -> None:
    assert [sentence.text for sentence in read_text("«\n\nFive", "en-US")] == ["Five"]


@pytest.mark.parametrize("text", ["", "   ", "...", "😀😀", "\n\n\n", "!?", "()", "—", "\0\1"])
def test_nothing_to_say_is_no_sentence(text: str) -> None:
    assert read_text(text, "en-US") == []
    assert read_text(text, "ja-JP") == []


def test_offsets_are_bytes() -> None:
    text = "😀猫が3匹います。Bobは５００円払った👨‍👩‍👧。"
    data = text.encode()
    for sentence in read_text(text, "ja-JP"):
        assert data[sentence.begin : sentence.end].decode() == sentence.text
        for word in sentence.parts:
            assert isinstance(word, Word)
            assert data[word.begin : word.end].decode() == word.text
    spoken = [word.spoken for sentence in read_text(text, "ja-JP") for word in sentence.parts if isinstance(word, Word)]
    assert ("さんびき",) in spoken
    assert ("ごひゃくえん",) in spoken
