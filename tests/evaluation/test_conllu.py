"""Treebanks become texts with their words marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from honmono.evaluation.conllu import read_conllu
from honmono.evaluation.marked import MarkedCase
from honmono.evaluation.spans import Span
from honmono.evaluation.textfile import DataError


def row(number: str, form: str, tag: str, misc: str = "_") -> str:
    return f"{number}\t{form}\t_\t{tag}\t_\t_\t_\t_\t_\t{misc}\n"


def treebank(folder: Path, content: str) -> Path:
    file = folder / "bank.conllu"
    file.write_text(content, "utf-8", newline="")
    return file


def test_words_stand_where_the_text_has_them(tmp_path):
    dogs = row("1", "Dogs", "NOUN") + row("2-3", "don't", "_") + row("2", "do", "AUX") + row("3", "n't", "PART")
    first = "# sent_id = 1\n# text = Dogs don't  bark 🐕.\n" + dogs + row("4", "bark", "VERB") + row("5", "🐕", "SYM")
    second = (
        row("1", "犬", "NOUN", "SpaceAfter=No") + row("2", "は", "ADP", "X=1|SpaceAfter=No") + row("3", "走る", "VERB")
    )
    file = treebank(tmp_path, first + row("6", ".", "PUNCT") + "\n\n" + second)
    assert read_conllu(file) == [
        MarkedCase(
            3,
            "Dogs don't  bark 🐕.",
            (
                Span(0, 4, "NOUN"), Span(5, 7, "AUX"), Span(7, 10, "PART"), Span(12, 16, "VERB"), Span(17, 18, "SYM"),
                Span(18, 19, "PUNCT"),
            ),
        ),
        MarkedCase(12, "犬は走る", (Span(0, 1, "NOUN"), Span(1, 2, "ADP"), Span(2, 4, "VERB"))),
    ]  # fmt: skip


def test_a_token_that_is_not_its_words_is_one_word(tmp_path):
    du = row("1", "Prix", "NOUN") + row("2-3", "du", "_") + row("2", "de", "ADP") + row("3", "le", "DET")
    (case,) = read_conllu(treebank(tmp_path, f"{du}{row('3.1', 'understood', 'VERB')}{row('4', 'pain', 'NOUN')}"))
    assert case.text == "Prix du pain"
    assert case.spans == (Span(0, 4, "NOUN"), Span(5, 7, "ADP"), Span(8, 12, "NOUN"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "there is no sentence"),
        ("# text = nothing\n\n", "there is no sentence"),
        ("1\tDog\tdog\tNOUN\n", "line 1: 4 column"),
        (row("one", "Dog", "NOUN"), "line 1: 'one' is no word's number"),
        (row("1-x", "Dog", "NOUN"), "line 1: '1-x' is no word's number"),
        (row("1", "Dog", "_"), "line 1: the word 'Dog' has no part of speech"),
        (row("1", " ", "NOUN"), "line 1: the word's form is empty"),
        (f"# text = A cat.\n{row('1', 'A', 'DET')}{row('2', 'dog', 'NOUN')}", "line 3: the word 'dog' does not follow"),
        (
            f"# text = A big cat\n{row('1', 'A', 'DET')}{row('2', 'cat', 'NOUN')}",
            "line 3: the word 'cat' does not follow",
        ),
        (row("1-2", "don't", "_"), 'line 1: the token "don\'t" has no words'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, content, said):
    with pytest.raises(DataError) as caught:
        read_conllu(treebank(tmp_path, content))
    assert said in str(caught.value)
