"""Keys, events and metrics on a PostgreSQL server, which several processes share."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from honmono.services.cloudwatch.values import Datum, Metric, MetricValues
from honmono.services.iam import keys as keys_module
from honmono.services.iam.keys import AccessKeys
from honmono.services.logs.events import Group, LogEvents, StreamExists
from honmono.store import Database
from store.postgresql import postgresql  # noqa: F401  a fixture

pytestmark = pytest.mark.service

ACCOUNT, REGION = "000000000000", "us-east-1"


@pytest.fixture
def databases(postgresql: Any) -> Iterator[list[Database]]:  # noqa: F811
    """One database as two processes have it open."""
    url = postgresql.new_database()
    opened = [Database.open(url), Database.open(url)]
    yield opened
    for database in opened:
        database.close()


def at_once(*calls: Any) -> list[BaseException]:
    """Make calls at the same time; what they raise."""
    raised: list[BaseException] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Any) -> None:
        barrier.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001 - what it is, the test says
            raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_key_that_another_process_switches_off_is_refused_soon(
    databases: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (AccessKeys(database, ACCOUNT, development_key=False) for database in databases)
    access_key, _ = ours.create_key()
    assert theirs.lookup(access_key, None)
    ours.set_status(access_key, "Inactive")
    later = keys_module.time.time() + 6
    monkeypatch.setattr(keys_module.time, "time", lambda: later)
    assert theirs.lookup(access_key, None) is None


def test_two_processes_enter_one_metric(databases: list[Database]) -> None:
    stores = [MetricValues(database) for database in databases]
    metric = Metric("Test", "m", (("host", "a"),))

    def put(store: MetricValues) -> None:
        for number in range(20):
            store.put(ACCOUNT, REGION, [(metric, Datum.of(1000 + number, 1.0))])

    assert at_once(*(lambda store=store: put(store) for store in stores)) == []
    assert stores[0].find(ACCOUNT, REGION) == [metric]
    assert len(stores[0].read(ACCOUNT, REGION, metric, 0, 2000)) == 40


def test_two_processes_write_one_stream(databases: list[Database]) -> None:
    stores = [LogEvents(database) for database in databases]
    group = Group(ACCOUNT, REGION, "g")
    raised = at_once(*(lambda store=store: store.create_stream(group, "s") for store in stores))
    assert [type(error) for error in raised] == [StreamExists]

    def put(store: LogEvents) -> None:
        for number in range(20):
            store.put(group, "s", [(number, "x"), (number, "y")])

    assert at_once(*(lambda store=store: put(store) for store in stores)) == []
    events = stores[0].read(stores[0].stream(group, "s"), limit=1000)
    assert len(events) == 80
    assert len({event.id for event in events}) == 80
