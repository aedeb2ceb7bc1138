"""Several servers share the table of jobs on PostgreSQL."""

import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import update

from honmono.compute import Ledger
from honmono.jobs import Jobs, State, Supervisor
from honmono.jobs.leases import Leases
from honmono.jobs.owner import is_dead, new_owner
from honmono.store import Database, Records, clock, schema
from store.postgresql import postgresql  # noqa: F401  a fixture

from . import server
from .test_jobs import alive, until

pytestmark = pytest.mark.service


@pytest.fixture
def url(postgresql) -> str:  # noqa: F811
    return postgresql.new_database()


@pytest.fixture
def servers(url, tmp_path):
    """Two servers in this process."""
    databases = [Database.open(url) for _ in range(2)]
    tables = [Jobs(database, tmp_path / "jobs") for database in databases]
    supervisors = [Supervisor(table, Ledger(2, 64 << 30)) for table in tables]
    yield tables, supervisors
    for supervisor in supervisors:
        supervisor.close(grace=0.5)
    for database in databases:
        database.close()


@pytest.mark.slow
def test_two_servers_share_the_work_and_do_nothing_twice(servers):
    tables, supervisors = servers
    ended = []
    for number, table in enumerate(tables):
        table.when_finished("test.double", lambda job, tx, number=number: ended.append((number, job.id)))
    ids = [tables[0].enqueue("test.double", {"n": n}) for n in range(12)]
    for supervisor in supervisors:
        supervisor.start()
    for number, job_id in enumerate(ids):
        assert tables[1].wait(job_id, 20).result == {"n": number * 2, "attempt": 1}
    assert sorted(job_id for _, job_id in ended) == sorted(ids)
    assert {number for number, _ in ended} == {0, 1}


@pytest.mark.slow
def test_a_stop_by_another_server_arrives(servers):
    tables, supervisors = servers
    supervisors[0].start()
    job_id = tables[0].enqueue("test.polite", {})
    until(lambda: tables[0].get(job_id).progress)
    tables[1].stop(job_id)
    assert tables[1].wait(job_id, 10).state is State.STOPPED


@pytest.mark.slow
def test_the_job_of_a_killed_server_is_taken_up_by_its_neighbour_at_once(servers, url, tmp_path):
    tables, supervisors = servers
    job_id = tables[0].enqueue("test.count", {"to": 60, "pause": 0.03})
    ready = tmp_path / "ready"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", server.__name__, url, str(tmp_path / "jobs"), str(ready)]
    with subprocess.Popen(command, env=environment) as process:
        until(lambda: tables[0].get(job_id).progress)
        supervisors[0].start()
        time.sleep(0.1)
        assert tables[0].get(job_id).attempt == 1  # its server lives: nobody takes it
        process.kill()
    done = tables[0].wait(job_id, 15)
    assert done.result == {"count": 60, "attempt": 2}
    ended = Records(tables[0].database).list(server.HERE, "ended").items
    assert ended == []  # the hook was registered in the dead server only


def test_a_lease_of_another_host_expires(servers):
    tables, _ = servers
    elsewhere, here = Leases(tables[0], "elsewhere|boot|pid:[1]|1|1|x"), Leases(tables[1], new_owner())
    job_id = tables[0].enqueue("test.count", {"to": 1})
    with tables[0].database.transaction() as tx:
        elsewhere.claim(tx, tables[0].get(job_id, tx=tx))
    assert here.take_over() == 0
    with tables[0].database.transaction() as tx:
        tx.execute(update(schema.jobs).values(lease_expires=clock.now() - 1))
    elsewhere.beat()
    assert here.take_over() == 0  # it lives: its heartbeat came
    with tables[0].database.transaction() as tx:
        tx.execute(update(schema.jobs).values(lease_expires=clock.now() - 1))
    assert here.take_over() == 1
    assert tables[0].get(job_id).state is State.QUEUED
    assert elsewhere.held() == {}


def test_a_supervisor_knows_which_of_its_neighbours_is_dead():
    with subprocess.Popen(
        [sys.executable, "-c", "from honmono.jobs.owner import new_owner; print(new_owner()); input()"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as neighbour:
        owner = neighbour.stdout.readline().strip()
        assert not is_dead(owner)
        assert not is_dead(new_owner())
        neighbour.kill()
        neighbour.wait()
        assert not alive(neighbour.pid)
    assert is_dead(owner)
    assert not is_dead("elsewhere|boot|pid:[1]|1|1|x")
