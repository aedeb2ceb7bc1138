"""Log groups: their life, retention and tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from honmono.services.logs.events import now
from honmono.services.logs.part import (
    FILTER,
    GROUP,
    Answer,
    LogsPart,
    Request,
    as_group,
    bad_token,
    find_group,
    group_arn,
    group_name,
    invalid,
    milliseconds,
    next_token,
    no_group,
    scope,
)
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.paging import Page, page_token, position
from honmono.store.records import Record, Records, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_RETENTIONS: Final = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_TAG_LIMIT = 50
_DAY = 86_400_000


class Groups(LogsPart):
    """CreateLogGroup and what goes with it."""

    def create_log_group(self, request: Request, ctx: Context) -> Answer:
        """A new, empty group."""
        body = {"class": request.get("logGroupClass", "STANDARD")}
        if "kmsKeyId" in request:
            body["kms_key"] = request["kmsKeyId"]
        _check_tag_count(request.get("tags", {}))
        try:
            create_group(self.records, scope(ctx), request["logGroupName"], body, request.get("tags"))
        except RecordExists as error:
            message = "The specified log group already exists"
            raise ServiceError("ResourceAlreadyExistsException", message) from error
        return {}

    def delete_log_group(self, request: Request, ctx: Context) -> Answer:
        """Delete a group with its streams, events and filters."""
        with self.database.transaction() as tx:
            try:
                record = self.records.delete(scope(ctx), GROUP, request["logGroupName"], tx=tx)
            except RecordMissing as error:
                raise no_group() from error
            self.log_events.delete_group(as_group(record), tx=tx)
            for found in every_filter(self.records, scope(ctx), record.name):
                self.records.delete(found.scope, FILTER, found.name, tx=tx)
        return {}

    def describe_log_groups(self, request: Request, ctx: Context) -> Answer:
        """Groups by name."""
        if "logGroupNamePrefix" in request and "logGroupNamePattern" in request:
            raise invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        page = self._groups_page(request, ctx, request.get("logGroupNamePrefix", ""), _holds_pattern(request))
        sizes = self.log_events.stored_bytes(ctx.account, ctx.region)
        filters = self._filter_counts(ctx)
        groups = [_group(record, sizes.get(record.name, 0), filters.get(record.name, 0)) for record in page.items]
        return {"logGroups": groups, **next_token(page)}

    def list_log_groups(self, request: Request, ctx: Context) -> Answer:
        """Groups by name, in short."""
        page = self._groups_page(request, ctx, "", _holds_pattern(request))
        groups = [
            {"logGroupName": record.name, "logGroupArn": record.arn, "logGroupClass": record.body["class"]}
            for record in page.items
        ]
        return {"logGroups": groups, **next_token(page)}

    def _groups_page(self, request: Request, ctx: Context, prefix: str, text: str) -> Page[Record]:
        """A page of the groups with a prefix, that hold a text, of a class."""
        limit = request.get("limit", 50)
        wanted_class = request.get("logGroupClass")
        chosen = {group_name(identifier) for identifier in request.get("logGroupIdentifiers", [])}
        found: list[Record] = []
        try:
            after = request.get("nextToken")
            if after is not None:
                position(after, str)
            while True:
                page = self.records.list(scope(ctx), GROUP, after=after, limit=200, prefix=prefix)
                for record in page.items:
                    fits = text in record.name.lower() and (not chosen or record.name in chosen)
                    if fits and wanted_class in (None, record.body["class"]):
                        found.append(record)
                if len(found) > limit:
                    return Page(found[:limit], page_token(found[limit - 1].name))
                if page.next is None:
                    return Page(found, None)
                after = page.next
        except BadPageToken as error:
            raise bad_token(error) from error

    def _filter_counts(self, ctx: Context) -> dict[str, int]:
        counts: dict[str, int] = {}
        for record in every_filter(self.records, scope(ctx), None):
            name = record.body["group"]
            counts[name] = counts.get(name, 0) + 1
        return counts

    def put_retention_policy(self, request: Request, ctx: Context) -> Answer:
        """Let events expire after so many days."""
        days = request["retentionInDays"]
        if days not in _RETENTIONS:
            valid = ", ".join(map(str, _RETENTIONS))
            raise invalid(f"Invalid retention value. Valid retention values are: [{valid}]")
        self._modify(request, ctx, {"retention": days})
        return {}

    def delete_retention_policy(self, request: Request, ctx: Context) -> Answer:
        """Let events stay for ever."""
        self._modify(request, ctx, {"retention": None})
        return {}

    def associate_kms_key(self, request: Request, ctx: Context) -> Answer:
        """Note the key that a group is to be encrypted with. Nothing is encrypted by it here."""
        named = {"logGroupName": group_name(request.get("logGroupName") or request.get("resourceIdentifier") or "")}
        self._modify(named, ctx, {"kms_key": request["kmsKeyId"]})
        return {}

    def disassociate_kms_key(self, request: Request, ctx: Context) -> Answer:
        """Forget the key."""
        named = {"logGroupName": group_name(request.get("logGroupName") or request.get("resourceIdentifier") or "")}
        self._modify(named, ctx, {"kms_key": None})
        return {}

    def _modify(self, request: Request, ctx: Context, change: Mapping[str, Any]) -> None:
        try:
            self.records.modify(scope(ctx), GROUP, request["logGroupName"], lambda record: {**record.body, **change})
        except RecordMissing as error:
            raise no_group() from error

    def tag_log_group(self, request: Request, ctx: Context) -> Answer:
        """Add tags to a group, by its name."""
        return self._tag(find_group(self.records, scope(ctx), request["logGroupName"]), request["tags"])

    def untag_log_group(self, request: Request, ctx: Context) -> Answer:
        """Remove tags from a group, by its name."""
        record = find_group(self.records, scope(ctx), request["logGroupName"])
        self.records.remove_tags(record.arn, request["tags"])
        return {}

    def list_tags_log_group(self, request: Request, ctx: Context) -> Answer:
        """A group's tags, by its name."""
        return {"tags": find_group(self.records, scope(ctx), request["logGroupName"]).tags}

    def tag_resource(self, request: Request, ctx: Context) -> Answer:
        """Add tags to what has an ARN."""
        return self._tag(self._tagged(request, ctx), request["tags"])

    def untag_resource(self, request: Request, ctx: Context) -> Answer:
        """Remove tags from what has an ARN."""
        self.records.remove_tags(self._tagged(request, ctx).arn, request["tagKeys"])
        return {}

    def list_tags_for_resource(self, request: Request, ctx: Context) -> Answer:
        """The tags of what has an ARN."""
        return {"tags": self._tagged(request, ctx).tags}

    def _tag(self, record: Record, tags: Mapping[str, str]) -> Answer:
        _check_tag_count({**record.tags, **tags})
        self.records.set_tags(record.arn, tags)
        return {}

    def _tagged(self, request: Request, ctx: Context) -> Record:
        arn = request["resourceArn"].removesuffix(":*")
        try:
            record = self.records.by_arn(arn)
        except RecordMissing as error:
            raise ServiceError("ResourceNotFoundException", f"The specified resource {arn} does not exist.") from error
        if record.scope != scope(ctx):
            raise ServiceError("ResourceNotFoundException", f"The specified resource {arn} does not exist.")
        return record


