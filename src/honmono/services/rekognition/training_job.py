"""The job that trains a model version: it reads and checks the data, trains, measures, and leaves the model and the files
that tell of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.job_engines import ENGINES
from honmono.services.job_output import leave_files
from honmono.services.rekognition.evaluation import (
    Evaluation,
    Judged,
    evaluate,
    snapshot,
    summary,
    with_thresholds,
)
from honmono.services.rekognition.manifest import Line
from honmono.services.rekognition.manifest_files import INPUT, ManifestInvalid, lines_of_file, lines_of_object
from honmono.services.rekognition.training_data import (
    Pictures,
    TrainingData,
    manifest_text,
    names_of,
    read,
)
from honmono.services.stored_files import StoredFiles
from honmono.weights import Cache

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from honmono.engines.vision.custom.features import Features
    from honmono.engines.vision.custom.model import CustomModel

KIND = "rekognition.train-project-version"
MODEL = "model"
KEPT = "kept"
"""Folders in the job's output: of the model, and of what was left in the customer's bucket."""
TRAIN, TEST = "training.manifest", "testing.manifest"
"""What a job was given of datasets, and the keys of what it was given in its output."""
TRAIN_CHECKED, TEST_CHECKED = "training_manifest_with_validation.json", "testing_manifest_with_validation.json"
TRAIN_SNAPSHOT, TEST_SNAPSHOT = "training_snapshot.manifest", "testing_snapshot.manifest"
MANIFEST_SUMMARY = "manifest_summary.json"
EVALUATION_SUMMARY = "evaluation_summary.json"
FIELD = "custom-labels"


@job(KIND, resumable=True)
def train_version(run: JobRun) -> dict[str, Any]:
    """Train. Doing it twice does no harm: the model appears once the job has ended.

    The payload has the account, the version's ARN, and for training and testing the URIs of their manifests; where there
    are none, they lie in the job's folder `input`, and a testing part that is nowhere is split off.

    The result has the files that were left; of a training that the data stopped, AWS's message beside them.
    """
    files = StoredFiles.of_parent(run.payload["account"])
    pictures = Pictures(files)
    try:
        training = list(_lines(run, files, "training", TRAIN))
        testing = list(_lines(run, files, "testing", TEST))
    except ManifestInvalid as error:
        return {"message": str(error)}
    if not any(text.strip() for text in training):
        return {"message": "The manifest file is empty."}
    data = read(training, testing or None, pictures, run.progress)
    left = {
        TRAIN: "".join(text + "\n" for text in training),
        TRAIN_CHECKED: manifest_text(data.training.lines),
        TEST_CHECKED: manifest_text(data.testing.lines),
        MANIFEST_SUMMARY: json.dumps(data.summary(), indent=1),
    }
    if testing:
        left[TEST] = "".join(text + "\n" for text in testing)
    if data.problem:
        run.log.warning("the data cannot be learned from: %s", data.problem)
        return {"message": data.problem, **_leave(run, files, left)}
    model, evaluation, tested = train(data, pictures, backbone(), run)
    model.save(run.output_dir / MODEL)
    left |= told(data, model, evaluation, tested, run.payload["arn"])
    run.log.info("trained; F1 %.3f over %d labels", evaluation.mean("f1"), len(evaluation.results))
    return {
        "f1": evaluation.mean("f1"),
        "labels": len(model.labels),
        "task": model.task,
        **_leave(run, files, left),
    }


def train(
    data: TrainingData, pictures: Pictures, features: Features, run: JobRun
) -> tuple[CustomModel, Evaluation, list[Judged]]:
    """Train a model of the kind that the data asks for, and measure it on the testing part."""
    from honmono.engines.vision.custom.classifier import train_classifier
    from honmono.engines.vision.custom.detector import Boxed, train_detector
    from honmono.engines.vision.custom.model import CustomModel
    from honmono.engines.vision.pictures import Box

    lines = data.training.usable(data.use_case)
    labels = tuple(sorted(data.training.labels(data.use_case)))
    number = {label: place for place, label in enumerate(labels)}

    def load(place: int) -> NDArray[Any]:
        return pictures.take(lines[place].source).pixels

    head: Any
    if data.use_case == "OBJECT_LOCALIZATION":
        objects = [
            [
                Boxed(
                    number[box.label],
                    Box(
                        box.left / line.size[0],
                        box.top / line.size[1],
                        box.width / line.size[0],
                        box.height / line.size[1],
                    ),
                )
                for box in line.boxes
            ]
            for line in lines
        ]
        head = train_detector(load, objects, len(labels), features, run.progress)
    else:
        whole = [sorted(number[label] for label in line.labels) for line in lines]
        head = train_classifier(load, whole, len(labels), features, run.progress)
    model = CustomModel(labels, (0.5,) * len(labels), head)
    tested = list(_tested(model, data.testing.usable(data.use_case), pictures, features, run))
    evaluation = evaluate(labels, tested, data.use_case)
    return with_thresholds(model, evaluation), evaluation, tested


def told(
    data: TrainingData, model: CustomModel, evaluation: Evaluation, tested: Sequence[Judged], arn: str
) -> dict[str, str]:
    """The files that tell of a trained model, by their names."""
    moment = datetime.now(UTC)
    thresholds = dict(zip(model.labels, model.thresholds, strict=True))
    used = data.training.usable(data.use_case)
    lines = [json.dumps(snapshot(one, thresholds, data.use_case, moment)) for one in tested]
    return {
        EVALUATION_SUMMARY: json.dumps(summary(evaluation, tested, model.labels, len(used), arn, moment), indent=1),
        TRAIN_SNAPSHOT: manifest_text([line for line in used if names_of(line, data.use_case)]),
        TEST_SNAPSHOT: "".join(line + "\n" for line in lines),
    }


def backbone() -> Features:
    """In a job's child: the pretrained network, on the device of `[engines.custom-labels]`.

    Raises WeightsMissing, EngineUnavailable.
    """
    from honmono.engines.vision.custom.features import Backbone

    table = json.loads(os.environ.get(ENGINES, "{}")).get(FIELD, {})
    return Backbone.from_cache(Cache(Path(os.environ["HONMONO_CACHE"])), str(table.get("device", "cpu")))


def _tested(
    model: CustomModel, lines: Sequence[Line], pictures: Pictures, features: Features, run: JobRun
) -> Iterator[Judged]:
    for number, line in enumerate(lines, 1):
        yield Judged(line, model.look(pictures.take(line.source).pixels, features))
        run.progress(number, len(lines), "images tested")


def _lines(run: JobRun, files: StoredFiles, part: str, name: str) -> Iterator[str]:
    """The lines of one part's manifests. Raises ManifestInvalid."""
    given = run.output_dir.parent / INPUT / name
    if given.exists():
        yield from lines_of_file(given)
    for uri in run.payload.get(part, ()):
        yield from lines_of_object(files, uri)


def _leave(run: JobRun, files: StoredFiles, left: dict[str, str]) -> dict[str, Any]:
    (run.output_dir / KEPT).mkdir(exist_ok=True)
    for name, text in left.items():
        kept, staged = run.output_dir / KEPT / name, run.output_dir / name
        kept.write_text(text, encoding="utf-8")
        # Staging takes large files away, and a copy of the version has them again.
        staged.unlink(missing_ok=True)
        os.link(kept, staged)
    named = [(name, run.output_dir / name) for name in left]
    return leave_files(files, run.output_dir, named, "application/json") | {"names": sorted(left)}
