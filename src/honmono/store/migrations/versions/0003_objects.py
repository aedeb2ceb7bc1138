"""The object index: buckets, object versions, their blobs, uploads in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "s3_buckets",
        sa.Column("name", SORTED_TEXT, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("versioning", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_s3_buckets"),
    )
    op.create_index("ix_s3_buckets_account", "s3_buckets", ["account", "name"])
    op.create_table(
        "s3_objects",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bucket", SORTED_TEXT, nullable=False),
        sa.Column("key", SORTED_TEXT, nullable=False),
        sa.Column("version", SORTED_TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("latest", sa.Boolean, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.Column("attributes", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_s3_objects"),
        sa.ForeignKeyConstraint(["bucket"], ["s3_buckets.name"], name="fk_s3_objects_bucket"),
    )
    op.create_index(
        "uq_s3_objects_latest",
        "s3_objects",
        ["bucket", "key"],
        unique=True,
        sqlite_where=sa.text("latest"),
        postgresql_where=sa.text("latest"),
    )
    op.create_index("uq_s3_objects_sequence", "s3_objects", ["bucket", "key", "sequence"], unique=True)
    op.create_index("uq_s3_objects_version", "s3_objects", ["bucket", "key", "version"], unique=True)
    op.create_table(
        "s3_segments",
        sa.Column("object_id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("blob", SORTED_TEXT, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("object_id", "number", name="pk_s3_segments"),
        sa.UniqueConstraint("blob", name="uq_s3_segments_blob"),
        sa.ForeignKeyConstraint(["object_id"], ["s3_objects.id"], name="fk_s3_segments_object_id", ondelete="CASCADE"),
    )
    op.create_table(
        "s3_uploads",
        sa.Column("id", SORTED_TEXT, nullable=False),
        sa.Column("bucket", SORTED_TEXT, nullable=False),
        sa.Column("key", SORTED_TEXT, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("attributes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_s3_uploads"),
        sa.ForeignKeyConstraint(["bucket"], ["s3_buckets.name"], name="fk_s3_uploads_bucket"),
    )
    op.create_index("ix_s3_uploads_key", "s3_uploads", ["bucket", "key", "id"])
    op.create_table(
        "s3_parts",
        sa.Column("upload", SORTED_TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("blob", SORTED_TEXT, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("checksum", sa.Text, nullable=False),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("upload", "number", name="pk_s3_parts"),
        sa.UniqueConstraint("blob", name="uq_s3_parts_blob"),
        sa.ForeignKeyConstraint(["upload"], ["s3_uploads.id"], name="fk_s3_parts_upload", ondelete="CASCADE"),
    )
