"""A job's child makes its engines from what the server tells it."""

import json
import tomllib

import pytest
from tests.conftest import CACHE

from honmono.compute import Ledger
from honmono.engines.errors import EngineUnavailable
from honmono.engines.host import EngineHost
from honmono.services.job_engines import ENGINES, engines_of_parent, engines_text, limits_for
from honmono.weights import Cache

TABLES = tomllib.loads(
    """
    [language]
    engine = "fasttext-eldc"
    [pii]
    device = "cpu"
    since = 2026-11-24
    """
)


def test_the_tables_of_honmono_toml_travel_as_text():
    assert json.loads(engines_text(TABLES)) == {
        "language": {"engine": "fasttext-eldc"},
        "pii": {"device": "cpu", "since": "2026-11-24"},
    }


def test_a_child_has_the_chosen_engines_in_its_own_process(monkeypatch):
    monkeypatch.setenv("HONMONO_CACHE", str(CACHE))
    monkeypatch.setenv(ENGINES, engines_text(TABLES))
    with engines_of_parent() as engines:
        assert engines.get("language").identify("Il treno parte alle sette.")[0].code == "it"
        assert engines.get("language").identify("Der Zug fährt um sieben.")[0].code == "de"
        state = next(each for each in engines.states() if each.field == "language")
        assert state.loaded and state.place == "server"
    monkeypatch.setenv(ENGINES, engines_text({"language": {"engine": "no-such-one"}}))
    with engines_of_parent() as engines, pytest.raises(EngineUnavailable, match="no-such-one"):
        engines.get("language")


def test_a_job_takes_room_for_the_engines_that_it_loads():
    with EngineHost({}, Cache(CACHE), Ledger(1, 1 << 30)) as engines:
        none, one, two = (limits_for(engines, *fields) for fields in ((), ("sentiment",), ("sentiment", "pii")))
        costs = [engines.info(field).cost.memory_bytes for field in ("sentiment", "pii")]
        assert one.memory_bytes - none.memory_bytes == costs[0]
        assert two.memory_bytes - one.memory_bytes == costs[1]
        with pytest.raises(EngineUnavailable, match="no engine is installed"):
            limits_for(engines, "clairvoyance")
