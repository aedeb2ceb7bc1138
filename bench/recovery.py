"""kill -9 under load, again and again: is anything lost that was acknowledged?

Clients put objects, create IAM users and enqueue jobs; the server is killed at a random moment, started again, and
everything acknowledged is looked for. `python bench/recovery.py [rounds]`; 20 rounds by default.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import orjson
from botocore.config import Config

from peers import free_port, report

HERE = Path(__file__).parent
SIZES = (1_000, 1_000, 1_000, 100_000, 1_000_000)


class Acknowledged:
    """What the server said it has."""

    def __init__(self) -> None:
        self.objects: dict[str, str] = {}
        self.users: set[str] = set()
        self.jobs: set[str] = set()


def client(service: str, port: int) -> Any:
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5),
    )


def start(data: str, port: int) -> tuple[subprocess.Popen[bytes], float]:
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen([sys.executable, str(HERE / "recovery_server.py"), data, str(port)], env=environment)
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_honmono/health", timeout=1).close()
            return process, time.perf_counter() - begun
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            time.sleep(0.01)


def work(number: int, round_number: int, port: int, found: Acknowledged, stop: threading.Event) -> None:
    s3, iam = client("s3", port), client("iam", port)
    chance = random.Random(f"{round_number}/{number}")
    count = 0
    while not stop.is_set():
        count += 1
        name = f"r{round_number}-c{number}-{count}"
        try:
            kind = chance.random()
            if kind < 0.7:
                body = chance.randbytes(chance.choice(SIZES))
                s3.put_object(Bucket="recovery", Key=name, Body=body)
                found.objects[name] = hashlib.sha256(body).hexdigest()
            elif kind < 0.98:
                iam.create_user(UserName=name)
                found.users.add(name)
            else:
                request = urllib.request.Request(f"http://127.0.0.1:{port}/bench/jobs", method="POST")
                with urllib.request.urlopen(request, timeout=5) as answer:
                    found.jobs.add(orjson.loads(answer.read()))
        except Exception:  # noqa: BLE001 - the server is killed under our feet: what fails was not acknowledged
            continue


def lost(port: int, found: Acknowledged) -> tuple[int, int]:
    s3, iam = client("s3", port), client("iam", port)
    objects = 0
    for name, digest in found.objects.items():
        try:
            body = s3.get_object(Bucket="recovery", Key=name)["Body"].read()
            objects += hashlib.sha256(body).hexdigest() != digest
        except s3.exceptions.NoSuchKey:
            objects += 1
    there = {user["UserName"] for page in iam.get_paginator("list_users").paginate() for user in page["Users"]}
    return objects, len(found.users - there)


def orphans(data: str) -> list[int]:
    """Processes that still name the data directory in their command line or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if data.encode() in text:
                found.append(int(entry.name))
    return found


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    found = Acknowledged()
    back: list[float] = []
    left_over = objects = users = 0
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        process, _ = start(data, port)
        client("s3", port).create_bucket(Bucket="recovery")
        for number in range(rounds):
            stop = threading.Event()
            threads = [threading.Thread(target=work, args=(n, number, port, found, stop)) for n in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(1.0, 3.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
            stop.set()
            for thread in threads:
                thread.join()
            time.sleep(0.5)
            left_over += len(orphans(data))
            process, seconds = start(data, port)
            back.append(seconds)
        objects, users = lost(port, found)
        deadline = time.time() + 300
        while True:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/jobs", timeout=30) as answer:
                table = orjson.loads(answer.read())
            states = table["states"]
            if all(states.get(job) not in ("queued", "running") for job in found.jobs) or time.time() > deadline:
                break
            time.sleep(1)
        process.terminate()
        process.wait()
    unfinished = [job for job in found.jobs if states.get(job) != "succeeded"]
    rows = [
        {"what": "objects", "acknowledged": len(found.objects), "lost": objects},
        {"what": "records (IAM users)", "acknowledged": len(found.users), "lost": users},
        {
            "what": "jobs",
            "acknowledged": len(found.jobs),
            "lost": len([job for job in found.jobs if job not in states]),
            "not_succeeded": len(unfinished),
            "finished_twice": sum(times > 1 for times in table["finished"].values()),
            "finished_uncounted": len(found.jobs - set(table["finished"])),
        },
    ]
    report(
        "recovery",
        rows,
        kills=rounds,
        orphans=left_over,
        back_in_seconds_median=statistics.median(back),
        back_in_seconds_worst=max(back),
    )


if __name__ == "__main__":
    main()
