"""The CloudWatch Logs service, and the way for other parts to write into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from sqlalchemy import select

from honmono.services.cloudwatch.values import MetricValues
from honmono.services.logs.events import LogEvents, StreamExists, now
from honmono.services.logs.filters import Filters, publish_metrics
from honmono.services.logs.groups import Groups, create_group, every_group, oldest
from honmono.services.logs.part import GROUP, as_group
from honmono.services.logs.resource_policies import ResourcePolicies
from honmono.services.logs.streams import Streams
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record, Scope
from honmono.store.schema import resources
from honmono.wire.service import Chore, Service


class Logs(Groups, Streams, Filters, ResourcePolicies, Service):
    """Amazon CloudWatch Logs: groups, streams, events, search and metric filters."""

    name = "logs"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.records = platform.records
        self.database = platform.database
        self.log_events = LogEvents(platform.database)
        self.metric_values = MetricValues(platform.database)

    def chores(self) -> Iterable[Chore]:
        """Events end with their group's retention."""
        yield Chore("expire log events", 3_600, lambda: expire(self.platform))


def append(
    platform: Platform, account: str, region: str, group: str, stream: str, lines: Sequence[tuple[int, str] | str]
) -> None:
    """Write lines into a stream, making it and its group where they are missing; metric filters see them too.

    Args:
        platform: the stores.
        account: whose group.
        region: where.
        group: ``/aws/sagemaker/TrainingJobs``, say.
        stream: the stream's name.
        lines: texts of now, or (milliseconds since 1970 UTC, text). Empty lines are left out: events have a text.
    """
    where = Scope(account, region, "logs")
    at = now()
    events = [(at, line) if isinstance(line, str) else line for line in lines]
    events = [(moment, text) for moment, text in events if text]
    try:
        record = platform.records.get(where, GROUP, group)
    except RecordMissing:
        record = _make_group(platform, where, group)
    store = LogEvents(platform.database)
    with platform.database.transaction() as tx:
        try:
            store.create_stream(as_group(record), stream, tx=tx)
        except StreamExists:
            pass  # written to before
        store.put(as_group(record), stream, events, tx=tx)
    publish_metrics(platform.records, MetricValues(platform.database), record, events)


def _make_group(platform: Platform, where: Scope, group: str) -> Record:
    try:
        return create_group(platform.records, where, group, {"class": "STANDARD"})
    except RecordExists:  # another thread was faster
        return platform.records.get(where, GROUP, group)


def expire(platform: Platform) -> int:
    """Delete the events of every account that are past their group's retention: for a timer, once an hour.

    The answer is how many.
    """
    query = (
        select(resources.c.account, resources.c.region)
        .where(resources.c.service == "logs", resources.c.kind == GROUP)
        .distinct()
    )
    with platform.database.reading() as connection:
        places = connection.execute(query).all()
    store = LogEvents(platform.database)
    return sum(
        store.expire(as_group(record), cutoff)
        for account, region in places
        for record in every_group(platform.records, Scope(account, region, "logs"))
        if (cutoff := oldest(record)) is not None
    )
