"""What every group of S3's operations stands on."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from honmono.services.s3.access import authorise, may
from honmono.services.s3.cors import add_headers
from honmono.services.s3.errors import (
    access_denied,
    method_not_allowed,
    no_such_bucket,
    no_such_key,
    no_such_version,
)
from honmono.services.s3.names import check_key, check_version_id
from honmono.store.objects import Objects
from honmono.store.objects_blobs import BlobStore
from honmono.store.objects_buckets import Buckets
from honmono.store.objects_listing import ObjectLists
from honmono.store.objects_uploads import Uploads
from honmono.store.objects_values import Bucket, BucketMissing, ObjectVersion
from honmono.wire.service import Context

_VERSIONED = {
    "s3:GetObject": "s3:GetObjectVersion",
    "s3:GetObjectAcl": "s3:GetObjectVersionAcl",
    "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
    "s3:GetObjectAttributes": "s3:GetObjectVersionAttributes",
    "s3:PutObjectAcl": "s3:PutObjectVersionAcl",
    "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
}
"""What an action on a named version is called in a policy."""


class Operations:
    """The stores, and the steps with which most operations begin."""

    objects: Objects
    buckets: Buckets
    lists: ObjectLists
    uploads: Uploads
    blobs: BlobStore
    threads: ThreadPoolExecutor
    """For what takes long."""
    shared: bool
    """Whether the index is on a server, so that even a small read or write may wait."""

    def _bucket(
        self,
        request: Mapping[str, Any],
        ctx: Context,
        action: str,
        *,
        permission: str | None = None,
        key: str | None = None,
    ) -> Bucket:
        """The request's bucket, if the caller may do the action with it.

        Raises ServiceError NoSuchBucket or AccessDenied.
        """
        bucket = self._find_bucket(request["Bucket"])
        add_headers(bucket, ctx)
        self._expect_owner(request.get("ExpectedBucketOwner"), bucket)
        authorise(ctx, bucket, action, permission=permission, key=key)
        return bucket

    def _find_bucket(self, name: str) -> Bucket:
        try:
            return self.buckets.get(name)
        except BucketMissing as failure:
            raise no_such_bucket(name) from failure

    @staticmethod
    def _expect_owner(expected: str | None, bucket: Bucket) -> None:
        if expected is not None and expected != bucket.account:
            raise access_denied()

    def _object(
        self,
        request: Mapping[str, Any],
        ctx: Context,
        action: str,
        *,
        permission: str | None = "READ",
        content: bool = False,
    ) -> tuple[Bucket, ObjectVersion]:
        """The request's bucket and object version, if the caller may do the action with it.

        Raises ServiceError NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed or AccessDenied.
        """
        bucket = self._find_bucket(request["Bucket"])
        add_headers(bucket, ctx)
        self._expect_owner(request.get("ExpectedBucketOwner"), bucket)
        key, version_id = request["Key"], request.get("VersionId")
        check_key(key)
        check_version_id(version_id)
        version = self._find_object(bucket, key, version_id, ctx, action, permission, content=content)
        return bucket, version

    def _find_object(
        self,
        bucket: Bucket,
        key: str,
        version_id: str | None,
        ctx: Context,
        action: str,
        permission: str | None,
        *,
        content: bool = False,
    ) -> ObjectVersion:
        version = self.objects.get(bucket.name, key, version_id, content=content)
        named = action if version_id is None else _VERSIONED.get(action, action)
        if version is None or version.deleted:
            # Who may not list the bucket is not told which keys are missing.
            if not may(ctx, bucket, "s3:ListBucket", permission="READ"):
                raise access_denied()
        else:
            attributes = version.attributes
            authorise(
                ctx,
                bucket,
                named,
                key=key,
                permission=permission,
                grants=attributes.grants,
                owner=attributes.owner,
                tags=attributes.tags,
            )
        if version is None:
            raise no_such_key(key) if version_id is None else no_such_version(key, version_id)
        if version.deleted:
            ctx.response_headers["x-amz-delete-marker"] = "true"
            ctx.response_headers["x-amz-version-id"] = version.version
            if version_id is None:
                raise no_such_key(key)
            ctx.response_headers["last-modified"] = version.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT")
            ctx.response_headers["allow"] = "DELETE"
            raise method_not_allowed(ctx.http.method if ctx.http is not None else "GET")
        return version
