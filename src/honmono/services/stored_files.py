"""Objects as a job reads and writes them, without going through the S3 service.

A job's child process reads straight from the store: the index by a connection that cannot write, the bytes from the
blobs. It needs no network and no credentials, streams however large an object is, and sees objects as they are while it
reads. What the job was given to read its service has checked at the door, with the caller's rights; a bucket of another
account is refused here.

What a job leaves behind is written by the server, in the transaction that ends the job: both or neither. Where it is
large the child has put its bytes into the store before (`StoredFiles.stage`), and the transaction only names them.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from honmono.store.blobs import BlobId
from honmono.store.database import Database
from honmono.store.errors import BlobMissing
from honmono.store.objects import Objects
from honmono.store.objects_blobs import BlobStore
from honmono.store.objects_buckets import Buckets
from honmono.store.objects_listing import ObjectLists
from honmono.store.objects_place import blobs_at
from honmono.store.objects_values import Attributes, BucketMissing, NewObject, ObjectVersion, Segment

_URI = re.compile(r"s3://([^/]+)/?(.*)", re.DOTALL)
_PAGE = 1000
_INLINE_BYTES = 64 * 1024
_READS = 3


class FilesMissing(Exception):
    """There is no such bucket of this account, or nothing under this URI; the message names it."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object found by its URI."""

    uri: str
    bucket: str
    key: str
    size: int
    version: str | None = None
    """None: the latest, whichever that is when it is read."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that a job leaves behind: its size, the MD5 of its bytes, and the blob that has them where it is large."""

    size: int
    etag: str
    blob: str | None


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key (or prefix) of an S3 URI.

    >>> split_uri("s3://data/train/a.csv")
    ('data', 'train/a.csv')

    Raises:
        FilesMissing: it is none.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        raise FilesMissing(f"{uri} is not an S3 URI (s3://bucket/key)")
    return found[1], found[2]


class StoredFiles:
    """The objects that an account may read."""

    def __init__(self, database: Database, blobs: BlobStore, account: str) -> None:
        self._blobs = blobs
        self._objects = Objects(database, blobs)
        self._buckets = Buckets(self._objects)
        self._lists = ObjectLists(database)
        self._account = account

    @classmethod
    def of_parent(cls, account: str) -> StoredFiles:
        """In a job's child: the store of the server that started it."""
        database = Database.attach(os.environ["HONMONO_DATABASE"])
        return cls(
            database,
            blobs_at(Path(os.environ["HONMONO_DATA"]) / "objects", os.environ.get("HONMONO_REMOTE_OBJECTS")),
            account,
        )

    def find(self, uri: str) -> list[StoredFile]:
        """The object of that URI, or all whose keys begin with it, in the order of their keys; no folder markers.

        Raises:
            FilesMissing: there is none.
        """
        bucket, key = split_uri(uri)
        self._check(bucket, uri)
        whole = self._objects.get(bucket, key) if key and not key.endswith("/") else None
        if whole is not None and not whole.deleted:
            return [_file(whole)]
        found: list[StoredFile] = []
        after, more = "", True
        while more:
            page = self._lists.objects(bucket, key, "", after, _PAGE)
            found += [_file(version) for version in page.items if not version.key.endswith("/")]
            after, more = page.last_key, page.truncated
        if not found:
            raise FilesMissing(f"there is no object under {uri}")
        return found

    def version(self, bucket: str, key: str, version: str | None = None) -> StoredFile:
        """One object, the latest or an older version of it.

        Raises:
            FilesMissing: there is none.
        """
        uri = f"s3://{bucket}/{key}"
        self._check(bucket, uri)
        found = self._objects.get(bucket, key, version)
        if found is None or found.deleted:
            raise FilesMissing(f"there is no object {uri}" + (f" of version {version}" if version else ""))
        return StoredFile(uri, bucket, key, found.size, version)

    def open(self, file: StoredFile) -> BinaryIO:
        """The object's bytes, streamed.

        Raises:
            FilesMissing: it was deleted since it was found.
        """
        for _ in range(_READS):
            version = self._objects.get(file.bucket, file.key, file.version, content=True)
            if version is None or version.deleted:
                break
            if version.content is not None:
                return io.BytesIO(version.content)
            try:
                # Opened before anything is read: what is open stays readable if the object is overwritten now.
                parts = [self._blobs.open(segment.blob) for segment in version.segments]
            except BlobMissing:
                continue  # overwritten since its row was read
            return io.BufferedReader(_Joined(parts), 1 << 20)
        raise FilesMissing(f"{file.uri} was deleted while it was being read")

    def stage(self, path: Path) -> Staged:
        """Put a file's bytes into the store, for `write_staged` to name once the job has ended.

        A small file stays where it is, for the server to read; a large one is removed, its bytes being in the store.
        """
        digest = hashlib.md5(usedforsecurity=False)
        size = path.stat().st_size
        if size <= _INLINE_BYTES:
            digest.update(path.read_bytes())
            return Staged(size, digest.hexdigest(), None)
        writer = self._blobs.writer()
        try:
            with path.open("rb") as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
                    writer.write(piece)
            blob = writer.commit()
        finally:
            writer.abort()
        path.unlink()
        return Staged(size, digest.hexdigest(), blob)

    def _check(self, bucket: str, uri: str) -> None:
        try:
            owner = self._buckets.get(bucket).account
        except BucketMissing:
            owner = ""
        if owner != self._account:
            raise FilesMissing(f"there is no bucket {bucket} in this account ({uri})")


