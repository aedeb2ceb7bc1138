"""AWS Signature Version 2 for S3, which boto3 still uses for presigned URLs on custom endpoints.

Two forms: the query (`AWSAccessKeyId`, `Expires`, `Signature`) and the header `Authorization: AWS
KEY:SIGNATURE`. Source: "Signing and authenticating REST requests (AWS signature version 2)" (Amazon S3 user
guide). By its design it covers neither the body nor those query parameters that are not in `SUBRESOURCES`.
"""

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import unquote_plus

from honmono.wire.signature import Lookup, PayloadForm, PayloadRule
from honmono.wire.signature_canonical import SignedRequest
from honmono.wire.signature_claim import MAX_SKEW, read_time
from honmono.wire.signature_errors import Refusal, SignatureError

Identity = TypeVar("Identity")

SUBRESOURCES = frozenset(
    {
        *("accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle"),
        *("location", "logging", "metrics", "notification", "object-lock", "partNumber", "policy"),
        *("replication", "requestPayment", "restore", "select", "select-type", "storageClass", "tagging"),
        *("torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website"),
        *("response-cache-control", "response-content-disposition", "response-content-encoding"),
        *("response-content-language", "response-content-type", "response-expires"),
    }
)
"""Query parameters that belong to the signed resource."""

_SCHEME = "AWS "
_FIELDS = ("AWSAccessKeyId", "Expires", "Signature")


@dataclass(frozen=True, slots=True)
class VerifiedV2(Generic[Identity]):
    """A request whose version 2 signature holds. Its body is not signed."""

    identity: Identity
    access_key: str
    presigned: bool

    @property
    def payload(self) -> PayloadRule:
        """The rule for the body, as `Verified` has one."""
        return PayloadRule(PayloadForm.UNSIGNED)


def is_signed_v2(request: SignedRequest) -> bool:
    """Whether a request carries a version 2 signature, in its header or its query."""
    return request.headers.get("authorization", "").startswith(_SCHEME) or (
        "AWSAccessKeyId=" in request.query and "AWSAccessKeyId" in _query_values(request.query)
    )


def verify_v2(
    request: SignedRequest, lookup: Lookup[Identity], *, now: datetime, virtual_bucket: str | None = None
) -> VerifiedV2[Identity]:
    """Check a version 2 signature.

    `now` is timezone-aware. `virtual_bucket` is the bucket that the Host header names, None for path style:
    the signed resource begins with the bucket either way.

    Raises:
        SignatureError: the request is not to be let in; word it for "s3".
    """
    authorization = request.headers.get("authorization")
    query = _query_values(request.query)
    presigned = authorization is None
    if authorization is not None:
        if "Signature" in query or "X-Amz-Signature" in query:
            raise SignatureError(Refusal.AMBIGUOUS)
        access_key, colon, signature = authorization.removeprefix(_SCHEME).strip().rpartition(":")
        if not authorization.startswith(_SCHEME) or not colon:
            raise SignatureError(
                Refusal.MALFORMED,
                s3_message="AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
                s3_code="InvalidArgument",
            )
        date = _check_header_date(request.headers, now)
        amz_headers = _amz_headers(request.headers, {})
        content = request.headers
    else:
        if not all(query.get(field) for field in _FIELDS):
            raise SignatureError(
                Refusal.MISSING,
                s3_message="Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
            )
        access_key, date, signature = (query[field] for field in _FIELDS)
        _check_expires(date, now)
        amz_headers = _amz_headers(request.headers, query)
        # botocore moves these headers into the URL; the sender may also send them.
        content = {**query, **request.headers}

    secret = lookup(access_key, amz_headers.get("x-amz-security-token"))
    if secret is None:
        raise SignatureError(Refusal.UNKNOWN_KEY, presigned=presigned)
    lines = (
        request.method,
        content.get("content-md5", "").strip(),
        content.get("content-type", "").strip(),
        date,
        *(f"{name}:{amz_headers[name]}" for name in sorted(amz_headers)),
    )
    for resource in _canonical_resources(request, virtual_bucket):
        text = "\n".join((*lines, resource))
        try:
            expected = b64encode(hmac.digest(secret.secret_key.encode(), text.encode("latin-1"), "sha1"))
        except UnicodeEncodeError as error:
            raise SignatureError(Refusal.MISMATCH, presigned=presigned) from error
        if hmac.compare_digest(expected, signature.encode()):
            return VerifiedV2(secret.identity, access_key, presigned)
    raise SignatureError(Refusal.MISMATCH, presigned=presigned)


def _query_values(query: str) -> dict[str, str]:
    values = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        values[name] = unquote_plus(value, "latin-1")
    return values


def _check_header_date(headers: Mapping[str, str], now: datetime) -> str:
    """Check the clock; give the date line of the string to sign, which is empty where x-amz-date stands in
    for it."""
    text = headers.get("x-amz-date") or headers.get("date") or ""
    if abs(now - read_time(text)) > MAX_SKEW:
        raise SignatureError(Refusal.SKEWED)
    return "" if "x-amz-date" in headers else text.strip()


def _check_expires(text: str, now: datetime) -> None:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise SignatureError(
            Refusal.MALFORMED,
            s3_message=f"Invalid date (should be seconds since epoch): {text}",
            s3_code="AccessDenied",
            presigned=True,
        )
    if now.timestamp() > int(text):
        raise SignatureError(Refusal.EXPIRED, presigned=True)


def _amz_headers(headers: Mapping[str, str], query: Mapping[str, str]) -> dict[str, str]:
    found = {name: value.strip() for name, value in query.items() if name.startswith("x-amz-")}
    for name, value in headers.items():
        if name.startswith("x-amz-"):
            found[name] = value.strip()
    return found


def _canonical_resources(request: SignedRequest, virtual_bucket: str | None) -> list[str]:
    """What may have been signed: botocore signs a bare bucket with a slash behind it that it does not send."""
    path = request.raw_path or "/"
    if virtual_bucket is not None:
        path = f"/{virtual_bucket}{path}"
    pairs = []
    for pair in request.query.split("&"):
        name, equals, value = pair.partition("=")
        if name in SUBRESOURCES:
            pairs.append((name, f"{name}{equals}{unquote_plus(value, 'latin-1')}"))
    pairs.sort()
    query = f"?{'&'.join(text for _, text in pairs)}" if pairs else ""
    paths = [path] if "/" in path[1:] else [path, f"{path}/"]
    return [path + query for path in paths]
