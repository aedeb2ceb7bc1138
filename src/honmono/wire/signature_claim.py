"""What a request says of its own signature (version 4): key, scope, time, signed headers; read and checked
for form.

Nothing here is secret: a claim is only worth something once `honmono.wire.signature.verify` has found it
true.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from urllib.parse import unquote_plus

from honmono.wire.signature_errors import Refusal, SignatureError

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_SKEW = timedelta(minutes=15)
MAX_EXPIRES = 604_800  # seconds: seven days

_TIMESTAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SCOPE_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUERY_PREFIXES = ("X-Amz-Algorithm=", "X-Amz-Credential=", "X-Amz-Signature=")
_CREDENTIAL_FORM = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
_NO_DATE = "AWS authentication requires a valid Date or x-amz-date header"


@dataclass(frozen=True, slots=True)
class CredentialScope:
    """For which day (YYYYMMDD), region and service (signing name) a key was derived."""

    access_key: str
    date: str
    region: str
    service: str

    @property
    def text(self) -> str:
        """The scope as it stands in a string to sign."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request claims. `signed_headers` is the list as sent, `a;b;c`; `expires` (seconds) is for
    presigned ones."""

    scope: CredentialScope
    signed_headers: str
    signature: str
    timestamp: str
    moment: datetime
    session_token: str | None
    presigned: bool = False
    expires: int = 0
    content_sha256: str | None = None


def is_presigned(query: str) -> bool:
    """Whether a query carries a version 4 signature, complete or not."""
    return "X-Amz-" in query and any(pair.startswith(_QUERY_PREFIXES) for pair in query.split("&"))


def credential_scope(headers: Mapping[str, str], query: str) -> CredentialScope | None:
    """Read the claimed scope, unverified, to route a request before its signature is checked. Never
    raises."""
    authorization = headers.get("authorization")
    if authorization is not None:
        if not authorization.startswith(ALGORITHM):
            return None
        _, found, rest = authorization.partition("Credential=")
        text = rest.partition(",")[0].strip()
    else:
        _, found, rest = query.partition("X-Amz-Credential=")
        text = unquote_plus(rest.partition("&")[0])
    # From the right: an access key may hold a slash.
    parts = text.rsplit("/", 4) if found else []
    return CredentialScope(*parts[:4]) if len(parts) == 5 else None


def read_header_claim(authorization: str, headers: Mapping[str, str]) -> Claim:
    """Read the `Authorization` header and the date and token headers beside it.

    Raises:
        SignatureError: MALFORMED or UNSUPPORTED; SCOPE where date or terminator are wrong.
    """
    algorithm, _, fields = authorization.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise SignatureError(Refusal.UNSUPPORTED)
    values = {}
    for field in fields.split(","):
        name, _, value = field.partition("=")
        values[name.strip()] = value.strip()
    credential = values.get("Credential")
    signature = values.get("Signature")
    signed_headers = values.get("SignedHeaders")
    date = headers.get("x-amz-date") or headers.get("date")
    if not (credential and signature and signed_headers and date):
        raise _incomplete(authorization, values, date)
    scope = read_credential(credential, presigned=False)
    moment = read_time(date)
    timestamp = date if _TIMESTAMP.fullmatch(date) else moment.strftime("%Y%m%dT%H%M%SZ")
    _check_date(scope, timestamp, presigned=False)
    return Claim(scope, signed_headers, signature, timestamp, moment, headers.get("x-amz-security-token"))


def _incomplete(authorization: str, values: Mapping[str, str], date: str | None) -> SignatureError:
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not values.get(name)
    ]
    s3_message, s3_code = _NO_DATE, "AccessDenied"
    if missing:
        s3_message, s3_code = f"The authorization header is malformed; {missing[0]}", ""
    if not date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    digest = b64encode(sha256(authorization.encode()).digest()).decode()
    missing.append(f"(Hashed with SHA-256 and encoded with Base64) Authorization={digest}")
    return SignatureError(Refusal.MALFORMED, " ".join(missing), s3_message=s3_message, s3_code=s3_code)


def read_query_claim(query: str, headers: Mapping[str, str]) -> Claim:
    """Read the `X-Amz-*` parameters of a presigned request.

    Raises:
        SignatureError: MALFORMED or UNSUPPORTED; SCOPE where date or terminator are wrong.
    """
    values = {}
    for pair in query.split("&"):
        if pair.startswith("X-Amz-"):
            name, _, value = pair.partition("=")
            values[name[6:]] = unquote_plus(value)
    algorithm = values.get("Algorithm")
    required = ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")
    missing = [name for name in required if not values.get(name)]
    if missing or "Expires" not in values:
        # Only S3 insists on X-Amz-Expires: elsewhere a presigned request without it lives as long as a
        # header's.
        s3_message = (
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, "
            "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
        )
        scope = credential_scope({}, query)
        if missing or (scope is not None and scope.service == "s3"):
            message = " ".join(f"AWS query-string parameters must include 'X-Amz-{name}'." for name in missing)
            raise SignatureError(Refusal.MALFORMED, message, s3_message=s3_message, presigned=True)
    if algorithm != ALGORITHM:
        message = f'X-Amz-Algorithm only supports "{ALGORITHM}"'
        raise SignatureError(Refusal.MALFORMED, message, s3_message=message, presigned=True)
    scope = read_credential(values["Credential"], presigned=True)
    timestamp = values["Date"]
    if not _TIMESTAMP.fullmatch(timestamp):
        message = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise SignatureError(Refusal.MALFORMED, message, s3_message=message, presigned=True)
    _check_date(scope, timestamp, presigned=True)
    return Claim(
        scope,
        values["SignedHeaders"],
        values["Signature"],
        timestamp,
        read_time(timestamp),
        values.get("Security-Token") or headers.get("x-amz-security-token"),
        presigned=True,
        expires=_read_expires(values.get("Expires")),
        content_sha256=values.get("Content-Sha256"),
    )


def _read_expires(text: str | None) -> int:
    if text is None:
        return int(MAX_SKEW.total_seconds())
    problem = ""
    seconds = 0
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        problem = "X-Amz-Expires should be a number"
    else:
        seconds = int(text)
        if seconds < 0:
            problem = "X-Amz-Expires must be non-negative"
        elif seconds > MAX_EXPIRES:
            problem = (
                "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                "X-Amz-Expires must be "
                f"less than {MAX_EXPIRES} seconds"
            )
    if problem:
        raise SignatureError(Refusal.MALFORMED, problem, s3_message=problem, presigned=True)
    return seconds


def read_credential(text: str, *, presigned: bool) -> CredentialScope:
    """Read `KEY/YYYYMMDD/REGION/SERVICE/aws4_request`.

    Raises:
        SignatureError: MALFORMED, or SCOPE where the last part is another word.
    """
    parts = text.rsplit("/", 4)
    # Region and service go into ARNs, and into the fields that moto is sent: no line break belongs there.
    if len(parts) != 5 or not all(parts) or not all(map(_SCOPE_WORD.fullmatch, parts[2:4])):
        raise _scope_error(
            "Credential must have exactly 5 slash-delimited elements, "
            f"e.g. keyid/date/region/service/term, got '{text}'",
            _CREDENTIAL_FORM,
            presigned,
            Refusal.MALFORMED,
        )
    if parts[4] != "aws4_request":
        raise _scope_error(
            f"Credential should be scoped with a valid terminator: 'aws4_request', not '{parts[4]}'.",
            f'incorrect terminator "{parts[4]}". This endpoint uses "aws4_request".',
            presigned,
        )
    return CredentialScope(*parts[:4])


def _check_date(scope: CredentialScope, timestamp: str, *, presigned: bool) -> None:
    if scope.date != timestamp[:8]:
        raise _scope_error(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{scope.date}' != '{timestamp[:8]}', from '{timestamp}'.",
            f'Invalid credential date "{scope.date}". This date is not the same as X-Amz-Date: "{timestamp[:8]}".',
            presigned,
        )


def check_service(claim: Claim, service: str) -> None:
    """Refuse a scope made for another service than the one that the request goes to.

    Raises:
        SignatureError: SCOPE.
    """
    if claim.scope.service != service:
        raise _scope_error(
            f"Credential should be scoped to correct service: '{service}'. ",
            f'incorrect service "{claim.scope.service}". This endpoint belongs to "{service}".',
            claim.presigned,
        )


def _scope_error(message: str, s3_detail: str, presigned: bool, kind: Refusal = Refusal.SCOPE) -> SignatureError:
    lead = "Error parsing the X-Amz-Credential parameter; " if presigned else "The authorization header is malformed; "
    return SignatureError(kind, message, s3_message=lead + s3_detail, presigned=presigned)


def read_time(text: str) -> datetime:
    """Read a request's time: ISO 8601 basic (`20260203T040506Z`) or an HTTP date.

    Raises:
        SignatureError: MALFORMED.
    """
    try:
        if _TIMESTAMP.fullmatch(text):
            return datetime(
                int(text[:4]),
                int(text[4:6]),
                int(text[6:8]),
                int(text[9:11]),
                int(text[11:13]),
                int(text[13:15]),
                tzinfo=UTC,
            )
        moment = parsedate_to_datetime(text)
        # A zone of "-0000" gives a naive value, which is UTC by RFC 5322.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"Date must be in ISO-8601 'basic format'. Got '{text}'."
        raise SignatureError(Refusal.MALFORMED, message, s3_message=_NO_DATE, s3_code="AccessDenied") from error


def check_time(claim: Claim, now: datetime) -> None:
    """Refuse a request signed too long ago, not yet valid, or presigned and past its expiry.

    Raises:
        SignatureError: SKEWED or EXPIRED.
    """
    text, signed = claim.timestamp, claim.moment
    if signed - now > MAX_SKEW:
        message = (
            f"Signature not yet current: {text} is still later than {_basic(now + MAX_SKEW)} ({_basic(now)} + 15 min.)"
        )
        s3_message = "Request is not valid yet" if claim.presigned else ""
        kind = Refusal.EXPIRED if claim.presigned else Refusal.SKEWED
        raise SignatureError(kind, message, s3_message=s3_message, presigned=claim.presigned)
    if claim.presigned:
        # Compared as a difference: a timestamp of the year 9999 plus a week would overflow.
        if now - signed > timedelta(seconds=claim.expires):
            end = _basic(signed + timedelta(seconds=claim.expires))
            message = f"Signature expired: {end} is now earlier than {_basic(now)}"
            raise SignatureError(Refusal.EXPIRED, message, presigned=True)
    elif now - signed > MAX_SKEW:
        earliest = _basic(now - MAX_SKEW)
        message = f"Signature expired: {text} is now earlier than {earliest} ({_basic(now)} - 15 min.)"
        raise SignatureError(Refusal.SKEWED, message)


def _basic(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
