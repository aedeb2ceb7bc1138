"""Log streams and their events in the database, free of the wire: other parts write their output here too."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from honmono.store.database import Database
from honmono.store.logs_schema import log_events, log_streams

_BATCH = 1000
_SELECT = select(log_events.c.time, log_events.c.number, log_events.c.ingested, log_events.c.message)
LATEST: Final = 2**63 - 1
"""The last number that the database can hold."""
EVENT_OVERHEAD: Final = 26
"""Bytes that AWS counts for an event beside its text."""


@dataclass(frozen=True, slots=True)
class Group:
    """Which log group is meant."""

    account: str
    region: str
    name: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A log stream as it was when it was read; times in milliseconds since 1970 UTC."""

    id: int
    name: str
    created: int
    first_event: int | None
    last_event: int | None
    last_ingestion: int | None
    stored_bytes: int


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place among the events of a group: by time, then stream, then arrival."""

    time: int
    stream_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Event:
    """An event; times in milliseconds since 1970 UTC."""

    position: Position
    stream: str
    ingested: int
    message: str

    @property
    def id(self) -> str:
        """The event's id: 56 digits."""
        where = self.position
        return f"{where.time:020}{where.stream_id:016}{where.number:020}"


class StreamMissing(LookupError):
    """The group has no such stream."""


class StreamExists(Exception):
    """The group has a stream of this name."""


