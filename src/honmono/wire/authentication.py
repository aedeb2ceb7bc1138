"""Who signed a request, and what its body must satisfy."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from honmono.wire.errors import ServiceError
from honmono.wire.http import Request
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

_FAMILIES: dict[str, Family] = {
    "json": "json",
    "smithy-rpc-v2-cbor": "json",
    "rest-json": "rest-json",
    "rest-xml": "s3",
    "query": "query",
    "ec2": "ec2",
}


class Authenticator:
    """Verifies signatures against the keys that ``lookup`` knows."""

    def __init__(self, lookup: Lookup[Identity]) -> None:
        self.lookup = lookup

    def verify(self, request: Request, signing_name: str, protocol: str, *, streams: bool) -> Verified[Identity]:
        """Check the request's signature; a streaming body is checked while it is read.

        Raises ServiceError in the words of the protocol.
        """
        signed = SignedRequest(request.method, request.raw_path, request.query_string, request.headers)
        body = None if streams else request.body
        try:
            verified = verify(signed, self.lookup, now=datetime.now(UTC), body=body, service=signing_name)
        except SignatureError as error:
            raise refusal(error, protocol) from error
        if streams and request.stream is not None:
            self._guard_stream(request, verified, protocol)
        return verified

    def _guard_stream(self, request: Request, verified: Verified[Identity], protocol: str) -> None:
        stream = request.stream
        assert stream is not None
        if verified.payload.form is PayloadForm.HASH:
            digest = hashlib.sha256()

            def hashed(chunk: bytes) -> list[bytes]:
                digest.update(chunk)
                return [chunk]

            def compare() -> None:
                try:
                    check_payload(verified.payload, digest.hexdigest)
                except SignatureError as error:
                    raise refusal(error, protocol) from error

            stream.decode_with(hashed, compare)


def refusal(error: SignatureError, protocol: str) -> ServiceError:
    """The error in the words of the protocol's family."""
    words = wording(error, _FAMILIES[protocol])
    return ServiceError(words.code, words.message, status=words.status)
