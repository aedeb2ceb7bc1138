from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.text.name_tags import TAGS, begin_tag, likeliest, names


def log_probabilities(*rows: dict[str, float]) -> np.ndarray:
    """Rows of probabilities; what is left over is spread over the other tags."""
    table = np.zeros((len(rows), len(TAGS)), np.float32)
    for place, row in enumerate(rows):
        table[place] = (1 - sum(row.values())) / (len(TAGS) - len(row))
        for tag, probability in row.items():
            table[place, TAGS.index(tag)] = probability
    return np.log(table)


def test_a_name_is_its_pieces_with_the_probability_of_the_weakest() -> None:
    table = log_probabilities({"O": 0.9}, {"B-PERSON": 0.8}, {"I-PERSON": 0.7}, {"O": 0.95})
    [(first, behind, kind, score)] = names(table)
    assert (first, behind, kind) == (1, 3, "PERSON")
    assert score == pytest.approx(0.7)


def test_a_piece_that_may_go_on_with_the_name_lowers_its_probability() -> None:
    table = log_probabilities({"B-LOCATION": 0.9}, {"O": 0.55, "I-LOCATION": 0.4})
    assert next(names(table))[3] == pytest.approx(0.6)


def test_an_inside_tag_never_stands_without_its_begin() -> None:
    table = log_probabilities({"O": 0.5, "B-EVENT": 0.3}, {"I-EVENT": 0.9}, {"I-TITLE": 0.6, "I-EVENT": 0.3})
    tags = [TAGS[tag] for tag in likeliest(table)]
    assert tags == ["B-EVENT", "I-EVENT", "I-EVENT"]
    assert TAGS[likeliest(log_probabilities({"I-TITLE": 0.6, "O": 0.3}))[0]] == "O"


def test_two_names_of_a_type_beside_each_other_stay_two() -> None:
    table = log_probabilities({"B-PERSON": 0.9}, {"B-PERSON": 0.9}, {"I-PERSON": 0.9})
    assert [(first, behind) for first, behind, _, _ in names(table)] == [(0, 1), (1, 3)]


def test_the_tag_of_a_type() -> None:
    assert TAGS[begin_tag("TITLE")] == "B-TITLE"
    assert TAGS[begin_tag("TITLE") + 1] == "I-TITLE"


def test_no_pieces_have_no_names() -> None:
    assert list(names(np.zeros((0, len(TAGS)), np.float32))) == []
