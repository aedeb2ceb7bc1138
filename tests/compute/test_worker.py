from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from honmono.compute.worker import (
    Worker,
    WorkerCrashed,
    WorkerFault,
    WorkerNotStarted,
    WorkerTimeout,
)

MakeWorker = Callable[..., Worker]


@pytest.fixture
def make() -> Iterator[MakeWorker]:
    workers = []

    def make(target: str = "capable", **options: Any) -> Worker:
        workers.append(Worker("w", f"compute.targets:{target}", **options))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


def test_calls_are_answered_also_large_ones(make: MakeWorker) -> None:
    worker = make()
    assert worker.pid is None
    assert worker.call("reverse", b"abc") == b"cba"
    large = os.urandom(5_000_000)
    assert worker.call("reverse", large) == large[::-1]
    assert int(worker.call("pid", b"")) == worker.pid
    assert worker.memory() > 5_000_000


def test_death_costs_the_call_and_says_how(make: MakeWorker) -> None:
    worker = make()
    for method, body, reason in [
        ("segfault", b"", "killed by SIGSEGV"),
        ("exit", b"3", "exited with code 3"),
    ]:
        with pytest.raises(WorkerCrashed, match=reason):
            worker.call(method, body)
        assert worker.call("reverse", b"ab") == b"ba"
    assert worker.generation == 3


def test_death_while_idle_costs_nothing(make: MakeWorker) -> None:
    worker = make()
    first = int(worker.call("pid", b""))
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: worker.pid is None)
    assert int(worker.call("pid", b"")) != first


def test_exception_leaves_the_child_alive(make: MakeWorker) -> None:
    worker = make()
    with pytest.raises(WorkerFault, match="LookupError: nothing here"):
        worker.call("raise", b"")
    assert worker.generation == 1


def test_timeout_ends_the_child_and_what_it_started(make: MakeWorker) -> None:
    worker = make()
    descendant = int(worker.call("descendant", b""))
    started = time.monotonic()
    with pytest.raises(WorkerTimeout):
        worker.call("sleep", b"30", timeout=0.3)
    assert time.monotonic() - started < 2
    wait_until(lambda: not is_running(descendant))
    assert worker.call("reverse", b"ab") == b"ba"


def test_memory_limit_holds(make: MakeWorker) -> None:
    worker = make(memory_limit=400 << 20)
    with pytest.raises(WorkerFault, match="MemoryError"):
        worker.call("hog", str(900 << 20).encode())
    assert len(worker.call("hog", b"1000")) == 1000


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xff\xff\xff",
        struct.pack(">I", 5) + b"abcde",
        struct.pack(">I", 9) + b"\x93\xa6Answer\x07",
        struct.pack(">I", 12) + b"\x93\xa6Answer\xce\x00\x00\x00\x63\xc4\x00",
        struct.pack(">I", 3) + b"\x92\xa5R",
    ],
)
def test_garbage_is_refused_and_the_child_ended(make: MakeWorker, garbage: bytes) -> None:
    worker = make()
    first = int(worker.call("pid", b""))
    with pytest.raises(WorkerCrashed, match="garbage"):
        worker.call("garbage", garbage)
    wait_until(lambda: not is_running(first))
    assert worker.call("reverse", b"ab") == b"ba"


def test_standard_output_goes_to_the_log(make: MakeWorker, caplog: pytest.LogCaptureFixture) -> None:
    make().call("print", b"")
    wait_until(lambda: "said by the child" in caplog.text)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("broken", "RuntimeError: the model's folder is empty"),
        ("silent", "took too long"),
        ("killed", "killed by SIGKILL"),
        ("nowhere", "AttributeError"),
    ],
)
def test_start_that_fails_says_why(make: MakeWorker, target: str, reason: str) -> None:
    with pytest.raises(WorkerNotStarted, match=reason):
        make(target, start_timeout=1.0 if target == "silent" else 20.0).start()


def test_threads_environment_and_niceness(make: MakeWorker) -> None:
    worker = make(threads=2, niceness=3, environment={"TINT": "blue"})
    assert worker.call("environment", b"OMP_NUM_THREADS") == b"2"
    assert worker.call("environment", b"TINT") == b"blue"
    assert int(worker.call("niceness", b"")) == min(19, os.nice(0) + 3)


def test_worker_outlives_the_thread_that_started_it(make: MakeWorker) -> None:
    worker = make()
    thread = threading.Thread(target=worker.start)
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert worker.call("reverse", b"ab") == b"ba"
    assert worker.generation == 1


def test_kill_of_the_parent_leaves_no_child(tmp_path: Path) -> None:
    code = (
        "import sys, threading\n"
        "from honmono.compute.worker import Worker\n"
        "workers = [Worker(f'w{n}', 'compute.targets:capable') for n in range(2)]\n"
        "print(*(int(worker.call('pid', b'')) for worker in workers), flush=True)\n"
        "workers[1].call('sleep', b'60')\n"  # one is idle and one is busy when the parent dies
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2 and all(is_running(pid) for pid in pids)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not any(is_running(pid) for pid in pids))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
