"""Describe: the resources of a kind that fit a filter, in order, page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from honmono.services.machinelearning.part import Answer, Request, invalid, scope_of
from honmono.services.platform import Platform
from honmono.store.records import Record
from honmono.wire.service import Context
from honmono.wire.timestamps import epoch, from_epoch

_PAGE = 500
_COMPARATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda value, wanted: value == wanted,
    "NE": lambda value, wanted: value != wanted,
    "GT": lambda value, wanted: value > wanted,
    "GE": lambda value, wanted: value >= wanted,
    "LT": lambda value, wanted: value < wanted,
    "LE": lambda value, wanted: value <= wanted,
    "Prefix": lambda value, wanted: str(value).startswith(wanted),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind is listed.

    Attributes:
        kind: of the records.
        described: a record as the answer has it.
        variables: what can be filtered and sorted by, of a record so described.
    """

    kind: str
    described: Callable[[Platform, Record], Answer]
    variables: Mapping[str, Callable[[Answer], Any]]


def listed(platform: Platform, ctx: Context, listing: Listing, request: Request) -> Answer:
    """A page of the resources that fit, sorted by the filter's variable, or by when they were made.

    Raises ServiceError InvalidInputException.
    """
    variable = request.get("FilterVariable", "CreatedAt")
    read = listing.variables[variable]
    keep = _filter(request, variable)
    descending = request.get("SortOrder", "asc") == "dsc"
    found = [
        (_sortable(read(shown)), record.name, shown)
        for record in _all(platform, ctx, listing.kind)
        if keep(read(shown := listing.described(platform, record)))
    ]
    found.sort(key=lambda each: each[:2], reverse=descending)
    if "NextToken" in request:
        last = _position(request["NextToken"])
        found = [each for each in found if (each[:2] < last if descending else each[:2] > last)]
    limit = request.get("Limit", 100)
    page: Answer = {"Results": [shown for _, _, shown in found[:limit]]}
    if len(found) > limit:
        page["NextToken"] = _token(*found[limit - 1][:2])
    return page


def _filter(request: Request, variable: str) -> Callable[[Any], bool]:
    given = [(name, request[name]) for name in _COMPARATORS if name in request]
    if not given:
        return lambda _: True
    if "FilterVariable" not in request:
        raise invalid(f"{given[0][0]} needs a FilterVariable that it compares.")
    is_time = variable in ("CreatedAt", "LastUpdatedAt")
    compared = [(name, _moment(value, name) if is_time and name != "Prefix" else value) for name, value in given]

    def keep(value: Any) -> bool:
        if is_time:
            value = from_epoch(epoch(value))  # in milliseconds, as it was told
            text = value.isoformat()
            return all(_COMPARATORS[name](text if name == "Prefix" else value, wanted) for name, wanted in compared)
        return all(_COMPARATORS[name](str(value), wanted) for name, wanted in compared)

    return keep


def _moment(text: str, comparator: str) -> datetime:
    """A time as epoch seconds or milliseconds, or in ISO 8601."""
    try:
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (OverflowError, OSError) as error:
        raise invalid(f"{comparator}: {text} is no time.") from error
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"{comparator}: {text!r} is no time; give epoch seconds or 2026-01-31T12:00:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _all(platform: Platform, ctx: Context, kind: str) -> list[Record]:
    found: list[Record] = []
    after: str | None = None
    while True:
        page = platform.records.list(scope_of(ctx), kind, after=after, limit=_PAGE)
        found += page.items
        after = page.next
        if after is None:
            return found


def _sortable(value: Any) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def _token(value: str, name: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, name]).encode()).decode()


def _position(token: str) -> tuple[str, str]:
    try:
        value, name = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError) as error:
        raise invalid("The NextToken is not one that this operation gave.") from error
    if not (isinstance(value, str) and isinstance(name, str)):
        raise invalid("The NextToken is not one that this operation gave.")
    return value, name
