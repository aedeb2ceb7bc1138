"""Topics as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.pictures import topic_terms

SVG = "{http://www.w3.org/2000/svg}"
TOPICS = [(0.7, [("goal", 0.2), ("<cup>", 0.1)]), (0.3, [("列車", 0.05)])]


def drawn(topics: list[tuple[float, list[tuple[str, float]]]]) -> ElementTree.Element:
    return ElementTree.fromstring(topic_terms(topics, "Two topics"))


def test_terms_stand_beside_bars_as_long_as_their_weights():
    picture = drawn(TOPICS)
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert words == ["Two topics", "000: 70% of all words", "goal", "<cup>", "001: 30% of all words", "列車"]
    bars = [element for element in picture.iter(f"{SVG}rect") if element.get("class") != "page"]
    goal, cup, train = (float(bar.get("width", 0)) for bar in bars)
    assert goal == pytest.approx(2 * cup) and train == goal
    assert [bar.findtext(f"{SVG}title") for bar in bars] == ["goal: 0.2000", "<cup>: 0.1000", "列車: 0.0500"]
    assert bars[0].get("class") != bars[2].get("class")


def test_the_picture_grows_with_the_topics():
    small, large = drawn(TOPICS[:1]), drawn(TOPICS * 5)
    assert float(small.get("width", 0)) < float(large.get("width", 0))
    assert float(small.get("height", 0)) * 2 < float(large.get("height", 0))


@pytest.mark.parametrize("topics", [[], [(1.0, [])]])
def test_nothing_to_draw_is_said(topics):
    with pytest.raises(NotMeasurable):
        topic_terms(topics)
