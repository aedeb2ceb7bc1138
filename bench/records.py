"""Records beside plain sqlite3 doing the same: creates and describes a second, and the CPU time of each.

The peer keeps the same columns and indexes in the same mode (WAL, synchronous FULL) through the standard library's
`sqlite3`, with one connection and a commit for each create: the floor of what durable records cost from Python.
`python bench/records.py [count]`.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from honmono.store import Database, Records, Scope
from peers import report

ROUNDS = 10
SCOPE = Scope("000000000000", "us-east-1", "comprehend")
BODY = {"LanguageCode": "en", "Settings": {"Epochs": 3, "Rate": 0.001, "Labels": ["a", "b", "c"]}, "Text": "x" * 300}
INSERT = (
    "INSERT INTO resources (account, region, service, kind, name, arn, status, body, tags, version, created, updated)"
    " VALUES (?, ?, ?, 'model', ?, ?, 'ACTIVE', ?, '{}', 1, ?, ?)"
)
SELECT = "SELECT * FROM resources WHERE account = ? AND region = ? AND service = ? AND kind = 'model' AND name = ?"


def plain(path: Path) -> tuple[Callable[[str], Any], Callable[[str], Any], Callable[[], None]]:
    """The peer: create and describe by hand, on a schema copied from ours."""
    ours = Database.open(path.with_name("schema") / "honmono.db")
    ours.close()
    with sqlite3.connect(path.with_name("schema") / "honmono.db") as source:
        statements = [
            sql
            for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'resources' AND sql NOT NULL")
        ]
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    for statement in statements:
        connection.execute(statement)
    lock = threading.Lock()
    owner = (SCOPE.account, SCOPE.region, SCOPE.service)

    def create(name: str) -> None:
        now = time.time_ns() // 1000
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(INSERT, (*owner, name, f"arn:plain:{name}", json.dumps(BODY), now, now))
            connection.execute("COMMIT")

    def describe(name: str) -> dict[str, Any]:
        with lock:
            row = connection.execute(SELECT, (*owner, name)).fetchone()
        return {"name": row[5], "body": json.loads(row[8]), "tags": json.loads(row[9])}

    return create, describe, connection.close


def measure(work: Callable[[str], Any], names: list[str], threads: int) -> tuple[float, float, float]:
    """Calls a second, CPU milliseconds a call, and the median wall milliseconds of one."""
    times: list[float] = []

    def run(part: list[str]) -> None:
        mine = []
        for name in part:
            began = time.perf_counter()
            work(name)
            mine.append(time.perf_counter() - began)
        times.extend(mine)

    workers = [threading.Thread(target=run, args=(names[number::threads],)) for number in range(threads)]
    wall, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return len(names) / wall, cpu / len(names) * 1e3, statistics.median(times) * 1e3


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "ours" / "honmono.db")
        records = Records(database)
        create_plain, describe_plain, close_plain = plain(Path(folder) / "plain.db")

        def create(name: str) -> None:
            records.create(SCOPE, "model", name, BODY, arn=f"arn:ours:{name}", status="ACTIVE")

        def describe(name: str) -> None:
            records.get(SCOPE, "model", name)

        work = {
            ("create", "honmono"): create,
            ("create", "sqlite3"): create_plain,
            ("describe", "honmono"): describe,
            ("describe", "sqlite3"): describe_plain,
        }
        for threads in (1, 8):
            # In turns, as the disk's mood changes from second to second.
            rounds = [
                {
                    key: measure(call, [f"{threads}-{turn}-{n}" for n in range(count // ROUNDS)], threads)
                    for key, call in work.items()
                }
                for turn in range(ROUNDS)
            ]
            for what, who in work:
                rate, cpu, median = (
                    statistics.median(turn[what, who][number] for turn in rounds) for number in range(3)
                )
                row = {"what": what, "threads": threads, "who": who, "per second": round(rate)}
                rows.append(row | {"CPU ms": cpu, "median ms": median})
        database.close()
        close_plain()
    report("records", rows, count=count)


if __name__ == "__main__":
    main()
