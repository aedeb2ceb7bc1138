"""The jobs that the tests run, importable by their child processes."""
# ruff: noqa: T201  what a job prints is what is tested

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from honmono.jobs import JobRun, job


@job("test.double")
def double(run: JobRun) -> dict:
    return {"n": run.payload["n"] * 2, "attempt": run.attempt}


@job("test.nothing")
def nothing(run: JobRun) -> None:
    return None


@job("test.fail")
def fail(run: JobRun) -> dict:
    print("about to fail", flush=True)
    raise LookupError(f"no such thing: {run.payload['thing']}")


@job("test.surrogates")
def surrogates(run: JobRun) -> dict:
    import numpy as np

    run.log.info("read %s", "\udcff.csv")
    run.progress(np.int64(3), np.float32(4), "\udcff.csv")
    if run.payload["fails"]:
        raise LookupError("\udcff.csv is missing")
    return {}


@job("test.flaky")
def flaky(run: JobRun) -> dict:
    """Fails until the attempt that the payload names; counts in its checkpoint."""
    counter = run.checkpoint_dir / "count"
    count = int(counter.read_text()) + 1 if counter.exists() else 1
    counter.write_text(str(count))
    if run.attempt < run.payload["succeeds_at"]:
        raise ConnectionError("not yet")
    return {"count": count, "attempt": run.attempt}


@job("test.talk")
def talk(run: JobRun) -> dict:
    for number in range(run.payload["lines"]):
        print(f"line {number}")
    print("to stderr", file=sys.stderr)
    run.log.info("by the logger, %s", "日本")
    logging.getLogger("some.library").warning("two\nlines")
    os.write(1, b"no newline at the end \xff\0")
    run.progress(3, 7, "pages")
    return {}


@job("test.polite")
def polite(run: JobRun) -> dict:
    """Works until it is told to stop, and saves what it has."""
    steps = 0
    while not run.should_stop():
        steps += 1
        run.progress(steps, None, "steps")
        time.sleep(0.01)
    return {"steps": steps}


@job("test.sleep")
def sleep(run: JobRun) -> dict:
    Path(run.payload["pid_file"]).write_text(str(os.getpid())) if "pid_file" in run.payload else None
    time.sleep(run.payload.get("seconds", 60))
    return {}


@job("test.stubborn")
def stubborn(run: JobRun) -> dict:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    run.progress(1, 1, "ignoring")
    time.sleep(60)
    return {}


@job("test.parent")
def parent(run: JobRun) -> dict:
    """Starts a process of its own, which would outlive it."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(run.payload["pid_file"]).write_text(f"{os.getpid()} {child.pid}")
    if run.payload.get("ends"):
        return {"child": child.pid}
    time.sleep(60)
    return {}


@job("test.segfault")
def segfault(run: JobRun) -> dict:
    ctypes.string_at(0)
    return {}


@job("test.signal")
def signal_itself(run: JobRun) -> dict:
    os.kill(os.getpid(), run.payload["number"])
    return {}


@job("test.exit")
def leave(run: JobRun) -> dict:
    os._exit(run.payload["status"])


@job("test.greedy")
def greedy(run: JobRun) -> dict:
    return {"size": len(bytearray(run.payload["bytes"]))}


@job("test.unserialisable")
def unserialisable(run: JobRun) -> dict:
    return {"value": {1, 2, 3}}


@job("test.list")
def returns_list(run: JobRun) -> dict:
    return [1, 2]  # type: ignore[return-value]


@job("test.environment")
def environment(run: JobRun) -> dict:
    return {name: os.environ.get(name) for name in run.payload["names"]}


@job("test.output")
def output(run: JobRun) -> dict:
    (run.output_dir / "model.bin").write_bytes(b"weights")
    (run.checkpoint_dir / "half").write_bytes(b"half")
    return {"file": str(run.output_dir / "model.bin"), "checkpoint": str(run.checkpoint_dir)}


@job("test.count", resumable=True)
def count(run: JobRun) -> dict:
    """Counts on from its checkpoint; writes a line to a ledger each time it comes to the end."""
    state = run.checkpoint_dir / "count"
    done = int(state.read_text()) if state.exists() else 0
    while done < run.payload["to"]:
        time.sleep(run.payload.get("pause", 0.01))
        done += 1
        temporary = state.with_suffix(".tmp")
        temporary.write_text(str(done))
        temporary.rename(state)
        run.progress(done, run.payload["to"], "steps")
    return {"count": done, "attempt": run.attempt}


@job("test.not-resumable")
def not_resumable(run: JobRun) -> dict:
    time.sleep(run.payload.get("seconds", 60))
    return {}
