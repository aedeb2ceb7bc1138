"""Tasks with one label a text: the mood, the language."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from honmono.cli.evaluations import Request, Unfit
from honmono.cli.evaluations.asking import CHUNK, facts, host, needs_language, read_labels
from honmono.engines.errors import UnsupportedLanguage
from honmono.evaluation.labelled import Case, read_cases
from honmono.evaluation.textfile import DataError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.text.language import LanguageScore
    from honmono.engines.text.sentiment import Sentiment as Mood
    from honmono.evaluation.classifiers import Answers
    from honmono.evaluation.report import Report
    from honmono.weights import Progress

Scores = Mapping[str, float]


class LabelTask(ABC):
    """Asks an engine for a label of each text and compares it with the one in the file."""

    field: ClassVar[str]
    needs_language: ClassVar[bool]

    @abstractmethod
    def labels(self, engines: EngineHost) -> Sequence[str]:
        """The labels that the engine knows, as it writes them."""

    @abstractmethod
    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> list[Scores]:
        """The scores of the labels for each text. Raises EngineError."""

    @abstractmethod
    def warm(self, engines: EngineHost) -> None:
        """Have the engine loaded: that is not to be timed."""

    def evaluate(self, request: Request, progress: Progress) -> Report:
        """See `Task`."""
        from honmono.evaluation.classifiers import Asked, compare

        if self.needs_language:
            needs_language(request)
        elif request.language or request.columns.language:
            raise Unfit("this task finds the language out: leave --language and --language-column away")
        cases = read_cases(request.data, request.columns, form=request.form, encoding=request.encoding)
        truth: list[str] = []
        found: list[Answers] = []
        told = facts(request)
        for name in request.engines or (None,):
            with host(request, self.field, name) as engines:
                truth = self._truth(request, cases, engines)
                found.append(self._ask(request, cases, truth, engines, progress))
                told[f"CPU ms a text, {found[-1].name}"] = round(self._milliseconds, 3)
        languages = [case.language for case in cases if case.language is not None]
        asked = Asked([case.text for case in cases], truth, [case.line for case in cases], languages)
        title = f"{self.field.capitalize()}: {' and '.join(each.name for each in found)} on {request.data.name}"
        return compare(title, asked, found, told, rounds=request.rounds, seed=request.seed, progress=progress)

    def _truth(self, request: Request, cases: Sequence[Case], engines: EngineHost) -> list[str]:
        """The file's labels as the engine writes them."""
        written = [(case.line, case.label) for case in cases]
        read = read_labels(request, self.field, written, self.labels(engines))
        return [read[case.label] for case in cases]

    def _ask(
        self, request: Request, cases: Sequence[Case], truth: Sequence[str], engines: EngineHost, progress: Progress
    ) -> Answers:
        from honmono.evaluation.classifiers import Answers

        name = engines.identity(self.field)
        languages = [case.language or request.language or "" for case in cases]
        progress(0, len(cases), name)
        self.warm(engines)
        scores: list[Scores] = []
        began = time.process_time()
        for start in range(0, len(cases), CHUNK):
            chunk = cases[start : start + CHUNK]
            try:
                scores += self.answer(engines, [case.text for case in chunk], languages[start : start + CHUNK])
            except UnsupportedLanguage as error:
                line = next((case.line for case in chunk if case.language == error.language), None)
                raise DataError(request.data, str(error), line) from error
            progress(len(scores), len(cases), name)
        self._milliseconds = 1000 * (time.process_time() - began) / len(cases)
        return Answers(name, list(_among(set(truth), scores)) if request.among_data else scores)

    _milliseconds = 0.0


class Sentiment(LabelTask):
    """Positive, negative, neutral or mixed."""

    field = "sentiment"
    needs_language = True

    def labels(self, engines: EngineHost) -> Sequence[str]:
        """The four moods."""
        return ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")

    def warm(self, engines: EngineHost) -> None:
        """See `LabelTask.warm`."""
        self.answer(engines, ["Good."], [next(iter(engines.info("sentiment").languages), "en")])

    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> list[Scores]:
        """The probabilities of the moods."""
        moods: list[Mood] = engines.get("sentiment").classify(texts, languages)
        return [
            {"POSITIVE": mood.positive, "NEGATIVE": mood.negative, "NEUTRAL": mood.neutral, "MIXED": mood.mixed}
            for mood in moods
        ]


class Language(LabelTask):
    """The dominant language."""

    field = "language"
    needs_language = False

    def labels(self, engines: EngineHost) -> Sequence[str]:
        """The codes that the engine can answer."""
        return engines.info("language").languages

    def warm(self, engines: EngineHost) -> None:
        """See `LabelTask.warm`."""
        self.answer(engines, ["Good."], [""])

    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> list[Scores]:
        """The scores of the likely languages."""
        identify = engines.get("language").identify
        found: list[list[LanguageScore]] = [identify(text) for text in texts]
        return [{one.code: one.score for one in each} for each in found]


def _among(labels: set[str], scores: Sequence[Scores]) -> Iterator[Scores]:
    """The scores of these labels alone, with the same sum; all of a text's scores where it has none of theirs."""
    for each in scores:
        kept = {label: each.get(label, 0.0) for label in labels}
        total = sum(kept.values())
        yield {label: score * sum(each.values()) / total for label, score in kept.items()} if total else each
