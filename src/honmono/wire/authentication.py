"""Who signed a request, and what its body must satisfy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from honmono.wire.body import BodyReader
from honmono.wire.chunked import AwsChunkedDecoder, ChunkedBodyError
from honmono.wire.errors import ServiceError
from honmono.wire.http import Request
from honmono.wire.presigned_v2 import VerifiedV2, is_signed_v2, verify_v2
from honmono.wire.service import Identity
from honmono.wire.signature import (
    Family,
    Lookup,
    PayloadForm,
    SignatureError,
    SignedRequest,
    Verified,
    check_payload,
    is_presigned,
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


_CHUNKED = (PayloadForm.SIGNED_CHUNKS, PayloadForm.SIGNED_CHUNKS_TRAILER, PayloadForm.UNSIGNED_CHUNKS_TRAILER)


def is_signed(request: Request) -> bool:
    """Whether the request carries a signature of any kind, in its header or in its query."""
    return (
        "authorization" in request.headers
        or is_presigned(request.query_string)
        or "AWSAccessKeyId=" in request.query_string
    )


class Authenticator:
    """Verifies signatures against the keys that ``lookup`` knows."""

    def __init__(self, lookup: Lookup[Identity]) -> None:
        self.lookup = lookup

    def verify(
        self,
        request: Request,
        signing_name: str,
        protocol: str,
        *,
        streams: bool,
        events: bool = False,
        virtual_bucket: str | None = None,
    ) -> Verified[Identity] | VerifiedV2[Identity]:
        """Check the request's signature; a streaming body is checked while it is read.

        ``events`` says that the body is a stream of signed events, which amazon-transcribe leaves unsaid.
        ``virtual_bucket`` is the bucket that the Host header names: version 2 signatures, which only S3 takes, cover
        it. Raises ServiceError in the words of the protocol.
        """
        signed = SignedRequest(request.method, request.raw_path, request.query_string, request.headers)
        body = None if streams else request.body
        now = datetime.now(UTC)
        try:
            if protocol == "rest-xml" and is_signed_v2(signed):
                return verify_v2(signed, self.lookup, now=now, virtual_bucket=virtual_bucket)
            verified = verify(signed, self.lookup, now=now, body=body, events=events, service=signing_name)
        except SignatureError as error:
            raise refusal(error, protocol) from error
        if streams and request.stream is not None:
            self._guard_stream(request, verified, protocol)
        return verified

    def check_body(self, verified: Verified[Identity] | VerifiedV2[Identity], body: bytes, protocol: str) -> None:
        """Hold a body that was read after the signature was checked against what was signed of it.

        Raises ServiceError in the words of the protocol.
        """
        try:
            check_payload(verified.payload, lambda: hashlib.sha256(body).hexdigest())
        except SignatureError as error:
            raise refusal(error, protocol) from error

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
        elif verified.payload.form in _CHUNKED:
            decode_chunks(stream, verified, request.headers)


def decode_chunks(stream: BodyReader, verified: Verified[Identity], headers: Mapping[str, str]) -> None:
    """Take the body out of its chunks as it is read; the trailers behind it come to ``stream.trailers``.

    Raises ServiceError, here or while the body is read, where the chunks are not as signed or announced.
    """
    try:
        decoder = AwsChunkedDecoder.for_request(verified, headers)
    except ChunkedBodyError as error:
        raise ServiceError(error.code, error.message, status=error.status) from error

    def decode(chunk: bytes) -> list[memoryview]:
        try:
            return decoder.feed(chunk)
        except ChunkedBodyError as error:
            raise ServiceError(error.code, error.message, status=error.status) from error

    def finish() -> None:
        try:
            decoder.finish()
        except ChunkedBodyError as error:
            raise ServiceError(error.code, error.message, status=error.status) from error
        stream.trailers.update(decoder.trailers)

    stream.decode_with(decode, finish)
    stream.length = int(headers["x-amz-decoded-content-length"])


def refusal(error: SignatureError, protocol: str) -> ServiceError:
    """The error in the words of the protocol's family."""
    words = wording(error, _FAMILIES[protocol])
    return ServiceError(words.code, words.message, status=words.status)
