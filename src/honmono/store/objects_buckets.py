"""Buckets by name: one namespace for all accounts, as on AWS."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from honmono.store.blobs import BlobId
from honmono.store.clock import moment, now
from honmono.store.objects import Objects
from honmono.store.objects_sql import Statement
from honmono.store.objects_values import Bucket, BucketExists, BucketMissing, BucketNotEmpty

_COLUMNS = "name, account, region, created, versioning, settings"
_GET = Statement(f"SELECT {_COLUMNS} FROM s3_buckets WHERE name = :name")
_LIST = Statement(
    f"SELECT {_COLUMNS} FROM s3_buckets WHERE account = :account AND name > :after ORDER BY name LIMIT :limit"
)
_INSERT = Statement(
    f"INSERT INTO s3_buckets ({_COLUMNS}) VALUES (:name, :account, :region, :created, :versioning, :settings)"
)
_UPDATE = Statement("UPDATE s3_buckets SET versioning = :versioning, settings = :settings WHERE name = :name")
_HOLDS = Statement("SELECT 1 FROM s3_objects WHERE bucket = :name LIMIT 1")
_PART_BLOBS = Statement(
    "SELECT blob FROM s3_parts JOIN s3_uploads ON s3_uploads.id = s3_parts.upload WHERE s3_uploads.bucket = :name"
)
_DELETE_UPLOADS = Statement("DELETE FROM s3_uploads WHERE bucket = :name")
_DELETE = Statement("DELETE FROM s3_buckets WHERE name = :name")

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Buckets:
    """The buckets of every account."""

    def __init__(self, objects: Objects):
        self._objects = objects
        self._database = objects.database

    def create(
        self, name: str, account: str, region: str, *, versioning: str = "", settings: dict[str, Any] | None = None
    ) -> Bucket:
        """Make a bucket.

        Raises:
            BucketExists: the name is taken, by this account or another.
        """
        bucket = Bucket(name, account, region, moment(now()), versioning, settings or {})
        with self._database.transaction() as tx:
            row = _GET.one(tx, name=name)
            if row is not None:
                raise BucketExists(name, row[1])
            _INSERT.run(
                tx,
                name=name,
                account=account,
                region=region,
                created=int(bucket.created.timestamp() * 1_000_000),
                versioning=versioning,
                settings=_json(bucket.settings),
            )
        return bucket

    def get(self, name: str, *, tx: Connection | None = None) -> Bucket:
        """The bucket.

        Raises:
            BucketMissing.
        """
        with self._database.reading(tx) as connection:
            row = _GET.one(connection, name=name)
        if row is None:
            raise BucketMissing(f"There is no bucket {name}")
        return _bucket(row)

    def list(self, account: str, *, after: str = "", limit: int = 10_000) -> list[Bucket]:
        """The account's buckets, by name."""
        with self._database.reading() as connection:
            return [_bucket(row) for row in _LIST.all(connection, account=account, after=after, limit=limit)]

    def update(self, name: str, change: Callable[[dict[str, Any]], None], *, versioning: str | None = None) -> Bucket:
        """Change the settings (`change` is given them and edits them in place) and the state of versioning.

        Raises:
            BucketMissing.
        """
        with self._database.transaction() as tx:
            bucket = self.get(name, tx=tx)
            change(bucket.settings)
            state = bucket.versioning if versioning is None else versioning
            _UPDATE.run(tx, name=name, versioning=state, settings=_json(bucket.settings))
        return bucket

    def delete(self, name: str) -> None:
        """Remove an empty bucket, and with it the uploads under way.

        Raises:
            BucketMissing, BucketNotEmpty.
        """
        try:
            with self._database.transaction() as tx:
                self.get(name, tx=tx)
                if _HOLDS.one(tx, name=name) is not None:
                    raise BucketNotEmpty(f"The bucket {name} is not empty")
                self._objects.discard(tx, [BlobId(row[0]) for row in _PART_BLOBS.all(tx, name=name)])
                _DELETE_UPLOADS.run(tx, name=name)
                _DELETE.run(tx, name=name)
        except IntegrityError as error:
            # On a shared database an object may arrive between the look and the deletion.
            raise BucketNotEmpty(f"The bucket {name} is not empty") from error


def _bucket(row: Any) -> Bucket:
    return Bucket(row[0], row[1], row[2], moment(row[3]), row[4], _decode(row[5]) if row[5] != "{}" else {})


def _json(settings: dict[str, Any]) -> str:
    return msgspec.json.encode(settings).decode()
