"""Compressed request bodies: SDKs compress the large ones of some operations (CloudWatch PutMetricData)."""

from __future__ import annotations

import zlib

from honmono.wire.errors import SerializationError, ServiceError


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The body before its ``Content-Encoding``, which is ``gzip`` or ``identity``.

    At most ``limit`` bytes are unpacked, whatever the body claims. Raises ServiceError.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name not in ("gzip", "x-gzip"):
        raise ServiceError(
            "UnsupportedMediaTypeException",
            f"Content-Encoding {encoding[:40]!r} is not understood here; send gzip, or the body as it is.",
            status=415,
        )
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise SerializationError(f"The request body is not valid gzip: {error}") from error
    if len(found) > limit:
        raise ServiceError(
            "RequestEntityTooLargeException", f"The request body unpacks to more than {limit} bytes.", status=413
        )
    if not unpacker.eof or unpacker.unused_data:
        raise SerializationError("The request body is not one whole gzip member")
    return found
