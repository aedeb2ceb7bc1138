"""Archived objects: readable only for as long as they were restored.

Source: "Restoring an archived object" (Amazon S3 user guide). What takes AWS hours is done at once here.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from honmono.services.s3 import checksums
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import error, malformed_xml, no_such_key
from honmono.store.objects_values import Attributes, ObjectVersion
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch, rfc822

ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_TIERS = frozenset({"Standard", "Bulk", "Expedited"})


class ArchiveOperations(Operations):
    """RestoreObject."""

    def restore_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Make an archived object readable for some days."""
        checksums.check_document(ctx)
        _, version = self._object(request, ctx, "s3:RestoreObject", permission=None)
        described = version.attributes
        if described.storage_class not in ARCHIVES:
            raise error(
                "InvalidObjectState",
                "The operation is not valid for the object's storage class",
                StorageClass=described.storage_class,
            )
        wanted = request.get("RestoreRequest") or {}
        days = wanted.get("Days")
        tier = wanted.get("Tier") or wanted.get("GlacierJobParameters", {}).get("Tier", "Standard")
        if days is None or days < 1 or tier not in _TIERS:
            raise malformed_xml()
        # To the midnight that follows the days, as S3 rounds it.
        ends = datetime.now(UTC) + timedelta(days=days)
        midnight = (ends + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

        def change(kept: ObjectVersion) -> Attributes:
            return msgspec.structs.replace(kept.attributes, restored=midnight.timestamp())

        if self.objects.change(version.bucket, version.key, version.version, change) is None:
            raise no_such_key(version.key)
        ctx.status = 200 if described.restored > time.time() else 202
        return {}


def check_readable(described: Attributes) -> None:
    """Refuse to read an archived object that is not restored.

    Raises ServiceError InvalidObjectState.
    """
    if described.storage_class in ARCHIVES and described.restored <= time.time():
        raise error(
            "InvalidObjectState",
            "The operation is not valid for the object's storage class",
            StorageClass=described.storage_class,
        )


def shown(described: Attributes) -> dict[str, str]:
    """The member that tells until when an archived object can be read."""
    if described.restored <= time.time():
        return {}
    return {"Restore": f'ongoing-request="false", expiry-date="{rfc822(from_epoch(described.restored))}"'}
