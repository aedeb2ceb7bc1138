"""How long a search of a face collection takes, and what it misses, beside faiss and numpy comparing all vectors.

    python bench/face_search.py gallery [size …]     the index alone; 100,000 and 1,000,000 by default
    python bench/face_search.py served [size]        SearchFaces through a server, one client and eight; 100,000

No package brings a hundred thousand embedded faces, so the vectors are drawn: 128 dimensions, on the unit sphere.
`people` has four faces of each person, around a centre of their own, their mutual cosine .91 (what the recogniser gives
two photographs of one person on the average); `uniform` has no structure at all, the hardest case for lists. A search
is for an enrolled vector that was perturbed to a cosine of .96 or .90, and right if that very vector comes first.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import numpy as np
import orjson
from botocore.config import Config
from numpy.typing import NDArray
from sqlalchemy import insert

from honmono.engines.vision.gallery import EXACT_MOST, Gallery, sample_size
from honmono.store import Database, Records, Scope
from honmono.store.faces_schema import collection_faces
from peers import Peer, honmono, load, report, signed

DIMENSIONS = 128
QUERIES = 500
SCOPE = Scope("000000000000", "us-east-1", "rekognition")
KEY = "bench"

Vectors = NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def moved(vectors: Vectors, cosine: float, random: np.random.Generator) -> Vectors:
    """Vectors in random directions from these, at this cosine from them, nearly."""
    sideways = random.standard_normal(vectors.shape, np.float32) / np.sqrt(vectors.shape[1], dtype=np.float32)
    return unit(vectors + np.float32(np.sqrt(1 / cosine**2 - 1)) * sideways)


def drawn(kind: str, count: int) -> Vectors:
    random = np.random.default_rng(20)
    if kind == "uniform":
        return unit(random.standard_normal((count, DIMENSIONS), np.float32))
    people = unit(random.standard_normal((count // 4, DIMENSIONS), np.float32))
    return moved(np.repeat(people, 4, axis=0), 0.91**0.5, random)


def filled(vectors: Vectors) -> tuple[Gallery, float]:
    """The gallery as a collection fills it, and the seconds it took."""
    began = time.perf_counter()
    gallery = Gallery(DIMENSIONS)
    if len(vectors) > EXACT_MOST:
        gallery.learn(vectors[:: len(vectors) // sample_size(len(vectors))], len(vectors))
    for start in range(0, len(vectors), 50_000):
        part = vectors[start : start + 50_000]
        gallery.add(np.arange(start, start + len(part)), part)
    return gallery, time.perf_counter() - began


def timed(search: Callable[[Vectors], int], queries: Vectors) -> tuple[list[int], float, float, float]:
    """What is found; median wall and CPU milliseconds of a search, and the 95th percentile of the wall."""
    found, wall, cpu = [], [], []
    for query in queries:
        began, began_cpu = time.perf_counter(), time.thread_time()
        found.append(search(query))
        cpu.append(time.thread_time() - began_cpu)
        wall.append(time.perf_counter() - began)
    return found, statistics.median(wall) * 1e3, statistics.median(cpu) * 1e3, float(np.quantile(wall, 0.95)) * 1e3


def throughput(search: Callable[[Vectors], int], queries: Vectors, threads: int) -> float:
    """Searches a second of so many threads."""

    def run(part: Vectors) -> None:
        for query in part:
            search(query)

    workers = [threading.Thread(target=run, args=(queries[number::threads],)) for number in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(queries) / (time.perf_counter() - began)


def galleries(sizes: list[int]) -> None:
    import faiss

    rows: list[dict[str, Any]] = []
    for size in sizes:
        for kind in ("people", "uniform"):
            vectors = drawn(kind, size)
            gallery, seconds = filled(vectors)
            flat = faiss.IndexFlatIP(DIMENSIONS)
            flat.add(vectors)
            faiss.omp_set_num_threads(1)

            def ours(query: Vectors, gallery: Gallery = gallery, vectors: Vectors = vectors) -> int:
                # As Matching does: the nearest few by the gallery, in the order of the vectors themselves.
                near = gallery.search(query, 16)
                return max((each.key for each in near), key=lambda key: float(vectors[key] @ query))

            def by_faiss(query: Vectors, flat: Any = flat) -> int:
                return int(flat.search(query.reshape(1, -1), 16)[1][0, 0])

            def by_numpy(query: Vectors, vectors: Vectors = vectors) -> int:
                return int(np.argmax(vectors @ query))

            random = np.random.default_rng(21)
            for cosine in (0.96, 0.90):
                wanted = random.choice(size, QUERIES, replace=False)
                queries = moved(vectors[wanted], cosine, random)
                for who, search in (("honmono", ours), ("faiss flat", by_faiss), ("numpy", by_numpy)):
                    count = QUERIES if who == "honmono" or size <= EXACT_MOST else 100
                    found, wall, cpu, slow = timed(search, queries[:count])
                    row = {"vectors": size, "kind": kind, "cosine": cosine, "who": who}
                    row["recall@1"] = float(np.mean([a == b for a, b in zip(found, wanted, strict=False)]))
                    rows.append(row | {"p50 ms": wall, "CPU ms": cpu, "p95 ms": slow})
                    if who == "honmono":
                        one, eight = (throughput(search, queries, threads) for threads in (1, 8))
                        rows[-1] |= {"8 threads / 1": eight / one, "fill s": seconds}
                        rows[-1]["MB"] = gallery.memory_bytes / 2**20
            del gallery, flat, vectors
    report("face_search", rows, queries=QUERIES)


def served(size: int) -> None:
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        stock(Path(folder), drawn("people", size))
        with honmono(data=folder) as peer:
            requests = [
                signed(
                    peer,
                    "rekognition",
                    "POST",
                    "/",
                    {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "RekognitionService.SearchFaces"},
                    orjson.dumps({"CollectionId": KEY, "FaceId": str(UUID(int=number)), "MaxFaces": 10}),
                )
                for number in range(0, size, max(1, size // 200))
            ]
            first = first_search(peer)
            before = peer.resident_mb()
            for clients in (1, 8, 1, 8):
                figures = load(peer, requests, clients, 8)
                rows.append({"clients": clients, **figures})
        with honmono(data=folder) as peer:
            again = first_search(peer)
    one, eight = (
        statistics.median(row["requests_per_second"] for row in rows if row["clients"] == clients) for clients in (1, 8)
    )
    facts = {
        "vectors": size,
        "first_search_seconds": first,
        "first_after_restart_seconds": again,
        "resident_mb": before,
    }
    report("face_search_served", rows, eight_clients_over_one=eight / one, **facts)


def first_search(peer: Peer) -> float:
    """Seconds of a search that has to read the collection's vectors first."""
    client = boto3.client(
        "rekognition",
        endpoint_url=peer.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(read_timeout=600),
    )
    began = time.perf_counter()
    client.search_faces(CollectionId=KEY, FaceId=str(UUID(int=0)))
    return time.perf_counter() - began


