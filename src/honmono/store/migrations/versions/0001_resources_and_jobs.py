"""The first tables: resources, jobs and their logs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "resources",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("region", SORTED_TEXT, nullable=False),
        sa.Column("service", SORTED_TEXT, nullable=False),
        sa.Column("kind", SORTED_TEXT, nullable=False),
        sa.Column("name", SORTED_TEXT, nullable=False),
        sa.Column("arn", SORTED_TEXT),
        sa.Column("status", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
        sa.UniqueConstraint("arn", name="uq_resources_arn"),
        sa.UniqueConstraint(
            "account",
            "region",
            "service",
            "kind",
            "name",
            name="uq_resources_account_region_service_kind_name",
        ),
    )
    op.create_index("ix_resources_created", "resources", ["account", "region", "service", "kind", "created", "name"])
    op.create_table(
        "jobs",
        sa.Column("id", SORTED_TEXT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("resource_arn", SORTED_TEXT),
        sa.Column("limits", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("max_attempts", sa.Integer, nullable=False),
        sa.Column("interruptions", sa.Integer, nullable=False),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_expires", sa.BigInteger),
        sa.Column("heartbeat", sa.BigInteger),
        sa.Column("progress_done", sa.Double),
        sa.Column("progress_total", sa.Double),
        sa.Column("progress_what", sa.Text),
        sa.Column("result", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("error_type", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("started", sa.BigInteger),
        sa.Column("finished", sa.BigInteger),
        sa.Column("log_lines", sa.Integer, nullable=False),
        sa.Column("log_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "created"])
    op.create_index("ix_jobs_resource_arn", "jobs", ["resource_arn"])
    op.create_table(
        "job_logs",
        sa.Column("job_id", SORTED_TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_job_logs"),
        sqlite_with_rowid=False,
    )
