"""Brings a database to the schema of this version.

A new database gets its tables straight from the metadata and is stamped with the newest revision; an older
one is upgraded by Alembic's revisions. Alembic is imported only for the latter: it costs .3 s and 10 MB, and
`honmono run` makes a new database each time. A test holds the two ways against each other.
"""

import logging
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select, text

# Every module that declares tables, so that the metadata is whole.
from honmono.store import faces_schema, keys_schema, logs_schema, metrics_schema, objects_schema, schema  # noqa: F401
from honmono.store.errors import SchemaTooNew

log = logging.getLogger("honmono.store")

SCRIPTS = Path(__file__).parent / "migrations"

# Alembic's own table, declared here to read and stamp it without Alembic.
_alembic_version = Table("alembic_version", MetaData(), Column("version_num", Text, primary_key=True))

# Any number that nobody else uses as an advisory lock in the same PostgreSQL database ("honmono" in ASCII).
_ADVISORY_LOCK = int.from_bytes(b"honmono", "big")


@cache
def head_revision() -> str:
    """The newest revision in the package: the highest number that a file in `versions/` begins with."""
    return max(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def migrate(connection: Connection) -> None:
    """Bring the database to `head_revision()` inside the transaction that `connection` is in.

    Raises:
        SchemaTooNew: its revision is not one of ours, so a newer Honmono wrote it.
    """
    if connection.dialect.name == "postgresql":
        # Several servers may start at once on one database: one migrates, the others wait and find it done.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    current = current_revision(connection)
    if current == head_revision():
        return
    if current is None:
        schema.metadata.create_all(connection)
        _alembic_version.create(connection)
        connection.execute(_alembic_version.insert(), {"version_num": head_revision()})
    elif current > head_revision():
        raise SchemaTooNew(
            f"The database {connection.engine.url.render_as_string()} has schema revision {current}; this "
            f"version of Honmono knows revisions up to {head_revision()}. Run the newer version that wrote "
            "it, or use another data directory."
        )
    else:
        log.info("migrating the database from revision %s to %s", current, head_revision())
        _upgrade(connection)


def current_revision(connection: Connection) -> str | None:
    """The revision the database is stamped with; None for a database without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(select(_alembic_version.c.version_num)).scalar_one_or_none()
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    # ConfigParser's escape, for folders with a percent sign in their name.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")
