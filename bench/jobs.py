"""Jobs beside plain subprocesses that do the same: how soon one runs, how many a second, and what idling costs.

The peer is `subprocess` with no table, no lease and no log: a Python that says when it began, as many at once as the
supervisor may run. `python bench/jobs.py [count]`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import prompt
from honmono.compute import Ledger
from honmono.jobs import Jobs, Limits, Supervisor
from honmono.store import Database
from peers import report

CORES = 2
IDLE_SECONDS = 5.0


def cpu_seconds() -> float:
    """Of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def plain() -> float:
    """When a subprocess began to work."""
    answer = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"], capture_output=True, text=True, check=True
    )
    return float(answer.stdout)


def latency(who: str, one: Callable[[], float], count: int) -> dict[str, Any]:
    """From asking to working, one at a time."""
    times = []
    cpu = cpu_seconds()
    for _ in range(count):
        asked = time.time()
        times.append((one() - asked) * 1e3)
    cpu = (cpu_seconds() - cpu) / count * 1e3
    return {"what": "asked → working, ms", "who": who, "median": statistics.median(times), "CPU ms each": cpu}


def throughput(who: str, many: Callable[[int], None], count: int) -> dict[str, Any]:
    """Finished a second, asked for all at once."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    many(count)
    cpu, wall = (cpu_seconds() - cpu) / count * 1e3, time.perf_counter() - wall
    return {"what": f"finished a second, {CORES} at once", "who": who, "median": count / wall, "CPU ms each": cpu}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "honmono.db")
        jobs = Jobs(database, Path(folder) / "jobs")
        supervisor = Supervisor(jobs, Ledger(CORES, 8 << 30))
        supervisor.start()
        limits = Limits(cores=1, memory_bytes=64 << 20)

        def one() -> float:
            result = jobs.wait(jobs.enqueue(prompt.KIND, {}, limits=limits), 60).result
            assert result is not None
            began: float = result["began"]
            return began

        def many(number: int) -> None:
            for job_id in [jobs.enqueue(prompt.KIND, {}, limits=limits) for _ in range(number)]:
                jobs.wait(job_id, 600)

        def many_plain(number: int) -> None:
            with ThreadPoolExecutor(CORES) as pool:
                list(pool.map(lambda _: plain(), range(number)))

        rows = [
            latency("honmono", one, count),
            latency("subprocess", plain, count),
            throughput("honmono", many, count * 2),
            throughput("subprocess", many_plain, count * 2),
        ]
        time.sleep(0.5)
        before = time.process_time()
        time.sleep(IDLE_SECONDS)
        idle = (time.process_time() - before) / IDLE_SECONDS * 1e3
        supervisor.close()
        database.close()
    report("jobs", rows, count=count, idle_cpu_ms_a_second=idle)


if __name__ == "__main__":
    main()
