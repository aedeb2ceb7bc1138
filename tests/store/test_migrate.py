import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from honmono.store import Database, migrate, schema
from honmono.store.migrate import SCRIPTS, current_revision, head_revision


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def test_the_revisions_are_one_line_that_ends_at_the_head():
    revisions = [script.revision for script in scripts().walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]
    assert scripts().get_current_head() == head_revision() == revisions[0]


def comparable(index: dict) -> dict:
    """An index, with the condition of a partial one as text: as an expression it equals nothing but itself."""
    return index | {"dialect_options": {key: str(value) for key, value in index["dialect_options"].items()}}


def tables(connection) -> dict:
    """Everything that SQLite or PostgreSQL tells about the tables."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "indexes": sorted(map(comparable, inspector.get_indexes(table)), key=str),
            "foreign": sorted(inspector.get_foreign_keys(table), key=str),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def upgraded_from_nothing(connection) -> None:
    """Build the tables by the revisions, as an old database gets them."""
    migrate._alembic_version.create(connection)
    migrate._upgrade(connection)


def test_the_revisions_build_what_the_metadata_says(database, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection, database.reading() as fresh:
        upgraded_from_nothing(connection)
        assert current_revision(connection) == head_revision()
        assert tables(connection) == tables(fresh)
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_an_interrupted_migration_leaves_the_old_schema(tmp_path, monkeypatch):
    path = tmp_path / "honmono.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.close()

    def breaks(connection):
        schema.metadata.create_all(connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(migrate, "_upgrade", breaks)
        Database.open(path)
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    assert names == ["alembic_version"]
