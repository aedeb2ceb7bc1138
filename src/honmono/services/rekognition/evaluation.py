"""How good a trained model is on its test pictures: thresholds, rates by label, and the files that tell them.

The formats are those of "Accessing the model summary file" and "Interpreting the evaluation manifest snapshot" in the
developer guide. Rates of the whole are the means over the labels, which Amazon's example of a summary is consistent with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from honmono.evaluation.classification import Rates
from honmono.evaluation.detection import Decisions, Region, match
from honmono.services.rekognition.manifest import Line
from honmono.services.rekognition.training_data import UseCase, names_of

if TYPE_CHECKING:
    from honmono.engines.vision.custom.model import CustomModel
    from honmono.engines.vision.custom.results import CustomLabel

_TRAINED_BY, _EVALUATED_BY = "rekognition-custom-labels-training", "rekognition-custom-labels-evaluation"


@dataclass(frozen=True, slots=True)
class Judged:
    """A test picture: its line, and what the model says of it, the surest first."""

    line: Line
    found: list[CustomLabel]


@dataclass(frozen=True, slots=True)
class LabelResult:
    """How well a label is told at its threshold; `positives` is how often it is there."""

    label: str
    threshold: float
    rates: Rates
    average_precision: float
    average_recall: float
    positives: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results of all labels of the test pictures, and their means."""

    use_case: UseCase
    results: tuple[LabelResult, ...]

    def mean(self, name: str) -> float:
        """Of `precision`, `recall`, `f1`, `average_precision` or `average_recall`, over the labels."""
        values = [getattr(each, name) if hasattr(each, name) else getattr(each.rates, name) for each in self.results]
        return sum(values) / len(values) if values else 0.0


def evaluate(labels: Sequence[str], tested: Sequence[Judged], use_case: UseCase) -> Evaluation:
    """Measure, label by label. Labels that no test picture has are not measured: their threshold is one half."""
    decisions = (_boxes if use_case == "OBJECT_LOCALIZATION" else _wholes)(labels, tested)
    results = []
    for label in labels:
        each = decisions[label]
        if not each.positives:
            continue
        threshold = each.best_threshold()
        results.append(
            LabelResult(
                label,
                threshold,
                each.at(threshold),
                each.average_precision(),
                each.at(0.0).recall,
                each.positives,
                sum(label in names_of(one.line, use_case) for one in tested),
            )
        )
    return Evaluation(use_case, tuple(results))


def with_thresholds(model: CustomModel, evaluation: Evaluation) -> CustomModel:
    """The model with the thresholds that were measured."""
    measured = {each.label: each.threshold for each in evaluation.results}
    return replace(model, thresholds=tuple(measured.get(label, 0.5) for label in model.labels))


def summary(
    evaluation: Evaluation, tested: Sequence[Judged], labels: Sequence[str], trained: int, arn: str, ended: datetime
) -> dict[str, Any]:
    """The summary file."""
    whole: dict[str, Any] = {
        "F1Score": evaluation.mean("f1"),
        "Precision": evaluation.mean("precision"),
        "Recall": evaluation.mean("recall"),
    }
    if evaluation.use_case == "OBJECT_LOCALIZATION":
        whole |= {
            "AveragePrecision": evaluation.mean("average_precision"),
            "AverageRecall": evaluation.mean("average_recall"),
        }
    else:
        whole["ConfusionMatrix"] = _confusion(tested)
    return {
        "Version": 1,
        "AggregatedEvaluationResults": whole,
        "EvaluationDetails": {
            "EvaluationEndTimestamp": ended.replace(tzinfo=None).isoformat(),
            "Labels": list(labels),
            "NumberOfTestingImages": len(tested),
            "NumberOfTrainingImages": trained,
            "ProjectVersionArn": arn,
        },
        "LabelEvaluationResults": [
            {
                "Label": each.label,
                "Metrics": {
                    "F1Score": each.rates.f1,
                    "Precision": each.rates.precision,
                    "Recall": each.rates.recall,
                    "Threshold": each.threshold,
                },
                "NumberOfTestingImages": each.pictures,
            }
            for each in sorted(evaluation.results, key=lambda each: -each.rates.f1)
        ],
    }


def snapshot(one: Judged, thresholds: dict[str, float], use_case: UseCase, moment: datetime) -> dict[str, Any]:
    """A line of the evaluation manifest: what is there, what was said, and how far that is right."""
    date = moment.replace(tzinfo=None).isoformat()
    if use_case == "OBJECT_LOCALIZATION":
        return _boxed_snapshot(one, thresholds, date)
    entry: dict[str, Any] = {"source-ref": one.line.source}
    for number, label in enumerate(one.line.labels):
        entry[f"{_TRAINED_BY}-{number}"] = 1
        entry[f"{_TRAINED_BY}-{number}-metadata"] = _label_metadata(label, 1.0, "yes", f"{_TRAINED_BY}-job", date)
    for number, each in enumerate(one.found):
        entry[f"{_EVALUATED_BY}-{number}"] = 1
        entry[f"{_EVALUATED_BY}-{number}-metadata"] = {
            **_label_metadata(each.name, each.confidence, "no", f"{_EVALUATED_BY}-job", date),
            f"{_EVALUATED_BY}-details": _details(
                each.name in one.line.labels, each.confidence >= thresholds.get(each.name, 0.5)
            ),
        }
    return entry