def _file(version: ObjectVersion) -> StoredFile:
    return StoredFile(f"s3://{version.bucket}/{version.key}", version.bucket, version.key, version.size)


class _Joined(io.RawIOBase):
    """Several files read one behind the other."""

    def __init__(self, parts: list[BinaryIO]) -> None:
        self._parts = parts

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while self._parts:
            data = self._parts[0].read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._parts.pop(0).close()
        return 0

    def close(self) -> None:
        for part in self._parts:
            part.close()
        super().close()


def write(
    database: Database, blobs: BlobStore, uri: str, data: bytes, *, account: str, content_type: str, tx: Connection
) -> None:
    """Write an object within a transaction.

    Raises:
        FilesMissing: the account has no such bucket.
    """
    place = _Place.of(database, blobs, uri, account, tx)
    etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
    blob: BlobId | None = None
    if len(data) > _INLINE_BYTES:
        writer = blobs.writer()
        try:
            writer.write(data)
            blob = writer.commit()
        finally:
            writer.abort()
    place.put(Staged(len(data), etag, blob), data, content_type, tx)


def write_staged(
    database: Database,
    blobs: BlobStore,
    uri: str,
    staged: Staged,
    path: Path,
    *,
    account: str,
    content_type: str,
    tx: Connection,
) -> None:
    """Write the object that a job staged from ``path``, within a transaction.

    Raises:
        FilesMissing: the account has no such bucket.
    """
    place = _Place.of(database, blobs, uri, account, tx)
    place.put(staged, path.read_bytes() if staged.blob is None else b"", content_type, tx)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in an account's buckets an object is to be written."""

    objects: Objects
    bucket: str
    key: str
    account: str

    @classmethod
    def of(cls, database: Database, blobs: BlobStore, uri: str, account: str, tx: Connection) -> _Place:
        bucket, key = split_uri(uri)
        objects = Objects(database, blobs)
        try:
            owner = Buckets(objects).get(bucket, tx=tx).account
        except BucketMissing:
            owner = ""
        if owner != account:
            raise FilesMissing(f"there is no bucket {bucket} in this account ({uri})")
        return cls(objects, bucket, key, account)

    def put(self, staged: Staged, data: bytes, content_type: str, tx: Connection) -> None:
        attributes = Attributes(owner=self.account, headers={"content-type": content_type})
        if staged.blob is None:
            new = NewObject(staged.size, staged.etag, attributes, data)
        else:
            segments = (Segment(BlobId(staged.blob), staged.size),)
            new = NewObject(staged.size, staged.etag, attributes, None, segments)
        self.objects.put(self.bucket, self.key, new, tx=tx)
