"""The object index: which versions of which keys there are, and where their bytes lie.

A write follows one order: the bytes are durable, then the row that names them commits, then the caller answers. Blobs
that a write replaces are deleted after its commit; a crash in between leaves a blob without a row, which
`sweep` removes at the next start.
"""

import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Connection

from honmono.store.blobs import BlobId
from honmono.store.clock import now
from honmono.store.database import Database
from honmono.store.objects_blobs import BlobStore
from honmono.store.objects_commits import Commits
from honmono.store.objects_sql import Statement
from honmono.store.objects_values import (
    INLINE_BYTES,
    NULL_VERSION,
    Attributes,
    BucketMissing,
    NewObject,
    ObjectVersion,
    Segment,
    decode_attributes,
    encode,
)

log = logging.getLogger("honmono.store")

Check = Callable[[ObjectVersion | None], None]
"""Looks at the version that a write is about to replace (None where there is none) and raises to refuse the write."""

_ROW = "id, bucket, key, version, sequence, latest, deleted, etag, size, modified, attributes"
_WHERE_LATEST = "FROM s3_objects WHERE bucket = :bucket AND key = :key AND latest"
_WHERE_VERSION = "FROM s3_objects WHERE bucket = :bucket AND key = :key AND version = :version"
_LATEST = Statement(f"SELECT {_ROW} {_WHERE_LATEST}")
_LATEST_WITH_CONTENT = Statement(f"SELECT {_ROW}, content {_WHERE_LATEST}")
_VERSION = Statement(f"SELECT {_ROW} {_WHERE_VERSION}")
_VERSION_WITH_CONTENT = Statement(f"SELECT {_ROW}, content {_WHERE_VERSION}")
_SEGMENTS = Statement("SELECT blob, size FROM s3_segments WHERE object_id = :id ORDER BY number")
_VERSIONING = Statement("SELECT versioning FROM s3_buckets WHERE name = :bucket")
_INSERT = Statement(
    "INSERT INTO s3_objects"
    " (bucket, key, version, sequence, latest, deleted, etag, size, modified, attributes, content)"
    " VALUES (:bucket, :key, :version, :sequence, TRUE, :deleted, :etag, :size, :modified, :attributes, :content)"
    " RETURNING id"
)
_REPLACE = Statement(
    _INSERT.sqlite.removesuffix(" RETURNING id") + " ON CONFLICT (bucket, key, version) DO UPDATE SET"
    " sequence = excluded.sequence, latest = TRUE, deleted = excluded.deleted, etag = excluded.etag,"
    " size = excluded.size, modified = excluded.modified, attributes = excluded.attributes, content = excluded.content"
    " RETURNING id"
)
_STATE = Statement(
    "SELECT versioning, id, bucket, key, version, sequence, latest, deleted, etag, size, modified, attributes"
    " FROM s3_buckets LEFT JOIN s3_objects ON bucket = name AND key = :key AND latest WHERE name = :bucket"
)
_DELETE_SEGMENTS = Statement("DELETE FROM s3_segments WHERE object_id = :id")
_INSERT_SEGMENT = Statement(
    "INSERT INTO s3_segments (object_id, number, blob, size) VALUES (:id, :number, :blob, :size)"
)
_DEMOTE = Statement("UPDATE s3_objects SET latest = FALSE WHERE id = :id")
_PROMOTE = Statement(
    "UPDATE s3_objects SET latest = TRUE WHERE id = (SELECT id FROM s3_objects WHERE bucket = :bucket AND key = :key"
    " ORDER BY sequence DESC LIMIT 1)"
)
_DELETE = Statement("DELETE FROM s3_objects WHERE id = :id")
_SET_ATTRIBUTES = Statement("UPDATE s3_objects SET attributes = :attributes WHERE id = :id")
_CLEAR = [
    Statement(f"DELETE FROM {table}") for table in ("s3_parts", "s3_segments", "s3_uploads", "s3_objects", "s3_buckets")
]
_LOCK_KEY = Statement("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class Objects:
    """Object versions over SQL and blobs; any number of threads may use it."""

    def __init__(self, database: Database, blobs: BlobStore):
        self.database = database
        self.blobs = blobs
        self.commits = Commits(database)

    def get(
        self, bucket: str, key: str, version: str | None = None, *, content: bool = False, tx: Connection | None = None
    ) -> ObjectVersion | None:
        """A version, or the latest one; None where there is none. With `content` its bytes or segments come along."""
        with self.database.reading(tx) as connection:
            if version is None:
                statement = _LATEST_WITH_CONTENT if content else _LATEST
                row = statement.one(connection, bucket=bucket, key=key)
            else:
                statement = _VERSION_WITH_CONTENT if content else _VERSION
                row = statement.one(connection, bucket=bucket, key=key, version=version)
            if row is None:
                return None
            if not content:
                return read_row(row)
            segments = () if row[11] is not None or row[6] else self.segments(connection, row[0])
            return read_row(row, row[11], segments)

    def segments(self, connection: Connection, object_id: int) -> tuple[Segment, ...]:
        """Where an object's bytes lie, in order."""
        return tuple(Segment(BlobId(row[0]), row[1]) for row in _SEGMENTS.all(connection, id=object_id))

    def put(
        self, bucket: str, key: str, new: NewObject, *, check: Check | None = None, tx: Connection | None = None
    ) -> ObjectVersion:
        """Write an object: a new version where the bucket keeps them, else in place of the one there is.

        Args:
            check: called within the transaction with the version that is the latest so far.

        Raises:
            BucketMissing: the bucket is gone.
            Whatever `check` raises; nothing is changed then.
        """
        if tx is not None:
            return self._write(tx, bucket, key, new, deleted=False, check=check)
        return self.submit_put(bucket, key, new, check=check).result()

    def submit_put(self, bucket: str, key: str, new: NewObject, *, check: Check | None = None) -> Future[ObjectVersion]:
        """`put` without waiting."""
        return self.commits.submit(lambda tx: self._write(tx, bucket, key, new, deleted=False, check=check))

    def delete(
        self, bucket: str, key: str, *, owner: str, check: Check | None = None
    ) -> tuple[ObjectVersion | None, ObjectVersion | None]:
        """Delete a key: for good where the bucket keeps no versions, else by a delete marker on top.

        Returns:
            The marker, where one was written, and the version that was the latest before.

        Raises:
            BucketMissing, and whatever `check` raises.
        """

        def work(tx: Connection) -> tuple[ObjectVersion | None, ObjectVersion | None]:
            versioning = self._begin(tx, bucket, key)
            before = self.get(bucket, key, tx=tx)
            if versioning:
                marker = NewObject(0, "", Attributes(owner=owner))
                return self._write(tx, bucket, key, marker, deleted=True, check=check), before
            if check is not None:
                check(before)
            if before is not None:
                self._drop(tx, before)
            return None, before

        return self.commits.run(work)

    def delete_version(
        self, bucket: str, key: str, version: str, *, check: Check | None = None
    ) -> ObjectVersion | None:
        """Delete one version for good; the next older one becomes the latest. None where it was not there."""

        def work(tx: Connection) -> ObjectVersion | None:
            self._begin(tx, bucket, key)
            found = self.get(bucket, key, version, tx=tx)
            if check is not None:
                check(found)
            if found is not None:
                self._drop(tx, found)
                if found.latest:
                    _PROMOTE.run(tx, bucket=bucket, key=key)
            return found

        return self.commits.run(work)

    def change(
        self, bucket: str, key: str, version: str | None, change: Callable[[ObjectVersion], Attributes]
    ) -> ObjectVersion | None:
        """Change a version's attributes (tags, access, locks); None where there is no such version."""
        with self.database.transaction() as tx:
            self._begin(tx, bucket, key)
            found = self.get(bucket, key, version, tx=tx)
            if found is not None:
                _SET_ATTRIBUTES.run(tx, id=found.id, attributes=encode(change(found)).decode())
            return found

    def sweep(self, *, older_than: float = 3600, progress: Callable[[int, int, str], None] | None = None) -> int:
        """Remove the blobs that neither an object nor a part names; how many there were."""
        return self.blobs.sweep(self._referenced, older_than=older_than, progress=progress)

    def clear(self) -> None:
        """Forget every bucket, object and upload; the blobs of none remain."""
        with self.database.transaction() as tx:
            for statement in _CLEAR:
                statement.run(tx)
        self.sweep(older_than=0)

    def discard(self, tx: Connection, blobs: Sequence[BlobId]) -> None:
        """Delete blobs once the transaction has committed."""
        if blobs:
            self.database.after_commit(tx, lambda: self._delete_blobs(blobs))

    def _delete_blobs(self, blobs: Sequence[BlobId]) -> None:
        for blob in blobs:
            try:
                self.blobs.delete(blob)
            except OSError:
                log.warning("blob %s could not be deleted; the sweep at the next start does it", blob, exc_info=True)

    def _lock(self, tx: Connection, bucket: str, key: str) -> None:
        if self.database.shared:
            _LOCK_KEY.run(tx, name=f"{bucket}/{key}")

    def _begin(self, tx: Connection, bucket: str, key: str) -> str:
        self._lock(tx, bucket, key)
        row = _VERSIONING.one(tx, bucket=bucket)
        if row is None:
            raise BucketMissing(f"There is no bucket {bucket}")
        state: str = row[0]
        return state

    def _write(
        self, tx: Connection, bucket: str, key: str, new: NewObject, *, deleted: bool, check: Check | None
    ) -> ObjectVersion:
        self._lock(tx, bucket, key)
        row = _STATE.one(tx, bucket=bucket, key=key)
        if row is None:
            raise BucketMissing(f"There is no bucket {bucket}")
        versioning: str = row[0]
        before = read_row(row[1:]) if row[1] is not None else None
        if check is not None:
            check(before)
        written = now()
        sequence = written if before is None else max(written, before.sequence + 1)
        version = secrets.token_hex(16) if versioning == "Enabled" else NULL_VERSION
        if before is not None:
            if versioning:
                self._make_way(tx, before, version)
            else:
                self._drop_segments(tx, before)
        values: dict[str, Any] = {
            "bucket": bucket,
            "key": key,
            "version": version,
            "sequence": sequence,
            "deleted": deleted,
            "etag": new.etag,
            "size": new.size,
            "modified": written,
        }
        attributes = encode(new.attributes).decode()
        (object_id,) = (_INSERT if versioning else _REPLACE).one(
            tx, **values, attributes=attributes, content=new.content
        )
        for number, segment in enumerate(new.segments):
            _INSERT_SEGMENT.run(tx, id=object_id, number=number, blob=segment.blob, size=segment.size)
        return ObjectVersion(id=object_id, latest=True, attributes=new.attributes, **values)

    def _make_way(self, tx: Connection, before: ObjectVersion, version: str) -> None:
        """Let another version be the latest; one of the same id goes."""
        if version == NULL_VERSION:
            same = before.version == version
            replaced = before if same else self.get(before.bucket, before.key, version, tx=tx)
            if replaced is not None:
                self._drop(tx, replaced)
            if same:
                return
        _DEMOTE.run(tx, id=before.id)

    def _drop(self, tx: Connection, version: ObjectVersion) -> None:
        self._drop_segments(tx, version)
        _DELETE.run(tx, id=version.id)

    def _drop_segments(self, tx: Connection, version: ObjectVersion) -> None:
        if version.size > INLINE_BYTES or version.attributes.parts:
            self.discard(tx, [segment.blob for segment in self.segments(tx, version.id)])
            _DELETE_SEGMENTS.run(tx, id=version.id)

    def _referenced(self, blobs: Sequence[BlobId]) -> Collection[BlobId]:
        named = {f"b{number}": blob for number, blob in enumerate(blobs)}
        marks = ", ".join(f":{name}" for name in named)
        statement = Statement(
            f"SELECT blob FROM s3_segments WHERE blob IN ({marks})"
            f" UNION ALL SELECT blob FROM s3_parts WHERE blob IN ({marks})"
        )
        with self.database.reading() as connection:
            return {BlobId(row[0]) for row in statement.all(connection, **named)}


def read_row(row: Any, content: bytes | None = None, segments: tuple[Segment, ...] = ()) -> ObjectVersion:
    """A row of `s3_objects` (id to attributes, in the table's order) as a value."""
    return ObjectVersion(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        bool(row[5]),
        bool(row[6]),
        row[7],
        row[8],
        row[9],
        decode_attributes(row[10]),
        content,
        segments,
    )
