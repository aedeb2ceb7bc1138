"""The tables of face collections: faces, users, and the requests whose tokens make them count once.

A collection itself is a record; `collection` here is the key in its body, which no second collection of the same name
ever gets. `revision` is the collection's version that wrote the row: whoever keeps vectors in memory reads what is
newer than theirs.
"""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from honmono.store.schema import RowId, SortedText, metadata

collection_faces = Table(
    "collection_faces",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("collection", SortedText, nullable=False),
    Column("face_id", SortedText, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("image_id", Text, nullable=False),
    Column("external_image_id", SortedText, nullable=False),  # empty: none was given
    Column("image_digest", SortedText, nullable=False),  # SHA-256 of the image's bytes, in hexadecimal
    Column("user_id", SortedText),  # NULL: of no user
    Column("confidence", Double, nullable=False),  # 0 to 1
    Column("box_left", Double, nullable=False),  # the box in shares of the upright image
    Column("box_top", Double, nullable=False),
    Column("box_width", Double, nullable=False),
    Column("box_height", Double, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian, of unit length
    UniqueConstraint("collection", "face_id"),
    Index("ix_collection_faces_revision", "collection", "revision"),
    Index("ix_collection_faces_user_id", "collection", "user_id", "face_id"),
    Index("ix_collection_faces_external_image_id", "collection", "external_image_id", "image_digest"),
    sqlite_autoincrement=True,  # an id is never given twice: vectors in memory are known by it
)

collection_users = Table(
    "collection_users",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("collection", SortedText, nullable=False),
    Column("user_id", SortedText, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("faces", Integer, nullable=False),  # how many are associated
    Column("vector", LargeBinary),  # of unit length, like a face's; NULL: no face is associated
    UniqueConstraint("collection", "user_id"),
    Index("ix_collection_users_revision", "collection", "revision"),
    sqlite_autoincrement=True,
)

collection_requests = Table(
    "collection_requests",
    metadata,
    Column("collection", SortedText, primary_key=True),
    Column("operation", SortedText, primary_key=True),
    Column("token", SortedText, primary_key=True),
    Column("asked", Text, nullable=False),  # SHA-256 of the request, in hexadecimal
    Column("answer", Text, nullable=False),  # JSON
    Column("time", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Index("ix_collection_requests_time", "time"),
    sqlite_with_rowid=False,
)
