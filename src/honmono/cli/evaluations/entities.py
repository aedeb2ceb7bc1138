"""Tasks with places in texts: entities."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, get_args

from honmono.cli.evaluations import Request, Unfit
from honmono.cli.evaluations.asking import CHUNK, facts, host, needs_language, read_labels
from honmono.engines.errors import UnsupportedLanguage
from honmono.engines.text.entities import EntityType
from honmono.evaluation.textfile import DataError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.text.entities import Entity
    from honmono.evaluation.finders import Found
    from honmono.evaluation.marked import MarkedCase
    from honmono.evaluation.report import Report
    from honmono.weights import Progress


class Entities:
    """Names, dates and amounts, by type."""

    def evaluate(self, request: Request, progress: Progress) -> Report:
        """See `Task`."""
        from honmono.evaluation.finders import compare_finders
        from honmono.evaluation.marked import MarkedCase, read_marked
        from honmono.evaluation.spans import Span

        needs_language(request)
        if request.form not in (None, "jsonl"):
            raise Unfit("entities are read from JSON Lines: {text, entities: [[start, end, type], …]}, one a line")
        columns = request.columns
        cases = read_marked(
            request.data,
            text=columns.text,
            spans=columns.label,
            language=columns.language,
            encoding=request.encoding,
        )
        written = [(case.line, span.type) for case in cases for span in case.spans]
        read = read_labels(request, "entities", written, get_args(EntityType))
        cases = [
            MarkedCase(
                case.line,
                case.text,
                tuple(Span(span.start, span.end, read[span.type]) for span in case.spans),
                case.language,
            )
            for case in cases
        ]
        told = facts(request)
        found = []
        for name in request.engines or (None,):
            with host(request, "entities", name) as engines:
                # Has the engine loaded: that is not to be timed.
                engines.get("entities").find(["Tokyo."], [next(iter(engines.info("entities").languages), "en")])
                began = time.process_time()
                found.append(_ask(request, cases, engines, progress))
                milliseconds = 1000 * (time.process_time() - began) / len(cases)
                told[f"CPU ms a text, {found[-1].name}"] = round(milliseconds, 3)
        title = f"Entities: {' and '.join(each.name for each in found)} on {request.data.name}"
        return compare_finders(title, cases, found, told, rounds=request.rounds, seed=request.seed, progress=progress)


def _ask(request: Request, cases: list[MarkedCase], engines: EngineHost, progress: Progress) -> Found:
    from honmono.evaluation.finders import Found
    from honmono.evaluation.spans import Span

    name = engines.identity("entities")
    types = {span.type for case in cases for span in case.spans}
    spans: list[list[tuple[Span, float]]] = []
    progress(0, len(cases), name)
    for start in range(0, len(cases), CHUNK):
        chunk = cases[start : start + CHUNK]
        languages = [case.language or request.language or "" for case in chunk]
        try:
            answers: list[list[Entity]] = engines.get("entities").find([case.text for case in chunk], languages)
        except UnsupportedLanguage as error:
            line = next((case.line for case in chunk if case.language == error.language), None)
            raise DataError(request.data, str(error), line) from error
        spans += [
            [
                (Span(one.begin, one.end, one.type), one.score)
                for one in each
                if one.type in types or not request.among_data
            ]
            for each in answers
        ]
        progress(len(spans), len(cases), name)
    return Found(name, spans)
