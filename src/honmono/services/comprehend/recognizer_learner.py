"""Entity recognizers as flywheels train them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.services.comprehend.annotated import check_test, check_training
from honmono.services.comprehend.learner import EVALUATED, Evaluation, Learner, Progress, Task
from honmono.services.comprehend.recognizer_job import load_states, read_marked, result_of, states
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.text.recognizer.units import Marked


class RecognizerLearner(Learner["Marked"]):
    """Entity recognizers, from annotations, entity lists or manifests."""

    def read(
        self, files: StoredFiles, config: Mapping[str, Any], task: Task, progress: Progress
    ) -> tuple[list[Marked], list[Marked]]:
        """See `Learner`."""
        training, test, _ = read_marked(files, dict(config), _types(task), progress)
        return training, test

    def dump(self, example: Marked) -> dict[str, Any]:
        """See `Learner`. Offsets are in characters."""
        mentions = [{"begin": each.begin, "end": each.end, "type": each.type} for each in example.mentions]
        return {"mentions": mentions, "text": example.text}

    def load(self, line: Mapping[str, Any]) -> Marked:
        """See `Learner`."""
        from honmono.engines.text.recognizer.units import Marked, Mention

        text, mentions = line.get("text"), line.get("mentions")
        if not isinstance(text, str) or not text.strip():
            raise ValueError("it has no `text`")
        if not isinstance(mentions, list):
            raise ValueError("`mentions` is no list")
        found: list[Mention] = []
        at = 0
        for each in mentions:
            begin, end, kind = (each.get(name) if isinstance(each, dict) else None for name in ("begin", "end", "type"))
            if not (type(begin) is int and type(end) is int and isinstance(kind, str) and kind):
                raise ValueError("a mention lacks `begin`, `end` or `type`")
            if not at <= begin < end <= len(text):
                raise ValueError("the mentions overlap, are out of order, or lie outside of the text")
            found.append(Mention(begin, end, kind))
            at = end
        return Marked(text, tuple(found))

    def text(self, example: Marked) -> str:
        """See `Learner`."""
        return example.text

    def labels(self, example: Marked) -> tuple[str, ...]:
        """See `Learner`: the types of what a document names."""
        return tuple(dict.fromkeys(mention.type for mention in example.mentions))

    def check(self, training: list[Marked], test: list[Marked], task: Task) -> None:
        """See `Learner`."""
        check_training(training, _types(task), "annotations")
        if test:
            check_test(test, _types(task))

    def train(
        self, training: list[Marked], test: list[Marked], task: Task, folder: Path, progress: Progress
    ) -> dict[str, Any]:
        """See `Learner`."""
        from honmono.services.comprehend.recognizer_training import learn

        encoder, missing = states()
        learned = learn(training, _types(task), states=encoder, test=test, progress=progress)
        learned.model.save(folder)
        return result_of(learned, _types(task), missing)

    def evaluate(self, folder: Path, test: list[Marked], task: Task, progress: Progress) -> Evaluation:
        """See `Learner`. A mention is right where its place and its type are; a type that the model does not know counts
        as missed.

        The accuracy is that of the single words (in Japanese and Chinese: characters): the share of those that were
        given the right type, or rightly none.
        """
        from honmono.engines.text.recognizer.model import Model
        from honmono.evaluation.spans import Span, span_scores

        model = Model.load(folder)
        encoder = load_states() if model.needs_states else None
        truth: list[list[Span]] = []
        given: list[list[Span]] = []
        for number, document in enumerate(test, 1):
            truth.append([Span(each.begin, each.end, each.type) for each in document.mentions])
            found = model.find([document.text], encoder)[0]
            given.append([Span(each.begin, each.end, each.type) for each in found])
            progress(number, len(test), EVALUATED)
        scores = span_scores(truth, given)
        details = {
            "entity_types": {
                each.label: {
                    "precision": each.rates.precision,
                    "recall": each.rates.recall,
                    "f1": each.rates.f1,
                }
                for each in scores.by_type
            }
        }
        macro = scores.macro
        accuracy = _accuracy([document.text for document in test], truth, given)
        return Evaluation(macro.f1, macro.precision, macro.recall, accuracy, details)


def _accuracy(texts: list[str], truth: list[list[Any]], given: list[list[Any]]) -> float:
    from honmono.engines.text.recognizer.units import cut

    right = total = 0
    for text, wanted, found in zip(texts, truth, given, strict=True):
        for unit in cut(text):
            total += 1
            right += _type_at(wanted, unit.begin) == _type_at(found, unit.begin)
    return right / max(total, 1)


def _type_at(spans: list[Any], place: int) -> str:
    return next((str(span.type) for span in spans if span.start <= place < span.end), "")


def _types(task: Task) -> list[str]:
    return [str(each["Type"]) for each in task["EntityRecognitionConfig"]["EntityTypes"]]
