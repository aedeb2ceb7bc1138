from __future__ import annotations

from pathlib import Path

import pytest

from honmono.evaluation.labelled import Case, Columns, read_cases
from honmono.evaluation.textfile import DataError


@pytest.fixture
def file(tmp_path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_csv_with_a_header_quotes_and_a_text_of_two_lines(file):
    path = file(
        "a.csv", 'id,Text,Label,lang\n1,"Good, ""really""",POS,en\n\n2,"two\nlines",neg,en\n3,猫が好き,pos,ja\n'
    )
    assert read_cases(path, Columns(language="lang")) == [
        Case(2, 'Good, "really"', "POS", "en"),
        Case(4, "two\nlines", "neg", "en"),
        Case(6, "猫が好き", "pos", "ja"),
    ]
    assert read_cases(path, Columns(label="id"))[2].label == "3"


def test_tsv_by_number_takes_quotes_as_they_are(file):
    path = file("a.tsv", '"so-called" humour\t0\r\nfine\t1\r\n')
    assert read_cases(path, Columns("1", "2")) == [Case(1, '"so-called" humour', "0"), Case(2, "fine", "1")]


def test_json_lines_with_numbers_as_labels(file):
    path = file("a.jsonl", '{"text": "bad", "label": 0}\n\n{"label": 1, "text": "good"}\n')
    assert [(case.line, case.label) for case in read_cases(path)] == [(1, "0"), (3, "1")]


def test_a_byte_order_mark_and_another_encoding(file):
    text = "text,label\n良い,positive\n"
    assert read_cases(file("bom.csv", b"\xef\xbb\xbf" + text.encode()))[0].text == "良い"
    assert read_cases(file("sjis.csv", text.encode("shift_jis")), encoding="shift_jis")[0].text == "良い"


@pytest.mark.parametrize(
    ("name", "content", "columns", "line", "said"),
    [
        ("a.csv", "", None, None, "there is no case in it"),
        ("a.csv", "text,label\n", None, None, "there is no case in it"),
        ("a.csv", "text,label\nfine,pos\nwell, fine,pos\n", None, 3, "3 column.* where line 1 has 2; quote texts"),
        ("a.tsv", "text\tlabel\nfine\n", None, 2, "1 column.* where line 1 has 2; no text may hold a tab"),
        ("a.csv", "text,label\nfine,\n", None, 2, "the label is empty"),
        ("a.csv", "text,label\n ,pos\n", None, 2, "the text is empty"),
        ("a.csv", 'text,label\nfine,pos\n"never closed,pos\nmore,neg\n', None, 3, "not closed"),
        (
            "a.csv",
            "text,label\n良い,pos\n".encode("shift_jis"),
            None,
            2,
            "0x97.* is no utf-8; the line would be good shift_jis",
        ),
        ("a.csv", b"text,label\n\xff\xff\xff,pos\n", None, 2, "is no utf-8"),
        ("a.csv", "text,label\n".encode("utf-16"), None, 1, "UTF-16; convert it"),
        ("a.csv", "good,pos\nbad,neg\n", None, 1, "no column with a usual name .*'good', 'pos'.*by number"),
        ("a.csv", "text,label\nfine,pos\n", Columns("body"), 1, "no column 'body' among 'text', 'label'"),
        ("a.csv", "fine,pos\n", Columns("1", "3"), 1, "no column 3; the columns are 1 to 2"),
        ("a.csv", "fine,pos\n", Columns("1"), None, "label column has no number"),
        ("a.csv", "fine,pos\n", Columns("1", "label"), None, "all by number or all by name"),
        ("a.csv", f"text,label\n{'x' * 1_100_000},pos\n", None, 2, "longer than 1 MB"),
        ("a.jsonl", '{"text": "fine", "label": "pos"}\n{"text": "fine"\n', None, 2, "this is no JSON"),
        ("a.jsonl", "[1]\n", None, 1, "a list, not an object"),
        ("a.jsonl", '{"text": "fine"}\n', None, 1, "no field 'label' or .* among 'text'"),
        ("a.jsonl", '{"text": ["fine"], "label": "pos"}\n', None, 1, "'text' holds .*fine.*, not a text"),
        ("a.jsonl", '{"text": "half \\ud83d", "label": "pos"}\n', None, 1, "half of a surrogate pair"),
        ("a.jsonl", '{"text": "fine", "label": ' + "9" * 5000 + "}\n", None, 1, "this is no JSON"),
        ("a.xlsx", "PK", None, None, "what .xlsx holds is not known"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(file, name, content, columns, line, said):
    path = file(name, content)
    with pytest.raises(DataError, match=f"(?s){said}") as caught:
        read_cases(path, columns)
    assert caught.value.line == line and str(path) in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "klingon"])
def test_encodings_that_have_no_lines_are_refused(file, encoding):
    with pytest.raises(DataError, match=encoding):
        read_cases(file("a.csv", "text,label\nfine,pos\n"), encoding=encoding)
