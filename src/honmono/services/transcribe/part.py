"""What every part of Transcribe stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from honmono.services.iam.permissions import pass_role
from honmono.services.own_buckets import OwnBucket
from honmono.services.platform import Platform
from honmono.store.errors import BadPageToken, RecordMissing
from honmono.store.records import Record, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "transcribe"
PRINCIPAL = "transcribe.amazonaws.com"
_PAGE = 5


class Part:
    """A part of Transcribe's operations; the service is made of all of them."""

    platform: Platform
    results: OwnBucket
    """Of transcripts whose place the customer did not name."""
    dictionaries: OwnBucket
    """Of the words of vocabularies and filters."""


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def arn_of(ctx: Context, kind: str, name: str) -> str:
    """The ARN of a resource of the caller's."""
    return f"arn:aws:transcribe:{ctx.region}:{ctx.account}:{kind}/{name}"


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("BadRequestException", message)


def find(platform: Platform, ctx: Context, kind: str, name: str, called: str, tx: Connection | None = None) -> Record:
    """The caller's resource of that name.

    Args:
        called: what it is in Transcribe's messages: `job`, `vocabulary`.

    Raises ServiceError BadRequestException, which is AWS's answer too, whatever its model says.
    """
    try:
        return platform.records.get(scope_of(ctx), kind, name, tx=tx)
    except RecordMissing as error:
        raise invalid(
            f"The requested {called} couldn't be found. Check the {called} name and try your request again."
        ) from error


def check_role(platform: Platform, ctx: Context, role: str | None) -> None:
    """Refuse a role that is not there, does not trust Transcribe, or that the caller may not pass.

    Raises ServiceError BadRequestException, AccessDeniedException.
    """
    if role is None:
        return
    try:
        pass_role(platform, ctx.principal, role, PRINCIPAL)
    except ServiceError as error:
        raise invalid(error.message) if error.code == "ValidationException" else error from error


def tags_shown(platform: Platform, record: Record) -> Answer:
    """The member Tags, where there are any."""
    tags = platform.records.tags(record.arn)
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]} if tags else {}


def listed(
    platform: Platform,
    ctx: Context,
    kind: str,
    request: Request,
    keep: Callable[[Record], bool],
) -> tuple[list[Record], Answer]:
    """A page of resources, the newest first, and NextToken where more may follow.

    Raises ServiceError BadRequestException for a token that is none of ours.
    """
    limit, after = request.get("MaxResults", _PAGE), request.get("NextToken")
    found: list[Record] = []
    while len(found) < limit:
        try:
            page = platform.records.list(
                scope_of(ctx), kind, after=after, limit=limit - len(found), order="created", descending=True
            )
        except BadPageToken as error:
            raise invalid("The NextToken is not one that this operation gave.") from error
        found += [record for record in page.items if keep(record)]
        after = page.next
        if after is None:
            return found, {}
    return found, {"NextToken": after}
