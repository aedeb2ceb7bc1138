"""The tables of log streams and their events."""

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint

from honmono.store.schema import RowId, SortedText, metadata

# Times of events are whole milliseconds since 1970 UTC, as clients give them.
log_streams = Table(
    "log_streams",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account", SortedText, nullable=False),
    Column("region", SortedText, nullable=False),
    Column("group_name", SortedText, nullable=False),
    Column("name", SortedText, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("first_event", BigInteger),
    Column("last_event", BigInteger),
    Column("last_ingestion", BigInteger),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("next_number", BigInteger, nullable=False),
    UniqueConstraint("account", "region", "group_name", "name"),
    Index("ix_log_streams_last_event", "account", "region", "group_name", "last_event", "name"),
)

# Clustered by its key: a stream's events lie in the order in which they are read.
log_events = Table(
    "log_events",
    metadata,
    Column("stream_id", BigInteger, primary_key=True),
    Column("time", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),  # counts the stream's events in the order of their arrival
    Column("ingested", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    sqlite_with_rowid=False,
)
