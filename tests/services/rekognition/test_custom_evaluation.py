"""The figures and files of an evaluation, from answers whose figures can be counted by hand."""

import json
from datetime import UTC, datetime

import pytest
from tests.services.rekognition.customised import box_line, label_line

from honmono.engines.vision.custom.results import CustomLabel
from honmono.engines.vision.pictures import Box
from honmono.services.rekognition.evaluation import Judged, evaluate, snapshot, summary
from honmono.services.rekognition.manifest import read_line

MOMENT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def whole(label: str, **confidences: float) -> Judged:
    found = [CustomLabel(name, value, None, 0.5) for name, value in confidences.items()]
    return Judged(
        read_line(json.dumps(label_line("s3://b/p", label))), sorted(found, key=lambda each: -each.confidence)
    )


def boxed(boxes: list[tuple[str, tuple[int, int, int, int]]], found: list[tuple[str, float, Box]]) -> Judged:
    line = read_line(json.dumps(box_line("s3://b/p", boxes, (100, 100))))
    return Judged(line, [CustomLabel(name, score, box, 0.5) for name, score, box in found])


WHOLE = [
    whole("cat", cat=0.9, dog=0.1),
    whole("cat", cat=0.6, dog=0.4),
    whole("dog", cat=0.7, dog=0.3),
    whole("dog", cat=0.2, dog=0.8),
]


def test_labels_of_whole_pictures() -> None:
    evaluation = evaluate(["cat", "dog", "eel"], WHOLE, "IMAGE_LEVEL_LABELS")
    cat, dog = evaluation.results  # no test picture has an eel
    assert (cat.rates.precision, cat.rates.recall, cat.positives) == (pytest.approx(2 / 3), 1, 2)
    assert cat.threshold == pytest.approx(0.4)
    assert (dog.rates.precision, dog.rates.recall, dog.threshold) == (pytest.approx(2 / 3), 1, pytest.approx(0.2))
    assert evaluation.mean("recall") == 1
    told = summary(evaluation, WHOLE, ["cat", "dog", "eel"], 9, "arn", MOMENT)
    assert told["AggregatedEvaluationResults"]["F1Score"] == pytest.approx(0.8)
    confusion = {
        (each["GroundTruthLabel"], each["PredictedLabel"]): each["Value"]
        for each in told["AggregatedEvaluationResults"]["ConfusionMatrix"]
    }
    assert confusion == {("cat", "cat"): 1.0, ("dog", "cat"): 0.5, ("dog", "dog"): 0.5}
    assert [each["Label"] for each in told["LabelEvaluationResults"]] == ["cat", "dog"]
    assert told["EvaluationDetails"]["EvaluationEndTimestamp"] == "2026-11-24T10:00:00"


def test_better_answers_have_better_figures() -> None:
    better = [*WHOLE[:2], whole("dog", cat=0.1, dog=0.9), WHOLE[3]]
    figures = [evaluate(["cat", "dog"], each, "IMAGE_LEVEL_LABELS").mean("f1") for each in (WHOLE, better)]
    assert figures[1] == 1 > figures[0]


def test_boxes() -> None:
    tested = [
        boxed(
            [("cat", (10, 10, 20, 20)), ("cat", (60, 60, 20, 20))],
            [
                ("cat", 0.9, Box(0.1, 0.1, 0.2, 0.2)),
                ("cat", 0.8, Box(0.12, 0.1, 0.2, 0.2)),
                ("cat", 0.3, Box(0.62, 0.6, 0.2, 0.2)),
            ],
        )
    ]
    evaluation = evaluate(["cat"], tested, "OBJECT_LOCALIZATION")
    (cat,) = evaluation.results
    assert cat.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert cat.average_recall == 1
    assert (cat.rates.precision, cat.rates.recall) == (pytest.approx(2 / 3), 1)
    told = summary(evaluation, tested, ["cat"], 3, "arn", MOMENT)["AggregatedEvaluationResults"]
    assert told["AveragePrecision"] == cat.average_precision
    entry = snapshot(tested[0], {"cat": 0.5}, "OBJECT_LOCALIZATION", MOMENT)
    said = entry["rekognition-custom-labels-evaluation-metadata"]["objects"]
    kinds = ("is-true-positive", "is-false-positive", "is-false-negative")
    assert [[each["rekognition-custom-labels-evaluation-details"][kind] for kind in kinds] for each in said] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert entry["rekognition-custom-labels-training-0"]["annotations"][1] == {
        "class_id": 0,
        "left": 60,
        "top": 60,
        "width": 20,
        "height": 20,
    }


def test_a_snapshot_can_be_read_as_a_manifest_again() -> None:
    entry = snapshot(WHOLE[0], {"cat": 0.5, "dog": 0.5}, "IMAGE_LEVEL_LABELS", MOMENT)
    line = read_line(json.dumps(entry))
    assert line.valid
    assert line.source == "s3://b/p"
    assert "cat" in line.labels
