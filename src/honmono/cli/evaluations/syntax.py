"""The task that cuts texts into words and tells the part of speech of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from honmono.cli.evaluations import Request, Unfit
from honmono.cli.evaluations.places import Places, PlaceTask

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.text.taggers import TaggedWord
    from honmono.evaluation.finders import Found
    from honmono.evaluation.marked import MarkedCase
    from honmono.evaluation.report import Cell, Report

_TAGS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "CONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ",
    "SYM", "VERB", "X",
)  # fmt: skip
"""Of Universal Dependencies, and CONJ of their first version, which Comprehend has besides."""


class Syntax(PlaceTask):
    """Words and their parts of speech, from raw text."""

    field = "syntax"
    name = "Syntax"

    def read(self, request: Request) -> list[MarkedCase]:
        """See `PlaceTask.read`."""
        from honmono.evaluation.conllu import read_conllu

        columns = request.columns
        if request.form is not None or (columns.text, columns.label, columns.language) != (None, None, None):
            raise Unfit(
                "this task reads CoNLL-U, whose columns are fixed: leave --format and the options of columns away, and "
                "say the language with --language"
            )
        return read_conllu(request.data, encoding=request.encoding)

    def types(self) -> Sequence[str]:
        """The universal tags."""
        return _TAGS

    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> Places:
        """See `PlaceTask.answer`."""
        from honmono.evaluation.spans import Span

        found: list[list[TaggedWord]] = engines.get("syntax").tag(texts, languages)
        return [[(Span(word.begin, word.end, word.tag), word.score) for word in each] for each in found]

    def completed(self, report: Report, cases: Sequence[MarkedCase], found: Sequence[Found]) -> Report:
        """With how well the words were cut, and how many of those that were cut rightly have their tag."""
        from honmono.evaluation.report import Table

        rows = tuple(_words(cases, each) for each in found)
        table = Table(
            "words",
            "Words alone",
            ("engine", "precision", "recall", "F1", "tags right of words found"),
            rows,
            "A word is found where both its ends are right, whatever its tag. The figures above ask for the tag too.",
        )
        return replace(report, tables=(report.tables[0], table, *report.tables[1:]))


def _words(cases: Sequence[MarkedCase], found: Found) -> tuple[Cell, ...]:
    from honmono.evaluation.intervals import wilson

    marked = said = right = tagged = 0
    for case, row in zip(cases, found.spans, strict=True):
        true = {(span.start, span.end): span.type for span in case.spans}
        given = {(span.start, span.end): span.type for span, _ in row}
        marked, said = marked + len(true), said + len(given)
        right += len(true.keys() & given.keys())
        tagged += sum(given[place] == tag for place, tag in true.items() if place in given)
    return (
        found.name,
        wilson(right, said) if said else None,
        wilson(right, marked) if marked else None,
        2 * right / (marked + said) if marked + said else None,
        wilson(tagged, right) if right else None,
    )
