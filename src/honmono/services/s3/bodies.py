"""Bytes going out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from honmono.store.objects_blobs import BlobStore
from honmono.store.objects_values import Segment

_PIECE = 1024 * 1024
_OPEN_AT_ONCE = 16


class ObjectBody:
    """A stretch of an object's bytes, read from its blobs as it is sent.

    The blobs are opened at once, so that an overwrite does not cut the answer short; of an object of more than 16
    parts only the first are, to be sparing with file descriptors.

    Raises BlobMissing where the object was overwritten since its row was read.
    """

    def __init__(self, blobs: BlobStore, segments: Sequence[Segment], start: int, length: int) -> None:
        self.length = length
        self._blobs = blobs
        self._spans: list[tuple[Segment, int, int]] = []
        for segment in segments:
            if length <= 0:
                break
            if start < segment.size:
                taken = min(segment.size - start, length)
                self._spans.append((segment, start, taken))
                length -= taken
                start = 0
            else:
                start -= segment.size
        self._files: list[BinaryIO] = []
        try:
            for segment, _, _ in self._spans[:_OPEN_AT_ONCE]:
                self._files.append(blobs.open(segment.blob))
        except BaseException:
            self.close()
            raise
        self._pieces = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def _read(self) -> Iterator[bytes]:
        try:
            for index, (segment, start, left) in enumerate(self._spans):
                with self._files[index] if index < len(self._files) else self._blobs.open(segment.blob) as file:
                    file.seek(start)
                    while left > 0:
                        piece = file.read(min(left, _PIECE))
                        if not piece:
                            raise OSError(f"blob {segment.blob} is shorter than its record says")
                        left -= len(piece)
                        yield piece
        finally:
            self.close()

    def read(self) -> bytes:
        """All that has not been read yet."""
        return b"".join(self._pieces)

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()
