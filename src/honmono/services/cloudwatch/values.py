"""Metrics and their values in the database, free of the wire: other parts publish theirs here too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from honmono.store import documents
from honmono.store.database import Database
from honmono.store.metrics_schema import metric_values, metrics

KEPT_DAYS: Final = 455
"""AWS keeps values for fifteen months."""
_DAY = 86_400_000


@dataclass(frozen=True, slots=True, order=True)
class Metric:
    """What a metric is known by. ``dimensions`` are (name, value) by name."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Datum:
    """Values published at one time (milliseconds since 1970 UTC).

    ``distribution`` holds (value, count) where the single values are known; a statistic set whose minimum and maximum
    differ has none, and no percentile can be told from it.
    """

    time: int
    samples: float
    total: float
    minimum: float
    maximum: float
    distribution: tuple[tuple[float, float], ...] | None = None
    unit: str = "None"
    resolution: int = 60

    @classmethod
    def of(cls, time: int, value: float, *, unit: str = "None", resolution: int = 60) -> Datum:
        """One value."""
        return cls(time, 1.0, value, value, value, ((value, 1.0),), unit, resolution)


@dataclass(slots=True)
class Bucket:
    """Everything published in one period, added up."""

    samples: float = 0.0
    total: float = 0.0
    minimum: float = float("inf")
    maximum: float = float("-inf")
    counts: dict[float, float] = field(default_factory=dict)
    whole: bool = True
    """Whether every single value is known."""

    def add(self, datum: Datum) -> None:
        """Add what was published."""
        self.samples += datum.samples
        self.total += datum.total
        self.minimum = min(self.minimum, datum.minimum)
        self.maximum = max(self.maximum, datum.maximum)
        if datum.distribution is None:
            self.whole = False
        else:
            for value, count in datum.distribution:
                self.counts[value] = self.counts.get(value, 0.0) + count


