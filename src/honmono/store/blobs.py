"""Blobs: immutable files, each under an opaque id; what they mean stands in SQL.

A blob is written to a temporary file, synced, renamed to its place, and its directory synced: once `commit`
has returned it survives power loss, and no half of one is ever seen. The caller then commits the row that
names it. A crash between the two leaves a blob without a row, which `sweep` removes.
"""

import errno
import fcntl
import logging
import os
import re
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NewType, Self

from honmono.store.errors import BlobMissing, DirectoryNotWritable, DiskFull, StorageUnavailable

log = logging.getLogger("honmono.store")

Buffer = bytes | bytearray | memoryview
BlobId = NewType("BlobId", str)

_ID = re.compile(r"[0-9a-f]{32}")


class Blobs:
    """The blobs in one directory; any number of threads may use it.

    Args:
        directory: made when missing. It must lie on one local file system.

    Raises:
        DirectoryNotWritable: it cannot be made.
    """

    def __init__(self, directory: Path):
        self._directory = directory.absolute()
        self._unfinished = self._directory / "unfinished"
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._unfinished.mkdir(mode=0o700, exist_ok=True)
            # All folders now, so that no commit has to make and sync one.
            for number in range(256):
                (self._directory / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)
            _sync_directory(self._directory)
        except OSError as error:
            raise _explained(error, self._directory) from error

    def writer(self) -> "BlobWriter":
        """Begin a blob.

        Raises:
            DiskFull, DirectoryNotWritable: the temporary file cannot be made.
        """
        blob_id = BlobId(uuid.uuid4().hex)
        return BlobWriter(blob_id, self._unfinished / blob_id, self.path(blob_id))

    def path(self, blob_id: BlobId) -> Path:
        """Where the blob lies; read it only."""
        if not _ID.fullmatch(blob_id):
            raise BlobMissing(f"{blob_id!r} is not the id of a blob")
        return self._directory / blob_id[:2] / blob_id

    def open(self, blob_id: BlobId) -> BinaryIO:
        """Open the blob for reading, unbuffered. What is open stays readable after a delete.

        Raises:
            BlobMissing: it is not there.
        """
        try:
            return self.path(blob_id).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise BlobMissing(f"Blob {blob_id} is not in {self._directory}") from error

    def delete(self, blob_id: BlobId) -> None:
        """Remove the blob; no error if it is gone. Commit the deletion of its row first."""
        self.path(blob_id).unlink(missing_ok=True)

    def sweep(
        self,
        referenced: Callable[[Sequence[BlobId]], Collection[BlobId]],
        *,
        older_than: float = 3600,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> int:
        """Remove what crashes have left: unfinished files, and blobs that no row names.

        It may run beside writers: what is younger than `older_than` seconds may be a blob whose row is about
        to be committed, and stays.

        Args:
            referenced: tells which of some ids (at most 500) the rows name.
            older_than: seconds since the last write.
            progress: called with folders done, folders in all, and what is being done.

        Returns:
            How many files were removed.
        """
        limit = time.time() - older_than
        removed = sum(_unlink_older(entry, limit) for entry in _entries(self._unfinished))
        for number in range(256):
            found = {BlobId(entry.name): entry for entry in _entries(self._directory / f"{number:02x}")}
            ids = list(found)
            for start in range(0, len(ids), 500):
                some = ids[start : start + 500]
                kept = referenced(some)
                removed += sum(_unlink_older(found[blob_id], limit) for blob_id in some if blob_id not in kept)
            if progress:
                progress(number + 1, 256, "sweeping objects")
        if removed:
            log.info("removed %d files that a crash had left in %s", removed, self._directory)
        return removed


class BlobWriter:
    """A blob in the making: `write` any number of times, then `commit`.

    As a context manager it is aborted at the end of the block unless it was committed. One thread at a time.
    """

    def __init__(self, blob_id: BlobId, temporary: Path, final: Path):
        self._id = blob_id
        self._temporary = temporary
        self._final = final
        self.size = 0
        """Bytes written so far."""
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._descriptor: int | None = os.open(temporary, flags, 0o600)
        except OSError as error:
            raise _explained(error, temporary.parent) from error

    def write(self, data: Buffer) -> None:
        """Append bytes; chunks of .25 to 1 MB are the fastest.

        Raises:
            DiskFull: no space is left; the blob is aborted.
        """
        if self._descriptor is None:
            raise ValueError("The blob was committed or aborted already")
        view = memoryview(data).cast("B")
        try:
            while view:
                written = os.write(self._descriptor, view)
                self.size += written
                view = view[written:]
        except OSError as error:
            self.abort()
            raise _explained(error, self._final.parent.parent) from error

    def commit(self) -> BlobId:
        """Make it durable and visible.

        Raises:
            DiskFull, StorageUnavailable: it could not be; the blob is aborted.
        """
        if self._descriptor is None:
            raise ValueError("The blob was committed or aborted already")
        try:
            _sync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
            self._temporary.rename(self._final)
            _sync_directory(self._final.parent)
        except OSError as error:
            self.abort()
            raise _explained(error, self._final.parent.parent) from error
        return self._id

    def abort(self) -> None:
        """Throw away what was written; nothing happens after a commit."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.abort()


def _sync(descriptor: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):
        # macOS: fsync there leaves the data in the drive's own cache.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(descriptor)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entries(directory: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(directory) as entries:
        yield from [entry for entry in entries if _ID.fullmatch(entry.name)]


def _unlink_older(entry: "os.DirEntry[str]", limit: float) -> bool:
    try:
        if entry.stat().st_mtime > limit:
            return False
        Path(entry.path).unlink()
    except FileNotFoundError:
        return False  # somebody deleted or committed it meanwhile
    return True


def _explained(error: OSError, directory: Path) -> StorageUnavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(f"No space left in {directory}: free some space and try again; nothing is damaged.")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return DirectoryNotWritable(f"{directory} cannot be written: {error.strerror}. Check its permissions.")
    return StorageUnavailable(f"{directory} cannot be used: {error.strerror}. Check the disk.")