def stock(folder: Path, vectors: Vectors) -> None:
    """A data directory with a collection of these faces, as IndexFaces would leave it."""
    database = Database.open(folder / "honmono.sqlite")
    count = len(vectors)
    body = {"key": KEY, "version": 1, "faces": count, "users": 0, "faces_removed": 0, "users_removed": 0}
    Records(database).create(
        SCOPE,
        "collection",
        KEY,
        body | {"model": "drawn/1.0", "model_version": "1.0"},
        arn=f"arn:aws:rekognition:us-east-1:000000000000:collection/{KEY}",
    )
    for start in range(0, count, 10_000):
        with database.transaction() as tx:
            tx.execute(
                insert(collection_faces),
                [
                    {
                        "collection": KEY,
                        "face_id": str(UUID(int=number)),
                        "revision": 1,
                        "image_id": str(UUID(int=number)),
                        "external_image_id": f"person-{number // 4}",
                        "image_digest": str(number),
                        "user_id": None,
                        "confidence": 0.99,
                        "box_left": 0.1,
                        "box_top": 0.1,
                        "box_width": 0.5,
                        "box_height": 0.5,
                        "vector": vectors[number].tobytes(),
                    }
                    for number in range(start, min(count, start + 10_000))
                ],
            )
    database.close()


def main() -> None:
    what, *sizes = sys.argv[1:] or ["gallery"]
    if what == "served":
        served(int(sizes[0]) if sizes else 100_000)
    else:
        galleries([int(size) for size in sizes] or [100_000, 1_000_000])


if __name__ == "__main__":
    main()
