"""Where the bytes of large objects lie: a small interface, and the local files behind it."""

import os
from collections.abc import Callable, Collection, Sequence
from typing import BinaryIO, Protocol
from uuid import uuid4

from honmono.store.blobs import BlobId, Blobs, Buffer
from honmono.store.errors import BlobMissing

Referenced = Callable[[Sequence[BlobId]], Collection[BlobId]]
Progress = Callable[[int, int, str], None]


class Writer(Protocol):
    """A blob in the making; without a `commit` it is to be aborted."""

    def write(self, data: Buffer, /) -> None:
        """Append bytes."""

    def commit(self) -> BlobId:
        """Make it durable."""

    def abort(self) -> None:
        """Throw it away; nothing happens after a commit."""


class BlobStore(Protocol):
    """Immutable blobs under opaque ids; any number of threads may use it."""

    def writer(self) -> Writer:
        """Begin a blob."""

    def open(self, blob_id: BlobId) -> BinaryIO:
        """Open a blob for reading, seekable. What is open stays readable after a delete. Raises BlobMissing."""

    def copy(self, blob_id: BlobId) -> BlobId:
        """A second blob with the same bytes, durable when it returns. Raises BlobMissing."""

    def delete(self, blob_id: BlobId) -> None:
        """Remove a blob; no error if it is gone."""

    def sweep(self, referenced: Referenced, *, older_than: float = 3600, progress: Progress | None = None) -> int:
        """Remove the blobs that `referenced` does not give back; how many there were."""


class LocalBlobs:
    """Blobs in the data directory."""

    def __init__(self, blobs: Blobs):
        self._blobs = blobs
        self.open = blobs.open
        self.delete = blobs.delete
        self.sweep = blobs.sweep

    def writer(self) -> Writer:
        """Begin a blob."""
        return self._blobs.writer()

    def copy(self, blob_id: BlobId) -> BlobId:
        """A second name for the same file: blobs never change, so none of its bytes need copying."""
        copied = BlobId(uuid4().hex)
        target = self._blobs.path(copied)
        try:
            os.link(self._blobs.path(blob_id), target)
        except FileNotFoundError as error:
            raise BlobMissing(f"Blob {blob_id} is gone") from error
        descriptor = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return copied
