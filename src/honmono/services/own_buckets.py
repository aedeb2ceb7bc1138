"""Buckets of a service itself, for results whose place the customer did not name: handed out by presigned URLs.

They belong to no customer's account: no customer lists them or writes into them.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from honmono.services.platform import Platform
from honmono.store.objects import Objects
from honmono.store.objects_buckets import Buckets
from honmono.store.objects_values import BucketExists
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context
from honmono.wire.signature import signing_key

if TYPE_CHECKING:
    from honmono.services.iam.keys import AccessKey

OWNER = "aws"
"""The account that such buckets belong to."""
_LASTS = timedelta(hours=12)
_LEAST_LEFT = timedelta(hours=1)


class OwnBucket:
    """A bucket of a service in one region."""

    def __init__(self, platform: Platform, service: str) -> None:
        """`service` names it: `aws-transcribe-us-east-1-prod`, as AWS's own are."""
        self._platform = platform
        self._service = service
        self._lock = threading.Lock()
        self._session: AccessKey | None = None

    def name(self, region: str) -> str:
        """The bucket of a region, made if it is not there."""
        name = f"aws-{self._service}-{region}-prod"
        buckets = Buckets(Objects(self._platform.database, self._platform.blobs))
        try:
            buckets.create(name, OWNER, region)
        except BucketExists as error:
            if error.account != OWNER:
                raise ServiceError(
                    "InternalFailureException",
                    f"The results cannot be kept: the bucket {name} is the account {error.account}'s. Delete it, or name "
                    "an output bucket.",
                ) from error
        return name

    def url(self, ctx: Context, key: str, seconds: int = 900) -> str:
        """A presigned URL, under the address that the caller of this request used.

        Args:
            ctx: of the call; the bucket is the one of its region.
            key: of the object.
            seconds: how long it holds.

        Source: "Authenticating Requests: Using Query Parameters" (Amazon S3 API reference).
        """
        session = self._credentials()
        region, host = ctx.region, ctx.headers.get("host", "127.0.0.1")
        scheme = "https" if ctx.http is not None and ctx.http.secure else "http"
        now = datetime.now(UTC)
        date, moment = now.strftime("%Y%m%d"), now.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{date}/{region}/s3/aws4_request"
        path = quote(f"/aws-{self._service}-{region}-prod/{key}", safe="/~")
        query = urlencode(
            sorted(
                {
                    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                    "X-Amz-Credential": f"{session.id}/{scope}",
                    "X-Amz-Date": moment,
                    "X-Amz-Expires": str(seconds),
                    "X-Amz-Security-Token": session.token or "",
                    "X-Amz-SignedHeaders": "host",
                }.items()
            ),
            quote_via=quote,
            safe="~",
        )
        canonical = f"GET\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = digest(signing_key(session.secret, date, region, "s3"), text.encode(), "sha256").hex()
        return f"{scheme}://{host}{path}?{query}&X-Amz-Signature={signature}"

    def _credentials(self) -> AccessKey:
        with self._lock:
            session = self._session
            if session is None or session.expires is None or session.expires - datetime.now(UTC) < _LEAST_LEFT:
                principal = f"arn:aws:sts::{OWNER}:assumed-role/{self._service}/results"
                session = self._session = self._platform.keys.create_session(
                    OWNER, principal, f"AROA{self._service.upper()}:results", _LASTS
                )
            return session
