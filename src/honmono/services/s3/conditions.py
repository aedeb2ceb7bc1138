"""Conditional requests and ranges: RFC 9110 as S3 reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from honmono.services.s3.errors import error, invalid_argument, no_such_key, precondition_failed
from honmono.store.objects_values import ObjectVersion
from honmono.wire.errors import ServiceError

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def not_modified(request: Mapping[str, Any], version: ObjectVersion) -> bool:
    """Hold a read's conditions against the version; True means 304.

    Raises ServiceError PreconditionFailed.
    """
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    if match is not None:
        if not _names(match, version.etag):
            raise precondition_failed("If-Match")
    elif (unmodified := request.get("IfUnmodifiedSince")) is not None and version.last_modified > unmodified:
        raise precondition_failed("If-Unmodified-Since")
    if none_match is not None:
        return _names(none_match, version.etag)
    since = request.get("IfModifiedSince")
    return since is not None and version.last_modified <= since


def check_copy(request: Mapping[str, Any], version: ObjectVersion) -> None:
    """Hold a copy's conditions against its source.

    Raises ServiceError PreconditionFailed.
    """
    match, none_match = request.get("CopySourceIfMatch"), request.get("CopySourceIfNoneMatch")
    unmodified: datetime | None = request.get("CopySourceIfUnmodifiedSince")
    since: datetime | None = request.get("CopySourceIfModifiedSince")
    if match is not None:
        if not _names(match, version.etag):
            raise precondition_failed("x-amz-copy-source-If-Match")
    elif unmodified is not None and version.last_modified > unmodified:
        raise precondition_failed("x-amz-copy-source-If-Unmodified-Since")
    if none_match is not None:
        if _names(none_match, version.etag):
            raise precondition_failed("x-amz-copy-source-If-None-Match")
    elif since is not None and version.last_modified <= since:
        raise precondition_failed("x-amz-copy-source-If-Modified-Since")


def write_check(request: Mapping[str, Any], key: str) -> Callable[[ObjectVersion | None], None] | None:
    """The check of a write's conditions, to be made within its transaction; None where it has none.

    Raises ServiceError NotImplemented for a form that S3 does not take.
    """
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    if match is None and none_match is None:
        return None
    if none_match is not None and none_match != "*":
        raise error(
            "NotImplemented",
            "A header you provided implies functionality that is not implemented",
            Header="If-None-Match",
            additionalMessage="We don't accept the provided value of If-None-Match header for this API",
        )

    def check(current: ObjectVersion | None) -> None:
        there = current is not None and not current.deleted
        if none_match is not None and there:
            raise precondition_failed("If-None-Match")
        if match is not None:
            if current is None or not there:
                raise no_such_key(key)
            if not _names(match, current.etag):
                raise precondition_failed("If-Match")

    return check


def _names(given: str, etag: str) -> bool:
    """Whether one of a header's entity tags is the object's."""
    return any(tag.strip().removeprefix("W/").strip('"') in (etag, "*") for tag in given.split(","))


def byte_range(text: str | None, size: int) -> tuple[int, int] | None:
    """The first byte and the length that a Range header asks for, or None for the whole object.

    What S3 cannot read as one range of bytes it ignores, as RFC 9110 wants it.
    Raises ServiceError InvalidRange for one outside the object.
    """
    found = _RANGE.fullmatch(text.strip()) if text else None
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        start = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return None
    else:
        start, last = max(size - int(found[2]), 0), size - 1
        if int(found[2]) == 0:
            start = size
    if start >= size:
        raise error(
            "InvalidRange", "The requested range is not satisfiable", ActualObjectSize=size, RangeRequested=text
        )
    return start, last - start + 1


def copy_range(text: str, size: int) -> tuple[int, int]:
    """The first byte and the length that x-amz-copy-source-range asks for; only `bytes=FIRST-LAST` is allowed.

    Raises ServiceError InvalidArgument.
    """
    found = _RANGE.fullmatch(text)
    if found is None or not found[1] or not found[2] or int(found[2]) < int(found[1]):
        raise invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
            "x-amz-copy-source-range",
            text,
        )
    start, last = int(found[1]), int(found[2])
    if last >= size:
        raise _outside(text, size)
    return start, last - start + 1


def _outside(text: str, size: int) -> ServiceError:
    return invalid_argument(
        f"Range specified is not valid for source object of size: {size}", "x-amz-copy-source-range", text
    )


def check_delete(request: Mapping[str, Any], current: ObjectVersion | None) -> None:
    """Hold a delete's conditions against what it would delete.

    Raises ServiceError PreconditionFailed.
    """
    match, size = request.get("IfMatch"), request.get("IfMatchSize")
    modified: datetime | None = request.get("IfMatchLastModifiedTime")
    if match is None and size is None and modified is None:
        return
    if current is None or current.deleted:
        raise no_such_key(request.get("Key", ""))
    if match is not None and not _names(match, current.etag):
        raise precondition_failed("If-Match")
    if size is not None and size != current.size:
        raise precondition_failed("x-amz-if-match-size")
    if modified is not None and modified.replace(microsecond=0) != current.last_modified:
        raise precondition_failed("x-amz-if-match-last-modified-time")
