"""Tags: read, checked and shown.

Source: "Categorizing your objects using tags" (Amazon S3 user guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import regex

from honmono.services.s3.errors import error, invalid_argument, malformed_xml
from honmono.wire.errors import ServiceError

_ALLOWED = regex.compile(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*")


def tags_of(tagging: Mapping[str, Any] | None, limit: int) -> dict[str, str]:
    """The tags of a Tagging document; at most ``limit`` of them.

    Raises ServiceError MalformedXML, InvalidTag or BadRequest.
    """
    if not isinstance(tagging, Mapping) or "TagSet" not in tagging:
        raise malformed_xml()
    pairs = []
    for tag in tagging["TagSet"]:
        if "Key" not in tag or "Value" not in tag:
            raise malformed_xml()
        pairs.append((tag["Key"], tag["Value"]))
    return _checked(pairs, limit)


def tags_of_header(text: str | None, limit: int = 10) -> dict[str, str]:
    """The tags of an x-amz-tagging header, which is written like a query.

    Raises ServiceError as `tags_of`.
    """
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
    except ValueError as failure:
        raise invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
            "name duplicates.",
            "x-amz-tagging",
            text,
        ) from failure
    return _checked(pairs, limit)


def _checked(pairs: list[tuple[str, str]], limit: int) -> dict[str, str]:
    if len(pairs) > limit:
        if limit == 10:
            raise ServiceError("BadRequest", "Object tags cannot be greater than 10", status=400)
        raise ServiceError("BadRequest", f"Bucket tag count cannot be greater than {limit}", status=400)
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not 1 <= len(key) <= 128 or not _ALLOWED.fullmatch(key):
            raise error("InvalidTag", "The TagKey you have provided is invalid", TagKey=key)
        if len(value) > 256 or not _ALLOWED.fullmatch(value):
            raise error("InvalidTag", "The TagValue you have provided is invalid", TagKey=key, TagValue=value)
        if key.startswith("aws:"):
            message = (
                "Your TagKey cannot be prefixed with aws:"
                if limit == 10
                else "System tags cannot be added/updated by requester"
            )
            raise error("InvalidTag", message, TagKey=key)
        if key in tags:
            raise error("InvalidTag", "Cannot provide multiple Tags with the same key", TagKey=key)
        tags[key] = value
    return tags


def shown(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The tags as an answer tells them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
