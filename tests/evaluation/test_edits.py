"""Error rates of what was heard."""

from __future__ import annotations

import doctest
import itertools
from random import Random

import pytest

from honmono.evaluation import edits as module
from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.edits import Edits, edits, total


def test_the_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(module).failed == 0


def test_word_errors_are_counted_by_their_kinds() -> None:
    said = ["please", "turn", "the", "lights", "off", "now"]
    assert edits(said, said) == Edits(0, 0, 0, 6)
    assert edits(said, ["please", "turn", "the", "light", "off", "now"]) == Edits(1, 0, 0, 6)
    assert edits(said, ["please", "turn", "the", "the", "lights", "off", "now"]) == Edits(0, 1, 0, 6)
    assert edits(said, ["turn", "the", "lights", "off"]) == Edits(0, 0, 2, 6)
    assert edits(said, []) == Edits(0, 0, 6, 6)
    assert edits("おはよう", "おはよ") == Edits(0, 0, 1, 4)


def test_the_fewest_edits_are_found() -> None:
    def fewest(truth: str, given: str) -> int:
        """By trying everything."""
        if not truth or not given:
            return len(truth) + len(given)
        return min(
            fewest(truth[1:], given[1:]) + (truth[0] != given[0]),
            fewest(truth, given[1:]) + 1,
            fewest(truth[1:], given) + 1,
        )

    random = Random(1)
    words = ["".join(random.choices("abc", k=random.randrange(6))) for _ in range(12)]
    for truth, given in itertools.product(words, words):
        found = edits(truth, given)
        assert found.count == fewest(truth, given)
        assert found.insertions - found.deletions == len(given) - len(truth)


def test_texts_weigh_as_much_as_they_are_long() -> None:
    whole = total([edits("ab", "xx"), edits("abcdefgh", "abcdefgh")])
    assert whole == Edits(2, 0, 0, 10)
    assert whole.rate == 0.2


def test_nothing_has_no_rate() -> None:
    with pytest.raises(NotMeasurable, match="empty"):
        _ = edits("", "abc").rate
