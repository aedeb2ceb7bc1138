"""The tables of the object index: buckets, object versions, the blobs they lie in, and uploads in parts.

Every version of an object is a row of `s3_objects`; one of a key's rows is `latest`. Small content lies in the row,
last, so that a listing never reads it; large content in blobs, in the order of `s3_segments.number`.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from honmono.store.schema import RowId, SortedText, metadata

buckets = Table(
    "s3_buckets",
    metadata,
    Column("name", SortedText, primary_key=True),
    Column("account", SortedText, nullable=False),
    Column("region", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("versioning", Text, nullable=False),  # "", "Enabled" or "Suspended"
    Column("settings", Text, nullable=False),  # JSON
    Index("ix_s3_buckets_account", "account", "name"),
)

objects = Table(
    "s3_objects",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bucket", SortedText, ForeignKey("s3_buckets.name"), nullable=False),
    Column("key", SortedText, nullable=False),
    Column("version", SortedText, nullable=False),  # "null" where the bucket had no versioning
    Column("sequence", BigInteger, nullable=False),  # of a key's versions, the higher one is the newer one
    Column("latest", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),  # a delete marker
    Column("etag", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("attributes", Text, nullable=False),  # JSON
    Column("content", LargeBinary),  # NULL where it lies in blobs
    Index(
        "uq_s3_objects_latest",
        "bucket",
        "key",
        unique=True,
        sqlite_where=text("latest"),
        postgresql_where=text("latest"),
    ),
    Index("uq_s3_objects_sequence", "bucket", "key", "sequence", unique=True),
    Index("uq_s3_objects_version", "bucket", "key", "version", unique=True),
)

segments = Table(
    "s3_segments",
    metadata,
    Column("object_id", RowId, ForeignKey("s3_objects.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True),
    Column("blob", SortedText, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
)

uploads = Table(
    "s3_uploads",
    metadata,
    Column("id", SortedText, primary_key=True),  # begins with the time, so that the order is that of initiation
    Column("bucket", SortedText, ForeignKey("s3_buckets.name"), nullable=False),
    Column("key", SortedText, nullable=False),
    Column("account", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("attributes", Text, nullable=False),  # JSON
    Index("ix_s3_uploads_key", "bucket", "key", "id"),
)

parts = Table(
    "s3_parts",
    metadata,
    Column("upload", SortedText, ForeignKey("s3_uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("blob", SortedText, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("etag", Text, nullable=False),
    Column("checksum", Text, nullable=False),  # base64; "" where none was taken
    Column("modified", BigInteger, nullable=False),
)
