from __future__ import annotations

import threading
import time

import pytest

from honmono.compute import Ledger, NeverEnough, NotNow


def test_takes_and_gives_back() -> None:
    ledger = Ledger(2, 1000)
    with ledger.take(1, 300, label="a") as lease:
        state = ledger.snapshot()
        assert (state.free_cores, state.free_memory_bytes) == (1, 700)
        assert [entry.label for entry in state.leases] == ["a"]
        lease.release()
    assert ledger.snapshot().free_memory_bytes == 1000
    assert ledger.snapshot().leases == ()


def test_refuses_what_can_never_be_and_what_is_not_now() -> None:
    ledger = Ledger(2, 1000)
    with pytest.raises(NeverEnough, match="3 cores"):
        ledger.take(3, 0)
    with pytest.raises(ValueError):
        ledger.take(-1, 0)
    with ledger.take(2, 0):
        started = time.monotonic()
        with pytest.raises(NotNow):
            ledger.take(1, 0, wait=0.1)
        assert 0.05 < time.monotonic() - started < 1
        with pytest.raises(NotNow):
            ledger.take(1, 0, wait=0)
    ledger.take(1, 0, wait=0).release()


def test_first_come_first_served_though_the_second_would_fit() -> None:
    ledger = Ledger(4, 1000)
    order: list[str] = []

    def take(label: str, cores: int) -> None:
        with ledger.take(cores, 0, label=label):
            order.append(label)

    first = ledger.take(3, 0)
    large = threading.Thread(target=take, args=("large", 4))
    large.start()
    wait_for_waiting(ledger, 1)
    small = threading.Thread(target=take, args=("small", 1))
    small.start()
    wait_for_waiting(ledger, 2)
    assert order == []
    first.release()
    large.join(5)
    small.join(5)
    assert order == ["large", "small"]


def test_who_gives_up_lets_the_next_one_through() -> None:
    ledger = Ledger(2, 1000)
    held = ledger.take(1, 0)
    found: list[str] = []

    def impatient() -> None:
        with pytest.raises(NotNow):
            ledger.take(2, 0, wait=0.2)
        found.append("gave up")

    def patient() -> None:
        with ledger.take(1, 0):
            found.append("served")

    threads = [threading.Thread(target=impatient), threading.Thread(target=patient)]
    threads[0].start()
    wait_for_waiting(ledger, 1)
    threads[1].start()
    for thread in threads:
        thread.join(5)
    assert sorted(found) == ["gave up", "served"]
    held.release()


def test_many_threads_never_take_too_much() -> None:
    ledger = Ledger(3, 300)
    lock, used, most = threading.Lock(), 0, 0

    def work(n: int) -> None:
        nonlocal used, most
        for _ in range(20):
            cores = n % 3 + 1
            with ledger.take(cores, 100):
                with lock:
                    used += cores
                    most = max(most, used)
                with lock:
                    used -= cores

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most <= 3
    assert ledger.snapshot().free_cores == 3


def wait_for_waiting(ledger: Ledger, count: int) -> None:
    end = time.monotonic() + 3
    while ledger.snapshot().waiting < count:
        assert time.monotonic() < end
        time.sleep(0.005)
