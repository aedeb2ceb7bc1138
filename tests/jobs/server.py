"""A server with nothing but jobs, as a process that tests can kill: `python -m … URL DIRECTORY READY`.

It writes the file READY when it has started, and `idle` beside it when every job has ended.
"""

import signal
import sys
import threading
from pathlib import Path

from honmono.compute import Ledger
from honmono.jobs import Jobs, Supervisor
from honmono.store import Database, Records, Scope

from . import kinds  # noqa: F401  registers the tests' jobs

HERE = Scope("000000000000", "us-east-1", "jobs")


def main() -> None:
    url, directory, ready = sys.argv[1:4]
    database = Database.open(url)
    records = Records(database)
    jobs = Jobs(database, Path(directory))

    def record(ended, tx):
        # A second end of the same job would find the name taken, and fail the job.
        records.create(HERE, "ended", ended.id, {"attempt": ended.attempt}, arn="", status=ended.state, tx=tx)

    for kind in ("test.count", "test.double", "test.not-resumable", "test.parent"):
        jobs.when_finished(kind, record)
    supervisor = Supervisor(jobs, Ledger(6, 64 << 30))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    supervisor.start()
    Path(ready).write_text("ready")
    while not stop.wait(0.05):
        if all(job.state.ended for job in jobs.list(limit=1000)):
            Path(ready).with_name("idle").touch()
    supervisor.close(grace=1)
    database.close()


if __name__ == "__main__":
    main()
