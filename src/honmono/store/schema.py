"""The shared tables: resources and jobs. Other parts add theirs to the same `metadata` in modules of their
own.

To add tables:

1. Write `store/NAME_schema.py` that declares them on `schema.metadata` (`objects_schema.py`, say), and import
   it in `store/migrate.py`, which must know every table.
2. Write `store/migrations/versions/NNNN_what.py`, NNNN one higher than the highest there, with `revision =
   "NNNN"`, `down_revision` naming the one below, and explicit `op.create_table` calls: a revision is history
   and must not follow later changes of the schema modules.
3. Run `pytest tests/store/test_migrate.py`: it compares what the revisions build with what `metadata` says.

Text that is ordered or compared is `SortedText`: byte order on both databases. Times are whole microseconds
since 1970 UTC, which both databases store and compare exactly.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

SortedText = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite makes only an INTEGER primary key count by itself.
RowId = BigInteger().with_variant(Integer, "sqlite")

resources = Table(
    "resources",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account", SortedText, nullable=False),
    Column("region", SortedText, nullable=False),
    Column("service", SortedText, nullable=False),
    Column("kind", SortedText, nullable=False),
    Column("name", SortedText, nullable=False),
    Column("arn", SortedText, unique=True),  # NULL: a kind that AWS gives no ARN
    Column("status", Text),
    Column("body", Text, nullable=False),  # JSON
    Column("tags", Text, nullable=False),  # JSON, {key: value}
    Column("version", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    UniqueConstraint("account", "region", "service", "kind", "name"),
    Index("ix_resources_created", "account", "region", "service", "kind", "created", "name"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", SortedText, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("resource_arn", SortedText),
    Column("limits", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("interruptions", Integer, nullable=False),
    Column("stop_requested", Boolean, nullable=False),
    Column("lease_owner", Text),
    Column("lease_expires", BigInteger),
    Column("heartbeat", BigInteger),
    Column("progress_done", Double),
    Column("progress_total", Double),
    Column("progress_what", Text),
    Column("result", Text),  # JSON
    Column("error", Text),
    Column("error_type", Text),
    Column("created", BigInteger, nullable=False),
    Column("started", BigInteger),
    Column("finished", BigInteger),
    Column("log_lines", Integer, nullable=False),
    Column("log_bytes", BigInteger, nullable=False),
    Index("ix_jobs_state", "state", "created"),
    Index("ix_jobs_resource_arn", "resource_arn"),
)

job_logs = Table(
    "job_logs",
    metadata,
    Column("job_id", SortedText, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)