class MetricValues:
    """The metrics of every account and their values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, account: str, region: str, data: Iterable[tuple[Metric, Datum]], *, tx: Connection | None = None
    ) -> None:
        """Publish values; a metric comes to be with its first value."""
        by_metric: dict[Metric, list[Datum]] = {}
        for metric, datum in data:
            by_metric.setdefault(metric, []).append(datum)
        if not by_metric:
            return
        latest = {metric: max(datum.time for datum in published) for metric, published in by_metric.items()}
        with self._database.joined(tx) as connection:
            ids = self._meet(connection, account, region, latest)
            connection.execute(
                insert(metric_values),
                [
                    {
                        "metric_id": ids[metric],
                        "time": datum.time,
                        "unit": datum.unit,
                        "resolution": datum.resolution,
                        "samples": datum.samples,
                        "total": datum.total,
                        "minimum": datum.minimum,
                        "maximum": datum.maximum,
                        "distribution": _dump_distribution(datum),
                    }
                    for metric, published in by_metric.items()
                    for datum in published
                ],
            )

    def _meet(
        self, connection: Connection, account: str, region: str, latest: Mapping[Metric, int]
    ) -> dict[Metric, int]:
        """The numbers of metrics in the table; new ones are entered, and the time of the last value moves on."""
        held = self._numbers(connection, account, region, latest)
        new = [
            {
                "account": account,
                "region": region,
                "namespace": metric.namespace,
                "name": metric.name,
                "dimensions": _dump_dimensions(metric),
                "last_value": time,
            }
            for metric, time in sorted(latest.items())
            if metric not in held
        ]
        if new:
            # Another process may enter the same metric at the same time.
            known = (sqlite if self._database.dialect == "sqlite" else postgresql).insert(metrics)
            connection.execute(known.on_conflict_do_nothing(), new)
            held = self._numbers(connection, account, region, latest)
        # In one order everywhere: two processes that lock the same rows must not wait for each other.
        moved = [{"key": held[metric], "time": latest[metric]} for metric in sorted(latest)]
        connection.execute(
            update(metrics)
            .where(metrics.c.id == bindparam("key"), metrics.c.last_value < bindparam("time"))
            .values(last_value=bindparam("time")),
            moved,
        )
        return held

    def _numbers(
        self, connection: Connection, account: str, region: str, wanted: Iterable[Metric]
    ) -> dict[Metric, int]:
        named = tuple_(metrics.c.namespace, metrics.c.name, metrics.c.dimensions)
        rows = connection.execute(
            select(metrics).where(
                metrics.c.account == account,
                metrics.c.region == region,
                named.in_([(metric.namespace, metric.name, _dump_dimensions(metric)) for metric in wanted]),
            )
        )
        return {_metric(row): int(row.id) for row in rows}

    def find(
        self,
        account: str,
        region: str,
        *,
        namespace: str | None = None,
        name: str | None = None,
        dimensions: Mapping[str, str | None] | None = None,
        since: int | None = None,
        after: Metric | None = None,
    ) -> list[Metric]:
        """The metrics that there are, in order.

        Args:
            account: whose.
            region: where.
            namespace: only this one's.
            name: only those of this name.
            dimensions: only those that have all of these dimensions, of any value where it is None.
            since: only those that had a value since then (milliseconds since 1970).
            after: only those behind this one.
        """
        query = select(metrics).where(metrics.c.account == account, metrics.c.region == region)
        if namespace is not None:
            query = query.where(metrics.c.namespace == namespace)
        if name is not None:
            query = query.where(metrics.c.name == name)
        if since is not None:
            query = query.where(metrics.c.last_value >= since)
        with self._database.reading() as connection:
            found = sorted(map(_metric, connection.execute(query)))
        return [
            metric
            for metric in found
            if (after is None or metric > after) and _has(metric.dimensions, dimensions or {})
        ]

    def read(
        self, account: str, region: str, metric: Metric, start: int, end: int, *, unit: str | None = None
    ) -> list[tuple[int, str, Datum]]:
        """What was published from ``start`` to before ``end`` (milliseconds): time, unit, values; by time."""
        wanted = select(metrics.c.id).where(_is(account, region, metric)).scalar_subquery()
        query = select(metric_values).where(
            metric_values.c.metric_id == wanted, metric_values.c.time >= start, metric_values.c.time < end
        )
        if unit is not None:
            query = query.where(metric_values.c.unit == unit)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(metric_values.c.time, metric_values.c.id)).all()
        return [(row.time, row.unit, _datum(row)) for row in rows]

    def clear(self) -> None:
        """Delete everything."""
        with self._database.transaction() as tx:
            tx.execute(delete(metric_values))
            tx.execute(delete(metrics))

    def sweep(self, now: int) -> None:
        """Delete what is older than AWS would keep it; ``now`` in milliseconds since 1970."""
        edge = now - KEPT_DAYS * _DAY
        with self._database.transaction() as tx:
            tx.execute(delete(metric_values).where(metric_values.c.time < edge))
            tx.execute(delete(metrics).where(metrics.c.last_value < edge))


def metric_of(namespace: str, name: str, dimensions: Iterable[Mapping[str, str]]) -> Metric:
    """The metric that a request names; the order of its dimensions means nothing."""
    return Metric(namespace, name, tuple(sorted((given["Name"], given["Value"]) for given in dimensions)))


def _has(dimensions: tuple[tuple[str, str], ...], wanted: Mapping[str, str | None]) -> bool:
    given = dict(dimensions)
    return all(name in given and value in (None, given[name]) for name, value in wanted.items())


def _is(account: str, region: str, metric: Metric) -> Any:
    return (
        (metrics.c.account == account)
        & (metrics.c.region == region)
        & (metrics.c.namespace == metric.namespace)
        & (metrics.c.name == metric.name)
        & (metrics.c.dimensions == _dump_dimensions(metric))
    )


def _dump_dimensions(metric: Metric) -> str:
    return documents.dump([list(pair) for pair in metric.dimensions], "The dimensions")


def _dump_distribution(datum: Datum) -> str | None:
    if datum.distribution is None or len(datum.distribution) == 1:
        return None
    return documents.dump([list(pair) for pair in datum.distribution], "The values")


def _metric(row: Row[Any]) -> Metric:
    return Metric(row.namespace, row.name, tuple((name, value) for name, value in documents.load(row.dimensions)))


def _datum(row: Row[Any]) -> Datum:
    distribution: tuple[tuple[float, float], ...] | None = None
    if row.distribution is not None:
        distribution = tuple((value, count) for value, count in documents.load(row.distribution))
    elif row.minimum == row.maximum:
        distribution = ((row.minimum, row.samples),)
    return Datum(row.time, row.samples, row.total, row.minimum, row.maximum, distribution, row.unit, row.resolution)
