from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from honmono.engines.base import BatchRule, batched
from honmono.engines.batching import Batcher, Row


def squares(rows: list[Row]) -> list[int]:
    return [n * n for (n,) in rows]


def test_outcomes_keep_their_order_and_batches_their_size() -> None:
    sizes = []

    def run(rows: list[Row]) -> list[int]:
        sizes.append(len(rows))
        return squares(rows)

    batcher = Batcher(BatchRule(4, 1), run)
    assert batcher.submit([(n,) for n in range(10)]) == [n * n for n in range(10)]
    assert sizes == [4, 4, 2]
    assert batcher.submit([]) == []


def test_every_thread_gets_its_own_answers() -> None:
    batcher = Batcher(BatchRule(8, 5), squares)
    with ThreadPoolExecutor(16) as pool:
        asked = [[(n * 7 + k,) for k in range(n % 5 + 1)] for n in range(400)]
        found = list(pool.map(batcher.submit, asked))
    assert found == [squares(rows) for rows in asked]


def test_lone_calls_never_wait_for_company() -> None:
    batcher = Batcher(BatchRule(8, 500), squares)
    started = time.monotonic()
    for n in range(20):
        assert batcher.submit([(n,)]) == [n * n]
    assert time.monotonic() - started < 0.4


def test_returning_callers_are_waited_for_and_joined() -> None:
    sizes = []

    def run(rows: list[Row]) -> list[int]:
        sizes.append(len(rows))
        time.sleep(0.02)
        return squares(rows)

    batcher = Batcher(BatchRule(8, 100), run)

    def client(number: int) -> None:
        for n in range(5):
            assert batcher.submit([(n,)]) == [n * n]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client, range(8)))
    assert sum(sizes) == 40
    assert len(sizes) <= 12


def test_error_of_a_run_reaches_everyone_in_it_and_no_one_else() -> None:
    release = threading.Event()

    def run(rows: list[Row]) -> list[int]:
        release.wait(5)
        if (13,) in rows:
            raise RuntimeError("thirteen")
        return squares(rows)

    batcher = Batcher(BatchRule(2, 0), run)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(batcher.submit, [(1,)])
        time.sleep(0.05)
        second = pool.submit(batcher.submit, [(13,), (2,), (3,)])
        time.sleep(0.05)
        third = pool.submit(batcher.submit, [(4,)])
        release.set()
        assert first.result(5) == [1]
        with pytest.raises(RuntimeError, match="thirteen"):
            second.result(5)
        assert third.result(5) == [16]


def test_a_rule_must_make_sense() -> None:
    with pytest.raises(ValueError, match="max_size"):
        batched(max_size=0)
