"""AWS Signature Version 4: is this request signed by the holder of the secret key?

Both forms are verified: the `Authorization` header and the presigned query (`X-Amz-Signature`). Source: "AWS
Signature Version 4 for API requests" (IAM user guide) and "Authenticating Requests" (Amazon S3 API
reference).

Text rules: `SignedRequest` holds what came over the socket, decoded as latin-1, percent-encoding untouched. A
caller that decodes a query must read `+` as a space, as S3 and form decoding do; the canonical form says so
too.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Generic, TypeVar

from honmono.wire.signature_canonical import (
    AUTHORITY,
    S3_SERVICES,
    SignedRequest,
    canonical_requests,
    header_names,
    join_headers,
)
from honmono.wire.signature_claim import (
    ALGORITHM,
    Claim,
    CredentialScope,
    check_service,
    check_time,
    credential_scope,
    is_presigned,
    read_header_claim,
    read_query_claim,
)
from honmono.wire.signature_errors import Family, Refusal, SignatureError, Wording, wording

__all__ = [
    "CredentialScope",
    "Family",
    "Lookup",
    "PayloadForm",
    "PayloadRule",
    "Refusal",
    "Secret",
    "SignatureError",
    "SignedRequest",
    "Verified",
    "Wording",
    "check_payload",
    "credential_scope",
    "is_presigned",
    "join_headers",
    "signing_key",
    "verify",
    "wording",
]

Identity = TypeVar("Identity")

_EMPTY_SHA256 = sha256(b"").hexdigest()
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Secret(Generic[Identity]):
    """What the key store knows of an access key. `identity` is the caller's own value, handed back on
    success."""

    secret_key: str = field(repr=False)
    identity: Identity


Lookup = Callable[[str, str | None], Secret[Identity] | None]
"""(access key, session token or None) → the secret, or None for an unknown key. The lookup checks the token
against the key and raises `SignatureError` with INVALID_TOKEN or EXPIRED_TOKEN."""


class PayloadForm(Enum):
    """How the body is covered; the value is what `x-amz-content-sha256` says (HASH: 64 hex digits)."""

    HASH = "sha256"
    UNSIGNED = "UNSIGNED-PAYLOAD"
    SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    SIGNED_CHUNKS_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
    UNSIGNED_CHUNKS_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"


_FORMS = {form.value: form for form in PayloadForm if form is not PayloadForm.HASH}


@dataclass(frozen=True, slots=True)
class PayloadRule:
    """What the body must satisfy. `sha256` is set for HASH alone: compare it with `check_payload`."""

    form: PayloadForm
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Verified(Generic[Identity]):
    """A request whose signature holds; what is needed to go on with its body.

    `signature`, `signing_key_of`, `timestamp` (YYYYMMDDTHHMMSSZ) and `scope` seed the chains of signed chunks
    and events. `payload` still has to be checked where the body had not been given to `verify`.
    """

    identity: Identity
    scope: CredentialScope
    timestamp: str
    payload: PayloadRule
    signature: str
    presigned: bool
    secret_key: str = field(repr=False)

    @property
    def access_key(self) -> str:
        """The access key that signed."""
        return self.scope.access_key

    def signing_key_of(self, date: str) -> bytes:
        """Derive the key of a day (YYYYMMDD): a stream of events that runs past midnight is signed with the
        next."""
        return signing_key(self.secret_key, date, self.scope.region, self.scope.service)


@lru_cache(maxsize=1024)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """Derive the key of one day, region and service from a secret key. Cached: four HMACs a request
    otherwise."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def verify(
    request: SignedRequest,
    lookup: Lookup[Identity],
    *,
    now: datetime,
    body: bytes | None = None,
    events: bool = False,
    service: str | None = None,
) -> Verified[Identity]:
    """Check a request's signature.

    `now` is timezone-aware. `body` is the whole body, or None where it streams; a service other than S3
    needs it unless the request names its hash in `x-amz-content-sha256`. `events` says that the body is a
    stream of signed events, which a client may leave unsaid. `service` is the signing name that the request
    was routed to: another one in the credential scope is refused.

    Raises:
        SignatureError: the request is not to be let in; `wording` says why in AWS's words.
    """
    try:
        return _verify(request, lookup, now, body, events, service)
    except UnicodeEncodeError as error:
        message = "The request has characters that a URL or a header cannot carry."
        raise SignatureError(Refusal.MALFORMED, message, s3_message=message) from error


