"""Tasks whose places are marked in JSON Lines: entities, personal data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from honmono.cli.evaluations import Request, Unfit
from honmono.cli.evaluations.places import Places, PlaceTask
from honmono.engines.text.entities import EntityType
from honmono.engines.text.pii.entity import TYPES

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.text.entities import Entity
    from honmono.engines.text.pii.entity import PiiEntity
    from honmono.evaluation.marked import MarkedCase


class _MarkedTask(PlaceTask):
    """Texts with marked places, one JSON object a line."""

    def read(self, request: Request) -> list[MarkedCase]:
        """See `PlaceTask.read`."""
        from honmono.evaluation.marked import read_marked

        if request.form not in (None, "jsonl"):
            raise Unfit("this task reads JSON Lines: {text, entities: [[start, end, type], …]}, one a line")
        columns = request.columns
        return read_marked(
            request.data,
            text=columns.text,
            spans=columns.label,
            language=columns.language,
            encoding=request.encoding,
        )

    def answer(self, engines: EngineHost, texts: list[str], languages: list[str]) -> Places:
        """See `PlaceTask.answer`."""
        from honmono.evaluation.spans import Span

        found = self.find(engines, texts, languages)
        return [[(Span(one.begin, one.end, one.type), one.score) for one in each] for each in found]

    @abstractmethod
    def find(
        self, engines: EngineHost, texts: list[str], languages: list[str]
    ) -> Sequence[Sequence[Entity | PiiEntity]]:
        """What the engine finds in each text."""


class Entities(_MarkedTask):
    """Names, dates and amounts, by type."""

    field = "entities"
    name = "Entities"

    def types(self) -> Sequence[str]:
        """Comprehend's nine types."""
        return get_args(EntityType)

    def find(self, engines: EngineHost, texts: list[str], languages: list[str]) -> Sequence[Sequence[Entity]]:
        """See `_MarkedTask.find`."""
        found: list[list[Entity]] = engines.get("entities").find(texts, languages)
        return found


class PersonalData(_MarkedTask):
    """Names, addresses and numbers of people, by type."""

    field = "pii"
    name = "Personal data"

    def types(self) -> Sequence[str]:
        """Comprehend's 36 types."""
        return TYPES

    def find(self, engines: EngineHost, texts: list[str], languages: list[str]) -> Sequence[Sequence[PiiEntity]]:
        """See `_MarkedTask.find`."""
        found: list[list[PiiEntity]] = engines.get("pii").detect(texts, languages)
        return found
