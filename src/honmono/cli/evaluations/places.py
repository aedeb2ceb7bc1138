"""Tasks with places in texts: what all of them do."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from honmono.cli.evaluations import Request
from honmono.cli.evaluations.asking import CHUNK, facts, host, needs_language, read_labels
from honmono.engines.errors import UnsupportedLanguage
from honmono.evaluation.textfile import DataError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.evaluation.finders import Found
    from honmono.evaluation.marked import MarkedCase
    from honmono.evaluation.report import Report
    from honmono.evaluation.spans import Span
    from honmono.weights import Progress

Places = list[list[tuple["Span", float]]]


class PlaceTask(ABC):
    """Asks an engine for places in each text and compares them with those in the file."""

    field: ClassVar[str]
    name: ClassVar[str]
    """What the report calls the task."""

    @abstractmethod
    def read(self, request: Request) -> list[MarkedCase]:
        """The cases of the file. Raises Unfit, DataError."""

    @abstractmethod
    def types(self) -> Sequence[str]:
        """The types that the engine knows, as it writes them."""

    @abstractmethod
    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> Places:
        """Of each text its places with their scores. Raises EngineError."""

    def evaluate(self, request: Request, progress: Progress) -> Report:
        """See `Task`."""
        from honmono.evaluation.finders import compare_finders

        needs_language(request)
        cases = self._read_as_engine(request)
        told = facts(request)
        found = []
        for name in request.engines or (None,):
            with host(request, self.field, name) as engines:
                # Has the engine loaded: that is not to be timed.
                self.answer(engines, ["Tokyo."], [next(iter(engines.info(self.field).languages), "en")])
                began = time.process_time()
                found.append(self._ask(request, cases, engines, progress))
                milliseconds = 1000 * (time.process_time() - began) / len(cases)
                told[f"CPU ms a text, {found[-1].name}"] = round(milliseconds, 3)
        title = f"{self.name}: {' and '.join(each.name for each in found)} on {request.data.name}"
        report = compare_finders(title, cases, found, told, rounds=request.rounds, seed=request.seed, progress=progress)
        return self.completed(report, cases, found)

    def completed(self, report: Report, cases: Sequence[MarkedCase], found: Sequence[Found]) -> Report:
        """The report with what this task alone has to say."""
        return report

    def _read_as_engine(self, request: Request) -> list[MarkedCase]:
        """The cases, with types as the engine writes them."""
        from honmono.evaluation.marked import MarkedCase
        from honmono.evaluation.spans import Span

        cases = self.read(request)
        written = [(case.line, span.type) for case in cases for span in case.spans]
        read = read_labels(request, self.field, written, self.types())
        return [
            MarkedCase(
                case.line,
                case.text,
                tuple(Span(span.start, span.end, read[span.type]) for span in case.spans),
                case.language,
            )
            for case in cases
        ]

    def _ask(self, request: Request, cases: list[MarkedCase], engines: EngineHost, progress: Progress) -> Found:
        from honmono.evaluation.finders import Found

        name = engines.identity(self.field)
        types = {span.type for case in cases for span in case.spans}
        spans: Places = []
        progress(0, len(cases), name)
        for start in range(0, len(cases), CHUNK):
            chunk = cases[start : start + CHUNK]
            languages = [case.language or request.language or "" for case in chunk]
            try:
                answers = self.answer(engines, [case.text for case in chunk], languages)
            except UnsupportedLanguage as error:
                line = next((case.line for case in chunk if case.language == error.language), None)
                raise DataError(request.data, str(error), line) from error
            spans += [[one for one in each if one[0].type in types or not request.among_data] for each in answers]
            progress(len(spans), len(cases), name)
        return Found(name, spans)
