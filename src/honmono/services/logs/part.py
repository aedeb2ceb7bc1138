"""What the parts of CloudWatch Logs share: finding a group, its ARN, AWS's wording when something is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from honmono.services.cloudwatch.values import MetricValues
from honmono.services.logs.events import Group, LogEvents, Stream, StreamMissing
from honmono.store.database import Database
from honmono.store.errors import BadPageToken, RecordMissing
from honmono.store.paging import Page
from honmono.store.records import Record, Records, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]
_Item = TypeVar("_Item")

GROUP: Final = "log-group"
FILTER: Final = "metric-filter"


class LogsPart:
    """Base of the mixins that make up the service."""

    records: Records
    database: Database
    log_events: LogEvents
    metric_values: MetricValues

    def reset(self) -> None:
        """Delete every stream and event; the records are the caller's to delete."""
        self.log_events.clear()

    def _group(self, request: Mapping[str, Any], ctx: Context) -> Record:
        """The group that a request names by logGroupName or, by name or ARN, by logGroupIdentifier."""
        if "logGroupName" in request and "logGroupIdentifier" in request:
            raise invalid("LogGroup name and LogGroup identifier are mutually exclusive parameters.")
        named = request.get("logGroupName") or request.get("logGroupIdentifier")
        if named is None:
            raise invalid("Either logGroupName or logGroupIdentifier must be specified")
        return find_group(self.records, scope(ctx), group_name(named))

    def _stream(self, record: Record, name: str) -> Stream:
        try:
            return self.log_events.stream(as_group(record), name)
        except StreamMissing as error:
            raise no_stream() from error


def scope(ctx: Context) -> Scope:
    """Where the caller's groups are."""
    return Scope(ctx.account, ctx.region, "logs")


def as_group(record: Record) -> Group:
    """The group that a record describes."""
    return Group(record.scope.account, record.scope.region, record.name)


def group_arn(where: Scope, name: str) -> str:
    """A group's ARN, without the ``:*`` that some answers put behind it."""
    return f"arn:aws:logs:{where.region}:{where.account}:log-group:{name}"


def group_name(identifier: str) -> str:
    """The name in an identifier, which is a name or an ARN."""
    if identifier.startswith("arn:"):
        parts = identifier.split(":")
        return parts[6] if len(parts) > 6 else identifier
    return identifier


def find_group(records: Records, where: Scope, name: str) -> Record:
    """A group by its name.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    try:
        return records.get(where, GROUP, name)
    except RecordMissing as error:
        raise no_group() from error


def no_group() -> ServiceError:
    """ResourceNotFoundException for a group."""
    return ServiceError("ResourceNotFoundException", "The specified log group does not exist.")


def no_stream() -> ServiceError:
    """ResourceNotFoundException for a stream."""
    return ServiceError("ResourceNotFoundException", "The specified log stream does not exist.")


def invalid(message: str) -> ServiceError:
    """InvalidParameterException."""
    return ServiceError("InvalidParameterException", message)


def bad_token(error: BadPageToken) -> ServiceError:
    """InvalidParameterException for a token that is none of ours."""
    return invalid(f"The specified nextToken is invalid. {error}")


def next_token(page: Page[_Item]) -> Answer:
    """The nextToken member, where there is more."""
    return {"nextToken": page.next} if page.next is not None else {}


def milliseconds(record: Record) -> int:
    """When a record was made, in milliseconds since 1970 UTC."""
    return int(record.created.timestamp() * 1000)
