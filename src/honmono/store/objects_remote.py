"""Blobs in a bucket elsewhere: S3, Google Cloud Storage, Azure, or whatever else obstore opens.

A blob is written to a temporary file here and sent when it is committed; the call returns once the store has
acknowledged it. The index stays in SQL: the remote bucket holds nothing but opaque blobs.
"""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from honmono.store.blobs import BlobId, Buffer
from honmono.store.errors import BlobMissing, StorageUnavailable
from honmono.store.objects_blobs import Progress, Referenced, Writer

_SOME = 500


class RemoteBlobs:
    """Blobs in an obstore store.

    Args:
        store: an obstore store (`obstore.store.S3Store`, `LocalStore` …); `at` makes one of a URL.
        scratch: a folder here for blobs in the making.
    """

    def __init__(self, store: Any, scratch: Path):
        self._store = store
        self._scratch = scratch
        scratch.mkdir(parents=True, exist_ok=True)

    @classmethod
    def at(cls, url: str, scratch: Path, **options: Any) -> "RemoteBlobs":
        """The blobs under a URL (`s3://bucket/prefix`, `gs://…`, `az://…`, `file:///…`).

        Credentials come from the store's usual environment variables, or from `options` under obstore's names.
        """
        return cls(from_url(url, **options), scratch)

    def writer(self) -> Writer:
        """Begin a blob."""
        return _RemoteWriter(self._store, self._scratch)

    def open(self, blob_id: BlobId) -> BinaryIO:
        """Open a blob; it is fetched in ranges as it is read.

        Raises:
            BlobMissing.
        """
        try:
            reader = obstore.open_reader(self._store, blob_id)
        except FileNotFoundError as error:
            raise BlobMissing(f"Blob {blob_id} is not in the remote store") from error
        return cast(BinaryIO, _Reading(reader))

    def copy(self, blob_id: BlobId) -> BlobId:
        """A second blob with the same bytes, copied by the store itself."""
        copied = BlobId(uuid4().hex)
        try:
            obstore.copy(self._store, blob_id, copied)
        except FileNotFoundError as error:
            raise BlobMissing(f"Blob {blob_id} is not in the remote store") from error
        return copied

    def delete(self, blob_id: BlobId) -> None:
        """Remove a blob; no error if it is gone."""
        try:
            obstore.delete(self._store, blob_id)
        except FileNotFoundError:
            return

    def sweep(self, referenced: Referenced, *, older_than: float = 3600, progress: Progress | None = None) -> int:
        """Remove what no row names, and the temporary files of a crash."""
        limit = datetime.now(UTC) - timedelta(seconds=older_than)
        removed = 0
        for path in self._scratch.iterdir():
            if path.stat().st_mtime <= limit.timestamp():
                path.unlink(missing_ok=True)
                removed += 1
        done = 0
        for found in obstore.list(self._store, chunk_size=_SOME):
            old = [BlobId(entry["path"]) for entry in found if entry["last_modified"] <= limit]
            orphans = set(old) - set(referenced(old)) if old else set()
            for blob in orphans:
                self.delete(blob)
            removed += len(orphans)
            done += len(found)
            if progress:
                progress(done, done, "sweeping remote objects")
        return removed


class _Reading:
    """obstore's reader as a file: its pieces are bytes."""

    def __init__(self, reader: Any):
        self._reader = reader
        self.seek: Callable[[int], int] = reader.seek
        self.close: Callable[[], None] = reader.close

    def read(self, size: int) -> bytes:
        return bytes(self._reader.read(size))

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _RemoteWriter:
    def __init__(self, store: Any, scratch: Path):
        self._store = store
        self._file: IO[bytes] | None = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by commit or abort

    def write(self, data: Buffer) -> None:
        if self._file is None:
            raise ValueError("The blob was committed or aborted already")
        self._file.write(data)

    def commit(self) -> BlobId:
        if self._file is None:
            raise ValueError("The blob was committed or aborted already")
        blob = BlobId(uuid4().hex)
        self._file.seek(0)
        try:
            obstore.put(self._store, blob, self._file)
        except BaseError as error:
            raise StorageUnavailable(f"The remote store did not take a blob: {error}") from error
        finally:
            self.abort()
        return blob

    def abort(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
