"""Send thousands of damaged requests to a running server: what it answers, how soon, and what it costs in memory.

    honmono up --data /tmp/fuzz &
    python bench/fuzz.py --url http://127.0.0.1:4566 --pid $!

Mutants of true requests (wrong protocol, truncated, huge, wrong types, forged signatures, junk in headers and targets,
gzip bombs) go through an ordinary HTTP client; broken HTTP goes through raw sockets. The script fails on a 5xx other
than 501, on a traceback in an answer, on an answer later than --slow seconds, and on a server that no longer answers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from wire.mutations import Mutant, Mutants  # noqa: E402 - the mutants are shared with the fuzz test

TELLTALE = (b"Traceback", b'File "', b"site-packages")
BROKEN = [
    b"\x00\xff\x00\xff\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nx",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nX-Amz-Target: Comprehend_20171127.X\r\n\r\nhalf",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"GET " + b"/" * 200_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xe6\x97\xa5\r\nAuthorization: \xff\xfe\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x01\x00\x00\x00\x00",
]


@dataclass
class Tally:
    """What came of the requests."""

    statuses: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, status: str, seconds: float, told: str) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.slowest = sorted([*self.slowest, (seconds, told)], reverse=True)[:5]

    def fault(self, told: str) -> None:
        with self.lock:
            self.faults.append(told)


def send(host: str, port: int, mutant: Mutant, timeout: float) -> tuple[str, bytes]:
    """One mutant over its own connection; the status, or why the client or the server would not have it."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    # What http.client would refuse goes out all the same: the point is what the server makes of it.
    connection._validate_method = connection._validate_path = lambda text: None  # type: ignore[attr-defined]
    try:
        connection.putrequest(mutant.method, mutant.target, skip_accept_encoding=True)
        for name, value in mutant.headers.items():
            connection.putheader(name, value.replace("\r", " ").replace("\n", " ").encode("utf-8", "replace"))
        connection.putheader("Content-Length", str(len(mutant.body)))
        connection.endheaders()
        try:
            connection.send(mutant.body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before the body was read: the answer is there to be read
        answer = connection.getresponse()
        return str(answer.status), answer.read()
    except TimeoutError:
        return "timeout", b""
    except (http.client.HTTPException, OSError, ValueError) as error:
        return type(error).__name__, b""
    finally:
        connection.close()


def send_broken(host: str, port: int, chosen: random.Random) -> tuple[str, bytes]:
    """Broken HTTP over a raw socket, cut at a random place every other time."""
    data = chosen.choice(BROKEN)
    if chosen.random() < 0.5:
        data = data[: chosen.randrange(1, len(data) + 1)]
    try:
        with socket.create_connection((host, port), timeout=1) as connection:
            connection.sendall(data)
            if chosen.random() < 0.5:
                connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
    except TimeoutError:
        return "broken: waits", b""
    except OSError as error:
        return f"broken: {type(error).__name__}", b""
    return f"broken: {answer[9:12].decode('latin-1') or 'closed'}", answer


def work(args: argparse.Namespace, number: int, tally: Tally, progress: threading.Semaphore) -> None:
    url = urlsplit(args.url)
    host, port = url.hostname or "127.0.0.1", url.port or 80
    mutants = Mutants(f"{args.seed}{number}", args.url, (args.access_key, args.secret_key))
    for count in range(args.count // args.connections):
        started = time.perf_counter()
        if count % 20 == 19:
            told = f"thread {number} #{count} broken HTTP"
            status, body = send_broken(host, port, mutants.random)
        else:
            mutant = mutants.next()
            told = f"thread {number} #{count} {mutant.method} {mutant.target[:80]} {mutant.notes}"
            started = time.perf_counter()
            status, body = send(host, port, mutant, args.slow * 2)
        seconds = time.perf_counter() - started
        tally.add(status, seconds, told)
        if status.lstrip("broken: ").startswith("5") and status != "501":
            tally.fault(f"{told}: {status} {body[:300]!r}")
        if any(sign in body for sign in TELLTALE):
            tally.fault(f"{told}: a traceback {body[:300]!r}")
        if status == "timeout" or (seconds > args.slow and not status.startswith("broken")):
            tally.fault(f"{told}: {seconds:.1f} s")
        progress.release()


def resident(pid: int | None) -> float | None:
    """Resident memory of the process in megabytes."""
    if pid is None:
        return None
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return None


def alive(url: str) -> bool:
    """Whether the server still answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", "/_honmono/health")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:4566")
    parser.add_argument("--pid", type=int, help="the server's process, for its memory")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seed", default="honmono")
    parser.add_argument("--slow", type=float, default=10.0, help="seconds that an answer may take")
    parser.add_argument("--access-key", default="test")
    parser.add_argument("--secret-key", default="test")
    args = parser.parse_args()
    if not alive(args.url):
        print(f"No server answers at {args.url}: start one with `honmono up`.", file=sys.stderr)
        return 2
    tally, progress = Tally(), threading.Semaphore(0)
    memory = [resident(args.pid)]
    started = time.perf_counter()
    threads = [
        threading.Thread(target=work, args=(args, number, tally, progress)) for number in range(args.connections)
    ]
    for thread in threads:
        thread.start()
    total = args.count // args.connections * args.connections
    for done in range(1, total + 1):
        while not progress.acquire(timeout=1):
            if not any(thread.is_alive() for thread in threads):
                break
        if done % max(1, total // 20) == 0 and sys.stderr.isatty():
            print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True)
        if done == total // 2:
            memory.append(resident(args.pid))
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    memory.append(resident(args.pid))
    if not alive(args.url):
        tally.fault("the server no longer answers")
    report(args, tally, memory, total, seconds)
    return 1 if tally.faults else 0


def report(args: argparse.Namespace, tally: Tally, memory: list[float | None], total: int, seconds: float) -> None:
    print(f"\n{total} damaged requests in {seconds:.0f} s over {args.connections} connections, seed {args.seed!r}")
    for status, count in sorted(tally.statuses.items()):
        print(f"  {status:<32}{count:>7}")
    print("slowest")
    for spent, told in tally.slowest:
        print(f"  {spent * 1000:8.0f} ms  {told[:140]}")
    if memory[0] is not None:
        print("server's memory  " + " → ".join(f"{value:.0f} MB" for value in memory if value is not None))
    print(f"faults           {len(tally.faults)}")
    for fault in tally.faults[:20]:
        print(f"  {fault[:400]}")
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    (results / "fuzz.json").write_text(
        json.dumps(
            {
                "requests": total,
                "seed": args.seed,
                "seconds": round(seconds, 1),
                "statuses": dict(sorted(tally.statuses.items())),
                "slowest_ms": [round(spent * 1000) for spent, _ in tally.slowest],
                "memory_mb": [round(value) for value in memory if value is not None],
                "faults": len(tally.faults),
            },
            indent=2,
        )
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
