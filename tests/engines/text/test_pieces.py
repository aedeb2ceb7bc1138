from __future__ import annotations

import time

import pytest

from honmono.engines.text.encoder import Trunk
from honmono.engines.text.pieces import cut, same_word

pytestmark = pytest.mark.weights


def surfaces(trunk: Trunk, text: str) -> list[str]:
    return [text[piece.begin : piece.end] for piece in trunk.pieces(text) if piece.begin < piece.end]


@pytest.mark.parametrize(
    "text",
    [
        "Marie Curie was born in Warsaw.",
        "  two  spaces\tand a tab\nand a line ",
        "田中さんは東京の病院で働いています。",
        "Ｓｏｎｙ　と ｱｯﾌﾟﾙ、㈱日立、ﾊﾞﾝﾀﾞｲ",
        "cafe\u0301 Mu\u0308nchen か\u3099 \u1112\u1161\u11ab",
        "😀 Tokyo 👨‍👩‍👧 東京😀",
        "①②③ ½ ﬁn …",
        "\ud800x",
    ],
)
def test_every_character_but_space_belongs_to_a_piece(trunk: Trunk, text: str) -> None:
    covered = {place for piece in trunk.pieces(text) for place in range(piece.begin, piece.end)}
    left = {text[place] for place in range(len(text)) if place not in covered}
    assert all(character.isspace() or character == "\u200d" for character in left)


def test_pieces_come_in_order_and_without_spaces_around(trunk: Trunk) -> None:
    text = " Ｓｏｎｙ　の 京都 cafe\u0301 😀 "
    pieces = trunk.pieces(text)
    assert [piece.begin for piece in pieces] == sorted(piece.begin for piece in pieces)
    assert all(text[piece.begin : piece.end].strip() == text[piece.begin : piece.end] for piece in pieces)


def test_a_combining_mark_stays_with_its_letter(trunk: Trunk) -> None:
    assert "cafe\u0301" in surfaces(trunk, "un cafe\u0301 noir")
    assert any(surface.endswith("ﾌﾟ") for surface in surfaces(trunk, "ｱｯﾌﾟﾙ"))


def test_japanese_is_cut_where_the_script_changes(trunk: Trunk) -> None:
    assert surfaces(trunk, "日本の")[:2] == ["日本", "の"]
    assert surfaces(trunk, "、日本の") == ["、", "日本", "の"]
    for surface in surfaces(trunk, "渋谷でＡＢＣマートの田中さんに会った。"):
        assert not ("田" in surface and "の" in surface)


def test_a_name_with_a_long_vowel_is_not_cut_at_it(trunk: Trunk) -> None:
    assert all(not surface.startswith("ー") or len(surface) > 1 for surface in surfaces(trunk, "センターの"))


def test_nothing_has_no_pieces(trunk: Trunk) -> None:
    assert trunk.pieces("") == []


def test_cut_is_what_the_trunk_uses(trunk: Trunk) -> None:
    assert trunk.pieces("Hello Paris") == cut(trunk._tokenizer, "Hello Paris")


@pytest.mark.parametrize(
    ("pair", "same"),
    [("ab", True), ("B4", True), ("ティ", True), ("ター", True), ("e\u0301", True), ("東京", False), ("トの", False),
     ("a.", False), ("a ", False), ("가나", False)],
)  # fmt: skip
def test_letters_of_a_word_are_told_from_neighbours(pair: str, same: bool) -> None:
    assert same_word(*pair) is same


def test_a_text_of_the_greatest_size_is_cut_in_time_that_grows_with_it(trunk: Trunk) -> None:
    start = time.process_time()
    assert len(trunk.pieces("Nobody came to see the garden. " * 3200)) > 20_000
    assert time.process_time() - start < 3  # each piece once: 0.2 s; each piece for each piece: 40 s
