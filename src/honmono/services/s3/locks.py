"""Object Lock: versions that may not be deleted or rewritten yet."""

from __future__ import annotations

import time

from honmono.services.s3.errors import error
from honmono.store.objects_values import ObjectVersion


def check_unlocked(version: ObjectVersion, *, bypass: bool) -> None:
    """Refuse to touch a version that is protected; ``bypass`` lifts GOVERNANCE retention.

    Raises ServiceError AccessDenied.
    """
    lock = version.attributes.lock
    retained = bool(lock.mode) and lock.until > time.time() and not (bypass and lock.mode == "GOVERNANCE")
    if lock.hold == "ON" or retained:
        raise error("AccessDenied", "Access Denied because object protected by object lock.")
