from __future__ import annotations

import json

import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.finders import Found, compare_finders
from honmono.evaluation.marked import MarkedCase, read_marked
from honmono.evaluation.spans import Span
from honmono.evaluation.textfile import DataError

TEXT = "夏目漱石は東京に住んだ。"
PERSON, PLACE = Span(0, 4, "PERSON"), Span(5, 7, "LOCATION")
CASES = [MarkedCase(number, TEXT, (PERSON, PLACE)) for number in range(1, 31)]
# The better one misses the place in every sixth text; the other halves every name.
BETTER = Found("better", [[(PERSON, 0.9)] + [(PLACE, 0.8)] * (number % 6 > 0) for number in range(30)])
OTHER = Found("other/1", [[(Span(0, 2, "PERSON"), 0.9), (PLACE, 0.7)] for _ in range(30)])


def test_figures_and_their_difference():
    report = compare_finders("Names", CASES, [BETTER, OTHER], {}, rounds=100)
    rows = {row[0]: row[1:] for row in report.table("measures").rows}
    exact, overlap = rows["exact F1"], rows["overlap F1"]
    assert exact[0].value == pytest.approx(2 * 55 / 115) and exact[1].value == 0.5
    assert overlap[0].value == exact[0].value and overlap[1].value == 1
    assert rows["exact precision"][0].value == 1 and rows["exact recall"][0].value == pytest.approx(55 / 60)
    assert exact[0].low < exact[0].value < exact[0].high
    ((_, gained),) = report.table("differences").rows
    assert gained.value == pytest.approx(exact[1].value - exact[0].value) and gained.high < 0
    types = {row[0]: row[1:] for row in report.table("types of other/1").rows}
    assert types["PERSON"][0].value == 0 and types["PERSON"][3] == 1 and types["LOCATION"][2] == 1
    assert report.table("errors of better").rows == ()
    assert report.table("errors of other/1").rows[0][1:4] == (
        "[夏目]漱石は東京に住んだ。",
        "夏目漱石: PERSON",
        "PERSON",
    )
    drawn = {picture.name: picture.svg for picture in report.pictures}
    assert "(nothing)" in drawn["confusion-better"] and "(nothing)" not in drawn["confusion-other-1"]


def test_nothing_found_is_a_figure_too_and_other_texts_are_not():
    report = compare_finders("Names", CASES, [Found("silent", [[] for _ in CASES])], {}, rounds=100)
    assert report.table("measures").rows[0][1].value == 0
    with pytest.raises(NotMeasurable, match="found has 1"):
        compare_finders("Names", CASES, [Found("short", [[]])], {})


def test_places_are_read_in_both_forms(tmp_path):
    file = tmp_path / "names.jsonl"
    lines = [
        {"text": TEXT, "entities": [[0, 4, "PERSON"]], "lang": "ja"},
        {"text": "Kyoto", "entities": [{"BeginOffset": 0, "EndOffset": 5, "Type": "LOCATION"}], "lang": "en"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert read_marked(file, language="lang") == [
        MarkedCase(1, TEXT, (PERSON,), "ja"),
        MarkedCase(2, "Kyoto", (Span(0, 5, "LOCATION"),), "en"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "there is no case"),
        ('{"text": "a"}', "line 1: no field 'entities'"),
        ('{"text": "a", "entities": {}}', "line 1: the field 'entities' holds .*, not a list"),
        ('{"text": "a", "entities": [[0, 2, "X"]]}', "line 1: 0 to 2 is no place in a text of 1 characters"),
        ('{"text": "a", "entities": [[0, 1]]}', "line 1: .* is no entity; give"),
        ('{"text": "a", "entities": [{"start": 0, "end": 1}]}', "line 1: no field 'type'"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, line, said):
    file = tmp_path / "names.jsonl"
    file.write_text(line, "utf-8")
    with pytest.raises(DataError, match=said):
        read_marked(file)
