"""Memory of the server while ten clients send and fetch 200 MB each at once: it has to stay flat.

python bench/s3_memory.py
"""

from __future__ import annotations

import hashlib
import http.client
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from peers import Peer, honmono, report
from s3 import client

CLIENTS, SIZE, PIECE = 10, 200_000_000, 1_000_000


def pieces(number: int) -> Iterator[bytes]:
    for index in range(SIZE // PIECE):
        yield bytes([number, index % 256]) * (PIECE // 2)


def put(peer: Peer, number: int) -> None:
    url = client(peer).generate_presigned_url("put_object", Params={"Bucket": "memory", "Key": str(number)})
    connection = http.client.HTTPConnection(*peer.address, timeout=600)
    path = url.removeprefix(peer.url)
    connection.request("PUT", path, body=pieces(number), headers={"Content-Length": str(SIZE)})
    assert connection.getresponse().status == 200


def get(peer: Peer, number: int) -> None:
    body = client(peer).get_object(Bucket="memory", Key=str(number))["Body"]
    wanted, found = hashlib.md5(usedforsecurity=False), hashlib.md5(usedforsecurity=False)
    for piece in pieces(number):
        wanted.update(piece)
    for piece in body.iter_chunks(PIECE):
        found.update(piece)
    assert wanted.digest() == found.digest()


def at_once(peer: Peer, what: str, work: Callable[[Peer, int], None]) -> dict[str, Any]:
    before, highest, started = peer.resident_mb(), 0.0, time.perf_counter()
    threads = [threading.Thread(target=work, args=(peer, number)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        highest = max(highest, peer.resident_mb())
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    return {"what": what, "before_mb": before, "highest_mb": highest, "grew_mb": highest - before, "seconds": seconds}


def main() -> None:
    with honmono() as peer:
        client(peer).create_bucket(Bucket="memory")
        rows = [at_once(peer, f"{CLIENTS} × put 200 MB", put), at_once(peer, f"{CLIENTS} × get 200 MB", get)]
    report("s3_memory", rows, peer="the same server before the load")


if __name__ == "__main__":
    main()
