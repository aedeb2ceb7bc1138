"""S3 beside moto_server: small puts and gets, a 10 MB put against the floor of hashing and writing, one hot key.

    python bench/s3.py

Requests are signed beforehand and sent over raw sockets, so that what is measured is the server. The floor of a 10 MB
put is what nobody can do without who checks the signature, answers with an MD5 and a CRC-32, and means it when it says
"stored": md5 + sha256 + crc32 over the bytes, a write in pieces of 1 MB, fsync, rename, fsync of the directory.
"""

from __future__ import annotations

import hashlib
import os
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parent))
from peers import Peer, honmono, load, medians, moto_server, report, signed
from peers import _read_answer as read_answer

SMALL, LARGE = os.urandom(1024), os.urandom(10_000_000)
SECONDS, RUNS, LARGE_PUTS = 3.0, 3, 24
CHUNK = 1024 * 1024


def put(peer: Peer, path: str, body: bytes) -> bytes:
    headers = {
        "X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest(),
        "x-amz-checksum-crc32": b64encode(zlib.crc32(body).to_bytes(4, "big")).decode(),
    }
    return signed(peer, "s3", "PUT", path, headers, body)


def get(peer: Peer, path: str) -> bytes:
    return signed(peer, "s3", "GET", path, {"X-Amz-Content-SHA256": hashlib.sha256(b"").hexdigest()})


def client(peer: Peer) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=peer.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
    )


def large_puts(peer: Peer) -> dict[str, float]:
    """CPU-ms of the server for a 10 MB put through one connection."""
    requests = [put(peer, f"/bench/large-{number % 4}", LARGE) for number in range(4)]
    before, latencies = peer.cpu_seconds(), []
    connection = reader = None
    for number in range(LARGE_PUTS):
        begun = time.perf_counter()
        if connection is None:
            connection = socket.create_connection(peer.address)
            reader = connection.makefile("rb")
        connection.sendall(requests[number % 4])
        status, stays = read_answer(reader)
        if status != 200:
            raise RuntimeError(f"{peer.name} answered {status} to a 10 MB put")
        latencies.append((time.perf_counter() - begun) * 1000)
        if not stays:
            connection = connection.close()
    return {
        "cpu_ms_per_request": (peer.cpu_seconds() - before) / LARGE_PUTS * 1000,
        "p50_ms": statistics.median(latencies),
    }


def floor() -> dict[str, float]:
    """CPU-ms of this process for what a 10 MB put cannot do without."""
    with tempfile.TemporaryDirectory() as folder:
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        for number in range(LARGE_PUTS):
            md5, sha256, crc = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
            path = Path(folder) / f"{number % 4}.new"
            with path.open("wb", buffering=0) as file:
                for at in range(0, len(LARGE), CHUNK):
                    piece = memoryview(LARGE)[at : at + CHUNK]
                    md5.update(piece)
                    sha256.update(piece)
                    crc = zlib.crc32(piece, crc)
                    file.write(piece)
                os.fdatasync(file.fileno())
            path.rename(Path(folder) / f"{number % 4}")
            directory = os.open(folder, os.O_RDONLY)
            os.fsync(directory)
            os.close(directory)
        after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "cpu_ms_per_request": used / LARGE_PUTS * 1000,
        "p50_ms": (time.perf_counter() - begun) / LARGE_PUTS * 1000,
    }


def hot_key(peer: Peer) -> dict[str, float]:
    """Eight clients put 10 MB to one key at once, three times over: how many succeed."""
    done, failed = [0] * 8, [0] * 8

    def run(number: int) -> None:
        s3, body = client(peer), bytes([number]) + LARGE
        for _ in range(3):
            try:
                s3.put_object(Bucket="bench", Key="hot", Body=body)
                done[number] += 1
            except Exception:  # noqa: BLE001 - any failure counts
                failed[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = client(peer).get_object(Bucket="bench", Key="hot")["Body"].read()
    return {"succeeded": sum(done), "failed": sum(failed), "whole": float(whole[1:] == LARGE)}


def measure(peer: Peer) -> list[dict[str, Any]]:
    client(peer).create_bucket(Bucket="bench")
    puts = [put(peer, f"/bench/small-{number}", SMALL) for number in range(200)]
    gets = [get(peer, f"/bench/small-{number}") for number in range(200)]
    load(peer, puts, 4, 1.0)
    rows = []
    for what, requests in (("put 1 KB", puts), ("get 1 KB", gets)):
        figures = medians(RUNS, lambda requests=requests: load(peer, requests, 4, SECONDS))
        rows.append({"server": peer.name, "what": what, **figures})
    rows.append({"server": peer.name, "what": "put 10 MB", **medians(RUNS, lambda: large_puts(peer))})
    rows.append({"server": peer.name, "what": "8 clients, 10 MB, one key", **hot_key(peer)})
    rows[-1]["resident_mb"] = peer.resident_mb()
    return rows


def main() -> None:
    rows: list[dict[str, Any]] = []
    for server in (honmono, moto_server):
        with server() as peer:
            rows += measure(peer)
    rows.append({"server": "floor", "what": "put 10 MB", **medians(RUNS, floor)})
    ours = {row["what"]: row for row in rows if row["server"] == "honmono"}
    theirs = {row["what"]: row for row in rows if row["server"] == "moto_server"}
    ratios = {
        f"{what}: CPU against moto": ours[what]["cpu_ms_per_request"] / theirs[what]["cpu_ms_per_request"]
        for what in ("put 1 KB", "get 1 KB", "put 10 MB")
    }
    ratios["put 10 MB: CPU against the floor"] = (
        ours["put 10 MB"]["cpu_ms_per_request"] / rows[-1]["cpu_ms_per_request"]
    )
    report("s3", rows, **ratios)


if __name__ == "__main__":
    main()
