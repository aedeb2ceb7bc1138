from __future__ import annotations

from itertools import pairwise

import pytest

from honmono.engines.text.japanese import analyser


def tags(text: str) -> list[tuple[str, str]]:
    return [(morpheme.text, morpheme.tag) for morpheme in analyser().morphemes(text)]


@pytest.mark.parametrize(
    ("text", "word", "tag"),
    [
        ("結果を説明した。", "説明", "VERB"),
        ("説明を聞いた。", "説明", "NOUN"),
        ("静かな村に住む。", "静か", "ADJ"),
        ("この本は高い。", "この", "DET"),
        ("小さな店がある。", "小さな", "ADJ"),
        ("田中さんが来た。", "田中", "PROPN"),
        ("三人で歩いた。", "三", "NUM"),
        ("現在、検討中です。", "現在", "ADV"),
        ("行くの？", "？", "PUNCT"),
        ("しかし雨だった。", "しかし", "CCONJ"),
        ("食べて寝た。", "て", "SCONJ"),
    ],
)
def test_a_word_is_tagged_by_its_class_and_its_neighbours(text: str, word: str, tag: str) -> None:
    assert (word, tag) in tags(text)


@pytest.mark.parametrize("text", ["", "  \n", "😀👩‍👩‍👧が来た", "か\u3099くせい", "a\ud800b", "\0", "ﾊﾝｶｸ　全角"])
def test_morphemes_stand_where_they_say(text: str) -> None:
    found = analyser().morphemes(text)
    assert all(text[m.begin : m.end] == m.text or "\ud800" in text for m in found)
    assert all(a.end <= b.begin for a, b in pairwise(found))


def test_a_long_text_is_analysed_in_windows_with_offsets_of_the_whole() -> None:
    text = "昨日は新しい本を読みました。" * 3_000
    found = analyser().morphemes(text)
    assert len(found) == 3_000 * len(analyser().morphemes("昨日は新しい本を読みました。"))
    assert all(text[m.begin : m.end] == m.text for m in found)
