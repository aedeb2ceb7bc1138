"""The tables of metrics and of the values published for them."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, UniqueConstraint

from honmono.store.schema import RowId, SortedText, metadata

metrics = Table(
    "metrics",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("account", SortedText, nullable=False),
    Column("region", SortedText, nullable=False),
    Column("namespace", SortedText, nullable=False),
    Column("name", SortedText, nullable=False),
    Column("dimensions", SortedText, nullable=False),  # JSON, [[name, value], …] by name
    Column("last_value", BigInteger, nullable=False),  # milliseconds since 1970 UTC
    UniqueConstraint("account", "region", "namespace", "name", "dimensions"),
)

metric_values = Table(
    "metric_values",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("metric_id", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),  # milliseconds since 1970 UTC
    Column("unit", Text, nullable=False),
    Column("resolution", Integer, nullable=False),  # seconds: 1 or 60
    Column("samples", Double, nullable=False),
    Column("total", Double, nullable=False),
    Column("minimum", Double, nullable=False),
    Column("maximum", Double, nullable=False),
    Column("distribution", Text),  # JSON, [[value, count], …]; NULL: one value, or a statistic set
    Index("ix_metric_values_time", "metric_id", "time"),
)
