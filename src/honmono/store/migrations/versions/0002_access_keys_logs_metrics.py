"""Access keys, log events and metric values."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "access_keys",
        sa.Column("id", SORTED_TEXT, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("user_name", SORTED_TEXT),
        sa.Column("principal", SORTED_TEXT, nullable=False),
        sa.Column("principal_id", SORTED_TEXT, nullable=False),
        sa.Column("token", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("session", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
    )
    op.create_index("ix_access_keys_user_name", "access_keys", ["account", "user_name"])
    op.create_index("ix_access_keys_expires", "access_keys", ["expires"])
    op.create_table(
        "log_streams",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("region", SORTED_TEXT, nullable=False),
        sa.Column("group_name", SORTED_TEXT, nullable=False),
        sa.Column("name", SORTED_TEXT, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("first_event", sa.BigInteger),
        sa.Column("last_event", sa.BigInteger),
        sa.Column("last_ingestion", sa.BigInteger),
        sa.Column("stored_bytes", sa.BigInteger, nullable=False),
        sa.Column("next_number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_streams"),
        sa.UniqueConstraint(
            "account", "region", "group_name", "name", name="uq_log_streams_account_region_group_name_name"
        ),
    )
    op.create_index(
        "ix_log_streams_last_event", "log_streams", ["account", "region", "group_name", "last_event", "name"]
    )
    op.create_table(
        "log_events",
        sa.Column("stream_id", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("ingested", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "time", "number", name="pk_log_events"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metrics",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("region", SORTED_TEXT, nullable=False),
        sa.Column("namespace", SORTED_TEXT, nullable=False),
        sa.Column("name", SORTED_TEXT, nullable=False),
        sa.Column("dimensions", SORTED_TEXT, nullable=False),
        sa.Column("last_value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_metrics"),
        sa.UniqueConstraint(
            "account",
            "region",
            "namespace",
            "name",
            "dimensions",
            name="uq_metrics_account_region_namespace_name_dimensions",
        ),
    )
    op.create_table(
        "metric_values",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("metric_id", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("resolution", sa.Integer, nullable=False),
        sa.Column("samples", sa.Double, nullable=False),
        sa.Column("total", sa.Double, nullable=False),
        sa.Column("minimum", sa.Double, nullable=False),
        sa.Column("maximum", sa.Double, nullable=False),
        sa.Column("distribution", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_metric_values"),
    )
    op.create_index("ix_metric_values_time", "metric_values", ["metric_id", "time"])
