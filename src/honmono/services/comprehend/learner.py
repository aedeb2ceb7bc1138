"""What a flywheel asks of a kind of custom model, in the child process of a job: read, train, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from honmono.services.stored_files import StoredFiles

Progress = Callable[[float, float, str], None]
Task = Mapping[str, Any]
"""AWS's TaskConfig."""
E = TypeVar("E")

EVALUATED = "documents evaluated"
"""What the progress of an evaluation is told in."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a model is on test documents.

    f1, precision, recall, accuracy: from 0 to 1, means over what the model tells apart.
    details: what is written beside them, for people: the confusion matrix with its labels.
    """

    f1: float
    precision: float
    recall: float
    accuracy: float
    details: dict[str, Any]

    @property
    def metrics(self) -> dict[str, float]:
        """AWS's FlywheelModelEvaluationMetrics."""
        return {
            "AverageF1Score": self.f1,
            "AveragePrecision": self.precision,
            "AverageRecall": self.recall,
            "AverageAccuracy": self.accuracy,
        }


class Learner(Protocol[E]):
    """A kind of custom model; `E` is one of its examples."""

    def read(
        self, files: StoredFiles, config: Mapping[str, Any], task: Task, progress: Progress
    ) -> tuple[list[E], list[E]]:
        """The examples to learn from and those to test with that an InputDataConfig of AWS's names.

        Raises TrainingDataInvalid, naming file and line.
        """

    def dump(self, example: E) -> dict[str, Any]:
        """An example as a line of JSON keeps it."""

    def load(self, line: Mapping[str, Any]) -> E:
        """The example of such a line. Raises ValueError."""

    def text(self, example: E) -> str:
        """Its text: the same text is never both learned from and tested with."""

    def labels(self, example: E) -> tuple[str, ...]:
        """Its labels, each of which a test should have examples of."""

    def check(self, training: list[E], test: list[E], task: Task) -> None:
        """Refuse what nothing can be learned from. Raises TrainingDataInvalid."""

    def train(self, training: list[E], test: list[E], task: Task, folder: Path, progress: Progress) -> dict[str, Any]:
        """Train, write the model's files into `folder`, and return what the model's record keeps of it."""

    def evaluate(self, folder: Path, test: list[E], task: Task, progress: Progress) -> Evaluation:
        """Measure the model in `folder`, trained here or before.

        Raises ModelUnreadable (a ValueError): the folder holds none; WeightsMissing.
        """
