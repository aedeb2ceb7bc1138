"""The speed part of bench/labels.py: networks alone, and DetectLabels over the wire."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import numpy as np
from bench.peers import honmono
from botocore.config import Config

from honmono.engines.vision.labels.engine import LabelEngine


def networks_alone(engine: LabelEngine, file: bytes) -> float:
    """Seconds of the runs that a look at this picture makes of ONNX Runtime, with their inputs ready."""
    runs: list[tuple[Any, Any, Any]] = []
    with recorded(engine, runs):
        engine.look(file)
    start = time.perf_counter()
    for session, outputs, feed in runs:
        session.run(outputs, feed)
    return time.perf_counter() - start


class _Recorder:
    def __init__(self, session: Any, runs: list[tuple[Any, Any, Any]]) -> None:
        self._session, self._runs = session, runs

    def run(self, outputs: Any, feed: Any) -> Any:
        self._runs.append((self._session, outputs, feed))
        return self._session.run(outputs, feed)


@contextlib.contextmanager
def recorded(engine: LabelEngine, runs: list[tuple[Any, Any, Any]]) -> Iterator[None]:
    """Within it, what the engine asks of its networks is noted."""
    parts = (engine._classifier, engine._detector)
    sessions = [part._session for part in parts]
    for part, session in zip(parts, sessions, strict=True):
        part._session = _Recorder(session, runs)
    try:
        yield
    finally:
        for part, session in zip(parts, sessions, strict=True):
            part._session = session


def served(files: list[bytes]) -> dict[str, Any]:
    """Milliseconds of DetectLabels by boto3 with one client, and what eight at once gain."""
    with honmono() as peer:
        client = boto3.client(
            "rekognition",
            endpoint_url=peer.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(max_pool_connections=8, retries={"total_max_attempts": 1}),
        )

        def call(number: int) -> float:
            start = time.perf_counter()
            client.detect_labels(Image={"Bytes": files[number % len(files)]})
            return time.perf_counter() - start

        call(0)
        one, one_seconds = by_clients(1, call, 24)
        eight, eight_seconds = by_clients(8, call, 48)
    return {
        "served, one client, p50 ms": round(1e3 * float(np.median(one)), 1),
        "served, eight clients, p50 ms": round(1e3 * float(np.median(eight)), 1),
        "eight clients' throughput over one's": round((48 / eight_seconds) / (24 / one_seconds), 2),
        "cores": os.cpu_count(),
    }


def by_clients(count: int, call: Callable[[int], float], calls: int) -> tuple[list[float], float]:
    """Seconds of each call, and of all, by so many clients at once."""
    start = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        each = list(pool.map(call, range(calls)))
    return each, time.perf_counter() - start
