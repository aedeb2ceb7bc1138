from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.calibration import reliability_bins
from honmono.evaluation.classification import Confusion
from honmono.evaluation.classifiers import Answers, Asked, compare
from honmono.evaluation.intervals import Interval, wilson
from honmono.evaluation.pictures import (
    confusion_matrix,
    learning_curve,
    precision_recall_curves,
    reliability_diagram,
    roc_curves,
)
from honmono.evaluation.report import Picture, Report, Table
from honmono.evaluation.scores import precision_recall, roc

SVG = "{http://www.w3.org/2000/svg}"


def words(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def answers(name: str, truth: list[str], skill: float, seed: int) -> Answers:
    """Scores over three labels; the true one has a higher score as often as `skill` says."""
    chance = np.random.default_rng(seed)
    labels = sorted(set(truth))
    rows = []
    for label in truth:
        odds = chance.random(len(labels))
        odds[labels.index(label)] += chance.random() < skill
        rows.append(dict(zip(labels, (odds / odds.sum()).tolist(), strict=True)))
    return Answers(name, rows)


TRUTH = ["犬", "猫", "魚 & <chips>"] * 60
ASKED = Asked(
    [f"text {number} <b>" for number in range(180)],
    TRUTH,
    list(range(2, 182)),
    ["ja" if n % 4 else "en" for n in range(180)],
)


@pytest.fixture(scope="module")
def report() -> Report:
    both = [answers("weak/1", TRUTH, 0.2, 1), answers("strong/2", TRUTH, 0.9, 2)]
    return compare("Animals", ASKED, both, {"data": "animals.csv"}, rounds=100)


def test_the_better_one_is_seen_to_be_better(report):
    rows = {row[0]: row[1:] for row in report.table("measures").rows}
    weak, strong = rows["accuracy"]
    assert weak.high < strong.low
    for name in ("macro F1", "area under ROC", "weighted F1"):
        assert rows[name][0].high < rows[name][1].low and rows[name][1].low < rows[name][1].value < rows[name][1].high
    for name in ("log loss", "Brier score"):
        assert rows[name][1].high < rows[name][0].low
    ((_, gained, right, wrong, p),) = report.table("differences").rows
    assert gained.value == pytest.approx(strong.value - weak.value) and gained.low > 0
    assert right - wrong == round(180 * gained.value) and p < 0.001
    assert [row[:2] for row in report.table("kinds").rows] == [("en", 45), ("ja", 135)]
    assert report.facts["always the same answer"] == "犬 has accuracy 0.333"


def test_the_surest_errors_come_first_with_their_lines(report):
    rows = report.table("errors of weak/1").rows
    assert len(rows) == 10 and all(line == int(text.split()[1]) + 2 for line, text, *_ in rows)
    assert all(true != given for _, _, true, given, _ in rows)
    confidence = [row[4] for row in rows]
    assert confidence == sorted(confidence, reverse=True)


def test_scores_that_are_no_probabilities_leave_measures_out():
    partial = Answers("partial", [{label: 0.5} for label in TRUTH])
    found = compare("Animals", ASKED, [partial], {}, rounds=100)
    names = [row[0] for row in found.table("measures").rows]
    assert "log loss" not in names and "accuracy" in names and "left out" in found.notes[0]
    assert found.table("measures").rows[0][1].low < 1  # all right, and still not certain
    with pytest.raises(NotMeasurable, match="gave no scores for case 1"):
        compare("x", Asked(["a", "b"], ["y", "n"], [1, 2]), [Answers("silent", [{"y": 1.0}, {}])], {})


def test_the_labels_of_the_means_are_those_of_the_data():
    truth = ["yes", "no"] * 30
    given = ["yes", "no"] * 29 + ["perhaps", "no"]
    scores = [{"yes": 0.1, "no": 0.1, "perhaps": 0.1, label: 0.8} for label in given]
    found = compare("x", Asked(truth, truth, list(range(60))), [Answers("a", scores)], {}, rounds=100)
    macro = {row[0]: row[1] for row in found.table("measures").rows}["macro F1"]
    assert macro.value == pytest.approx((1 + 58 / 59) / 2) and macro.low > 0.9


def test_the_same_report_in_three_forms(report, tmp_path):
    page = report.write(tmp_path / "new" / "folder")
    names = {path.name for path in page.parent.iterdir()}
    assert names == {"report.html", "report.md", "report.json"} | {f"{picture.name}.svg" for picture in report.pictures}
    found = json.loads((page.parent / "report.json").read_text("utf-8"))
    accuracy = found["tables"]["measures"][0]
    assert accuracy["measure"] == "accuracy" and accuracy["strong/2"]["low"] < accuracy["strong/2"]["value"]
    html = page.read_text("utf-8")
    assert "魚 &amp; &lt;chips&gt;" in html and "<b>" not in html and "<chips>" not in html
    assert html.count("<svg") == len(report.pictures) == 6
    assert not re.search(r"(src|href)=", html) and "<script" not in html
    markdown = (page.parent / "report.md").read_text("utf-8")
    assert "魚 & \\<chips\\>" in markdown and all(f"({picture.name}.svg)" in markdown for picture in report.pictures)
    assert str(report.table("measures").rows[0][1]) in markdown


def test_what_has_no_value_is_null_and_a_dash():
    table = Table("t", "T", ("a", "b"), ((float("nan"), Interval(1.0, float("nan"), 1.0)), (None, 0.5)))
    empty = Report("x", {}, (table,), (Picture("p", "P", "<svg/>"),))
    found = json.loads(empty.to_json())["tables"]["t"]
    assert found[0] == {"a": None, "b": {"value": 1.0, "low": None, "high": 1.0, "confidence": 0.95}}
    assert "| – | 0.500 |" in empty.to_markdown()


def test_every_count_of_a_confusion_matrix_is_drawn_as_text():
    table = Confusion.of(TRUTH, ["犬"] * 100 + ["猫"] * 80)
    drawn = words(confusion_matrix(table, "混同行列"))
    assert {"混同行列", "犬", "猫", "魚 & <chips>"} <= set(drawn)
    assert {str(count) for count in table.counts.ravel() if count} <= set(drawn)
    other = Confusion.of(TRUTH, ["猫"] * 180)
    assert words(confusion_matrix(other)) != drawn


def test_many_labels_are_drawn_as_the_foremost_and_the_others():
    truth = [f"label {number % 40}" for number in range(400)]
    drawn = words(confusion_matrix(Confusion.of(truth, truth)))
    assert "25 others" in drawn and "250" in drawn and sum(word.startswith("label") for word in drawn) == 30


def test_no_label_is_drawn_outside_the_picture():
    long = "a label that goes on and on without any hope of ever fitting into a picture"
    picture = ElementTree.fromstring(confusion_matrix(Confusion.of([long, "b"], ["b", "b"])))
    assert any((element.text or "").endswith("…") for element in picture.iter(f"{SVG}text"))
    height, width = float(picture.attrib["height"]), float(picture.attrib["width"])
    for element in picture.iter(f"{SVG}text"):
        assert 0 < float(element.attrib["x"]) < width and 0 < float(element.attrib["y"]) < height


def test_curves_go_where_their_points_are():
    is_true, score = [True, False, True, False], [0.9, 0.8, 0.7, 0.1]
    drawn = roc_curves({"one": (roc(is_true, score), 0.75)})
    assert "one: area 0.750" in words(drawn)
    assert "M84.0 416.0L84.0 236.0L264.0 236.0L264.0 56.0L444.0 56.0" in drawn
    assert "area 0.833" in precision_recall_curves({"one": (precision_recall(is_true, score), 5 / 6)})
    chance = np.random.default_rng(0)
    many = chance.random(20000) < 0.5
    assert len(roc_curves({"many": (roc(many, chance.random(20000) + many), 0.9)})) < 40_000
    with pytest.raises(NotMeasurable, match="no curves"):
        roc_curves({})


def test_reliability_and_learning_tell_what_they_show():
    bins = reliability_bins([True, False, True, True], [0.55, 0.58, 0.95, 0.93])
    picture = ElementTree.fromstring(reliability_diagram(bins))
    description = picture.find(f"{SVG}desc")
    assert description is not None and "0.50 right of 2" in (description.text or "")
    training, validation = [wilson(98, 100), wilson(95, 100)], [wilson(60, 100), wilson(80, 100)]
    drawn = words(learning_curve([100, 1000], training, validation, "学習曲線"))
    assert {"100", "1,000", "training", "validation", "学習曲線"} <= set(drawn)
    with pytest.raises(NotMeasurable, match="two sizes"):
        learning_curve([100], training[:1], validation[:1])
