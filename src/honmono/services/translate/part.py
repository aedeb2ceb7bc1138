"""What every part of Translate stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.store.errors import BadPageToken, RecordMissing
from honmono.store.records import Scope
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.engines.host import EngineHost
    from honmono.services.own_buckets import OwnBucket
    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "translate"
PRINCIPAL = "translate.amazonaws.com"
FIELD = "translation"
TERMINOLOGY, PARALLEL_DATA = "terminology", "parallel-data"
AUTO = "auto"
_PAGE = 100


class Part:
    """A part of Translate's operations; the service is made of all of them."""

    platform: Platform
    files: OwnBucket
    """Of terminologies and parallel data, handed out by presigned URLs."""

    @property
    def engines(self) -> EngineHost:
        """The engines by field."""
        return self.platform.engines


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def arn_of(ctx: Context, kind: str, name: str) -> str:
    """The ARN of a resource of the caller's; a terminology's ends in its version, which is always the latest."""
    return f"arn:aws:translate:{ctx.region}:{ctx.account}:{kind}/{name}{'/LATEST' if kind == TERMINOLOGY else ''}"


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("InvalidRequestException", message)


def bad_value(message: str) -> ServiceError:
    """A value that cannot be used, where the operation says so of values."""
    return ServiceError("InvalidParameterValueException", message)


def not_found(what: str) -> ServiceError:
    """A resource that is not there."""
    return ServiceError("ResourceNotFoundException", f"The resource you are looking for has not been found: {what}.")


def find(platform: Platform, ctx: Context, kind: str, name: str, tx: Connection | None = None) -> Record:
    """The caller's resource of that name.

    Raises ServiceError ResourceNotFoundException.
    """
    try:
        return platform.records.get(scope_of(ctx), kind, name, tx=tx)
    except RecordMissing as error:
        raise not_found(f"{kind} {name}") from error


def listed(platform: Platform, ctx: Context, kind: str, request: Request) -> tuple[list[Record], Answer]:
    """A page of resources by name, and NextToken where more follow.

    Raises ServiceError InvalidParameterValueException for a token that is none of ours.
    """
    try:
        page = platform.records.list(
            scope_of(ctx), kind, after=request.get("NextToken") or None, limit=request.get("MaxResults", _PAGE)
        )
    except BadPageToken as error:
        raise bad_value("The NextToken is not one that this operation gave.") from error
    return list(page.items), {"NextToken": page.next} if page.next else {}
