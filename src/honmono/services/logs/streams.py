"""Log streams: their life, what is put into them, and reading one from either end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from honmono.services.logs.events import (
    EVENT_OVERHEAD,
    LATEST,
    Event,
    Position,
    Stream,
    StreamExists,
    StreamMissing,
    now,
)
from honmono.services.logs.filters import publish_metrics
from honmono.services.logs.groups import oldest
from honmono.services.logs.part import (
    Answer,
    LogsPart,
    Request,
    as_group,
    bad_token,
    group_arn,
    invalid,
    no_stream,
)
from honmono.store.errors import BadPageToken
from honmono.store.paging import page_token, position
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_DAY = 86_400_000
_TOO_NEW = 2 * 3_600_000
_TOO_OLD = 14 * _DAY
_BATCH_BYTES = 1_048_576
_BATCH_EVENTS = 10_000
_PAGE_BYTES = 1_048_576
_TOKEN = re.compile(r"([fb])/(\d{20})(\d{16})(\d{20})/([se])")


class Streams(LogsPart):
    """CreateLogStream and what goes with it."""

    def create_log_stream(self, request: Request, ctx: Context) -> Answer:
        """A new, empty stream."""
        record = self._group(request, ctx)
        try:
            self.log_events.create_stream(as_group(record), request["logStreamName"])
        except StreamExists as error:
            message = "The specified log stream already exists"
            raise ServiceError("ResourceAlreadyExistsException", message) from error
        return {}

    def delete_log_stream(self, request: Request, ctx: Context) -> Answer:
        """Delete a stream with its events."""
        record = self._group(request, ctx)
        try:
            self.log_events.delete_stream(as_group(record), request["logStreamName"])
        except StreamMissing as error:
            raise no_stream() from error
        return {}

    def describe_log_streams(self, request: Request, ctx: Context) -> Answer:
        """The streams of a group, by name or by their last event."""
        record = self._group(request, ctx)
        by_time = request.get("orderBy") == "LastEventTime"
        prefix = request.get("logStreamNamePrefix", "")
        if by_time and prefix:
            raise invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")

        def place(stream: Stream) -> tuple[int, str]:
            return (stream.last_event or 0 if by_time else 0, stream.name)

        descending = bool(request.get("descending"))
        streams = sorted(self.log_events.streams(as_group(record), prefix=prefix), key=place, reverse=descending)
        if "nextToken" in request:
            try:
                last = position(request["nextToken"], int, str)
            except BadPageToken as error:
                raise bad_token(error) from error
            streams = [s for s in streams if (place(s) < last if descending else place(s) > last)]
        limit = request.get("limit", 50)
        shown = streams[:limit]
        more = {"nextToken": page_token(*place(shown[-1]))} if len(streams) > limit else {}
        return {"logStreams": [_stream(record, stream) for stream in shown], **more}

    def put_log_events(self, request: Request, ctx: Context) -> Answer:
        """Add a batch of events. The sequence token is ignored, as AWS does now."""
        record = self._group(request, ctx)
        stream = self._stream(record, request["logStreamName"])
        events = [(event["timestamp"], event["message"]) for event in request["logEvents"]]
        _check_batch(events)
        accepted, rejected = _accept(record, events)
        try:
            self.log_events.put(as_group(record), stream.name, accepted)
        except StreamMissing as error:
            raise no_stream() from error
        publish_metrics(self.records, self.metric_values, record, accepted)
        answer: Answer = {"nextSequenceToken": f"{now():056}"}
        if rejected:
            answer["rejectedLogEventsInfo"] = rejected
        return answer

    def get_log_events(self, request: Request, ctx: Context) -> Answer:
        """A page of one stream's events, and the tokens that lead to the pages around it.

        At either end the token that was given comes back: a follower asks with it again until there is more.
        """
        record = self._group(request, ctx)
        stream = self._stream(record, request["logStreamName"])
        limit = request.get("limit", _BATCH_EVENTS)
        start, end = request.get("startTime"), request.get("endTime")
        cutoff = oldest(record)
        if cutoff is not None:
            start = max(start or 0, cutoff)
        token = request.get("nextToken")
        bounds: dict[str, Position] = {}
        forward = bool(request.get("startFromHead"))
        if token is not None:
            found = _TOKEN.fullmatch(token)
            if found is None or max(map(int, found.group(2, 3, 4))) >= LATEST:
                raise invalid("The specified nextToken is invalid.")
            forward = found[1] == "f"
            bounds["after" if forward else "before"] = _read_position(found)
        events = self.log_events.read(stream, start=start, end=end, descending=not forward, limit=limit, **bounds)
        events = _within_bytes(events)
        if not forward:
            events.reverse()
        forward_token, backward_token = _tokens(events, forward, next(iter(bounds.values()), None))
        return {
            "events": [
                {"timestamp": event.position.time, "message": event.message, "ingestionTime": event.ingested}
                for event in events
            ],
            "nextForwardToken": forward_token,
            "nextBackwardToken": backward_token,
        }


def _read_position(token: re.Match[str]) -> Position:
    """The place a token stands for: beside the event for /s; for /e so that the event itself comes first."""
    time, stream, number = int(token[2]), int(token[3]), int(token[4])
    inclusive = token[5] == "e"
    return Position(time, stream, number + ((1 if token[1] == "b" else -1) if inclusive else 0))


def _write_position(where: Position) -> str:
    return f"{where.time:020}{where.stream_id:016}{max(where.number, 0):020}"


def _tokens(events: Sequence[Event], forward: bool, edge: Position | None) -> tuple[str, str]:
    """The tokens forward and backward from a page that was read in a direction from an edge."""
    if events:
        first, last = events[0].position, events[-1].position
        return f"f/{_write_position(last)}/s", f"b/{_write_position(first)}/s"
    if edge is None:
        nowhere = _write_position(Position(0, 0, 0))
        return f"f/{nowhere}/s", f"b/{nowhere}/s"
    digits = _write_position(edge)
    # Nothing lies beyond the edge; turning round, the event at the edge itself comes first.
    return (f"f/{digits}/s", f"b/{digits}/e") if forward else (f"f/{digits}/e", f"b/{digits}/s")


def _within_bytes(events: list[Event]) -> list[Event]:
    size = 0
    for index, event in enumerate(events):
        size += len(event.message.encode()) + EVENT_OVERHEAD
        if size > _PAGE_BYTES and index:
            return events[:index]
    return events


def _check_batch(events: Sequence[tuple[int, str]]) -> None:
    if not events:
        return
    size = 0
    for number, (_, message) in enumerate(events):
        length = len(message.encode()) + EVENT_OVERHEAD
        if length > _BATCH_BYTES:
            raise invalid(f"Log event too large: {length} bytes exceeds limit of {_BATCH_BYTES} (event {number})")
        size += length
    if size > _BATCH_BYTES:
        raise invalid(f"Upload too large: {size} bytes exceeds limit of {_BATCH_BYTES}")
    times = [moment for moment, _ in events]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise invalid("Log events in a single PutLogEvents request must be in chronological order.")
    if times[-1] - times[0] > _DAY:
        raise invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")


def _accept(record: Record, events: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], dict[str, Any]]:
    """The events that are neither too old, nor expired, nor too new; and where the others lie."""
    at = now()
    cutoff = oldest(record)
    too_old = sum(moment < at - _TOO_OLD for moment, _ in events)
    expired = sum(cutoff is not None and moment < cutoff for moment, _ in events)
    too_new = sum(moment > at + _TOO_NEW for moment, _ in events)
    rejected: dict[str, Any] = {}
    if too_old:
        rejected["tooOldLogEventEndIndex"] = too_old
    if expired:
        rejected["expiredLogEventEndIndex"] = expired
    if too_new:
        rejected["tooNewLogEventStartIndex"] = len(events) - too_new
    return list(events[max(too_old, expired) : len(events) - too_new]), rejected


def _stream(record: Record, stream: Stream) -> Answer:
    optional = {
        "firstEventTimestamp": stream.first_event,
        "lastEventTimestamp": stream.last_event,
        "lastIngestionTime": stream.last_ingestion,
    }
    return {
        "logStreamName": stream.name,
        "creationTime": stream.created,
        "arn": f"{group_arn(record.scope, record.name)}:log-stream:{stream.name}",
        "uploadSequenceToken": f"{stream.last_ingestion or stream.created:056}",
        "storedBytes": 0,  # AWS reports nothing else since 2019; the group's count is real
        **{name: value for name, value in optional.items() if value is not None},
    }
