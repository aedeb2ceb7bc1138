"""Who signed a request: SigV4 in its forms, and for S3 the older presigned form."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from honmono.wire.chunked import AwsChunkedDecoder
from honmono.wire.errors import ServiceError
from honmono.wire.http import Request
from honmono.wire.presigned_v2 import is_signed_v2, verify_v2
from honmono.wire.service import Identity
from honmono.wire.signature import (
    Family,
    Lookup,
    PayloadForm,
    SignatureError,
    SignedRequest,
    Verified,
    check_payload,
    verify,
    wording,
)
