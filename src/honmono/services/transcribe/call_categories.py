"""Categories of calls: create, get, list, update, delete."""

from __future__ import annotations

from typing import Any

from honmono.services.platform import Platform
from honmono.services.transcribe.part import (
    Answer,
    Part,
    Request,
    arn_of,
    invalid,
    listed,
    scope_of,
    tags_shown,
)
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

CATEGORY = "analytics-category"
AFTER_CALL = "POST_CALL"
_MOST_LISTED = 1000


class CallCategories(Part):
    """Rules under a name; each call is held against them as they are when its job starts."""

    def create_call_analytics_category(self, request: Request, ctx: Context) -> Answer:
        """Keep a category."""
        check_rules(request["Rules"])
        name = request["CategoryName"]
        body = {"Rules": request["Rules"], "InputType": request.get("InputType", AFTER_CALL)}
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
        try:
            record = self.platform.records.create(
                scope_of(ctx), CATEGORY, name, body, arn=arn_of(ctx, CATEGORY, name), tags=tags
            )
        except RecordExists as error:
            raise ServiceError(
                "ConflictException", "The requested category name already exists. Use a different category name."
            ) from error
        return {"CategoryProperties": _shown(self.platform, record)}

    def get_call_analytics_category(self, request: Request, ctx: Context) -> Answer:
        """A category and its rules."""
        return {"CategoryProperties": _shown(self.platform, self._category(request["CategoryName"], ctx))}

    def list_call_analytics_categories(self, request: Request, ctx: Context) -> Answer:
        """All categories, the newest first."""
        found, more = listed(self.platform, ctx, CATEGORY, request, lambda _: True)
        return {"Categories": [_shown(self.platform, record) for record in found], **more}

    def update_call_analytics_category(self, request: Request, ctx: Context) -> Answer:
        """Put other rules in the place of a category's; its input type stays what it was."""
        check_rules(request["Rules"])
        record = self._category(request["CategoryName"], ctx)
        if request.get("InputType", record.body["InputType"]) != record.body["InputType"]:
            raise invalid(
                f"The InputType of the category {record.name} is {record.body['InputType']} and can't change."
            )
        updated = self.platform.records.modify(
            scope_of(ctx), CATEGORY, record.name, lambda kept: {**kept.body, "Rules": request["Rules"]}
        )
        return {"CategoryProperties": _shown(self.platform, updated)}

    def delete_call_analytics_category(self, request: Request, ctx: Context) -> Answer:
        """Forget a category."""
        record = self._category(request["CategoryName"], ctx)
        self.platform.records.delete(record.scope, CATEGORY, record.name)
        return {}

    def _category(self, name: str, ctx: Context) -> Record:
        try:
            return self.platform.records.get(scope_of(ctx), CATEGORY, name)
        except RecordMissing as error:
            raise ServiceError(
                "NotFoundException",
                "The requested category couldn't be found. Check the category name and try your request again.",
            ) from error


def categories_after_calls(platform: Platform, ctx: Context) -> list[dict[str, Any]]:
    """The categories that recorded calls are held against: of each its Name and its Rules."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = platform.records.list(scope_of(ctx), CATEGORY, after=after, limit=_MOST_LISTED)
        found += [
            {"Name": record.name, "Rules": record.body["Rules"]}
            for record in page.items
            if record.body["InputType"] == AFTER_CALL
        ]
        after = page.next
        if after is None:
            return found


def check_rules(rules: list[dict[str, Any]]) -> None:
    """Refuse rules whose ranges of time make no sense.

    Raises ServiceError BadRequestException.
    """
    for rule in rules:
        if len(rule) != 1:
            raise invalid("Each rule has one filter, and not more.")
        ((name, asked),) = rule.items()
        absolute, relative = asked.get("AbsoluteTimeRange"), asked.get("RelativeTimeRange")
        if absolute is not None and relative is not None:
            raise invalid(f"{name}: give an AbsoluteTimeRange or a RelativeTimeRange, not both.")
        for given, begin, end in (
            (absolute, "StartTime", "EndTime"),
            (relative, "StartPercentage", "EndPercentage"),
        ):
            if given is None:
                continue
            ways = [(begin in given) or (end in given), "First" in given, "Last" in given]
            if sum(ways) != 1 or (begin in given) != (end in given):
                raise invalid(f"{name}: a range of time has {begin} and {end}, or First, or Last.")
            if begin in given and given[begin] >= given[end]:
                raise invalid(f"{name}: {begin} must be before {end}.")


def _shown(platform: Platform, record: Record) -> Answer:
    return {
        "CategoryName": record.name,
        "Rules": record.body["Rules"],
        "CreateTime": record.created,
        "LastUpdateTime": record.updated,
        "InputType": record.body["InputType"],
        **tags_shown(platform, record),
    }
