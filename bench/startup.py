"""From spawn to ready and to the first answer, beside moto_server in the same run; what an idle server holds.

    python bench/startup.py [runs]

Honmono is asked DetectDominantLanguage, moto_server DetectSentiment (it has no DetectDominantLanguage). Both run from
compiled bytecode: an uncounted start of each comes first.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from peers import Peer, honmono, moto_server, report, signed

# A checkout that runs without writing bytecode compiles everything at each start; an installed package does not.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_IDLE_SECONDS = 2.0
_TEXT = "Der Regen hat am Morgen aufgehört, und die Straßen glänzen noch."


def question(peer: Peer, operation: str, more: dict[str, str]) -> bytes:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Comprehend_20171127.{operation}"}
    return signed(peer, "comprehend", "POST", "/", headers, json.dumps({"Text": _TEXT, **more}).encode())


def ask(peer: Peer, request: bytes) -> None:
    with socket.create_connection(peer.address, 30) as connection:
        connection.sendall(request)
        status = connection.makefile("rb").readline().split()[1]
    if status != b"200":
        raise RuntimeError(f"{peer.name} answered {status.decode()}")


def once(start: Callable[[], AbstractContextManager[Peer]], operation: str, more: dict[str, str]) -> dict[str, float]:
    with start() as peer:
        ready_cpu = peer.cpu_seconds()
        time.sleep(_IDLE_SECONDS)
        idle, idle_cpu = peer.resident_mb(), peer.cpu_seconds()
        asked = time.perf_counter()
        ask(peer, question(peer, operation, more))
        first = time.perf_counter() - asked
        return {
            "ready_s": peer.ready_seconds,
            "cpu_to_ready_s": ready_cpu,
            "first_answer_s": peer.ready_seconds + first,
            "idle_mb": idle,
            "idle_cpu_ms_per_s": (idle_cpu - ready_cpu) / _IDLE_SECONDS * 1000,
            "after_first_mb": peer.resident_mb(),
        }


def run_overhead(runs: int) -> dict[str, Any]:
    """What `honmono run -- true` takes beyond `true`."""
    command = [sys.executable, "-m", "honmono", "run", "--", shutil.which("true") or "true"]
    walls, processor = [], []
    for _ in range(runs):
        before, began = os.times(), time.perf_counter()
        subprocess.run(command, check=True)
        walls.append(time.perf_counter() - began)
        after = os.times()
        processor.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return {"run_true_s": statistics.median(walls), "run_true_cpu_s": statistics.median(processor)}


def main(runs: int) -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:

        def own() -> AbstractContextManager[Peer]:
            # A directory that a server has used before, as every start but the first finds it.
            return honmono(data=str(Path(folder) / "data"))

        for name, start, operation, more in (
            ("honmono", own, "DetectDominantLanguage", {}),
            ("moto_server", moto_server, "DetectSentiment", {"LanguageCode": "de"}),
        ):
            once(start, operation, more)
            found = [once(start, operation, more) for _ in range(runs)]
            row = {key: statistics.median(each[key] for each in found) for key in found[0]}
            rows.append({"server": name, **row})
    report("startup", rows, runs=runs, load_average=os.getloadavg()[0], **run_overhead(runs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
