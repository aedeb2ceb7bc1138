"""The checksums that S3 clients send and ask for, by AWS's names; whole, composite and combined.

Source: "Checking object integrity in Amazon S3". CRCs come from anycrc (20 GB/s with carry-less
multiplication, and it combines), xxHash from xxhash, the rest from hashlib; the first two are loaded when
first asked for.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, Protocol


class ChecksumError(ValueError):
    """An algorithm that S3 does not have, a combination it does not allow, or text that is no checksum."""


class Checksum(Protocol):
    """A checksum in the making."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in the next bytes."""

    def digest(self) -> bytes:
        """Give the checksum of all bytes so far, big-endian."""


class _Crc:
    """A running CRC of a named model."""

    def __init__(self, model: str, width: int) -> None:
        self._model = _crc_model(model)
        self._width = width
        self._value: int = self._model.calc(b"")

    def update(self, data: bytes | memoryview, /) -> None:
        self._value = self._model.calc(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._width, "big")


@lru_cache
def _crc_model(name: str) -> Any:
    import anycrc  # type: ignore[import-untyped]

    return anycrc.Model(name)


def _xxhash(name: str) -> Checksum:
    import xxhash

    started: Checksum = getattr(xxhash, name)()
    return started


# AWS's name → (anycrc's name, width in bytes)
_CRCS = {"CRC32": ("CRC32", 4), "CRC32C": ("CRC32C", 4), "CRC64NVME": ("CRC64-NVME", 8)}
# AWS's name → (width in bytes, how to start one)
_STARTS: dict[str, tuple[int, Callable[[], Checksum]]] = {
    **{name: (width, partial(_Crc, model, width)) for name, (model, width) in _CRCS.items()},
    "SHA1": (20, hashlib.sha1),
    "SHA256": (32, hashlib.sha256),
    "SHA512": (64, hashlib.sha512),
    "MD5": (16, partial(hashlib.md5, usedforsecurity=False)),
    "XXHASH64": (8, partial(_xxhash, "xxh64")),
    "XXHASH3": (8, partial(_xxhash, "xxh3_64")),
    "XXHASH128": (16, partial(_xxhash, "xxh3_128")),
}

ALGORITHMS = tuple(_STARTS)
FULL_OBJECT_ALGORITHMS = frozenset(_CRCS)
"""Those whose checksum of a whole multipart object follows from the parts' checksums and lengths."""
COMPOSITE_ALGORITHMS = frozenset(_STARTS) - {"CRC64NVME"}
"""Those that may stand for a multipart object as a checksum of the parts' checksums."""


def new_checksum(algorithm: str) -> Checksum:
    """Start a checksum. `algorithm` is AWS's name, in any case ("CRC64NVME", "sha256").

    Raises:
        ChecksumError: S3 has no such algorithm.
    """
    return _find(algorithm)[1]()


def _find(algorithm: str) -> tuple[int, Callable[[], Checksum]]:
    found = _STARTS.get(algorithm.upper())
    if found is None:
        names = ", ".join(ALGORITHMS)
        raise ChecksumError(f"Unknown checksum algorithm {algorithm!r}; one of {names} is expected.")
    return found


def header_name(algorithm: str) -> str:
    """Give the request and response header of an algorithm: `x-amz-checksum-crc32`."""
    return f"x-amz-checksum-{algorithm.lower()}"


def encode_digest(digest: bytes) -> str:
    """Write a digest as S3 does: base64."""
    return b64encode(digest).decode()


def checksum_of(algorithm: str, data: bytes | memoryview) -> str:
    """Give the base64 checksum of data at hand.

    >>> checksum_of("CRC32", b"hello world")
    'DUoRhQ=='
    """
    checksum = new_checksum(algorithm)
    checksum.update(data)
    return encode_digest(checksum.digest())


def decode_digest(algorithm: str, text: str) -> bytes:
    """Read a base64 checksum and make sure that it has the algorithm's length.

    Raises:
        ChecksumError: it is not base64, or of another length.
    """
    width, _ = _find(algorithm)
    try:
        digest = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ChecksumError(f"Value for {header_name(algorithm)} header is invalid.") from error
    if len(digest) != width:
        raise ChecksumError(f"Value for {header_name(algorithm)} header is invalid.")
    return digest


def composite_checksum(algorithm: str, part_checksums: Iterable[str]) -> str:
    """Give a multipart object's COMPOSITE checksum: the checksum of the parts' digests, then `-` and their
    number.

    Raises:
        ChecksumError: a part's text is no checksum of that algorithm, or the algorithm is FULL_OBJECT only.
    """
    whole = new_checksum(algorithm)
    if algorithm.upper() not in COMPOSITE_ALGORITHMS:
        raise ChecksumError(f"The COMPOSITE checksum type is not for {algorithm}, which is FULL_OBJECT only.")
    count = 0
    for text in part_checksums:
        whole.update(decode_digest(algorithm, text))
        count += 1
    return f"{encode_digest(whole.digest())}-{count}"


def full_object_checksum(algorithm: str, parts: Iterable[tuple[str, int]]) -> str:
    """Give a multipart object's FULL_OBJECT checksum from (base64 checksum, length in bytes) of its parts.

    It equals the checksum of the joined bytes, which are not read again.

    Raises:
        ChecksumError: the algorithm cannot be combined (only CRCs can), or a part's text is no checksum.
    """
    name = algorithm.upper()
    if name not in _CRCS:
        raise ChecksumError(f"The FULL_OBJECT checksum type is for {', '.join(_CRCS)}; {algorithm} is COMPOSITE only.")
    model_name, width = _CRCS[name]
    model = _crc_model(model_name)
    value: int = model.calc(b"")
    for text, length in parts:
        value = model.combine(value, int.from_bytes(decode_digest(name, text), "big"), length)
    return encode_digest(value.to_bytes(width, "big"))
