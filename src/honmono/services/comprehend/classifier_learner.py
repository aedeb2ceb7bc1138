"""Document classifiers as flywheels train them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.services.comprehend.classifier_job import as_documents, encoder, load_encoder, read_examples, result_of
from honmono.services.comprehend.labelled import Labelled, check_test, check_training
from honmono.services.comprehend.learner import Evaluation, Learner, Progress, Task
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.text.classifier.measures import Measures


class ClassifierLearner(Learner[Labelled]):
    """Document classifiers, MULTI_CLASS and MULTI_LABEL."""

    def read(
        self, files: StoredFiles, config: Mapping[str, Any], task: Task, progress: Progress
    ) -> tuple[list[Labelled], list[Labelled]]:
        """See `Learner`."""
        documents, test, _ = read_examples(files, dict(config), _mode(task), progress)
        return documents, test

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
