"""What is told of the events in a text. No engine that finds them is built in: this is what one has to answer with.

An engine for the field `events` is an `Engine` with one batched method:

    @batched(max_size=16, max_wait_ms=3)
    def detect(self, texts: list[str], languages: list[str], types: list[list[str]]) -> list[FoundEvents]: ...

`types` says for each text which types of events are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where an entity or an event is meant.

    Attributes:
        begin, end: its place in characters.
        type: of the entity (`ORGANIZATION`) or the event (`IPO`).
        score: how sure it is that it is one, 0 to 1.
        group_score: how sure it is that it means the same as the others of its entity or event, 0 to 1.
    """

    begin: int
    end: int
    type: str
    score: float
    group_score: float


@dataclass(frozen=True, slots=True)
class Argument:
    """The part that an entity plays in an event.

    Attributes:
        entity: its index among the entities.
        role: `INVESTOR`.
        score: 0 to 1.
    """

    entity: int
    role: str
    score: float


@dataclass(frozen=True, slots=True)
class Event:
    """An event, the entities that take part in it, and the words that tell of it."""

    type: str
    arguments: list[Argument]
    triggers: list[Mention]


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """The events in a text, and the mentions of each entity that takes part in any."""

    entities: list[list[Mention]]
    events: list[Event]
