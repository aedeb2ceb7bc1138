"""A planted fault, alone and among others, costs the one call that is to blame."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engines.planted_engines import REGISTRY, Planted
from honmono.compute import Ledger
from honmono.engines.base import EngineCrashed, EngineError, EngineFailed, EngineTimeout
from honmono.engines.host import EngineHost
from honmono.engines.places import InWorker
from honmono.engines.registry import Registry
from honmono.weights import Cache


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineHost]:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    with EngineHost({}, cache, Ledger(2, 4 << 30), registry=Registry(REGISTRY)) as host:
        yield host


def outcomes_of_eight_threads(engine: Planted, orders: list[str]) -> list[object]:
    """What eight threads meet that call at once, held up by a first call so that they form a batch."""
    barrier = threading.Barrier(len(orders) + 1)

    def call(order: str) -> object:
        barrier.wait()
        time.sleep(0.05)
        try:
            return engine.echo(order, "en")
        except EngineError as error:
            return error

    def hold() -> object:
        barrier.wait()
        return engine.echo("slow", "en")

    with ThreadPoolExecutor(len(orders) + 1) as pool:
        held = pool.submit(hold)
        found = list(pool.map(call, orders))
        held.result()
    return found


def test_segfault_alone_is_a_typed_error_and_the_next_call_works(host: EngineHost) -> None:
    engine: Planted = host.get("planted")
    before = engine.echo("a", "en").pid
    with pytest.raises(EngineCrashed, match="SIGSEGV"):
        engine.echo("segfault", "en")
    with pytest.raises(EngineCrashed, match="SIGABRT"):
        engine.alone("abort")
    after = engine.echo("b", "en")
    assert after.text == "b"
    assert after.pid != before


@pytest.mark.parametrize(
    ("order", "error"),
    [("segfault", EngineCrashed), ("bug", EngineFailed), ("hog", EngineError)],
)
def test_fault_in_a_batch_of_eight_costs_one(host: EngineHost, order: str, error: type[EngineError]) -> None:
    engine: Planted = host.get("planted")
    engine.echo("warm", "en")
    orders = [f"text {n}" for n in range(8)]
    orders[3] = order
    found = outcomes_of_eight_threads(engine, orders)
    assert isinstance(found[3], error)
    good = [each for n, each in enumerate(found) if n != 3]
    assert [each.text for each in good] == [text for n, text in enumerate(orders) if n != 3]  # type: ignore[attr-defined]


def test_eight_calls_at_once_are_one_batch(host: EngineHost) -> None:
    engine: Planted = host.get("planted")
    engine.echo("warm", "en")
    found = outcomes_of_eight_threads(engine, [f"text {n}" for n in range(8)])
    assert max(each.batch for each in found) >= 6  # type: ignore[attr-defined]


def test_hang_is_ended_and_costs_one(host: EngineHost) -> None:
    engine: Planted = host.get("planted")
    engine.echo("warm", "en")
    started = time.monotonic()
    with pytest.raises(EngineTimeout, match="2 s"):
        engine.alone("hang")
    assert time.monotonic() - started < 4
    assert engine.alone("ab") == "abab"


def test_message_of_a_bug_has_no_traceback_and_the_log_has(host: EngineHost, caplog: pytest.LogCaptureFixture) -> None:
    engine: Planted = host.get("planted")
    with pytest.raises(EngineFailed) as caught:
        engine.alone("bug")
    assert "ZeroDivisionError" in str(caught.value) and "planted_engines.py" not in str(caught.value)
    wait_for(lambda: "planted_engines.py" in caplog.text)


def test_crash_of_one_engine_leaves_its_sibling_usable(host: EngineHost) -> None:
    planted, sibling = host.get("planted"), host.get("sibling")
    assert sibling.pid() == planted.echo("x", "en").pid  # one worker a group
    with pytest.raises(EngineCrashed):
        planted.echo("segfault", "en")
    assert sibling.pid() == planted.echo("x", "en").pid


@pytest.fixture
def killed_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[EngineHost, Path]]:
    """A host whose worker is killed at each start as often as the file has lines."""
    kills = tmp_path / "kills"
    monkeypatch.setenv("PLANTED_KILLS", str(kills))
    with EngineHost({}, Cache(tmp_path), Ledger(2, 4 << 30), registry=Registry(REGISTRY)) as host:
        host.get("planted")
        [place] = host._places.values()
        assert isinstance(place, InWorker)
        place._worker.target = "engines.planted_engines:killed_while_it_starts"
        yield host, kills


def test_a_worker_that_is_killed_while_it_starts_is_started_again(killed_at_start: tuple[EngineHost, Path]) -> None:
    host, kills = killed_at_start
    kills.write_text("once\n")
    assert host.get("planted").echo("a", "en").text == "a"


def test_a_worker_that_is_killed_at_every_start_is_worth_another_try(killed_at_start: tuple[EngineHost, Path]) -> None:
    """EngineFailed is 503, which clients try again; EngineUnavailable would be 424, which they do not."""
    host, kills = killed_at_start
    kills.write_text("once\ntwice\nthrice\nand again\n")
    with pytest.raises(EngineFailed, match="could not be started: it was killed by SIGKILL"):
        host.get("planted").alone("a")
    kills.write_text("")
    assert host.get("planted").alone("ab") == "abab"


def test_in_process_host_keeps_a_bug_to_itself_too(tmp_path: Path) -> None:
    with EngineHost({}, Cache(tmp_path), Ledger(1, 1 << 30), registry=Registry(REGISTRY)) as host:
        found = host.get("cheap").greet.each(["a", "bug", "c"])
    assert found[0] == "a" and found[2] == "c" and isinstance(found[1], EngineFailed)


def wait_for(condition: Callable[[], bool], seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
