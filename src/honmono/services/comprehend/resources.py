"""What Comprehend's resources share: where they are kept, how they are found by ARN, and how they are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from honmono.services.iam.permissions import pass_role
from honmono.services.platform import Platform
from honmono.store.errors import RecordMissing, StoreError
from honmono.store.records import Record, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

SERVICE = "comprehend"
PRINCIPAL = "comprehend.amazonaws.com"
MAX_TAGS = 50
_PAGE = 100


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def arn_of(ctx: Context, kind: str, name: str) -> str:
    """The ARN of a resource of the caller's."""
    return f"arn:aws:comprehend:{ctx.region}:{ctx.account}:{kind}/{name}"


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("InvalidRequestException", message)


def not_found() -> ServiceError:
    """In AWS's words, which name nothing."""
    return ServiceError("ResourceNotFoundException", "RESOURCE_NOT_FOUND: Could not find specified resource.")


def find(platform: Platform, ctx: Context, arn: str, *kinds: str) -> Record:
    """The caller's resource that has this ARN, of one of these kinds where any are given.

    Raises ServiceError ResourceNotFoundException.
    """
    try:
        record = platform.records.by_arn(arn)
    except RecordMissing as error:
        raise not_found() from error
    if record.scope != scope_of(ctx) or (kinds and record.kind not in kinds):
        raise not_found()
    return record


def check_role(platform: Platform, ctx: Context, role: str) -> None:
    """Refuse a role that is not there, does not trust Comprehend, or that the caller may not pass.

    Raises ServiceError InvalidRequestException, AccessDeniedException.
    """
    try:
        pass_role(platform, ctx.principal, role, PRINCIPAL)
    except ServiceError as error:
        if error.code == "ValidationException":
            raise invalid(str(error)) from error
        raise


def tags_of(request: dict[str, Any]) -> dict[str, str]:
    """The tags of a request that creates something.

    Raises ServiceError TooManyTagsException.
    """
    tags = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags", ())}
    check_number_of_tags(tags)
    return tags


def check_number_of_tags(tags: dict[str, str]) -> None:
    """Refuse more tags than AWS allows.

    Raises ServiceError TooManyTagsException.
    """
    if len(tags) > MAX_TAGS:
        raise ServiceError("TooManyTagsException", f"A resource has at most {MAX_TAGS} tags; these are {len(tags)}.")


def listed(
    platform: Platform,
    ctx: Context,
    kind: str,
    request: dict[str, Any],
    show: Callable[[Record], dict[str, Any]],
    keep: Callable[[Record, dict[str, Any]], bool],
    *,
    prefix: str = "",
    descending: bool = True,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A page of resources as `show` makes them, those that `keep` keeps, and NextToken where more may follow.

    The newest come first, or last where not `descending`.

    Raises ServiceError InvalidRequestException for a token that is none of ours.
    """
    limit = request.get("MaxResults", _PAGE)
    after = request.get("NextToken")
    shown: list[dict[str, Any]] = []
    while len(shown) < limit:
        try:
            page = platform.records.list(
                scope_of(ctx),
                kind,
                after=after,
                limit=limit - len(shown),
                prefix=prefix,
                order="created",
                descending=descending,
            )
        except StoreError as error:
            raise invalid("The NextToken is not one that this operation gave.") from error
        for record in page.items:
            described = show(record)
            if keep(record, described):
                shown.append(described)
        after = page.next
        if after is None:
            return shown, {}
    return shown, {"NextToken": after} if after else {}


def within(moment: Any, before: Any, after: Any) -> bool:
    """Whether a moment lies between two that may be absent."""
    return (before is None or moment < before) and (after is None or moment > after)
