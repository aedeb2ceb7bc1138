"""The server is killed in the middle of everything and started again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from honmono.jobs import Jobs, State
from honmono.jobs.leases import Leases, Outcome
from honmono.store import Database, Records

from . import server
from .test_jobs import alive, until


class Server:
    """The killable server of `server.py`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.database_path = folder / "data" / "honmono.db"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        (self.folder / "idle").unlink(missing_ok=True)
        command = [sys.executable, "-m", server.__name__, str(self.database_path), str(self.folder / "jobs")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self.process = subprocess.Popen([*command, str(ready)], env=environment)
        until(lambda: ready.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, "the server did not start"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(10) == 0

    def look(self) -> tuple[Database, Jobs]:
        """Open what the dead server has left; close the database before starting it again."""
        database = Database.open(self.database_path)
        return database, Jobs(database, self.folder / "jobs")


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Server]:
    killable = Server(tmp_path)
    yield killable
    if killable.process and killable.process.poll() is None:
        killable.kill()


@pytest.mark.slow
def test_after_kill_9_no_job_is_lost_none_ends_twice_and_no_orphan_is_left(killable, tmp_path):
    database, jobs = killable.look()
    pid_file = tmp_path / "pids"
    parent = jobs.enqueue("test.parent", {"pid_file": str(pid_file)})
    single = jobs.enqueue("test.not-resumable", {"seconds": 30})
    counting = [jobs.enqueue("test.count", {"to": 60 + n, "pause": 0.02}) for n in range(4)]
    quick = [jobs.enqueue("test.double", {"n": n}, max_attempts=20) for n in range(4)]
    database.close()

    seen: set[int] = set()
    for number in range(4):
        killable.start()
        if number == 0:
            until(lambda: pid_file.exists() and len(pid_file.read_text().split()) == 2)
            seen |= {int(pid) for pid in pid_file.read_text().split()}
        time.sleep(0.4)
        killable.kill()
        until(lambda pids=seen: not any(alive(pid) for pid in pids), 2)
    killable.start()
    killable.stop()  # a clean end in the middle, too
    killable.start()
    until(lambda: (tmp_path / "idle").exists(), 20)
    killable.stop()

    database, jobs = killable.look()
    try:
        assert len(jobs.list(limit=1000).items) == 10
        for number, job_id in enumerate(counting):
            done = jobs.get(job_id)
            assert (done.state, done.result["count"]) == (State.SUCCEEDED, 60 + number)
        for number, job_id in enumerate(quick):
            assert jobs.get(job_id).result["n"] == number * 2
        for job_id in (single, parent):
            failed = jobs.get(job_id)
            assert (failed.state, failed.error_type, failed.attempt) == (State.FAILED, "JobInterrupted", 1)
            assert "the server ended while it ran" in failed.error
        ended = Records(database).list(server.HERE, "ended", limit=1000).items
        assert {record.name: record.status for record in ended} == {job.id: job.state for job in jobs.list(limit=1000)}
        assert any(jobs.get(job_id).attempt > 1 for job_id in counting)
    finally:
        database.close()


def test_a_job_that_was_being_stopped_when_the_server_died_is_stopped(killable):
    database, jobs = killable.look()
    job_id = jobs.enqueue("test.count", {"to": 1000})
    with database.transaction() as tx:
        Leases(jobs, "gone").claim(tx, jobs.get(job_id, tx=tx))
    jobs.stop(job_id)
    assert jobs.get(job_id).state is State.RUNNING
    assert Leases(jobs, "next").take_over() == 1
    assert jobs.get(job_id).state is State.STOPPED
    database.close()


def test_a_runner_whose_lease_was_taken_over_can_overwrite_nothing(killable):
    database, jobs = killable.look()
    job_id = jobs.enqueue("test.count", {"to": 1})
    stale, fresh = Leases(jobs, "stale"), Leases(jobs, "fresh")
    with database.transaction() as tx:
        stale.claim(tx, jobs.get(job_id, tx=tx))
    assert fresh.take_over() == 1
    with database.transaction() as tx:
        buffer = fresh.claim(tx, jobs.get(job_id, tx=tx))
    assert buffer.attempt == 2
    late = Outcome(State.SUCCEEDED, result='{"from": "stale"}')
    assert not stale.finish(job_id, 1, late)
    assert not stale.finish(job_id, 2, late)
    assert not fresh.finish(job_id, 1, late)
    assert jobs.get(job_id).state is State.RUNNING
    assert fresh.finish(job_id, 2, Outcome(State.SUCCEEDED, result='{"from": "fresh"}'))
    assert jobs.get(job_id).result == {"from": "fresh"}
    assert not fresh.finish(job_id, 2, late)
    database.close()
