"""Which checksum a request brings or asks for, and how an answer shows it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from honmono.services.s3.errors import error, invalid_request
from honmono.store.objects_values import Checksum
from honmono.wire.checksums import (
    ALGORITHMS,
    COMPOSITE_ALGORITHMS,
    FULL_OBJECT_ALGORITHMS,
    ChecksumError,
    checksum_of,
    decode_digest,
    header_name,
)
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

DEFAULT_ALGORITHM = "CRC64NVME"
"""What S3 takes of an object whose writer brings no checksum."""

MEMBERS = {f"Checksum{name}": name for name in ALGORITHMS}
"""Members of requests and answers by algorithm: ChecksumCRC32 → CRC32."""

_TRAILER = re.compile(r"x-amz-checksum-([a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a body must have: `checksum` is base64, or None where it comes in a trailer (`trailer`) or not at all."""

    algorithm: str
    checksum: str | None = None
    trailer: str | None = None
    md5: str | None = None


def expectation(request: Mapping[str, Any], headers: Mapping[str, str], default: str) -> Expectation:
    """What the request says of its body's checksum.

    Raises ServiceError InvalidRequest or InvalidDigest for one that makes no sense.
    """
    given = [(name, request[member]) for member, name in MEMBERS.items() if member in request]
    trailers = [
        found[1].upper()
        for name in (headers.get("x-amz-trailer") or "").lower().split(",")
        if (found := _TRAILER.fullmatch(name.strip()))
    ]
    if len(given) + len(trailers) > 1:
        raise invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    md5 = request.get("ContentMD5")
    if md5 is not None:
        md5 = _read_md5(md5)
    named = request.get("ChecksumAlgorithm")
    if named is not None:
        named = known_algorithm(named)
    if given:
        algorithm, text = given[0]
        try:
            decode_digest(algorithm, text)
        except ChecksumError as failure:
            raise invalid_request(str(failure)) from failure
        return Expectation(algorithm, text, None, md5)
    if trailers:
        if trailers[0] not in ALGORITHMS:
            raise invalid_request("The value specified in the x-amz-trailer header is not supported")
        return Expectation(trailers[0], None, header_name(trailers[0]), md5)
    return Expectation(named or default, None, None, md5)


def known_algorithm(name: str) -> str:
    """The algorithm's name in capitals.

    Raises ServiceError InvalidRequest for one that S3 does not have.
    """
    if name.upper() not in ALGORITHMS:
        raise invalid_request(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            f"[{', '.join(ALGORITHMS)}]"
        )
    return name.upper()


def _read_md5(text: str) -> str:
    try:
        digest = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        digest = b""
    if len(digest) != 16:
        raise error("InvalidDigest", "The Content-MD5 you specified was invalid.", **{"Content-MD5": text})
    return digest.hex()


def bad_md5(expected: str, actual: str) -> ServiceError:
    """The body is not the one whose MD5 the client took; both in hex."""
    return error(
        "BadDigest",
        "The Content-MD5 you specified did not match what we received.",
        ExpectedDigest=expected,
        CalculatedDigest=b64encode(bytes.fromhex(actual)).decode(),
    )


def bad_checksum(algorithm: str) -> ServiceError:
    """The body is not the one whose checksum the client took."""
    return error("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def shown(checksum: Checksum | None) -> dict[str, Any]:
    """The members of an answer that tell a checksum."""
    if checksum is None or not checksum.value:
        return {}
    return {f"Checksum{checksum.algorithm}": checksum.value, "ChecksumType": checksum.kind}


def shown_part(algorithm: str | None, value: str) -> dict[str, str]:
    """The member that tells a part's checksum."""
    return {f"Checksum{algorithm}": value} if algorithm and value else {}


def checksum_type(algorithm: str, asked: str | None) -> str:
    """COMPOSITE or FULL_OBJECT, for an upload in parts.

    Raises ServiceError InvalidRequest where the algorithm has not the type that was asked for.
    """
    if asked is None:
        return "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE"
    allowed = {"COMPOSITE": COMPOSITE_ALGORITHMS, "FULL_OBJECT": FULL_OBJECT_ALGORITHMS}.get(asked)
    if allowed is None:
        raise invalid_request("Value for x-amz-checksum-type header is invalid.")
    if algorithm not in allowed:
        raise invalid_request(
            f"The {asked} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        )
    return asked


def check_document(ctx: Context, *, required: bool = False) -> None:
    """Hold a body that was read whole (a configuration, a list of keys) against its MD5 or checksum.

    Raises ServiceError BadDigest, InvalidDigest or InvalidRequest; the latter too where one is ``required``.
    """
    if ctx.http is None:
        return
    headers, body = ctx.headers, ctx.http.body
    md5 = headers.get("content-md5")
    if md5 is not None:
        actual = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if _read_md5(md5) != actual:
            raise bad_md5(md5, actual)
    given = [name for name in ALGORITHMS if header_name(name) in headers]
    for name in given:
        if headers[header_name(name)] != checksum_of(name, body):
            raise bad_checksum(name)
    if required and md5 is None and not given:
        raise invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
