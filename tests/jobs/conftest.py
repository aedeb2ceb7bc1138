from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from honmono.compute import Ledger
from honmono.jobs import Jobs, Supervisor
from honmono.store import Database

from . import kinds  # noqa: F401  registers the tests' jobs


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "data" / "honmono.db")
    yield database
    database.close()


@pytest.fixture
def jobs(database: Database, tmp_path: Path) -> Jobs:
    return Jobs(database, tmp_path / "data" / "jobs")


@pytest.fixture
def supervise(jobs: Jobs) -> Iterator[Callable[..., Supervisor]]:
    """Starts supervisors that end with the test."""
    started: list[Supervisor] = []

    def start(cores: float = 4, **more) -> Supervisor:
        supervisor = Supervisor(jobs, Ledger(cores, 64 << 30), **more)
        supervisor.start()
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.close(grace=0.5)