def _boxes(labels: Sequence[str], tested: Sequence[Judged]) -> dict[str, Decisions]:
    answers: dict[str, list[tuple[float, bool]]] = {label: [] for label in labels}
    positives = dict.fromkeys(labels, 0)
    for one in tested:
        truth, found = _regions(one)
        for region in truth:
            if region.label in positives:
                positives[region.label] += 1
        for region, partner in zip(found, match(truth, found), strict=True):
            answers[region.label].append((region.score, partner is not None))
    return {label: _decisions(answers[label], positives[label]) for label in labels}


def _wholes(labels: Sequence[str], tested: Sequence[Judged]) -> dict[str, Decisions]:
    answers: dict[str, list[tuple[float, bool]]] = {label: [] for label in labels}
    for one in tested:
        for each in one.found:
            answers[each.name].append((each.confidence, each.name in one.line.labels))
    return {label: _decisions(answers[label], sum(hit for _, hit in answers[label])) for label in labels}


def _decisions(answers: list[tuple[float, bool]], positives: int) -> Decisions:
    return Decisions.of([score for score, _ in answers], [hit for _, hit in answers], positives)


def _regions(one: Judged) -> tuple[list[Region], list[Region]]:
    """What is there and what was found, both in shares of the picture."""
    width, height = one.line.size
    truth = [
        Region(box.label, box.left / width, box.top / height, box.width / width, box.height / height)
        for box in one.line.boxes
    ]
    found = [
        Region(each.name, each.box.left, each.box.top, each.box.width, each.box.height, each.confidence)
        for each in one.found
        if each.box is not None
    ]
    return truth, found


def _confusion(tested: Sequence[Judged]) -> list[dict[str, Any]]:
    """Of the pictures that have a label, the share of which each label is the surest answer."""
    counts: dict[tuple[str, str], int] = {}
    having: dict[str, int] = {}
    for one in tested:
        for label in one.line.labels:
            having[label] = having.get(label, 0) + 1
            if one.found:
                pair = (label, one.found[0].name)
                counts[pair] = counts.get(pair, 0) + 1
    return [
        {"GroundTruthLabel": truth, "PredictedLabel": said, "Value": count / having[truth]}
        for (truth, said), count in sorted(counts.items())
    ]


def _details(there: bool, told: bool) -> dict[str, Any]:
    return {
        "version": 1,
        "ground-truth-labelling-jobs": [f"{_TRAINED_BY}-job"],
        "is-true-positive": there and told,
        "is-true-negative": not there and not told,
        "is-false-positive": not there and told,
        "is-false-negative": there and not told,
        "is-present-in-ground-truth": there,
    }


def _label_metadata(label: str, confidence: float, human: str, job: str, date: str) -> dict[str, Any]:
    return {
        "confidence": confidence,
        "job-name": job,
        "class-name": label,
        "human-annotated": human,
        "creation-date": date,
        "type": "groundtruth/image-classification",
    }


def _boxed_snapshot(one: Judged, thresholds: dict[str, float], date: str) -> dict[str, Any]:
    truth, found = _regions(one)
    partners = match(truth, found)
    objects = [
        {
            "confidence": each.score,
            f"{_EVALUATED_BY}-details": _details(partner is not None, each.score >= thresholds.get(each.label, 0.5)),
        }
        for each, partner in zip(found, partners, strict=True)
    ]
    return {
        "source-ref": one.line.source,
        **_box_attribute(f"{_TRAINED_BY}-0", truth, one.line.size, [{"confidence": 1.0}] * len(truth), "yes", date),
        **_box_attribute(_EVALUATED_BY, found, one.line.size, objects, "no", date),
    }


def _box_attribute(
    name: str,
    regions: Sequence[Region],
    size: tuple[int, int],
    objects: Sequence[dict[str, Any]],
    human: str,
    date: str,
) -> dict[str, Any]:
    labels = sorted({each.label for each in regions})
    annotations = [
        {
            "class_id": labels.index(each.label),
            "left": round(each.left * size[0]),
            "top": round(each.top * size[1]),
            "width": round(each.width * size[0]),
            "height": round(each.height * size[1]),
        }
        for each in regions
    ]
    job = f"{_TRAINED_BY if human == 'yes' else _EVALUATED_BY}-job"
    return {
        name: {"annotations": annotations, "image_size": [{"width": size[0], "height": size[1], "depth": 3}]},
        f"{name}-metadata": {
            "job-name": job,
            "class-map": {str(place): label for place, label in enumerate(labels)},
            "human-annotated": human,
            "objects": list(objects),
            "creation-date": date,
            "type": "groundtruth/object-detection",
        },
    }
