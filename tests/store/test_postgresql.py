"""The same promises on a PostgreSQL server, which several processes share."""

import threading

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from honmono.store import Database, RecordChanged, RecordExists, RecordMissing, Records, Scope, StoreError

from .postgresql import postgresql  # noqa: F401  a fixture
from .test_migrate import tables, upgraded_from_nothing

pytestmark = pytest.mark.service

HERE = Scope("000000000000", "us-east-1", "comprehend")


@pytest.fixture
def url(postgresql) -> str:  # noqa: F811
    return postgresql.new_database()


@pytest.fixture
def database(url):
    database = Database.open(url)
    yield database
    database.close()


def test_several_servers_start_at_once_on_one_empty_database(url):
    opened, errors = [], []

    def start() -> None:
        try:
            opened.append(Database.open(url))
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    Records(opened[0]).create(HERE, "model", "a", {"n": 1}, arn="arn:a")
    assert [Records(database).get(HERE, "model", "a").body for database in opened] == [{"n": 1}] * 4
    for database in opened:
        database.close()


def test_the_revisions_build_what_the_metadata_says(postgresql, database):  # noqa: F811
    engine = create_engine(make_url(postgresql.new_database()).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection, database.reading() as fresh:
        upgraded_from_nothing(connection)
        assert tables(connection) == tables(fresh)
    engine.dispose()


def test_records_keep_their_promises(database):
    records = Records(database)
    made = records.create(HERE, "model", "a", {"text": "日本\0"}, arn="arn:a", tags={"x": "1"})
    assert records.get(HERE, "model", "a") == made
    records.set_tags("arn:a", {"y": "2"})
    assert records.tags("arn:a") == {"x": "1", "y": "2"}
    records.update(made, body={"n": 1})
    with pytest.raises(RecordChanged):
        records.update(made, body={"n": 2})
    with database.transaction() as tx:
        with pytest.raises(RecordExists):
            records.create(HERE, "model", "a", {}, arn="", tx=tx)
        records.create(HERE, "model", "b", {}, arn="", tx=tx)
    records.delete(HERE, "model", "a")
    with pytest.raises(RecordMissing):
        records.by_arn("arn:a")


def test_names_are_ordered_by_code_points_whatever_the_servers_language(database):
    records = Records(database)
    names = ["b", "a", "B", "ü", "_", "10", "9", "é", "日本"]
    for name in names:
        records.create(HERE, "model", name, {}, arn="")
    met, token = [], None
    while True:
        page = records.list(HERE, "model", after=token, limit=2)
        met += [record.name for record in page]
        if (token := page.next) is None:
            break
    assert met == sorted(names)
    assert [record.name for record in records.list(HERE, "model", prefix="1")] == ["10"]


def test_modifications_by_several_servers_all_count(url):
    databases = [Database.open(url) for _ in range(3)]
    Records(databases[0]).create(HERE, "counter", "c", {"n": 0}, arn="")

    def count(records: Records) -> None:
        for _ in range(10):
            records.modify(HERE, "counter", "c", lambda record: {"n": record.body["n"] + 1})

    threads = [threading.Thread(target=count, args=(Records(database),)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Records(databases[0]).get(HERE, "counter", "c").body == {"n": 30}
    for database in databases:
        database.close()


def test_reading_cannot_write(database):
    with pytest.raises((StoreError, DBAPIError), match="read-only"), database.reading() as connection:
        connection.execute(text("DELETE FROM resources"))


def test_a_database_that_is_not_there_is_named(url):
    missing = make_url(url).set(database="no_such_database").render_as_string()
    with pytest.raises(StoreError, match="no_such_database"):
        Database.open(missing)
