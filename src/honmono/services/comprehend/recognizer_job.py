"""The job that trains an entity recognizer: it reads the documents, trains, measures, and leaves the model's files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.comprehend.annotated import (
    check_test,
    check_training,
    read_annotated,
    read_listed,
    read_manifest,
)
from honmono.services.comprehend.training_files import MODEL
from honmono.services.stored_files import StoredFiles
from honmono.weights import Cache, WeightsMissing

if TYPE_CHECKING:
    from honmono.engines.text.recognizer.states import States
    from honmono.engines.text.recognizer.units import Marked
    from honmono.services.comprehend.recognizer_training import Learned

KIND = "comprehend.train-entity-recognizer"


@job(KIND, resumable=True)
def train_recognizer(run: JobRun) -> dict[str, Any]:
    """Train. Doing it twice does no harm: the model appears once the job has ended.

    The payload has the account and AWS's InputDataConfig.
    """
    from honmono.services.comprehend.recognizer_training import learn

    config = run.payload["input"]
    types = [each["Type"] for each in config["EntityTypes"]]
    documents, test, warning = read_marked(StoredFiles.of_parent(run.payload["account"]), config, types, run.progress)
    check_training(documents, types, "entity matches" if "EntityList" in config else "annotations")
    if test:
        check_test(test, types)
    run.log.info("%d documents to learn from, %d to test with", len(documents), len(test))
    encoder, missing = states()
    learned = learn(documents, types, states=encoder, test=test, progress=run.progress)
    learned.model.save(run.output_dir / MODEL)
    run.log.info("trained in %d rounds", learned.rounds)
    return result_of(learned, types, warning, missing)


def result_of(learned: Learned, types: list[str], *warnings: str) -> dict[str, Any]:
    """What a recognizer's record keeps of its training."""
    return {
        "trained": learned.trained,
        "tested": learned.tested,
        "mentions": learned.mentions,
        "measures": _measures(learned, types),
        "rounds": learned.rounds,
        "warning": " ".join(filter(None, (*warnings, _left_out(learned)))),
    }


def read_marked(
    files: StoredFiles, config: dict[str, Any], types: list[str], progress: Callable[[float, float, str], None]
) -> tuple[list[Marked], list[Marked], str]:
    """Documents to learn from, documents to test with, and what is to be told.

    Raises:
        TrainingDataInvalid: the message says what is wrong, in which file and line.
    """
    if config.get("DataFormat", "COMPREHEND_CSV") != "COMPREHEND_CSV":
        parts: dict[str, list[Marked]] = {"TRAIN": [], "TEST": []}
        for manifest in config["AugmentedManifests"]:
            part = parts[manifest.get("Split", "TRAIN")]
            part += read_manifest(files, manifest["S3Uri"], manifest["AttributeNames"], types)
        return parts["TRAIN"], parts["TEST"], ""

    def read(done: int, total: int) -> None:
        progress(done, total, "files read")

    documents = config["Documents"]
    by_line = documents.get("InputFormat", "ONE_DOC_PER_LINE") == "ONE_DOC_PER_LINE"
    test = documents.get("TestS3Uri")
    if "EntityList" in config:
        entities = config["EntityList"]["S3Uri"]
        listed = read_listed(files, documents["S3Uri"], entities, types, test=test, by_line=by_line, read=read)
        return listed.documents, listed.test, listed.warning
    annotations = config["Annotations"]
    found = read_annotated(files, documents["S3Uri"], annotations["S3Uri"], types, by_line=by_line, read=read)
    if not test:
        return found, [], ""
    return found, read_annotated(files, test, annotations["TestS3Uri"], types, by_line=by_line, read=read), ""


def load_states() -> States:
    """In a job's child: the encoder.

    Raises:
        WeightsMissing.
    """
    from honmono.engines.text.recognizer.states import States

    return States.from_cache(Cache(Path(os.environ["HONMONO_CACHE"])))


def states() -> tuple[States | None, str]:
    """In a job's child: the encoder, or why there is none."""
    try:
        return load_states(), ""
    except WeightsMissing as error:
        return (
            None,
            f"Entities are learned much better with the encoder, which is not here, so words alone were: {error}",
        )


def _left_out(learned: Learned) -> str:
    if not learned.left_out:
        return ""
    return (
        f"Learned from {learned.trained} of {learned.trained + learned.left_out} training documents, drawn so that each "
        "entity type has its share; more would take too long."
    )


def _measures(learned: Learned, types: list[str]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of all ("") and of each type, 0 to 1; nothing where there was no test."""
    if learned.scores is None:
        return {}
    rates = {each.label: each.rates for each in learned.scores.by_type}
    found = {"": learned.scores.micro} | {kind: rates[kind] for kind in types if kind in rates}
    return {kind: {"precision": each.precision, "recall": each.recall, "f1": each.f1} for kind, each in found.items()}
