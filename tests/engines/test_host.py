"""What a host does with engines that behave: choice, places, loading, dropping, typed values and errors."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engines.conftest import MakeHost
from engines.planted_engines import Cheap, Echo, Planted, Sibling
from honmono.compute import Ledger
from honmono.engines.base import EngineFailed, EngineUnavailable, UnsupportedInput, UnsupportedLanguage
from honmono.engines.host import EngineChoice
from honmono.engines.registry import BUILT_IN, Registry

MB = 1 << 20


def test_answers_are_the_engines_own_types(make_host: MakeHost) -> None:
    engine: Planted = make_host().get("planted")
    answer = engine.echo("本物", "ja")
    assert isinstance(answer, Echo)
    assert (answer.text, answer.language) == ("本物", "ja")
    assert answer.pid != os.getpid()
    assert [each.text for each in engine.echo(["a", "b"], ["en", "ja"])] == ["a", "b"]
    assert engine.echo.one("a", languages="en").text == "a"
    assert engine.echo([], []) == []
    assert engine.alone("ab") == "abab"
    assert engine.alone("ab", times=3) == "ababab"


def test_arrays_cross_in_both_directions(make_host: MakeHost) -> None:
    engine: Planted = make_host().get("planted")
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    scaled = engine.scale(array, 2.5)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, array * np.float32(2.5))


def test_errors_cross_typed_and_item_by_item(make_host: MakeHost) -> None:
    engine: Planted = make_host().get("planted")
    found = engine.echo.each(["a", "b", "c"], ["en", "xx", "ja"])
    assert isinstance(found[1], UnsupportedLanguage)
    assert (found[1].language, found[1].supported, found[1].plug_in) == (
        "xx",
        ("en", "ja"),
        "plug in another",
    )
    assert [each.text for each in (found[0], found[2])] == ["a", "c"]  # type: ignore[union-attr]
    with pytest.raises(UnsupportedLanguage):
        engine.echo(["a", "b"], ["en", "xx"])
    assert engine.partly.each([2, -1, 3])[::2] == [4, 9]
    with pytest.raises(UnsupportedInput, match="-1 is negative"):
        engine.partly(-1)
    with pytest.raises(UnsupportedInput) as caught:
        engine.alone("own")
    assert caught.value.plug_in == "plug in that"


def test_broken_promises_of_an_engine_are_named(make_host: MakeHost) -> None:
    engine: Planted = make_host().get("planted")
    with pytest.raises(EngineFailed, match="0 answers to 1 items"):
        engine.short(1)
    with pytest.raises(EngineFailed, match="annotation"):
        engine.wrong("text")


def test_misuse_is_the_callers_type_error(make_host: MakeHost) -> None:
    engine: Planted = make_host().get("planted")
    with pytest.raises(TypeError):
        engine.alone()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        engine.echo(["a"], "en")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"shorter|longer"):
        engine.echo(["a", "b"], ["en"])
    with pytest.raises(AttributeError, match="planted"):
        engine.missing()  # type: ignore[attr-defined]
    with pytest.raises(EngineFailed, match="Expected `str`"):  # the worker does not trust what comes in
        engine.alone(7)  # type: ignore[arg-type]


def test_cheap_engine_runs_here_with_its_options(make_host: MakeHost) -> None:
    host = make_host({"cheap": EngineChoice(options={"prefix": "dear "})})
    engine: Cheap = host.get("cheap")
    assert engine.pid() == os.getpid()
    assert engine.greet("Ann") == "dear Ann"
    assert engine.greet(["Ann", "Bo"]) == ["dear Ann", "dear Bo"]


def test_any_engine_runs_here_on_request(make_host: MakeHost) -> None:
    engine: Sibling = make_host(in_process=True).get("sibling")
    assert engine.pid() == os.getpid()


def test_engine_works_without_a_host() -> None:
    engine = Planted(cache=None)  # type: ignore[arg-type]
    engine.load()
    assert engine.echo("a", "en") == engine.echo(["a"], ["en"])[0] == engine.echo.one("a", "en")
    found = engine.echo.each(["a", "b"], ["en", "xx"])
    assert isinstance(found[0], Echo) and isinstance(found[1], UnsupportedLanguage)


def test_identity_info_and_states_start_nothing(make_host: MakeHost) -> None:
    host = make_host()
    assert host.identity("planted") == "planted/1.0"
    assert host.info("planted").quality == "it does what its input says"
    assert host.get("planted").languages == ("en", "ja")
    assert all(not state.loaded for state in host.states())
    host.get("planted").echo("a", "en")
    with pytest.raises(UnsupportedLanguage):
        host.get("planted").echo("a", "xx")
    state = {state.field: state for state in host.states()}["planted"]
    assert state.loaded and state.memory_bytes > 5 * MB
    assert (state.counts.calls, state.counts.errors) == (2, 1)
    assert state.mean_ms > 0


def test_unknown_names_say_what_there_is(make_host: MakeHost) -> None:
    with pytest.raises(EngineUnavailable, match="planted, sibling, cheap"):
        make_host().get("divination")
    host = make_host({"planted": EngineChoice(engine="gpt-17")})
    with pytest.raises(EngineUnavailable, match=r"gpt-17.*there are: planted \(see \[engines.planted\]\)"):
        host.get("planted")
    assert "gpt-17" in next(state.problem for state in host.states() if state.field == "planted")


def test_idle_engines_are_dropped_and_come_back(make_host: MakeHost) -> None:
    ledger = Ledger(1, 1 << 30)
    engine: Planted = make_host(ledger=ledger, idle_seconds=0.2).get("planted")
    first = engine.echo("a", "en").pid
    assert ledger.snapshot().free_memory_bytes == (1 << 30) - 64 * MB
    end = time.monotonic() + 5
    while ledger.snapshot().leases:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not Path(f"/proc/{first}").exists()
    assert engine.echo("b", "en").pid != first


def test_memory_for_one_engine_is_made_by_dropping_another(make_host: MakeHost, third_party: Registry) -> None:
    ledger = Ledger(1, 100 * MB)
    host = make_host(ledger=ledger, registry=third_party, memory_wait=0.1)
    planted, other = host.get("planted"), host.get("mood")  # 64 and 60 MB, in different workers
    planted.echo("a", "en")
    assert other.judge("great") == "good"
    assert [lease.label for lease in ledger.snapshot().leases] == ["engine acme-moods"]
    assert planted.echo("b", "en").text == "b"


def test_too_little_memory_is_said(make_host: MakeHost) -> None:
    ledger = Ledger(1, 100 * MB)
    host = make_host(ledger=ledger, memory_wait=0.1)
    with ledger.take(0, 90 * MB, label="a job"), pytest.raises(EngineUnavailable, match="64 MB; free are"):
        host.get("planted").echo("a", "en")
    assert host.get("planted").echo("a", "en").text == "a"
    with pytest.raises(EngineUnavailable, match="not available"):
        make_host(ledger=Ledger(1, 10 * MB)).get("planted").echo("a", "en")


def test_closed_host_starts_nothing_again(make_host: MakeHost) -> None:
    host = make_host()
    engine: Planted = host.get("planted")
    pid = engine.echo("a", "en").pid
    host.close()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(EngineUnavailable, match="closed"):
        engine.echo("b", "en")


@pytest.fixture
def third_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A distribution that nobody here wrote, as an installer would leave it."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "acme_moods.py").write_text(
        "from honmono.engines.base import Cost, Engine\n"
        "class Moods(Engine):\n"
        "    name, version, licence, quality = 'acme-moods', '3.2', 'MIT', 'unknown'\n"
        "    cost = Cost(memory_bytes=60 << 20)\n"
        "    def load(self) -> None: self.words = {'great': 'good'}\n"
        "    def judge(self, text: str) -> str: return self.words.get(text, 'bad')\n"
    )
    info = site / "acme_moods-3.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-moods\nVersion: 3.2\n")
    (info / "entry_points.txt").write_text(
        "[honmono.engines]\nmood.acme = acme_moods:Moods\nplanted.acme = acme_moods:Moods\n"
        "mood.gone = acme_moods:Gone\nmood.text = string:capwords\n"
    )
    monkeypatch.syspath_prepend(str(site))
    from engines.planted_engines import REGISTRY

    return Registry(REGISTRY)


def test_third_party_engine_by_entry_point(make_host: MakeHost, third_party: Registry) -> None:
    host = make_host({"planted": EngineChoice(engine="acme")}, registry=third_party)
    assert host.get("mood").judge("great") == "good"
    assert host.get("planted").judge("grim") == "bad"
    assert host.identity("mood") == "acme-moods/3.2"
    assert make_host(registry=third_party).identity("planted") == "planted/1.0"  # ours stays the default
    for wrong in ("gone", "text"):
        with pytest.raises(EngineUnavailable, match=r"acme_moods:Gone|not a subclass"):
            make_host({"mood": EngineChoice(engine=wrong)}, registry=third_party).get("mood")


def test_server_process_stays_light() -> None:
    code = (
        "import sys, honmono.engines.host, honmono.engines.registry\n"
        "heavy = {'numpy', 'onnxruntime', 'sklearn', 'sentencepiece'} & sys.modules.keys()\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


def test_built_in_engines_have_a_default_each() -> None:
    registry = Registry(BUILT_IN)
    assert registry.find("sentiment").path.endswith(":SentimentEngine")
    assert registry.find("language").group == registry.find("sentiment").group == "text"
