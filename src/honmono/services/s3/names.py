"""What a bucket and a key may be called.

Source: "Bucket naming rules" and "Object key naming guidelines" (Amazon S3 user guide).
"""

from __future__ import annotations

import re

from honmono.services.s3.errors import error, invalid_argument
from honmono.wire.errors import ServiceError

MAX_KEY_BYTES = 1024

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_VERSION = re.compile(r"null|[A-Za-z0-9._-]{32}")
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_bucket_name(name: str) -> None:
    """Refuse a name that no new bucket may have.

    Raises ServiceError InvalidBucketName.
    """
    if (
        not _BUCKET.fullmatch(name)
        or ".." in name
        or ".-" in name
        or "-." in name
        or _ADDRESS.fullmatch(name)
        or name.startswith(_RESERVED_PREFIXES)
        or name.endswith(_RESERVED_SUFFIXES)
    ):
        raise error("InvalidBucketName", "The specified bucket is not valid.", BucketName=name)


def check_version_id(version_id: str | None) -> None:
    """Refuse what cannot be a version's id.

    Raises ServiceError InvalidArgument.
    """
    if version_id is not None and not _VERSION.fullmatch(version_id):
        raise invalid_argument("Invalid version id specified", "versionId", version_id)


def check_key(key: str) -> None:
    """Refuse a key that is too long or is no UTF-8.

    Raises ServiceError KeyTooLongError or InvalidURI.
    """
    if len(key) * 4 <= MAX_KEY_BYTES and key.isprintable():
        return
    try:
        size = len(key.encode())
    except UnicodeEncodeError as failure:
        raise ServiceError("InvalidURI", "Couldn't parse the specified URI.", status=400) from failure
    if size > MAX_KEY_BYTES:
        raise error("KeyTooLongError", "Your key is too long", MaxSizeAllowed=MAX_KEY_BYTES, Size=size)