def _verify(
    request: SignedRequest,
    lookup: Lookup[Identity],
    now: datetime,
    body: bytes | None,
    events: bool,
    service: str | None,
) -> Verified[Identity]:
    authorization = request.headers.get("authorization")
    presigned = is_presigned(request.query)
    if authorization is not None:
        if presigned:
            raise SignatureError(Refusal.AMBIGUOUS)
        claim = read_header_claim(authorization, request.headers)
    elif presigned:
        claim = read_query_claim(request.query, request.headers)
    else:
        raise SignatureError(Refusal.MISSING)
    scope = claim.scope
    if service is not None:
        check_service(claim, service)
    is_s3 = scope.service in S3_SERVICES
    _check_signed_headers(request.headers, claim, is_s3)
    check_time(claim, now)
    secret = lookup(scope.access_key, claim.session_token)
    if secret is None:
        raise SignatureError(Refusal.UNKNOWN_KEY, presigned=presigned)
    named = claim.content_sha256 or request.headers.get("x-amz-content-sha256")
    payload, rule = _read_payload_rule(named, claim, body, is_s3, events)
    key = signing_key(secret.secret_key, scope.date, scope.region, scope.service)
    _check_signature(request, claim, key, payload, is_s3)
    if named is not None and body is not None:
        check_payload(rule, lambda: sha256(body).hexdigest())
    return Verified(secret.identity, scope, claim.timestamp, rule, claim.signature, presigned, secret.secret_key)


def check_payload(rule: PayloadRule, actual_sha256: Callable[[], str]) -> None:
    """Compare the body's hash with the signed one, once the body has flowed by.

    `actual_sha256` gives the body's hash in lower-case hex and is called only where the rule has one.

    Raises:
        SignatureError: PAYLOAD, the body is not the one that was signed.
    """
    if rule.sha256 is not None and not hmac.compare_digest(rule.sha256, actual_sha256()):
        raise SignatureError(Refusal.PAYLOAD)


def _check_signed_headers(headers: Mapping[str, str], claim: Claim, is_s3: bool) -> None:
    names = header_names(claim.signed_headers)
    if "host" not in names and AUTHORITY not in names:
        message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        raise SignatureError(Refusal.UNSIGNED_HEADER, message, presigned=claim.presigned)
    for name in headers:
        # Elsewhere only the operation's name is worth forging: the token is checked against the key, the
        # date stands in the string to sign and the hash in the canonical request.
        if (name.startswith("x-amz-") if is_s3 else name == "x-amz-target") and name not in names:
            message = f"'{name}' must be a 'SignedHeader' in the AWS Authorization."
            raise SignatureError(Refusal.UNSIGNED_HEADER, message, presigned=claim.presigned)


def _read_payload_rule(
    text: str | None, claim: Claim, body: bytes | None, is_s3: bool, events: bool
) -> tuple[str, PayloadRule]:
    """Say what stands for the body in the canonical request, and what the body must satisfy."""
    if text is None:
        if claim.presigned and is_s3:
            return PayloadForm.UNSIGNED.value, PayloadRule(PayloadForm.UNSIGNED)
        if is_s3:
            raise SignatureError(Refusal.PAYLOAD_RULE)
        if events and not claim.presigned:
            # amazon-transcribe sends no x-amz-content-sha256 and signs for an empty body.
            return _EMPTY_SHA256, PayloadRule(PayloadForm.EVENTS)
        if body is None:
            message = "A streaming request must say in 'x-amz-content-sha256' how its body is signed."
            raise SignatureError(Refusal.PAYLOAD_RULE, message)
        text = sha256(body).hexdigest()
        # The hash of the body at hand goes into the canonical request: the signature itself checks it.
        return text, PayloadRule(PayloadForm.HASH, text)
    form = _FORMS.get(text)
    if form is not None:
        return text, PayloadRule(form)
    if _SHA256.fullmatch(text):
        return text, PayloadRule(PayloadForm.HASH, text)
    message = f"x-amz-content-sha256 must be {', '.join(_FORMS)} or a valid sha256 value."
    raise SignatureError(Refusal.PAYLOAD_RULE, message, s3_message=message, s3_code="InvalidArgument")


def _check_signature(request: SignedRequest, claim: Claim, key: bytes, payload: str, is_s3: bool) -> None:
    prefix = f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope.text}\n"
    given = claim.signature.encode()
    for canonical in canonical_requests(request, claim.signed_headers, payload, is_s3=is_s3):
        string_to_sign = prefix + sha256(canonical.encode("latin-1")).hexdigest()
        expected = hmac.digest(key, string_to_sign.encode(), "sha256").hex()
        if hmac.compare_digest(expected.encode(), given):
            return
    raise SignatureError(Refusal.MISMATCH, presigned=claim.presigned)
