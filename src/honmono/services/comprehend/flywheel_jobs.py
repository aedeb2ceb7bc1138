"""The long work of flywheels: taking examples into the data lake, and an iteration.

What they make they leave behind; `flywheels`, `datasets` and `iterations` have it written into the lake in the
transaction that ends the job.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.comprehend.data_lake import EXAMPLES, JSON, read_examples, write_examples
from honmono.services.comprehend.learner import EVALUATED, Evaluation
from honmono.services.comprehend.learners import LEARNERS
from honmono.services.comprehend.putting_aside import SEED, SHARE, put_aside
from honmono.services.comprehend.training_files import MODEL, TrainingDataInvalid
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFiles

INGEST = "comprehend.ingest-examples"
ITERATE = "comprehend.flywheel-iteration"
TRAINING = "training"
TEST = "test"
MANIFEST = "manifest.json"
STATISTICS = "statistics"


@job(INGEST, resumable=True)
def ingest(run: JobRun) -> dict[str, Any]:
    """Read what an InputDataConfig names, or examples of another lake, into files for the data lake.

    The payload has the account, AWS's ModelType and TaskConfig, either `input`, the config, or `lake`, URIs by part, and
    in `folders` where in the lake each part goes.
    """
    payload = run.payload
    learner, files = LEARNERS[payload["type"]], StoredFiles.of_parent(payload["account"])
    if "lake" in payload:
        training, test = (read_examples(files, learner, payload["lake"].get(part, ())) for part in (TRAINING, TEST))
    else:
        training, test = learner.read(files, payload["input"], payload["task"], run.progress)
    if not training:
        raise TrainingDataInvalid("The input data has no documents.")
    parts = {part: examples for part, examples in ((TRAINING, training), (TEST, test)) if examples}
    for part, examples in parts.items():
        write_examples(learner, examples, run.output_dir / part / EXAMPLES)
    run.log.info("%d documents read, %d to test with", len(training), len(test))
    named = [(payload["folders"][part] + EXAMPLES, run.output_dir / part / EXAMPLES) for part in parts]
    return {
        **leave_files(files, run.output_dir, named, JSON),
        TRAINING: len(training),
        TEST: len(test),
    }


@job(ITERATE, resumable=True)
def iterate(run: JobRun) -> dict[str, Any]:
    """Train a new version on all TRAIN datasets, and measure it and the active one on the same test documents.

    Doing it twice does no harm: nothing is seen of it until it has ended.

    The payload has the account, AWS's ModelType and TaskConfig, the URIs of the examples by part, of the active model the
    job whose output holds its files, and in `folders` where in the lake the version's data and the evaluation go.
    """
    payload, task = run.payload, run.payload["task"]
    learner, files = LEARNERS[payload["type"]], StoredFiles.of_parent(payload["account"])
    training, test = (read_examples(files, learner, payload["examples"][part]) for part in (TRAINING, TEST))
    learner.check(training, test, task)
    drawn = not test
    if drawn:
        training, test = put_aside(training, learner.text, learner.labels)
    if not test:
        raise TrainingDataInvalid(
            "There is no TEST dataset, and none of the training documents can be put aside: all texts of a label are the "
            "same. Create a TEST dataset."
        )
    run.log.info("%d documents to learn from, %d to test with", len(training), len(test))
    result = learner.train(training, test, task, run.output_dir / MODEL, run.progress)
    # Said before the first is measured: loading the encoder takes a while.
    run.progress(0, len(test), EVALUATED)
    found = {"trained": learner.evaluate(run.output_dir / MODEL, test, task, run.progress)}
    if "active" in payload:
        folder = Path(os.environ["HONMONO_DATA"]) / "jobs" / payload["active"] / "output" / MODEL
        found["evaluated"] = learner.evaluate(folder, test, task, run.progress)
    write_examples(learner, training, run.output_dir / TRAINING / EXAMPLES)
    write_examples(learner, test, run.output_dir / TEST / EXAMPLES)
    better = _better(found)
    described = {
        "flywheelIterationId": payload["iteration"],
        "trainedModelArn": payload["arns"]["trained"],
        **({"evaluatedModelArn": payload["arns"]["evaluated"]} if "evaluated" in found else {}),
        "better": better,
        "training": {"datasets": payload["examples"][TRAINING], "documents": len(training)},
        "test": {
            "datasets": payload["examples"][TEST],
            "documents": len(test),
            **({"putAside": {"share": SHARE, "seed": SEED}} if drawn else {}),
        },
        "metrics": {name: each.metrics for name, each in found.items()},
    }
    _write(described, run.output_dir / MANIFEST)
    for name, each in found.items():
        _write({"metrics": each.metrics, **each.details}, run.output_dir / STATISTICS / f"{name}.json")
    version, evaluation = payload["folders"]["version"], payload["folders"]["evaluation"]
    named = [
        (f"{version}Training/{EXAMPLES}", run.output_dir / TRAINING / EXAMPLES),
        (f"{version}Test/{EXAMPLES}", run.output_dir / TEST / EXAMPLES),
        (f"{version}ModelStats/evaluation.json", run.output_dir / STATISTICS / "trained.json"),
        (f"{evaluation}{MANIFEST}", run.output_dir / MANIFEST),
        *((f"{evaluation}{name}.json", run.output_dir / STATISTICS / f"{name}.json") for name in found),
    ]
    return {
        **leave_files(files, run.output_dir, named, JSON),
        "model": result,
        "metrics": {name: each.metrics for name, each in found.items()},
        "better": better,
        "drawn": drawn,
    }


def _better(found: Mapping[str, Evaluation]) -> str:
    """Which version has the higher F1: AWS's measure for "Promote new model version"."""
    if "evaluated" not in found:
        return "TRAINED"
    trained, evaluated = found["trained"].f1, found["evaluated"].f1
    return "EQUAL" if trained == evaluated else "TRAINED" if trained > evaluated else "EVALUATED"


def _write(document: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
