import pytest

from honmono.engines.text.recognizer.entity_list import EntityList
from honmono.engines.text.recognizer.units import LONGEST_SEGMENT, Mention, cut, segments, tags


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("The AX-12's lid", "The AX - 12 ' s lid"),
        ("東京タワーへ", "東 京 タ ワ ー へ"),
        ("cafe\u0301 au lait", "cafe\u0301 au lait"),
        ("か\u3099くせい", "か\u3099 く せ い"),
        ("👍🏽 ok", "👍 🏽 ok"),
        ("10,5 kg", "10 , 5 kg"),
        (" \n\t", ""),
    ],
)
def test_words_numbers_signs_and_japanese_characters(text, units):
    found = cut(text)
    assert [unit.text for unit in found] == units.split()
    assert all(text[unit.begin : unit.end] == unit.text for unit in found)


def test_segments_cover_every_unit_and_end_with_lines_and_sentences():
    text = "\n".join(["one two. three"] * 3) + "\n" + "word word. " * 100 + "x " * 500
    units = cut(text)
    parts = list(segments(text, units))
    assert [place for start, stop in parts for place in range(start, stop)] == list(range(len(units)))
    assert max(stop - start for start, stop in parts) <= LONGEST_SEGMENT
    assert parts[:3] == [(0, 4), (4, 8), (8, 12)]
    assert all(units[stop - 1].text == "." for _, stop in parts[3:5])


def test_tags_tell_where_mentions_begin_and_go_on():
    units = cut("Ada Lovelace meets Babbage")
    marked = [Mention(0, 12, "PERSON"), Mention(19, 26, "PERSON")]
    assert tags(units, marked, ["PLACE", "PERSON"]) == [3, 4, 0, 3]
    # What lies only in part in a mention is taken whole; neighbours of one type stay two.
    assert tags(units, [Mention(1, 5, "PLACE"), Mention(13, 14, "PERSON")], ["PLACE", "PERSON"]) == [1, 2, 3, 0]
    assert tags(units, [Mention(0, 3, "PLACE"), Mention(4, 12, "PLACE")], ["PLACE"]) == [1, 1, 0, 0]


def found(names, text):
    return [(text[each.begin : each.end], each.type) for each in EntityList(names).find(text)]


def test_the_longest_entity_at_the_borders_of_words():
    names = [("York", "CITY"), ("New York Times", "PAPER"), ("New York", "CITY"), ("AX-1", "CODE")]
    text = "The New  York Times of New York, not Newyork, Yorkshire, AX-12 or AX-1."
    assert found(names, text) == [("New  York Times", "PAPER"), ("New York", "CITY"), ("AX-1", "CODE")]
    assert found(names, "new york") == []


def test_entities_within_japanese_words_but_for_single_characters():
    names = [("東京", "地名"), ("東京都", "地名"), ("東", "方角"), ("の", "助詞")]
    assert found(names, "東京都の東京駅、東へ") == [
        ("東京都", "地名"),
        ("の", "助詞"),
        ("東京", "地名"),
        ("東", "方角"),
    ]
    assert found(names, "関東の東") == [("の", "助詞"), ("東", "方角")]
    assert found(names, "そのもの") == []


def test_the_first_of_equal_entries_counts():
    assert found([("a", "X"), ("a", "Y"), (" ", "Z")], "a b") == [("a", "X")]
