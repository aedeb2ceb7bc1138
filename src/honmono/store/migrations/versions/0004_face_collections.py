"""Face collections: faces, users, requests with a token."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "collection_faces",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("collection", SORTED_TEXT, nullable=False),
        sa.Column("face_id", SORTED_TEXT, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("image_id", sa.Text, nullable=False),
        sa.Column("external_image_id", SORTED_TEXT, nullable=False),
        sa.Column("image_digest", SORTED_TEXT, nullable=False),
        sa.Column("user_id", SORTED_TEXT),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("box_left", sa.Double, nullable=False),
        sa.Column("box_top", sa.Double, nullable=False),
        sa.Column("box_width", sa.Double, nullable=False),
        sa.Column("box_height", sa.Double, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_collection_faces"),
        sa.UniqueConstraint("collection", "face_id", name="uq_collection_faces_collection_face_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collection_faces_revision", "collection_faces", ["collection", "revision"])
    op.create_index("ix_collection_faces_user_id", "collection_faces", ["collection", "user_id", "face_id"])
    op.create_index(
        "ix_collection_faces_external_image_id",
        "collection_faces",
        ["collection", "external_image_id", "image_digest"],
    )
    op.create_table(
        "collection_users",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("collection", SORTED_TEXT, nullable=False),
        sa.Column("user_id", SORTED_TEXT, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("faces", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_collection_users"),
        sa.UniqueConstraint("collection", "user_id", name="uq_collection_users_collection_user_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collection_users_revision", "collection_users", ["collection", "revision"])
    op.create_table(
        "collection_requests",
        sa.Column("collection", SORTED_TEXT, nullable=False),
        sa.Column("operation", SORTED_TEXT, nullable=False),
        sa.Column("token", SORTED_TEXT, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("collection", "operation", "token", name="pk_collection_requests"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_collection_requests_time", "collection_requests", ["time"])
