"""Uploads in parts: begun, filled in any order, completed or aborted."""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from honmono.store.blobs import BlobId
from honmono.store.clock import moment, now
from honmono.store.objects import Check, Objects
from honmono.store.objects_listing import read_upload
from honmono.store.objects_sql import Statement
from honmono.store.objects_values import Attributes, NewObject, ObjectVersion, Part, Upload, UploadMissing, encode

_INSERT = Statement(
    "INSERT INTO s3_uploads (id, bucket, key, account, created, attributes)"
    " VALUES (:id, :bucket, :key, :account, :created, :attributes)"
)
_GET = Statement(
    "SELECT id, bucket, key, account, created, attributes FROM s3_uploads"
    " WHERE id = :id AND bucket = :bucket AND key = :key"
)
_LOCK = Statement("SELECT id FROM s3_uploads WHERE id = :id FOR UPDATE")
_DELETE = Statement("DELETE FROM s3_uploads WHERE id = :id")
_PUT_PART = Statement(
    "INSERT INTO s3_parts (upload, number, blob, size, etag, checksum, modified)"
    " VALUES (:upload, :number, :blob, :size, :etag, :checksum, :modified)"
    " ON CONFLICT (upload, number) DO UPDATE SET blob = excluded.blob, size = excluded.size, etag = excluded.etag,"
    " checksum = excluded.checksum, modified = excluded.modified"
)
_PART_BLOB = Statement("SELECT blob FROM s3_parts WHERE upload = :upload AND number = :number")
_PARTS = Statement(
    "SELECT number, blob, size, etag, checksum, modified FROM s3_parts"
    " WHERE upload = :upload AND number > :after ORDER BY number LIMIT :limit"
)

MAX_PARTS = 10_000


class Uploads:
    """The uploads under way in every bucket."""

    def __init__(self, objects: Objects):
        self._objects = objects
        self._database = objects.database

    def begin(self, bucket: str, key: str, account: str, attributes: Attributes) -> Upload:
        """Begin an upload; the bucket must be there."""
        begun = now()
        upload = Upload(f"{begun:014x}{secrets.token_hex(25)}", bucket, key, account, moment(begun), attributes)
        with self._database.transaction() as tx:
            _INSERT.run(
                tx,
                id=upload.id,
                bucket=bucket,
                key=key,
                account=account,
                created=begun,
                attributes=encode(attributes).decode(),
            )
        return upload

    def get(self, bucket: str, key: str, upload_id: str, *, tx: Connection | None = None) -> Upload:
        """The upload.

        Raises:
            UploadMissing.
        """
        with self._database.reading(tx) as connection:
            row = _GET.one(connection, id=upload_id, bucket=bucket, key=key)
        if row is None:
            raise UploadMissing(f"There is no upload {upload_id} of {key} to {bucket}")
        return read_upload(row)

    def put_part(self, upload: Upload, number: int, blob: BlobId, size: int, etag: str, checksum: str) -> Part:
        """Add a part, in place of the one of that number where there is one.

        Raises:
            UploadMissing: it was completed or aborted meanwhile.
        """
        written = now()

        def work(tx: Connection) -> None:
            self._hold(tx, upload)
            replaced = _PART_BLOB.one(tx, upload=upload.id, number=number)
            values = {"blob": blob, "size": size, "etag": etag, "checksum": checksum, "modified": written}
            _PUT_PART.run(tx, upload=upload.id, number=number, **values)
            if replaced is not None:
                self._objects.discard(tx, [BlobId(replaced[0])])

        self._objects.commits.run(work)
        return Part(number, blob, size, etag, checksum, moment(written))

    def parts(
        self, upload: Upload, *, after: int = 0, limit: int = MAX_PARTS, tx: Connection | None = None
    ) -> list[Part]:
        """The parts that have arrived, by number."""
        with self._database.reading(tx) as connection:
            rows = _PARTS.all(connection, upload=upload.id, after=after, limit=limit)
        return [Part(row[0], BlobId(row[1]), row[2], row[3], row[4], moment(row[5])) for row in rows]

    def complete(
        self,
        upload: Upload,
        assemble: Callable[[Sequence[Part]], tuple[NewObject, Sequence[Part]]],
        *,
        check: Check | None = None,
    ) -> ObjectVersion:
        """Make the object of the upload's parts, in one transaction; parts that were not used go.

        Args:
            assemble: is given every part and says what the object is and which parts it is made of, or raises.
            check: as in `Objects.put`.

        Raises:
            UploadMissing, and whatever `assemble` and `check` raise.
        """
        with self._database.transaction() as tx:
            self._hold(tx, upload)
            parts = self.parts(upload, tx=tx)
            new, used = assemble(parts)
            _DELETE.run(tx, id=upload.id)
            kept = {part.number for part in used}
            self._objects.discard(tx, [part.blob for part in parts if part.number not in kept])
            return self._objects.put(upload.bucket, upload.key, new, check=check, tx=tx)

    def abort(self, upload: Upload) -> None:
        """Throw the upload and its parts away.

        Raises:
            UploadMissing: it was completed or aborted meanwhile.
        """
        with self._database.transaction() as tx:
            self._hold(tx, upload)
            self._objects.discard(tx, [part.blob for part in self.parts(upload, tx=tx)])
            _DELETE.run(tx, id=upload.id)

    def _hold(self, tx: Connection, upload: Upload) -> None:
        """Make sure that the upload is still there, and stays until the transaction ends."""
        if self._database.shared:
            _LOCK.run(tx, id=upload.id)
        self.get(upload.bucket, upload.key, upload.id, tx=tx)
