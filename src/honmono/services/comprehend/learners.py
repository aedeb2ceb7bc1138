"""What a flywheel asks of a kind of custom model, in the child process of a job: read, train, evaluate.

`LEARNERS` names one for each of AWS's model types; a further kind plugs in with an entry there and one in
`custom_models.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from honmono.services.comprehend.classifier_job import as_documents, encoder, load_encoder, read_examples, result_of
from honmono.services.comprehend.labelled import Labelled, check_test, check_training
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.text.classifier.measures import Measures

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


class ClassifierLearner(Learner[Labelled]):
    """Document classifiers, MULTI_CLASS and MULTI_LABEL."""

    def read(
        self, files: StoredFiles, config: Mapping[str, Any], task: Task, progress: Progress
    ) -> tuple[list[Labelled], list[Labelled]]:
        """See `Learner`."""
        return read_examples(files, dict(config), _mode(task), progress)

    def dump(self, example: Labelled) -> dict[str, Any]:
        """See `Learner`."""
        return {"labels": list(example.labels), "text": example.text}

    def load(self, line: Mapping[str, Any]) -> Labelled:
        """See `Learner`."""
        text, labels = line.get("text"), line.get("labels")
        if not isinstance(text, str) or not text.strip():
            raise ValueError("it has no `text`")
        if not isinstance(labels, list) or not labels or not all(isinstance(each, str) and each for each in labels):
            raise ValueError("`labels` is no list of labels")
        return Labelled(text, tuple(labels))

    def text(self, example: Labelled) -> str:
        """See `Learner`."""
        return example.text

    def labels(self, example: Labelled) -> tuple[str, ...]:
        """See `Learner`."""
        return example.labels

    def check(self, training: list[Labelled], test: list[Labelled], task: Task) -> None:
        """See `Learner`."""
        check_training(training, _mode(task))
        check_test(test, training)

    def train(
        self, training: list[Labelled], test: list[Labelled], task: Task, folder: Path, progress: Progress
    ) -> dict[str, Any]:
        """See `Learner`."""
        from honmono.engines.text.classifier.training import FEW, train

        mode: Any = _mode(task)
        encode, warning = encoder() if len(training) <= FEW else (None, "")
        trained = train(as_documents(training), mode=mode, encode=encode, test=as_documents(test), progress=progress)
        trained.model.save(folder)
        return result_of(trained, warning)

    def evaluate(self, folder: Path, test: list[Labelled], task: Task, progress: Progress) -> Evaluation:
        """See `Learner`. A label that the model does not know counts as missed."""
        from honmono.engines.text.classifier.model import Model
        from honmono.engines.text.classifier.training import evaluate

        model = Model.load(folder)
        encode = load_encoder() if model.needs_encoder else None
        measures, labels = evaluate(model, as_documents(test), encode=encode, progress=progress)
        return _evaluation(measures, labels, _mode(task))


def _mode(task: Task) -> str:
    return str(task["DocumentClassificationConfig"]["Mode"])


def _evaluation(measures: Measures, labels: Sequence[str], mode: str) -> Evaluation:
    details = {"type": mode.lower(), "labels": list(labels), "confusion_matrix": measures.confusion}
    return Evaluation(measures.f1, measures.precision, measures.recall, measures.accuracy, details)


LEARNERS: Mapping[str, Learner[Any]] = {"DOCUMENT_CLASSIFIER": ClassifierLearner()}
"""By AWS's ModelType."""