def now() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class LogEvents:
    """The streams and events of all groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_stream(self, group: Group, name: str, *, tx: Connection | None = None) -> None:
        """Make an empty stream.

        Raises:
            StreamExists: there is one already.
        """
        with self._database.joined(tx) as connection:
            if connection.execute(select(log_streams.c.id).where(_of(group), log_streams.c.name == name)).first():
                raise StreamExists(name)
            row = {
                "account": group.account,
                "region": group.region,
                "group_name": group.name,
                "name": name,
                "created": now(),
                "stored_bytes": 0,
                "next_number": 1,
            }
            try:
                # On PostgreSQL an error spoils the caller's transaction unless it happened in a savepoint.
                with connection.begin_nested():
                    connection.execute(insert(log_streams), row)
            except IntegrityError as error:  # another process was faster
                raise StreamExists(name) from error

    def stream(self, group: Group, name: str, *, tx: Connection | None = None) -> Stream:
        """A stream by its name.

        Raises:
            StreamMissing: there is none.
        """
        with self._database.reading(tx) as connection:
            row = connection.execute(select(log_streams).where(_of(group), log_streams.c.name == name)).first()
        if row is None:
            raise StreamMissing(name)
        return _stream(row)

    def streams(self, group: Group, *, names: Sequence[str] | None = None, prefix: str = "") -> list[Stream]:
        """The streams of a group by name: all, those named, or those whose name begins so."""
        query = select(log_streams).where(_of(group))
        if names is not None:
            query = query.where(log_streams.c.name.in_(names))
        if prefix:
            query = query.where(log_streams.c.name >= prefix, log_streams.c.name < prefix + "\U0010ffff")
        with self._database.reading() as connection:
            return [_stream(row) for row in connection.execute(query.order_by(log_streams.c.name))]

    def stored_bytes(self, account: str, region: str) -> dict[str, int]:
        """Bytes by group."""
        query = (
            select(log_streams.c.group_name, func.sum(log_streams.c.stored_bytes))
            .where(log_streams.c.account == account, log_streams.c.region == region)
            .group_by(log_streams.c.group_name)
        )
        with self._database.reading() as connection:
            return {name: int(size) for name, size in connection.execute(query)}

    def put(self, group: Group, name: str, events: Sequence[tuple[int, str]], *, tx: Connection | None = None) -> None:
        """Add events to a stream: (time in milliseconds, text), in any order. One transaction, one statement.

        Raises:
            StreamMissing: there is no such stream.
        """
        if not events:
            return
        at = now()
        with self._database.joined(tx) as connection:
            query = select(log_streams).where(_of(group), log_streams.c.name == name).with_for_update()
            row = connection.execute(query).first()
            if row is None:
                raise StreamMissing(name)
            connection.execute(
                insert(log_events),
                [
                    {"stream_id": row.id, "time": moment, "number": number, "ingested": at, "message": text}
                    for number, (moment, text) in enumerate(events, row.next_number)
                ],
            )
            times = [moment for moment, _ in events]
            size = sum(len(text.encode()) + EVENT_OVERHEAD for _, text in events)
            connection.execute(
                update(log_streams)
                .where(log_streams.c.id == row.id)
                .values(
                    first_event=min(times) if row.first_event is None else min(row.first_event, *times),
                    last_event=max(times) if row.last_event is None else max(row.last_event, *times),
                    last_ingestion=at,
                    stored_bytes=row.stored_bytes + size,
                    next_number=row.next_number + len(events),
                )
            )

    def read(
        self,
        stream: Stream,
        *,
        start: int | None = None,
        end: int | None = None,
        after: Position | None = None,
        before: Position | None = None,
        descending: bool = False,
        limit: int,
    ) -> list[Event]:
        """Events of one stream.

        Args:
            stream: whose.
            start: from this time on.
            end: to before this time.
            after: behind this place.
            before: ahead of this place.
            descending: the newest first, and of those at most ``limit``.
            limit: at most so many.
        """
        query = _SELECT.where(log_events.c.stream_id == stream.id)
        place = tuple_(log_events.c.time, log_events.c.number)
        if start is not None:
            query = query.where(log_events.c.time >= start)
        if end is not None:
            query = query.where(log_events.c.time < end)
        if after is not None:
            query = query.where(place > (after.time, after.number))
        if before is not None:
            query = query.where(place < (before.time, before.number))
        order = (log_events.c.time, log_events.c.number)
        query = query.order_by(*(column.desc() if descending else column for column in order)).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Event(Position(time, stream.id, number), stream.name, ingested, message)
            for time, number, ingested, message in rows
        ]

    def merged(
        self, streams: Iterable[Stream], *, start: int | None, end: int | None, after: Position | None
    ) -> Iterator[Event]:
        """Events of several streams in the order of their positions, read as they are asked for."""
        sources = [self._walk(stream, start, end, after) for stream in streams]
        if len(sources) == 1:
            return sources[0]
        return heapq.merge(*sources, key=lambda event: event.position)

    def _walk(self, stream: Stream, start: int | None, end: int | None, after: Position | None) -> Iterator[Event]:
        # A place in another stream: in this one, what has the same time and a higher stream id comes behind it.
        if after is not None and after.stream_id != stream.id:
            edge = after.time if stream.id > after.stream_id else after.time + 1
            start, after = max(start or 0, edge), None
        if stream.last_event is None or (start is not None and stream.last_event < start):
            return
        while True:
            batch = self.read(stream, start=start, end=end, after=after, limit=_BATCH)
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].position

    def delete_stream(self, group: Group, name: str) -> None:
        """Delete a stream with its events.

        Raises:
            StreamMissing: there is none.
        """
        with self._database.transaction() as tx:
            stream = self.stream(group, name, tx=tx)
            tx.execute(delete(log_events).where(log_events.c.stream_id == stream.id))
            tx.execute(delete(log_streams).where(log_streams.c.id == stream.id))

    def delete_group(self, group: Group, *, tx: Connection) -> None:
        """Delete every stream of a group."""
        ids = select(log_streams.c.id).where(_of(group))
        tx.execute(delete(log_events).where(log_events.c.stream_id.in_(ids)))
        tx.execute(delete(log_streams).where(_of(group)))

    def clear(self) -> None:
        """Delete everything."""
        with self._database.transaction() as tx:
            tx.execute(delete(log_events))
            tx.execute(delete(log_streams))

    def expire(self, group: Group, before: int) -> int:
        """Delete the events from before a time; the answer is how many."""
        with self._database.transaction() as tx:
            old = select(log_streams.c.id).where(_of(group), log_streams.c.first_event < before)
            streams = list(tx.execute(old).scalars())
            gone = 0
            for stream in streams:
                theirs = log_events.c.stream_id == stream
                gone += tx.execute(delete(log_events).where(theirs, log_events.c.time < before)).rowcount
                first = select(func.min(log_events.c.time)).where(theirs).scalar_subquery()
                size = select(func.sum(func.length(log_events.c.message) + EVENT_OVERHEAD)).where(theirs)
                tx.execute(
                    update(log_streams)
                    .where(log_streams.c.id == stream)
                    .values(first_event=first, stored_bytes=func.coalesce(size.scalar_subquery(), 0))
                )
        return gone


def _of(group: Group) -> Any:
    return (
        (log_streams.c.account == group.account)
        & (log_streams.c.region == group.region)
        & (log_streams.c.group_name == group.name)
    )


def _stream(row: Row[Any]) -> Stream:
    return Stream(row.id, row.name, row.created, row.first_event, row.last_event, row.last_ingestion, row.stored_bytes)
