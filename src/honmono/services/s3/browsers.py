"""What browsers send: the question before a cross-origin request, and forms with a file.

Source: "Browser-based uploads using POST" (Amazon S3 API reference).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec

from honmono.services.s3 import attributes, checksums, cors, encryption
from honmono.services.s3.access import authorise
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import error, invalid_argument, no_such_bucket
from honmono.services.s3.form_body import FormBody, boundary_of
from honmono.services.s3.names import check_key
from honmono.services.s3.receiving import MAX_BYTES, receive
from honmono.services.s3.tags import tags_of
from honmono.store.objects_values import BucketMissing, NewObject
from honmono.wire.authentication import refusal
from honmono.wire.checksums import header_name
from honmono.wire.errors import ServiceError
from honmono.wire.http import Request, Response
from honmono.wire.post_policy import PostPolicyError, VerifiedPost, object_key, verify_post
from honmono.wire.service import Context, Identity
from honmono.wire.signature import SignatureError
from honmono.wire.xml import document, escape_text

Special = Callable[[Request, Context], Response]

_FIELDS = {
    "acl": "ACL",
    "cache-control": "CacheControl",
    "content-disposition": "ContentDisposition",
    "content-encoding": "ContentEncoding",
    "content-language": "ContentLanguage",
    "content-type": "ContentType",
    "content-md5": "ContentMD5",
    "x-amz-storage-class": "StorageClass",
    "x-amz-website-redirect-location": "WebsiteRedirectLocation",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "x-amz-server-side-encryption-customer-key": "SSECustomerKey",
    "x-amz-server-side-encryption-customer-key-md5": "SSECustomerKeyMD5",
    **{header_name(name): member for member, name in checksums.MEMBERS.items()},
}
_METADATA = "x-amz-meta-"


class BrowserOperations(Operations):
    """Requests that no operation of the model describes."""

    def _special(self, request: Request) -> Special | None:
        if request.method == "OPTIONS":
            return self._preflight
        if request.method == "POST" and (request.headers.get("content-type") or "").startswith("multipart/form-data"):
            return self._post_form
        return None

    def _preflight(self, request: Request, ctx: Context) -> Response:
        bucket = self._find_bucket(request.path.strip("/").partition("/")[0])
        return Response(200, cors.preflight(bucket, request.headers))

    def _post_form(self, request: Request, ctx: Context) -> Response:
        assert request.stream is not None
        name, _, rest = request.path.strip("/").partition("/")
        if rest or not name:
            raise ServiceError(
                "MethodNotAllowed", "The specified method is not allowed against this resource.", status=405
            )
        form = FormBody(request.stream, boundary_of(request.headers.get("content-type") or ""))
        bucket = self._find_bucket(name)
        cors.add_headers(bucket, ctx)
        if not form.has_file:
            raise invalid_argument("POST requires exactly one file upload per request.", "file", "0")
        fields = form.fields
        key, post = _verified(form, name, ctx)
        check_key(key)
        authorise(ctx, bucket, "s3:PutObject", permission="WRITE", key=key)
        put: dict[str, Any] = {member: fields[field] for field, member in _FIELDS.items() if field in fields}
        put["Metadata"] = {
            field[len(_METADATA) :]: text for field, text in fields.items() if field.startswith(_METADATA)
        }
        described = attributes.attributes_of(put, ctx, bucket)
        if "expires" in fields:
            described = msgspec.structs.replace(described, headers={**described.headers, "expires": fields["expires"]})
        if "tagging" in fields:
            described = msgspec.structs.replace(described, tags=_tags(fields["tagging"]))
        expected = checksums.expectation(put, {}, checksums.DEFAULT_ALGORITHM)
        received = receive(_Limited(form, post), self.blobs, expected)
        described = msgspec.structs.replace(described, checksum=received.checksum)
        new = NewObject(received.size, received.etag, described, received.content, received.segments)
        try:
            written = self.objects.put(bucket.name, key, new)
        except BaseException as failure:
            if received.blob is not None:
                self.blobs.delete(received.blob)
            if isinstance(failure, BucketMissing):
                raise no_such_bucket(name) from failure
            raise
        headers = {"etag": f'"{written.etag}"', "location": _location(request, name, key)}
        if bucket.versioning:
            headers["x-amz-version-id"] = written.version
        headers.update(_encryption_headers(encryption.shown(described.encryption)))
        return _success(fields, headers, name, key, written.etag)


class _Limited:
    """A form's file, cut off where it grows beyond what its policy allows."""

    length: int | None = None

    def __init__(self, form: FormBody, post: VerifiedPost[Identity] | None) -> None:
        self._form, self._post = form, post
        self.trailers: dict[str, str] = {}

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        limit = MAX_BYTES if self._post is None or self._post.max_length is None else self._post.max_length
        for piece in self._form:
            size += len(piece)
            if size > limit:
                raise error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
            yield piece
        if self._post is not None:
            try:
                self._post.check_length(size)
            except PostPolicyError as failure:
                raise ServiceError(failure.code, failure.message, status=failure.status) from failure


