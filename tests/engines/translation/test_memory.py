from __future__ import annotations

import pytest

from honmono.engines.translation.memory import Memory
from honmono.engines.translation.translation import Example

MEMORY = Memory(
    [
        Example("Press the red button.", "Drücken Sie den roten Knopf."),
        Example("Flight 12 leaves at 9:30.", "Flug 12 geht um 9:30."),
        Example("3 of 3 files", "3 von 3 Dateien"),
        Example("Room 7", "Zimmer sieben"),
    ]
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Press the red button.", "Drücken Sie den roten Knopf."),
        ("press  the RED button.", "Drücken Sie den roten Knopf."),
        ("Flight 884 leaves at 23:05.", "Flug 884 geht um 23:05."),
        ("Ｆｌｉｇｈｔ　１２ leaves at 9:30.", "Flug 12 geht um 9:30."),
        ("Press the blue button.", None),
        ("2 of 5 files", None),
        ("Room 8", None),
    ],
)
def test_what_was_translated_before_is_recalled(sentence, expected):
    assert MEMORY.recall(sentence) == expected


def test_the_last_of_two_translations_counts():
    memory = Memory([Example("Hello", "Hallo"), Example("hello", "Guten Tag")])
    assert memory.recall("Hello") == "Guten Tag"
