"""Bytes coming in: hashed on the way, kept in memory while they are few, in a blob when they are many."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from honmono.services.s3.checksums import Expectation, bad_checksum, bad_md5
from honmono.services.s3.errors import error
from honmono.store.blobs import BlobId
from honmono.store.objects_blobs import BlobStore, Writer
from honmono.store.objects_values import INLINE_BYTES, Checksum, Segment
from honmono.wire.checksums import encode_digest, new_checksum

MAX_BYTES = 5 * 1024**3
"""What one request may carry."""

_GATHER = 128 * 1024


@dataclass(slots=True)
class Received:
    """A body that has arrived whole and is as its sender said. `etag` is its MD5 in hex.

    Its blob belongs to nobody until a row names it: where no row will, delete it.
    """

    size: int
    etag: str
    checksum: Checksum
    content: bytes | None
    blob: BlobId | None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Where the bytes lie, if not in `content`."""
        return () if self.blob is None else (Segment(self.blob, self.size),)


def receive(body: Any, blobs: BlobStore, expected: Expectation, *, inline: bool = True) -> Received:
    """Take a body in: bytes, or a reader that is iterated.

    ``inline=False`` writes a blob even of a small body. What does not arrive whole and right leaves nothing behind.

    Raises ServiceError BadDigest or IncompleteBody.
    """
    length: int | None = len(body) if isinstance(body, bytes) else body.length
    pieces: Iterator[bytes] = iter([body] if isinstance(body, bytes) else body)
    if inline and (length is None or length <= INLINE_BYTES):
        first = _first(pieces)
        if len(first) <= INLINE_BYTES:
            etag, checksum = _digests([first], expected)
            _compare(body, len(first), length, etag, checksum, expected)
            return Received(len(first), etag, checksum, first, None)
        pieces = chain([first], pieces)
    writer = blobs.writer()
    try:
        counted = _Written(writer)
        etag, checksum = _digests(counted.through(_gathered(pieces)), expected)
        _compare(body, counted.size, length, etag, checksum, expected)
        return Received(counted.size, etag, checksum, None, writer.commit())
    finally:
        writer.abort()


class _Written:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.size = 0

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._writer.write(piece)
            self.size += len(piece)
            yield piece


def check_length(body: Any) -> None:
    """Refuse a body whose length is not announced, or too large.

    Raises ServiceError MissingContentLength or EntityTooLarge.
    """
    length: int | None = len(body) if isinstance(body, bytes) else body.length
    if length is None:
        raise error("MissingContentLength", "You must provide the Content-Length HTTP header.")
    if length > MAX_BYTES:
        raise error(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            ProposedSize=length,
            MaxSizeAllowed=MAX_BYTES,
        )


def _first(pieces: Iterator[bytes]) -> bytes:
    """All of a small body; of a large one, somewhat more than would still be small."""
    parts: list[bytes] = []
    have = 0
    while have <= INLINE_BYTES and (piece := next(pieces, None)) is not None:
        parts.append(piece)
        have += len(piece)
    return b"".join(parts)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: each one costs a switch of threads for every hash."""
    waiting: list[bytes] = []
    have = 0
    for piece in pieces:
        waiting.append(piece)
        have += len(piece)
        if have >= _GATHER:
            yield b"".join(waiting) if len(waiting) > 1 else waiting[0]
            waiting, have = [], 0
    if waiting:
        yield b"".join(waiting)


def _digests(pieces: Iterable[bytes], expected: Expectation) -> tuple[str, Checksum]:
    md5 = hashlib.md5(usedforsecurity=False)
    other = new_checksum(expected.algorithm)
    for piece in pieces:
        md5.update(piece)
        other.update(piece)
    return md5.hexdigest(), Checksum(expected.algorithm, encode_digest(other.digest()))


def _compare(body: Any, size: int, length: int | None, etag: str, checksum: Checksum, expected: Expectation) -> None:
    if length is not None and size != length:
        raise error(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
        )
    if expected.md5 is not None and not hmac.compare_digest(expected.md5, etag):
        raise bad_md5(expected.md5, etag)
    wanted = expected.checksum
    if expected.trailer is not None:
        wanted = body.trailers.get(expected.trailer)
    if wanted is not None and wanted != checksum.value:
        raise bad_checksum(expected.algorithm)