def create_group(
    records: Records, where: Scope, name: str, body: Mapping[str, Any], tags: Mapping[str, str] | None = None
) -> Record:
    """Store a new group.

    Raises:
        RecordExists: there is one of this name.
    """
    return records.create(where, GROUP, name, {"retention": None, **body}, arn=group_arn(where, name), tags=tags)


def oldest(record: Record) -> int | None:
    """The time (milliseconds since 1970) before which a group's events have expired; None where they do not."""
    days = record.body.get("retention")
    return None if days is None else now() - days * _DAY


def every_group(records: Records, where: Scope) -> Iterator[Record]:
    """All groups of an account in a region, by name."""
    after: str | None = None
    while True:
        page = records.list(where, GROUP, after=after, limit=500)
        yield from page.items
        after = page.next
        if after is None:
            return


def every_filter(records: Records, where: Scope, group: str | None) -> list[Record]:
    """The metric filters of a group, or of all groups."""
    found: list[Record] = []
    after: str | None = None
    while True:
        page = records.list(where, FILTER, after=after, limit=500, prefix=f"{group}\n" if group is not None else "")
        found += page.items
        after = page.next
        if after is None:
            return found


def _holds_pattern(request: Request) -> str:
    return str(request.get("logGroupNamePattern", "")).lower()


def _check_tag_count(tags: Mapping[str, str]) -> None:
    if len(tags) > _TAG_LIMIT:
        raise ServiceError("TooManyTagsException", f"A resource has at most {_TAG_LIMIT} tags.")


def _group(record: Record, size: int, filters: int) -> Answer:
    body = record.body
    optional = {"retentionInDays": body.get("retention"), "kmsKeyId": body.get("kms_key")}
    return {
        "logGroupName": record.name,
        "creationTime": milliseconds(record),
        "metricFilterCount": filters,
        "arn": f"{record.arn}:*",
        "storedBytes": size,
        "logGroupClass": body["class"],
        "logGroupArn": record.arn,
        **{name: value for name, value in optional.items() if value is not None},
    }
