from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from honmono.engines.text import spread as module
from honmono.engines.text.spread import spread


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HONMONO_CORES", "2")
    module._threads.cache_clear()
    module._pool.cache_clear()
    yield
    module._threads.cache_clear()
    module._pool.cache_clear()


def test_answers_keep_their_order() -> None:
    assert spread(lambda number: number * number, range(100)) == [number * number for number in range(100)]


def test_items_are_answered_at_once() -> None:
    meeting = threading.Barrier(2)
    assert spread(lambda _: meeting.wait(5) >= 0, [1, 2]) == [True, True]


def test_a_lone_item_stays_on_its_thread() -> None:
    assert spread(lambda _: threading.current_thread(), ["only"]) == [threading.current_thread()]
    assert spread(str, []) == []


def test_a_job_keeps_to_its_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONMONO_CORES", "1")
    module._threads.cache_clear()
    assert spread(lambda _: threading.current_thread(), [1, 2]) == [threading.current_thread()] * 2


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        spread(lambda number: 1 // number, [1, 0, 2])
