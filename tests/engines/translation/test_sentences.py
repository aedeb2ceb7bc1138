from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honmono.engines.translation.sentences import pieces


def sentences(text):
    return [piece.text for piece in pieces(text) if piece.sentence]


@given(st.text(alphabet=st.sampled_from('aB1 .!?。、,\n\r\t　…"」e.g')))
def test_joining_gives_the_text_back(text):
    assert "".join(piece.text for piece in pieces(text)) == text


@given(st.text(max_size=3000))
def test_no_sentence_has_blanks_around_it_or_a_line_end_in_it(text):
    for sentence in sentences(text):
        assert sentence == sentence.strip()
        assert len(sentence) <= 600
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He paid 3.50 euros. She left.", ["He paid 3.50 euros.", "She left."]),
        ("今日は晴れです。明日は？「雨だ。」", ["今日は晴れです。", "明日は？", "「雨だ。」"]),
        ("See Mr. Brown, e.g. today. Thanks!", ["See Mr. Brown, e.g. today.", "Thanks!"]),
        ("One line\nand another", ["One line", "and another"]),
        ("  \n\n ", []),
    ],
)
def test_sentences_are_found(text, expected):
    assert sentences(text) == expected


def test_a_long_sentence_is_cut_at_a_comma():
    text = ", ".join(["so it goes on and on"] * 60)
    assert len(sentences(text)) > 1
    assert all(sentence.endswith(",") for sentence in sentences(text)[:-1])