def _verified(form: FormBody, bucket: str, ctx: Context) -> tuple[str, VerifiedPost[Identity] | None]:
    """The object's key and what the policy allows; the context gets the identity of who signed it."""
    try:
        key = object_key(form.fields, form.filename)
        if "policy" not in form.fields:
            return key, None
        assert ctx.lookup is not None
        post = verify_post(form.fields, ctx.lookup, now=datetime.now(UTC), bucket=bucket, filename=form.filename)
    except PostPolicyError as failure:
        raise ServiceError(failure.code, failure.message, status=failure.status) from failure
    except SignatureError as failure:
        raise refusal(failure, "rest-xml") from failure
    ctx.identity = post.identity
    return key, post


def _tags(text: str) -> dict[str, str]:
    from honmono.wire.xml import local_name, parse

    root = parse(text.encode())
    pairs = []
    for tag in (element for element in root.iter() if local_name(element.tag) == "Tag"):
        parts = {local_name(child.tag): child.text or "" for child in tag}
        pairs.append(parts)
    return tags_of({"TagSet": pairs}, 10)


def _location(request: Request, bucket: str, key: str) -> str:
    scheme, host = "https" if request.secure else "http", request.headers.get("host") or "localhost"
    path = quote(key, safe="/~")
    return f"{scheme}://{host}/{path}" if request.virtual_bucket else f"{scheme}://{host}/{bucket}/{path}"


def _encryption_headers(told: dict[str, Any]) -> dict[str, str]:
    names = {"ServerSideEncryption": "", "SSEKMSKeyId": "-aws-kms-key-id"}
    return {f"x-amz-server-side-encryption{suffix}": told[member] for member, suffix in names.items() if member in told}


def _success(fields: dict[str, str], headers: dict[str, str], bucket: str, key: str, etag: str) -> Response:
    target = fields.get("success_action_redirect") or fields.get("redirect")
    if target:
        parts = urlsplit(target)
        if parts.scheme and parts.netloc:
            told = urlencode({"bucket": bucket, "key": key, "etag": f'"{etag}"'})
            query = f"{parts.query}&{told}" if parts.query else told
            headers["location"] = urlunsplit(parts._replace(query=query))
            return Response(303, headers)
    status = fields.get("success_action_status", "204")
    if status != "201":
        return Response(200 if status == "200" else 204, headers)
    headers["content-type"] = "application/xml"
    body = document(
        [
            f"<PostResponse><Location>{escape_text(headers['location'])}</Location>",
            f"<Bucket>{escape_text(bucket)}</Bucket><Key>{escape_text(key)}</Key>",
            f"<ETag>&quot;{etag}&quot;</ETag></PostResponse>",
        ]
    )
    return Response(201, headers, body)
