"""What can be changed of an object without writing it anew: tags, access, retention, legal hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from honmono.services.s3 import acl, checksums
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import (
    access_denied,
    error,
    invalid_argument,
    invalid_request,
    malformed_xml,
    no_such_key,
)
from honmono.services.s3.objects import shown_version
from honmono.services.s3.tags import shown as shown_tags
from honmono.services.s3.tags import tags_of
from honmono.store.objects_values import Attributes, Bucket, ObjectVersion
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch

MAX_OBJECT_TAGS = 10


class ObjectSettingOperations(Operations):
    """Tags, access control lists and locks of one version."""

    def put_object_tagging(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Set an object's tags."""
        checksums.check_document(ctx)
        bucket, version = self._object(request, ctx, "s3:PutObjectTagging", permission=None)
        tags = tags_of(request.get("Tagging"), MAX_OBJECT_TAGS)
        self._change(version, lambda kept: msgspec.structs.replace(kept.attributes, tags=tags))
        return {**shown_version(bucket, version)}

    def get_object_tagging(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """An object's tags."""
        bucket, version = self._object(request, ctx, "s3:GetObjectTagging", permission=None)
        return {"TagSet": shown_tags(version.attributes.tags), **shown_version(bucket, version)}

    def delete_object_tagging(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Remove an object's tags."""
        bucket, version = self._object(request, ctx, "s3:DeleteObjectTagging", permission=None)
        self._change(version, lambda kept: msgspec.structs.replace(kept.attributes, tags={}))
        return {**shown_version(bucket, version)}

    def put_object_acl(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Set an object's access control list."""
        checksums.check_document(ctx)
        bucket, version = self._object(request, ctx, "s3:PutObjectAcl", permission="WRITE_ACP")
        grants = acl.grants_of(request, version.attributes.owner, bucket)
        if grants is None:
            raise error(
                "MissingSecurityHeader", "Your request was missing a required header", MissingHeaderName="x-amz-acl"
            )
        acl.check_allowed(bucket, request, grants)
        self._change(version, lambda kept: msgspec.structs.replace(kept.attributes, grants=grants))
        return {}

    def get_object_acl(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """An object's access control list."""
        _, version = self._object(request, ctx, "s3:GetObjectAcl", permission="READ_ACP")
        return acl.shown(version.attributes.owner, version.attributes.grants or None)

    def put_object_retention(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Protect a version until a moment; longer is always allowed, shorter only with a bypass of GOVERNANCE."""
        checksums.check_document(ctx)
        bucket, version = self._object(request, ctx, "s3:PutObjectRetention", permission=None)
        _check_lockable(bucket)
        retention = request.get("Retention") or {}
        mode: str = retention.get("Mode", "")
        until: datetime | None = retention.get("RetainUntilDate")
        if bool(mode) is not bool(until) or mode not in ("", "GOVERNANCE", "COMPLIANCE"):
            raise malformed_xml()
        if until is not None and until.timestamp() <= time.time():
            raise invalid_argument("The retain until date must be in the future!", "RetainUntilDate")
        moment = until.timestamp() if until is not None else 0.0
        bypass = bool(request.get("BypassGovernanceRetention"))

        def change(kept: ObjectVersion) -> Attributes:
            lock = kept.attributes.lock
            weaker = moment < lock.until or (lock.mode == "COMPLIANCE" and mode != lock.mode)
            protected = bool(lock.mode) and lock.until > time.time()
            if protected and (weaker or mode != lock.mode) and not (bypass and lock.mode == "GOVERNANCE"):
                raise access_denied("Access Denied because object protected by object lock.")
            return msgspec.structs.replace(kept.attributes, lock=msgspec.structs.replace(lock, mode=mode, until=moment))

        self._change(version, change)
        return {}

    def get_object_retention(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """A version's retention."""
        bucket, version = self._object(request, ctx, "s3:GetObjectRetention", permission=None)
        _check_lockable(bucket)
        lock = version.attributes.lock
        if not lock.mode:
            raise _no_lock()
        return {"Retention": {"Mode": lock.mode, "RetainUntilDate": from_epoch(lock.until)}}

    def put_object_legal_hold(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Put a legal hold on a version, or lift it."""
        checksums.check_document(ctx)
        bucket, version = self._object(request, ctx, "s3:PutObjectLegalHold", permission=None)
        _check_lockable(bucket)
        status = (request.get("LegalHold") or {}).get("Status")
        if status not in ("ON", "OFF"):
            raise malformed_xml()

        def change(kept: ObjectVersion) -> Attributes:
            return msgspec.structs.replace(
                kept.attributes, lock=msgspec.structs.replace(kept.attributes.lock, hold=status)
            )

        self._change(version, change)
        return {}

    def get_object_legal_hold(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether a legal hold lies on a version."""
        bucket, version = self._object(request, ctx, "s3:GetObjectLegalHold", permission=None)
        _check_lockable(bucket)
        if not version.attributes.lock.hold:
            raise _no_lock()
        return {"LegalHold": {"Status": version.attributes.lock.hold}}

    def _change(self, version: ObjectVersion, change: Callable[[ObjectVersion], Attributes]) -> None:
        if self.objects.change(version.bucket, version.key, version.version, change) is None:
            raise no_such_key(version.key)


def _check_lockable(bucket: Bucket) -> None:
    if "object_lock" not in bucket.settings:
        raise invalid_request("Bucket is missing Object Lock Configuration")


def _no_lock() -> Exception:
    return error("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration")
