"""Checksums of a stream, several at once in one pass."""

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

Buffer = bytes | bytearray | memoryview


class _Hash(Protocol):
    def update(self, data: Buffer, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc:
    """A cyclic redundancy check with hashlib's interface."""

    def __init__(self, step: Callable[[Buffer, int], int], size: int):
        self._step = step
        self._size = size
        self._value = 0

    def update(self, data: Buffer, /) -> None:
        self._value = self._step(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size, "big")


def _crc32c() -> _Hash:
    from awscrt import checksums

    return _Crc(checksums.crc32c, 4)


def _crc64nvme() -> _Hash:
    from awscrt import checksums

    return _Crc(checksums.crc64nvme, 8)


_ALGORITHMS: dict[str, Callable[[], _Hash]] = {
    # Fingerprints that S3's protocol asks for, not protection: allowed on machines in FIPS mode too.
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "crc32": lambda: _Crc(zlib.crc32, 4),
    "crc32c": _crc32c,
    "crc64nvme": _crc64nvme,
}

DIGEST_NAMES = frozenset(_ALGORITHMS)
"""`md5`, `sha1`, `sha256`, `crc32`, `crc32c` and `crc64nvme`."""


class Digests:
    """Running checksums.

    >>> digests = Digests(["crc32", "md5"])
    >>> digests.update(b"123456789")
    >>> digests["crc32"].hex()
    'cbf43926'

    Args:
        names: which, of `DIGEST_NAMES`.

    Raises:
        ValueError: one of them is unknown.
    """

    def __init__(self, names: Iterable[str]):
        self._hashes: dict[str, _Hash] = {}
        for name in names:
            if name not in _ALGORITHMS:
                raise ValueError(f"No checksum is called {name!r}; there are {', '.join(sorted(DIGEST_NAMES))}")
            self._hashes[name] = _ALGORITHMS[name]()

    def update(self, data: Buffer) -> None:
        """Take in the next bytes; other threads run meanwhile where the chunk is large (over 2 KB)."""
        for running in self._hashes.values():
            running.update(data)

    def __getitem__(self, name: str) -> bytes:
        """The checksum of what has been taken in so far; a CRC is big-endian, as S3 sends it."""
        return self._hashes[name].digest()

    def all(self) -> dict[str, bytes]:
        """Every checksum by name."""
        return {name: running.digest() for name, running in self._hashes.items()}
