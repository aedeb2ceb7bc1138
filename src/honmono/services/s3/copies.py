"""Copies: of an object, and of a stretch of one into a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from honmono.services.s3 import archive, attributes, checksums, conditions, encryption
from honmono.services.s3.base import Operations
from honmono.services.s3.bodies import ObjectBody
from honmono.services.s3.errors import invalid_argument, invalid_request, no_such_bucket
from honmono.services.s3.names import check_key, check_version_id
from honmono.services.s3.objects import shown_version
from honmono.services.s3.receiving import MAX_BYTES, receive
from honmono.services.s3.tags import tags_of_header
from honmono.store.errors import BlobMissing
from honmono.store.objects_values import (
    Attributes,
    Bucket,
    BucketMissing,
    NewObject,
    ObjectVersion,
    Segment,
)
from honmono.wire.service import Context

_REDIRECT = "x-amz-website-redirect-location"


class CopyOperations(Operations):
    """CopyObject, and the source of UploadPartCopy."""

    def copy_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Write an object with the bytes of another one."""
        key = request["Key"]
        check_key(key)
        bucket = self._bucket(request, ctx, "s3:PutObject", permission="WRITE", key=key)
        source_bucket, source = self._copy_source(request, ctx)
        if source.size > MAX_BYTES:
            raise invalid_request(
                f"The specified copy source is larger than the maximum allowable size for a copy source: {MAX_BYTES}"
            )
        described = self._described(request, ctx, bucket, source)
        check = conditions.write_check(request, key)
        try:
            new = self._copied(request, source, described)
        except BlobMissing:
            # Overwritten since its row was read.
            again = self.objects.get(source.bucket, source.key, source.version)
            if again is not None and again.sequence == source.sequence:
                raise
            return self.copy_object(request, ctx)
        try:
            written = self.objects.put(bucket.name, key, new, check=check)
        except BaseException as failure:
            for segment in new.segments:
                self.blobs.delete(segment.blob)
            if isinstance(failure, BucketMissing):
                raise no_such_bucket(bucket.name) from failure
            raise
        checksum = new.attributes.checksum
        result = {"ETag": f'"{written.etag}"', "LastModified": written.last_modified, **checksums.shown(checksum)}
        answer: dict[str, Any] = {"CopyObjectResult": result, **encryption.shown(new.attributes.encryption)}
        answer.update(shown_version(bucket, written))
        if source_bucket.versioning:
            answer["CopySourceVersionId"] = source.version
        return answer

    def _copy_source(self, request: Mapping[str, Any], ctx: Context) -> tuple[Bucket, ObjectVersion]:
        """The source, if the caller may read it and its conditions hold."""
        name, key, version_id = read_source(request["CopySource"])
        bucket = self._find_bucket(name)
        self._expect_owner(request.get("ExpectedSourceBucketOwner"), bucket)
        check_key(key)
        check_version_id(version_id)
        version = self.objects.get(bucket.name, key, version_id)
        if version is not None and version.deleted and version_id is not None:
            raise invalid_request(
                "The source of a copy request may not specifically refer to a delete marker by version id."
            )
        version = self._find_object(bucket, key, version_id, ctx, "s3:GetObject", "READ", content=True)
        ctx.response_headers.pop("x-amz-delete-marker", None)
        archive.check_readable(version.attributes)
        conditions.check_copy(request, version)
        encryption.check_reader(request, version.attributes.encryption, "CopySource")
        return bucket, version

    def _described(self, request: Mapping[str, Any], ctx: Context, bucket: Bucket, source: ObjectVersion) -> Attributes:
        directive = request.get("MetadataDirective", "COPY")
        if directive not in ("COPY", "REPLACE"):
            raise invalid_argument("Unknown metadata directive.", "x-amz-metadata-directive", directive)
        tagging = request.get("TaggingDirective", "COPY")
        if tagging not in ("COPY", "REPLACE"):
            raise invalid_argument("Unknown tagging directive.", "x-amz-tagging-directive", tagging)
        described = attributes.attributes_of(request, ctx, bucket)
        kept = source.attributes
        if directive == "COPY":
            by_version = read_source(request["CopySource"])[2] is not None and bucket.versioning == "Enabled"
            if (
                not by_version
                and _is_itself(request, bucket, source)
                and not _changes(request, bucket, described, kept)
            ):
                raise invalid_request(
                    "This copy request is illegal because it is trying to copy an object to itself without changing "
                    "the object's metadata, storage class, website redirect location or encryption attributes."
                )
            headers = {name: text for name, text in kept.headers.items() if name != _REDIRECT}
            if _REDIRECT in described.headers:
                headers[_REDIRECT] = described.headers[_REDIRECT]
            described = msgspec.structs.replace(described, headers=headers, metadata=kept.metadata)
        tags = kept.tags if tagging == "COPY" else tags_of_header(request.get("Tagging"))
        return msgspec.structs.replace(described, tags=tags)

    def _copied(self, request: Mapping[str, Any], source: ObjectVersion, described: Attributes) -> NewObject:
        kept = source.attributes.checksum
        algorithm = request.get("ChecksumAlgorithm") or (kept.algorithm if kept else checksums.DEFAULT_ALGORITHM)
        if kept is not None and kept.algorithm == algorithm and not source.attributes.parts:
            described = msgspec.structs.replace(described, checksum=kept)
            segments: list[Segment] = []
            for segment in source.segments:
                segments.append(Segment(self.blobs.copy(segment.blob), segment.size))
            return NewObject(source.size, source.etag, described, source.content, tuple(segments))
        # The copy is an object that was written whole: with a hash and a checksum of all its bytes.
        body: bytes | ObjectBody | None = source.content
        if body is None:
            body = ObjectBody(self.blobs, source.segments, 0, source.size)
        expected = checksums.expectation({"ChecksumAlgorithm": algorithm}, {}, algorithm)
        received = receive(body, self.blobs, expected)
        described = msgspec.structs.replace(described, checksum=received.checksum)
        return NewObject(received.size, received.etag, described, received.content, received.segments)


def _is_itself(request: Mapping[str, Any], bucket: Bucket, source: ObjectVersion) -> bool:
    return source.bucket == bucket.name and source.key == request["Key"] and source.latest


def _changes(request: Mapping[str, Any], bucket: Bucket, described: Attributes, kept: Attributes) -> bool:
    return (
        any(name in request for name in ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "ACL"))
        or "ChecksumAlgorithm" in request
        or described.encryption != kept.encryption
        or "encryption" in bucket.settings
    )


def read_source(source: str | Mapping[str, str]) -> tuple[str, str, str | None]:
    """Bucket, key and version of an x-amz-copy-source.

    Raises ServiceError InvalidArgument.
    """
    if isinstance(source, Mapping):
        return source["Bucket"], source["Key"], source.get("VersionId")
    path, _, query = source.partition("?")
    version: str | None = None
    if query.startswith("versionId="):
        version = unquote(query.removeprefix("versionId="))
    elif query:
        path = source
    bucket, _, key = unquote(path, errors="surrogateescape").removeprefix("/").partition("/")
    if not bucket or not key:
        raise invalid_argument(
            "Invalid copy source bucket name" if not bucket else "Invalid copy source object key",
            "x-amz-copy-source",
            source,
        )
    if version == "":
        raise invalid_argument("Version id cannot be the empty string", "x-amz-copy-source", source)
    return bucket, key, version
