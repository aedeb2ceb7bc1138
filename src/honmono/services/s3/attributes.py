"""What an object carries beside its bytes: read from the request that writes it, shown by those that read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from honmono.services.s3 import acl
from honmono.services.s3.encryption import encryption_of
from honmono.services.s3.errors import error, invalid_argument, invalid_request
from honmono.services.s3.tags import tags_of_header
from honmono.store.objects_values import Attributes, Bucket, Lock
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch

DEFAULT_TYPE = "binary/octet-stream"
STORAGE_CLASSES = frozenset(
    [
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "OUTPOSTS",
        "GLACIER_IR",
        "SNOW",
        "EXPRESS_ONEZONE",
        "FSX_OPENZFS",
        "FSX_ONTAP",
    ]
)
MAX_METADATA_BYTES = 2048

_HEADERS = {
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentLanguage": "content-language",
    "ContentType": "content-type",
    "WebsiteRedirectLocation": "x-amz-website-redirect-location",
}
_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
}


def attributes_of(request: Mapping[str, Any], ctx: Context, bucket: Bucket) -> Attributes:
    """What a PutObject, CreateMultipartUpload or CopyObject request says of the object.

    Raises ServiceError for what S3 does not take.
    """
    grants = acl.grants_of(request, ctx.account, bucket)
    acl.check_allowed(bucket, request, grants)
    ownership = bucket.settings.get("ownership")
    taken_over = ownership == "BucketOwnerEnforced" or (
        ownership == "BucketOwnerPreferred" and request.get("ACL") == "bucket-owner-full-control"
    )
    return Attributes(
        owner=bucket.account if taken_over else ctx.account,
        headers=system_headers(request, ctx),
        metadata=user_metadata(request),
        tags=tags_of_header(request.get("Tagging")),
        storage_class=storage_class(request),
        grants=grants or [],
        encryption=encryption_of(request, bucket),
        lock=lock_of(request, bucket),
    )


def system_headers(request: Mapping[str, Any], ctx: Context) -> dict[str, str]:
    """The headers that are kept and given back as they are."""
    kept = {header: request[member] for member, header in _HEADERS.items() if member in request}
    encoding = kept.get("content-encoding")
    if encoding is not None and "aws-chunked" in encoding:
        # How the body travelled, not what it is.
        names = [name.strip() for name in encoding.split(",")]
        kept["content-encoding"] = ",".join(name for name in names if name != "aws-chunked")
        if not kept["content-encoding"]:
            del kept["content-encoding"]
    expires = ctx.headers.get("expires")
    if expires is not None:
        kept["expires"] = expires
    return kept


def user_metadata(request: Mapping[str, Any]) -> dict[str, str]:
    """The x-amz-meta- headers.

    Raises ServiceError MetadataTooLarge.
    """
    metadata: dict[str, str] = request.get("Metadata") or {}
    if not metadata:
        return {}
    size = sum(len(name) + len(value.encode()) for name, value in metadata.items())
    if size > MAX_METADATA_BYTES:
        raise error(
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            Size=size,
            MaxSizeAllowed=MAX_METADATA_BYTES,
        )
    return {name.lower(): value.strip() for name, value in metadata.items()}


def storage_class(request: Mapping[str, Any]) -> str:
    """The storage class.

    Raises ServiceError InvalidStorageClass.
    """
    name: str = request.get("StorageClass", "STANDARD")
    if name not in STORAGE_CLASSES:
        raise error("InvalidStorageClass", "The storage class you specified is not valid", StorageClassRequested=name)
    return name


def lock_of(request: Mapping[str, Any], bucket: Bucket) -> Lock:
    """The protection that the request asks for, or the bucket's default.

    Raises ServiceError InvalidRequest or InvalidArgument.
    """
    mode, until = request.get("ObjectLockMode"), request.get("ObjectLockRetainUntilDate")
    hold = request.get("ObjectLockLegalHoldStatus")
    configuration = bucket.settings.get("object_lock")
    if configuration is None:
        if mode or until or hold:
            raise invalid_request("Bucket is missing Object Lock Configuration")
        return Lock()
    if bool(mode) is not bool(until):
        raise invalid_argument("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied")
    if mode and mode not in ("GOVERNANCE", "COMPLIANCE"):
        raise invalid_argument("Unknown wormMode directive.", "x-amz-object-lock-mode", mode)
    if hold and hold not in ("ON", "OFF"):
        raise invalid_argument("Legal Hold must be either of 'ON' or 'OFF'", "x-amz-object-lock-legal-hold", hold)
    now = datetime.now().astimezone()
    if until is not None and until <= now:
        raise invalid_argument("The retain until date must be in the future!", "x-amz-object-lock-retain-until-date")
    default = (configuration.get("Rule") or {}).get("DefaultRetention")
    if mode is None and default:
        mode = default["Mode"]
        until = now + timedelta(days=default.get("Days") or 365 * default.get("Years", 0))
    return Lock(mode or "", until.timestamp() if until is not None else 0, hold or "")


def shown(attributes: Attributes, request: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The members of a GetObject or HeadObject answer that tell of the attributes.

    Raises ServiceError InvalidRequest where an anonymous caller overrides a header.
    """
    headers = attributes.headers
    answer: dict[str, Any] = {member: headers[name] for member, name in _HEADERS.items() if name in headers}
    answer.setdefault("ContentType", DEFAULT_TYPE)
    if "expires" in headers:
        ctx.response_headers["expires"] = headers["expires"]
    if attributes.metadata:
        answer["Metadata"] = attributes.metadata
    if attributes.tags:
        answer["TagCount"] = len(attributes.tags)
    if attributes.storage_class != "STANDARD":
        answer["StorageClass"] = attributes.storage_class
    lock = attributes.lock
    if lock.mode:
        answer["ObjectLockMode"] = lock.mode
        answer["ObjectLockRetainUntilDate"] = from_epoch(lock.until)
    if lock.hold:
        answer["ObjectLockLegalHoldStatus"] = lock.hold
    if any(name.startswith("Response") for name in request):
        if ctx.account == "anonymous":
            raise invalid_request("Request specific response headers cannot be used for anonymous GET requests.")
        answer.update({member: request[name] for name, member in _OVERRIDES.items() if name in request})
        if ctx.http is not None and "response-expires" in ctx.http.query:
            ctx.response_headers["expires"] = ctx.http.query["response-expires"][0]
    return answer
