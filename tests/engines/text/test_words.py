from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honmono.engines.text.words import sentences, split_words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("I don't know Mary's dog.", "en", ["I", "do", "n't", "know", "Mary", "'s", "dog", "."]),
        ("He can’t, we cannot.", "en", ["He", "ca", "n’t", ",", "we", "can", "not", "."]),
        ("Dr. Smith paid $3.50 at 10:30.", "en", ["Dr.", "Smith", "paid", "$", "3.50", "at", "10:30", "."]),
        ("Amazon.com, a.b@example.com", "en", ["Amazon.com", ",", "a.b@example.com"]),
        ("The U.S. search-engine", "en", ["The", "U.S.", "search", "-", "engine"]),
        ("See https://example.org/a_b?c=1, or me@example.org.", "en",
         ["See", "https://example.org/a_b?c=1", ",", "or", "me@example.org", "."]),
        ("L'hôtel d'aujourd'hui", "fr", ["L'", "hôtel", "d'", "aujourd'hui"]),
        ("Un po' d'acqua nell'albergo", "it", ["Un", "po", "'", "d'", "acqua", "nell'", "albergo"]),
        ("O guarda-chuva", "pt", ["O", "guarda-chuva"]),
        ("Peux-tu, peut-être?", "fr", ["Peux", "-", "tu", ",", "peut-être", "?"]),
        ("Wie geht's 👩‍👩‍👧 é?", "de", ["Wie", "geht's", "👩‍👩‍👧", "é", "?"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_as_treebanks_do(text: str, language: str, words: list[str]) -> None:
    assert [word.text for word in split_words(text, language)] == words


@given(st.text(), st.sampled_from(["en", "fr", "it", "de", "es", "pt"]))
def test_every_word_stands_where_it_says_and_only_white_space_falls_out(text: str, language: str) -> None:
    words = split_words(text, language)
    assert all(text[word.begin : word.end] == word.text for word in words)
    assert "".join(word.text for word in words).split() == "".join(text.split()).split()
    assert list(chain.from_iterable(sentences(words))) == words


def test_a_sentence_ends_with_what_closes_it() -> None:
    words = split_words('He said "Go away!" Then he left... (Really?) Yes', "en")
    found = [" ".join(word.text for word in sentence) for sentence in sentences(words)]
    assert found == ['He said " Go away ! "', "Then he left ...", "( Really ? )", "Yes"]
