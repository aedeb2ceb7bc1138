"""What the engine host costs and brings: a call through a worker against the same call made directly, and
eight threads with and without batching, over an engine that really computes (a matrix product of the size
of a small encoder layer).

    python bench/engine_host.py

The peer is the engine called directly in the same process, and for the crossing itself `ProcessPoolExecutor`.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from honmono.compute import Ledger
from honmono.compute.worker import Worker
from honmono.engines.base import Cost, Engine, batched
from honmono.engines.host import EngineHost
from honmono.engines.registry import Registry
from honmono.weights import Cache

WIDTH, LAYERS, THREADS = 512, 8, 8


class Matrix(Engine):
    """Eight layers of a matrix product over a vector made from the text: weights dominate, batching pays."""

    name = "bench-matrix"
    version = "1"
    licence = "Apache-2.0"
    quality = "none"
    cost = Cost(memory_bytes=64 << 20)

    def load(self) -> None:
        import numpy

        generator = numpy.random.default_rng(0)
        shape = (LAYERS, WIDTH, WIDTH)
        self.layers = (generator.standard_normal(shape) / WIDTH**0.5).astype(numpy.float32)

    @batched(max_size=16, max_wait_ms=2)
    def embed(self, texts: list[str]) -> list[float]:
        return self.forward(texts)

    @batched(max_size=1, max_wait_ms=0)
    def embed_single(self, texts: list[str]) -> list[float]:
        return self.forward(texts)

    def nothing(self, text: str) -> str:
        return text

    def forward(self, texts: list[str]) -> list[float]:
        import numpy

        rows = numpy.zeros((len(texts), WIDTH), numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            data = numpy.frombuffer(text.encode()[:WIDTH], numpy.uint8)
            row[: len(data)] = data / 255
        for layer in self.layers:
            rows = numpy.maximum(rows @ layer, 0)
        return [float(value) for value in rows.sum(axis=1)]


def echo(text: str) -> str:
    """The peer's call."""
    return text


def microseconds(call: Callable[[], object], count: int) -> tuple[float, float]:
    """Median wall time and mean CPU time (this process) of a call, in microseconds."""
    for _ in range(20):
        call()
    times = []
    cpu = time.process_time()
    for _ in range(count):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6, (time.process_time() - cpu) / count * 1e6


def throughput(call: Callable[[str], object], seconds: float = 2.0) -> tuple[float, float]:
    """Calls a second by eight threads, and the median latency of one in milliseconds."""
    stop, latencies = threading.Event(), []

    def client(number: int) -> None:
        n = 0
        while not stop.is_set():
            started = time.perf_counter()
            call(f"text {number} {n}")
            latencies.append(time.perf_counter() - started)
            n += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return len(latencies) / (time.perf_counter() - started), statistics.median(latencies) * 1e3


def footprint() -> dict[str, float]:
    """Seconds and resident MB of a fresh Python that imports the host."""
    code = "import honmono.engines.host, resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    times = []
    for _ in range(5):
        started = time.perf_counter()
        out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        times.append(time.perf_counter() - started)
    return {"import_s": statistics.median(times), "resident_mb": float(out)}


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    registry = Registry({"bench": {"bench": "engine_host:Matrix"}})
    sys.path.insert(0, str(Path(__file__).parent))
    results: dict[str, object] = {"footprint": footprint()}
    direct = Matrix(Cache(folder))
    direct.load()
    with (
        EngineHost({}, Cache(folder), Ledger(2, 1 << 30), registry=registry) as host,
        ProcessPoolExecutor(1) as pool,
    ):
        hosted = host.get("bench")
        started = time.perf_counter()
        hosted.load()
        results["load_s"] = time.perf_counter() - started
        assert abs(hosted.embed("check") - direct.embed("check")) < 1e-3
        kilobytes = "x" * 5000
        rows = [
            ("nothing, 5 KB text: direct", *microseconds(lambda: direct.nothing(kilobytes), 2000)),
            ("nothing, 5 KB text: host and worker", *microseconds(lambda: hosted.nothing(kilobytes), 2000)),
            (
                "nothing, 5 KB text: ProcessPoolExecutor",
                *microseconds(lambda: pool.submit(echo, kilobytes).result(), 1000),
            ),
            ("embed one text: direct", *microseconds(lambda: direct.embed("one text"), 500)),
            ("embed one text: host and worker", *microseconds(lambda: hosted.embed("one text"), 500)),
        ]
        print(f"{'one caller':45} {'median µs':>10} {'CPU µs here':>12}")
        for label, wall, cpu in rows:
            print(f"{label:45} {wall:10.0f} {cpu:12.0f}")
        lock = threading.Lock()

        def directly(text: str) -> float:
            with lock:
                return direct.embed(text)

        crowds = [
            ("direct, one at a time", *throughput(directly)),
            ("host, not batched", *throughput(hosted.embed_single)),
            ("host, batched", *throughput(hosted.embed)),
        ]
        print(f"\n{'eight threads':45} {'calls/s':>10} {'median ms':>12}")
        for label, rate, latency in crowds:
            print(f"{label:45} {rate:10.0f} {latency:12.2f}")
        results["calls_us"] = {label: {"wall": wall, "cpu_here": cpu} for label, wall, cpu in rows}
        results["crowd"] = {label: {"calls_per_s": rate, "ms": ms} for label, rate, ms in crowds}
    worker = Worker("bench", "honmono.engines.room:Room")
    starts = []
    for _ in range(5):
        started = time.perf_counter()
        worker.start()
        starts.append(time.perf_counter() - started)
        worker.close()
    results["worker_start_s"] = statistics.median(starts)
    results["peak_mb_here"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nstart of a worker: {results['worker_start_s']:.2f} s; import of the host: {results['footprint']}")
    out = Path(__file__).parent / "results" / "engine_host.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
