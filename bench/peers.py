"""What the benches share: servers as child processes, their CPU time and memory, raw signed requests."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

RESULTS = Path(__file__).parent / "results"
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Peer:
    """A server that runs for a measurement."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    ready_seconds: float

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def cpu_seconds(self) -> float:
        """User and system time of the process and of its children that live."""
        return sum(_cpu(pid) for pid in (self.process.pid, *_children(self.process.pid)))

    def resident_mb(self) -> float:
        return sum(_resident(pid) for pid in (self.process.pid, *_children(self.process.pid)))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_children(child)]
    return found


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


@contextlib.contextmanager
def honmono(*options: str, data: str | None = None) -> Iterator[Peer]:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", "honmono", "up", "--port", str(port), "--data", data or folder, *options]
        with _running("honmono", command, port) as peer:
            yield peer


@contextlib.contextmanager
def moto_server() -> Iterator[Peer]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with _running("moto_server", command, port) as peer:
        yield peer


@contextlib.contextmanager
def _running(name: str, command: list[str], port: int) -> Iterator[Peer]:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended with {process.returncode}") from None
                time.sleep(0.005)
        yield Peer(name, f"http://127.0.0.1:{port}", process, time.perf_counter() - started)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def signed(peer: Peer, service: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a signed HTTP/1.1 request; valid for some minutes, so that it can be sent again and again."""
    request = AWSRequest(method, peer.url + path, headers=headers, data=body)
    SigV4Auth(Credentials("test", "test"), service, "us-east-1").add_auth(request)
    host, port = peer.address
    fields = {"Host": f"{host}:{port}", "Content-Length": str(len(body)), **dict(request.headers.items())}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def load(peer: Peer, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    """Send the requests in turn over so many connections; requests a second, CPU-ms of the server a request, ms."""
    stop = time.perf_counter() + seconds
    counts, latencies, failures = [0] * connections, [list[float]() for _ in range(connections)], [0] * connections

    def client(number: int) -> None:
        keeps = False
        while (begun := time.perf_counter()) < stop:
            if not keeps:
                connection = socket.create_connection(peer.address, 10)
                reader = connection.makefile("rb")
            connection.sendall(requests[counts[number] % len(requests)])
            status, keeps = _read_answer(reader)
            failures[number] += status >= 400
            latencies[number].append(time.perf_counter() - begun)
            counts[number] += 1
            if not keeps:
                connection.close()

    before, started = peer.cpu_seconds(), time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total, elapsed = sum(counts), time.perf_counter() - started
    flat = [latency for each in latencies for latency in each]
    return {
        "requests": total,
        "failed": sum(failures),
        "requests_per_second": total / elapsed,
        "cpu_ms_per_request": (peer.cpu_seconds() - before) / total * 1000,
        "p50_ms": statistics.median(flat) * 1000,
        "p99_ms": statistics.quantiles(flat, n=100)[98] * 1000,
    }


def _read_answer(reader: Any) -> tuple[int, bool]:
    """The status, and whether the server keeps the connection."""
    version, status = reader.readline().split()[:2]
    length, keeps = 0, version == b"HTTP/1.1"
    while (line := reader.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        elif name.lower() == b"connection":
            keeps = value.strip().lower() != b"close"
    reader.read(length)
    return int(status), keeps


def medians(runs: int, measure: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Each figure's median over several runs."""
    found = [measure() for _ in range(runs)]
    return {name: statistics.median(run[name] for run in found) for name in found[0]}


def report(name: str, rows: list[dict[str, Any]], **facts: Any) -> None:
    """Print the rows as a table and keep them as JSON under bench/results."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    texts = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[i]) for line in texts)) for i, column in enumerate(columns)]
    print("  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True)))
    for line in texts:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)))
    for key, value in facts.items():
        print(f"{key}: {_text(value)}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps({"rows": rows, **facts}, indent=1) + "\n")


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)
