"""Observations from a database by a SQL query: what Amazon RDS and Redshift are asked for.

Which databases there are the settings say, by the names that a request uses: nothing else is connected to.

    [databases]
    "shop-db/orders" = "postgresql+psycopg://db.example/orders"     # InstanceIdentifier/DatabaseName
    "ledger/main" = "sqlite:////srv/ledger.sqlite"

The request's credentials are the ones that are used; where the URL has some too they must be the same.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

DATABASES = "HONMONO_DATABASES"
"""The variable that tells a job's child the table `[databases]`."""
_ROWS = 5000
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}


class QueryFailed(Exception):
    """The database is not known, cannot be reached, or does not answer the query; the message says why."""


def check_query(query: str) -> None:
    """Refuse what is no single SELECT.

    Raises QueryFailed.
    """
    text = query.strip().removesuffix(";").rstrip()
    if text[:6].lower() != "select" and text[:4].lower() != "with":
        raise QueryFailed("SelectSqlQuery must be a SELECT (or WITH … SELECT).")
    if ";" in text:
        raise QueryFailed("SelectSqlQuery must be one statement; a semicolon may stand only at its end.")


def url_of(databases: Mapping[str, str], instance: str, database: str, kinds: tuple[str, ...]) -> str:
    """The URL of a database that the settings name.

    Raises QueryFailed: they do not, or it is of a kind that cannot be asked so.
    """
    key = f"{instance}/{database}"
    if key not in databases:
        known = ", ".join(sorted(databases)) or "none"
        raise QueryFailed(
            f'The database {key} is not known here: name it in honmono.toml, [databases] "{key}" = "URL". Known: {known}.'
        )
    if databases[key].partition(":")[0].partition("+")[0] not in kinds:
        raise QueryFailed(f"The database {key} is none of {', '.join(kinds)}, which can be asked so.")
    return databases[key]


def export(
    query: str,
    place: Mapping[str, Any],
    path: Path,
    columns: int,
    header: list[str] | None,
    done: Callable[[int], object],
) -> int:
    """Write what a query answers into a CSV file, row by row; how many rows there are.

    Args:
        place: `instance`, `database`, `kinds`, `user` and `password` of a request.
        columns: how many a row must have.
        header: the first line, where there is one.
        done: told the number of rows now and then.

    Raises QueryFailed.
    """
    from sqlalchemy.exc import SQLAlchemyError

    check_query(query)
    databases = json.loads(os.environ.get(DATABASES, "{}"))
    url = url_of(databases, place["instance"], place["database"], tuple(place["kinds"]))
    engine = _engine(_with_credentials(url, place["user"], place["password"]))
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            return _copy(engine, query, csv.writer(file, lineterminator="\n"), columns, header, done)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise QueryFailed(f"The database {place['instance']}/{place['database']} did not answer: {cause}") from error
    finally:
        engine.dispose()


def _copy(
    engine: Engine, query: str, writer: Any, columns: int, header: list[str] | None, done: Callable[[int], object]
) -> int:
    rows = 0
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        if engine.dialect.name == "mysql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        answer = connection.execution_options(stream_results=True, yield_per=_ROWS).exec_driver_sql(
            query.strip().removesuffix(";")
        )
        found = list(answer.keys())
        if len(found) != columns:
            raise QueryFailed(
                f"The query answers {len(found)} columns ({', '.join(found[:20])}); the schema has {columns} attributes."
            )
        if header is not None:
            writer.writerow(header)
        for part in answer.partitions():
            writer.writerows([_text(value) for value in row] for row in part)
            rows += len(part)
            done(rows)
    return rows


def _with_credentials(text: str, user: str, password: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except ArgumentError as error:
        raise QueryFailed("The database's URL in the settings cannot be read.") from error
    kind = url.get_backend_name()
    if kind == "sqlite":
        return url
    if url.username is not None and (url.username, url.password) != (user, password):
        raise QueryFailed("The database refuses the user name or the password.")
    return url.set(username=user, password=password)


def _engine(url: URL) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    kind = url.get_backend_name()
    if kind == "sqlite":
        path = Path(url.database or "")
        if not path.is_file():
            raise QueryFailed(f"The database's file {path} is not there.")
        url = url.set(database=f"file:{path.absolute()}", query={"mode": "ro", "uri": "true"})
    if "+" not in url.drivername and kind in _DRIVERS:
        url = url.set(drivername=_DRIVERS[kind])
    try:
        if kind == "postgresql":
            return create_engine(url, execution_options={"postgresql_readonly": True})
        return create_engine(url)
    except (ImportError, NoSuchModuleError, ArgumentError) as error:
        raise QueryFailed(
            f"The driver for {kind} is not installed ({error}): install it, psycopg or pymysql."
        ) from error


def _text(value: Any) -> str:
    """A value as an observation has it: in one line, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise QueryFailed(f"The query answers a value of type {type(value).__name__}; cast it to text or a number.")
