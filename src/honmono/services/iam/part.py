"""What the parts of IAM share: finding an entity, paging, tags, and AWS's wording when something is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection

from honmono.services.iam.keys import AccessKeys
from honmono.services.platform import Platform
from honmono.store.database import Database
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.paging import page_token, position
from honmono.store.records import Record, Records, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_Item = TypeVar("_Item")

_MISSING: Final[Mapping[str, str]] = {
    "user": "The user with name {} cannot be found.",
    "group": "The group with name {} cannot be found.",
    "role": "The role with name {} cannot be found.",
    "instance-profile": "Instance Profile {} cannot be found.",
}
_EXISTS: Final[Mapping[str, str]] = {
    "user": "User with name {} already exists.",
    "group": "Group with name {} already exists.",
    "role": "Role with name {} already exists.",
    "instance-profile": "Instance Profile {} already exists.",
    "policy": "A policy called {} already exists. Duplicate names are not allowed.",
}


class IamPart:
    """Base of the mixins that make up the service."""

    platform: Platform
    records: Records
    database: Database
    keys: AccessKeys

    def reset(self) -> None:
        """Delete every access key; the records are the caller's to delete."""
        self.keys.clear()

    def _find(self, ctx: Context, kind: str, name: str, *, tx: Connection | None = None) -> Record:
        return find(self.records, ctx.account, kind, name, tx=tx)

    def _add(self, ctx: Context, kind: str, request: Mapping[str, Any], name: str, body: dict[str, Any]) -> Record:
        """Store a new entity under its name and path.

        Raises:
            ServiceError: EntityAlreadyExists.
        """
        path = request.get("Path", "/")
        arn = f"arn:aws:iam::{ctx.account}:{kind}{path}{name}"
        tags = read_tags(request.get("Tags", []))
        try:
            return self.records.create(scope(ctx.account), kind, name, {"path": path, **body}, arn=arn, tags=tags)
        except RecordExists as error:
            raise ServiceError("EntityAlreadyExists", _EXISTS[kind].format(name)) from error

    def _change(
        self,
        ctx: Context,
        kind: str,
        name: str,
        change: Callable[[dict[str, Any]], None],
        *,
        tx: Connection | None = None,
    ) -> Record:
        """Change an entity's body in place, with nobody in between."""

        def changed(record: Record) -> dict[str, Any]:
            change(record.body)
            return record.body

        try:
            return self.records.modify(scope(ctx.account), kind, name, changed, tx=tx)
        except RecordMissing as error:
            raise missing(kind, name) from error

    def _rename(self, record: Record, new_name: str, new_path: str, tx: Connection) -> Record:
        """Store an entity under another name or path; its ARN follows, its id and its dates stay."""
        account = record.scope.account
        arn = f"arn:aws:iam::{account}:{record.kind}{new_path}{new_name}"
        body = {**record.body, "path": new_path, "since": record.body.get("since", record.created.isoformat())}
        self.records.delete(record.scope, record.kind, record.name, tx=tx)
        try:
            return self.records.create(record.scope, record.kind, new_name, body, arn=arn, tags=record.tags, tx=tx)
        except RecordExists as error:
            raise ServiceError("EntityAlreadyExists", _EXISTS[record.kind].format(new_name)) from error

    def _tag(self, record: Record, tags: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        added = read_tags(tags)
        if len({key.lower() for key in (*record.tags, *added)}) > 50:
            raise ServiceError("LimitExceeded", "The number of tags has reached the maximum limit.")
        # Keys differ by more than case: a tag replaces the one that differs from it by case alone.
        replaced = {old for old in record.tags for new in added if old.lower() == new.lower() and old != new}
        with self.database.transaction() as tx:
            self.records.remove_tags(record.arn, replaced, tx=tx)
            self.records.set_tags(record.arn, added, tx=tx)
        return {}

    def _untag(self, record: Record, keys: Sequence[str]) -> dict[str, Any]:
        self.records.remove_tags(record.arn, keys)
        return {}


def scope(account: str) -> Scope:
    """Where an account's entities are: IAM knows no regions."""
    return Scope(account, "", "iam")


def find(records: Records, account: str, kind: str, name: str, *, tx: Connection | None = None) -> Record:
    """An entity by its name.

    Raises:
        ServiceError: NoSuchEntity.
    """
    try:
        return records.get(scope(account), kind, name, tx=tx)
    except RecordMissing as error:
        raise missing(kind, name) from error


def every(records: Records, account: str, kind: str, *, tx: Connection | None = None) -> list[Record]:
    """All entities of a kind in an account, by name."""
    found: list[Record] = []
    after: str | None = None
    while True:
        page = records.list(scope(account), kind, after=after, limit=1000, tx=tx)
        found += page.items
        after = page.next
        if after is None:
            return found


def missing(kind: str, name: str) -> ServiceError:
    """NoSuchEntity in the words for the kind."""
    return ServiceError("NoSuchEntity", _MISSING[kind].format(name))


def conflict(message: str) -> ServiceError:
    """DeleteConflict."""
    return ServiceError("DeleteConflict", message)


def under(records: Iterable[Record], request: Mapping[str, Any]) -> list[Record]:
    """Those below the PathPrefix that a request names."""
    prefix = request.get("PathPrefix", "/")
    return [record for record in records if record.body["path"].startswith(prefix)]


def paged(
    member: str,
    items: Sequence[_Item],
    request: Mapping[str, Any],
    key: Callable[[_Item], str],
    write: Callable[[_Item], Any],
) -> dict[str, Any]:
    """One page of a list, with IsTruncated and Marker.

    Args:
        member: the answer's name for the list.
        items: all of them.
        request: MaxItems (100 where it says nothing) and Marker.
        key: the text that orders the items.
        write: an item as it is answered.

    Raises:
        ServiceError: ValidationError, the marker is none of ours.
    """
    remaining = sorted(items, key=key)
    if "Marker" in request:
        try:
            (last,) = position(request["Marker"], str)
        except BadPageToken as error:
            raise ServiceError("ValidationError", "Invalid Marker.", status=400) from error
        remaining = [item for item in remaining if key(item) > str(last)]
    limit = request.get("MaxItems", 100)
    shown = remaining[:limit]
    answer: dict[str, Any] = {member: [write(item) for item in shown], "IsTruncated": len(remaining) > limit}
    if len(remaining) > limit:
        answer["Marker"] = page_token(key(shown[-1]))
    return answer


def read_tags(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Tags as a dict.

    Raises:
        ServiceError: InvalidInput, two keys are the same but for case; a reserved key.
    """
    found = {tag["Key"]: tag["Value"] for tag in tags}
    if len({tag["Key"].lower() for tag in tags}) < len(tags):
        raise ServiceError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    for key in found:
        if key.lower().startswith("aws:"):
            raise ServiceError("InvalidInput", f"The tag key {key} begins with aws:, which is reserved for AWS.")
    return found


def write_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def write_document(document: str) -> str:
    """A policy document as IAM answers it: percent-encoded as RFC 3986 says."""
    return quote(document, safe="")


def boundary(record: Record) -> dict[str, Any]:
    """The PermissionsBoundary member, where the entity has one."""
    arn = record.body.get("boundary")
    if arn is None:
        return {}
    return {
        "PermissionsBoundary": {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
    }


def tagged(record: Record) -> dict[str, Any]:
    """The Tags member, where the entity has tags."""
    return {"Tags": write_tags(record.tags)} if record.tags else {}
