"""Why a signature is refused, and how AWS words it in each protocol family.

Verification (`honmono.wire.signature`) knows one neutral reason; AWS says it differently in S3, in the JSON
services, in the query services and in EC2. Sources: the "Common errors" page of each service's API reference,
the "Error responses" page of the S3 API reference, and the messages that the services are seen to send.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Family = Literal["s3", "json", "rest-json", "query", "ec2"]
"""How a service words its errors. CBOR services word them as "json"; rest-xml services that are not S3 as
"query"."""


class Refusal(Enum):
    """The neutral reason for which a request was not let in."""

    MISSING = "no credentials in the request"
    MALFORMED = "credentials that cannot be read"
    UNSUPPORTED = "an authorization scheme that this server does not know"
    AMBIGUOUS = "more than one authorization mechanism"
    SCOPE = "a credential scope for another day, service or protocol"
    UNSIGNED_HEADER = "a header that must be signed and is not"
    UNKNOWN_KEY = "an access key that does not exist"
    INVALID_TOKEN = "a session token that does not belong to the key"
    EXPIRED_TOKEN = "a session token that has expired"
    SKEWED = "a request time too far from the server's"
    EXPIRED = "a presigned request past its time"
    MISMATCH = "a signature that does not match"
    PAYLOAD = "a body that does not have the hash that was signed"
    PAYLOAD_RULE = "an x-amz-content-sha256 that is missing or means nothing"


class SignatureError(Exception):
    """A request's signature is refused.

    `kind` says why. `message` is AWS's wording for services other than S3; `s3_message` and `s3_code` are
    those of S3 where they differ. What is empty, `wording` fills in by the kind. `presigned` tells the
    query form from the header form, which S3 answers with different codes.
    """

    def __init__(
        self,
        kind: Refusal,
        message: str = "",
        *,
        s3_message: str = "",
        s3_code: str = "",
        presigned: bool = False,
    ) -> None:
        super().__init__(message or s3_message or kind.value)
        self.kind = kind
        self.message = message
        self.s3_message = s3_message
        self.s3_code = s3_code
        self.presigned = presigned


@dataclass(frozen=True, slots=True)
class Wording:
    """An error as a service sends it: code, HTTP status, text."""

    code: str
    status: int
    message: str


_MISMATCH_TEXT = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access "
    "Key and signing method. Consult the service documentation for details."
)
_INVALID_TOKEN_TEXT = "The security token included in the request is invalid."
_EXPIRED_TOKEN_TEXT = "The security token included in the request is expired"
_UNSUPPORTED_TEXT = "Unsupported authorization type; this service reads AWS4-HMAC-SHA256."

_S3: dict[Refusal, Wording] = {
    Refusal.MISSING: Wording("AccessDenied", 403, "Access Denied"),
    Refusal.MALFORMED: Wording("AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
    Refusal.UNSUPPORTED: Wording("InvalidArgument", 400, "Unsupported Authorization Type"),
    Refusal.AMBIGUOUS: Wording(
        "InvalidArgument",
        400,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
        "parameter or the Authorization header should be specified",
    ),
    Refusal.SCOPE: Wording("AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
    Refusal.UNSIGNED_HEADER: Wording(
        "AccessDenied", 403, "There were headers present in the request which were not signed"
    ),
    Refusal.UNKNOWN_KEY: Wording(
        "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."
    ),
    Refusal.INVALID_TOKEN: Wording("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    Refusal.EXPIRED_TOKEN: Wording("ExpiredToken", 400, "The provided token has expired."),
    Refusal.SKEWED: Wording(
        "RequestTimeTooSkewed",
        403,
        "The difference between the request time and the server's time is too large.",
    ),
    Refusal.EXPIRED: Wording("AccessDenied", 403, "Request has expired"),
    Refusal.MISMATCH: Wording(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your key and "
        "signing method.",
    ),
    Refusal.PAYLOAD: Wording(
        "XAmzContentSHA256Mismatch",
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
    Refusal.PAYLOAD_RULE: Wording(
        "InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"
    ),
}

_JSON: dict[Refusal, Wording] = {
    Refusal.MISSING: Wording("MissingAuthenticationTokenException", 400, "Missing Authentication Token"),
    Refusal.MALFORMED: Wording("IncompleteSignatureException", 400, ""),
    Refusal.UNSUPPORTED: Wording("IncompleteSignatureException", 400, _UNSUPPORTED_TEXT),
    Refusal.AMBIGUOUS: Wording(
        "InvalidSignatureException",
        400,
        "Only one of the Authorization header and the X-Amz-Algorithm query parameter may be given.",
    ),
    Refusal.SCOPE: Wording("InvalidSignatureException", 400, ""),
    Refusal.UNSIGNED_HEADER: Wording("InvalidSignatureException", 400, ""),
    Refusal.UNKNOWN_KEY: Wording("UnrecognizedClientException", 400, _INVALID_TOKEN_TEXT),
    Refusal.INVALID_TOKEN: Wording("UnrecognizedClientException", 400, _INVALID_TOKEN_TEXT),
    Refusal.EXPIRED_TOKEN: Wording("ExpiredTokenException", 400, _EXPIRED_TOKEN_TEXT),
    Refusal.SKEWED: Wording("InvalidSignatureException", 400, ""),
    Refusal.EXPIRED: Wording("InvalidSignatureException", 400, ""),
    Refusal.MISMATCH: Wording("InvalidSignatureException", 400, _MISMATCH_TEXT),
    Refusal.PAYLOAD: Wording("InvalidSignatureException", 400, _MISMATCH_TEXT),
    Refusal.PAYLOAD_RULE: Wording("InvalidSignatureException", 400, ""),
}

# The query services use the same texts under older codes: without "Exception", and 403.
_QUERY: dict[Refusal, tuple[str, int, str]] = {
    Refusal.MISSING: ("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
    Refusal.MALFORMED: ("IncompleteSignature", 400, ""),
    Refusal.UNSUPPORTED: ("IncompleteSignature", 400, ""),
    Refusal.UNKNOWN_KEY: ("InvalidClientTokenId", 403, ""),
    Refusal.INVALID_TOKEN: ("InvalidClientTokenId", 403, ""),
    Refusal.EXPIRED_TOKEN: ("ExpiredToken", 403, ""),
}

_EC2_REFUSED = Wording("AuthFailure", 401, "AWS was not able to validate the provided access credentials")
_EC2: dict[Refusal, Wording] = {
    Refusal.MISSING: Wording("MissingParameter", 400, "The request must contain the parameter AWSAccessKeyId"),
    Refusal.SKEWED: Wording("RequestExpired", 400, "Request has expired."),
    Refusal.EXPIRED: Wording("RequestExpired", 400, "Request has expired."),
    Refusal.EXPIRED_TOKEN: Wording("RequestExpired", 400, "Request has expired."),
}


def wording(error: SignatureError, family: Family) -> Wording:
    """Say a refusal in the words of a service family."""
    if family == "s3":
        return _s3_wording(error)
    if family == "ec2":
        return _EC2.get(error.kind, _EC2_REFUSED)
    base = _JSON[error.kind]
    text = error.message or base.message or error.kind.value
    if family == "query":
        code, status, own_text = _QUERY.get(error.kind, ("SignatureDoesNotMatch", 403, ""))
        return Wording(code, status, own_text or text)
    return Wording(base.code, 403 if family == "rest-json" else base.status, text)


def _s3_wording(error: SignatureError) -> Wording:
    base = _S3[error.kind]
    message = error.s3_message or base.message
    if error.s3_code:
        return Wording(error.s3_code, 403 if error.s3_code == "AccessDenied" else 400, message)
    code = base.code
    if error.presigned and code == "AuthorizationHeaderMalformed":
        code = "AuthorizationQueryParametersError"
    return Wording(code, base.status, message)
