"""What `honmono evaluate SERVICE --task …` can measure. A task that is added is a class in a module here.

Each names a class with the method of `Task`; it reads the data in the form that suits it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from honmono.evaluation.labelled import Columns, Format
    from honmono.evaluation.report import Report
    from honmono.settings import Settings
    from honmono.weights import Progress

# service → task → class.
TASKS: dict[str, dict[str, str]] = {
    "comprehend": {
        "sentiment": "honmono.cli.evaluations.labels:Sentiment",
        "language": "honmono.cli.evaluations.labels:Language",
        "entities": "honmono.cli.evaluations.entities:Entities",
        "pii": "honmono.cli.evaluations.entities:PersonalData",
        "syntax": "honmono.cli.evaluations.syntax:Syntax",
    },
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be measured.

    Attributes:
        data: the file of cases.
        columns, form, encoding: how it is to be read; see `honmono.evaluation.labelled`.
        language: of all texts, where no column says it.
        meanings: what the file's labels mean, by the label as it is written there.
        among_data: only labels that the data has may be answered.
        engines: names of the engines to compare; none: the one that the settings choose.
        rounds, seed: of the bootstrap.
    """

    data: Path
    columns: Columns
    form: Format | None
    encoding: str
    language: str | None
    meanings: Mapping[str, str]
    among_data: bool
    engines: tuple[str, ...]
    rounds: int
    seed: int
    settings: Settings


class Unfit(Exception):
    """The options do not suit the task; the message says which would."""


class Task(Protocol):
    """One thing that can be measured."""

    def evaluate(self, request: Request, progress: Progress) -> Report:
        """Ask the engines and measure their answers.

        Raises Unfit, DataError, NotMeasurable, EngineError, WeightsError, OSError.
        """


def task(service: str, name: str) -> Task:
    """The task of that name. Raises Unfit, naming those there are."""
    tasks = TASKS[service]
    if name not in tasks:
        raise Unfit(f"there is no task {name!r} for {service}; there are: {', '.join(tasks)}")
    module, _, attribute = tasks[name].partition(":")
    make: Callable[[], Task] = getattr(import_module(module), attribute)
    return make()
