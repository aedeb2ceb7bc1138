"""A flywheel's data lake: where what lies in the customer's bucket, and how examples are kept there.

The folders are those that AWS shows: `NAME/schemaVersion=1/TIME/` with `datasets/DATASET/TIME/` and
`evaluation/ITERATION/` in the examples of its command line, `Model Datasets/VERSION/` with `Training`, `Test` and
`ModelStats` in "Flywheel data lakes" of the developer guide. What AWS calls the files within is not told anywhere; here
examples are lines of JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from honmono.services.comprehend.learner import Learner
from honmono.services.comprehend.training_files import TrainingDataInvalid
from honmono.services.stored_files import FilesMissing, StoredFiles

EXAMPLES = "documents.jsonl"
JSON = "application/json"
"""The type of everything in the lake."""
_LINE_BYTES = 16 << 20
E = TypeVar("E")


def stamp(moment: datetime) -> str:
    """A time as folders and iterations are called by it, in UTC.

    >>> from datetime import UTC
    >>> stamp(datetime(2023, 6, 16, 20, 5, 43, tzinfo=UTC))
    '20230616T200543Z'
    """
    return moment.strftime("%Y%m%dT%H%M%SZ")


def lake_of(place: str, flywheel: str, moment: datetime) -> str:
    """The data lake of a flywheel that is created now at the place that the customer chose."""
    return f"{place.rstrip('/')}/{flywheel}/schemaVersion=1/{stamp(moment)}/"


def dataset_folder(dataset: str, moment: datetime) -> str:
    """Where in the lake a dataset's examples go."""
    return f"datasets/{dataset}/{stamp(moment)}/"


def evaluation_folder(iteration: str) -> str:
    """Where in the lake an iteration's evaluation goes."""
    return f"evaluation/{iteration}/"


def version_folder(version: str) -> str:
    """Where in the lake the data of a version of the model go."""
    return f"Model Datasets/{version}/"


def write_examples(learner: Learner[E], examples: Iterable[E], path: Path) -> None:
    """Keep examples in a file, durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(learner.dump(example), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_examples(files: StoredFiles, learner: Learner[E], uris: Sequence[str]) -> list[E]:
    """The examples that lie in the lake.

    Raises TrainingDataInvalid: somebody has deleted or changed a file; the message names it and the line.
    """
    found: list[E] = []
    for uri in uris:
        try:
            (file,) = files.find(uri)
            stream = files.open(file)
        except (FilesMissing, ValueError) as error:
            raise TrainingDataInvalid(f"The data lake has lost a file: {error}. Create the dataset anew.") from error
        with stream:
            number = 0
            while line := stream.readline(_LINE_BYTES):
                number += 1
                try:
                    found.append(learner.load(json.loads(line)))
                except (ValueError, AttributeError) as error:
                    raise TrainingDataInvalid(
                        f"The data lake was changed: {uri}, line {number} is none that was written here: {error}."
                    ) from error
    return found
