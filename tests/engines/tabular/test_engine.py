import pytest
from tests.engines.tabular.tables import ages, schema, write

from honmono.engines.base import EngineUnavailable
from honmono.engines.tabular.engine import TabularEngine
from honmono.engines.tabular.source import source_of
from honmono.engines.tabular.training import Parameters, train
from honmono.weights import Cache


@pytest.fixture
def engine(tmp_path):
    engine = TabularEngine(Cache(tmp_path))
    engine.load()
    return engine


def test_models_come_by_their_folder_and_answer_each_for_itself(engine, tmp_path):
    kinds = {"age": "NUMERIC", "sign": "CATEGORICAL", "y": "BINARY"}
    for name, rows in (("one", ages(1000)), ("turned", [(age, sign, 1 - y) for age, sign, y in ages(1000)])):
        source = source_of([write(tmp_path / f"{name}.csv", rows)], schema("y", **kinds))
        train(source, "BINARY", Parameters(shuffle=True)).model.save(tmp_path / name)
    old = {"age": "75", "sign": "blue", "unknown": "x"}
    one, turned = (engine.predict(old, str(tmp_path / name)) for name in ("one", "turned"))
    assert one.value > 0.6 > 0.4 > turned.value
    assert one.kind == "BINARY" and one.scores == {}


def test_classes_have_scores(engine, tmp_path):
    rows = [(n % 3, "xyz"[n % 3]) for n in range(300)]
    source = source_of([write(tmp_path / "a.csv", rows)], schema("y", k="CATEGORICAL", y="CATEGORICAL"))
    train(source, "MULTICLASS", Parameters(shuffle=True)).model.save(tmp_path / "model")
    found = engine.predict({"k": "1"}, str(tmp_path / "model"))
    assert found.value is None and max(found.scores, key=found.scores.get) == "y"


def test_a_folder_without_a_model_is_said(engine, tmp_path):
    with pytest.raises(EngineUnavailable, match="holds no tabular model"):
        engine.predict({}, str(tmp_path / "nothing"))
