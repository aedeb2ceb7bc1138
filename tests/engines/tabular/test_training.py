import json

import numpy as np
import pytest
from tests.engines.tabular.tables import ages, schema, schema_text, write

from honmono.engines.tabular import features, training
from honmono.engines.tabular.errors import DataInvalid, ModelUnreadable, SchemaInvalid
from honmono.engines.tabular.model import Model
from honmono.engines.tabular.schema import Schema
from honmono.engines.tabular.source import source_of
from honmono.engines.tabular.statistics import compute
from honmono.engines.tabular.training import Parameters, train

SHUFFLED = Parameters(shuffle=True)
BUYS = {"age": "NUMERIC", "sign": "CATEGORICAL", "y": "BINARY"}


def trained(tmp_path, rows, kind="BINARY", parameters=SHUFFLED, recipe=None, target="y", **kinds):
    source = source_of([write(tmp_path / "data.csv", rows)], schema(target, **(kinds or BUYS)))
    return train(source, kind, parameters, json.dumps(recipe) if isinstance(recipe, dict) else recipe)


def test_what_is_not_linear_is_found_by_bins_and_not_without(tmp_path):
    old, middle = {"age": "75", "sign": "red"}, {"age": "45", "sign": "red"}
    binned = trained(tmp_path, ages(3000)).model.predict([old, middle])
    assert binned[0] > 0.6 and binned[1] < 0.3
    plain = trained(tmp_path, ages(3000), recipe={"outputs": ["ALL_INPUTS"]}).model.predict([old, middle])
    assert abs(plain[0] - plain[1]) < 0.3


def test_a_class_that_was_never_seen_and_missing_values_say_nothing(tmp_path):
    model = trained(tmp_path, ages(2000)).model
    red, green, nothing = model.predict([{"age": "45", "sign": "red"}, {"age": "45", "sign": "green"}, {}])
    assert 0 < green < 1 and green != red and 0 < nothing < 1


def test_regression_in_the_targets_own_unit(tmp_path):
    rows = [(x, ("a", "b")[x % 2], 1000 + 5 * x + 40 * (x % 2)) for x in range(600)]
    model = trained(tmp_path, rows, "REGRESSION", Parameters(60, True), x="NUMERIC", k="CATEGORICAL", y="NUMERIC").model
    found = model.predict([{"x": "300", "k": "a"}, {"x": "300", "k": "b"}, {"x": "500", "k": "a"}])
    assert found == pytest.approx([2500, 2540, 3500], abs=60)
    assert found[1] - found[0] == pytest.approx(40, abs=15)


@pytest.mark.parametrize("loss", ["softmax", "one-vs-all"])
def test_several_classes(tmp_path, loss):
    rows = [(n % 3, "xyz"[n % 3]) for n in range(900)]
    model = trained(
        tmp_path, rows, "MULTICLASS", Parameters(shuffle=True, multiclass=loss), k="CATEGORICAL", y="CATEGORICAL"
    ).model
    found = model.predict([{"k": "0"}, {"k": "2"}])
    assert model.target.classes == ("x", "y", "z")
    assert found.argmax(axis=1).tolist() == [0, 2]
    assert found.sum(axis=1) == pytest.approx([1, 1])


def test_texts_by_their_words(tmp_path):
    rows = [(f"The {('train', 'plane')[n % 2]} of day {n} was late", n % 2) for n in range(400)]
    model = trained(tmp_path, rows, note="TEXT", y="BINARY").model
    found = model.predict([{"note": "a PLANE!"}, {"note": "my train, again"}, {"note": "train"}])
    assert found[0] > 0.7 and found[1] < 0.4 and found[2] < 0.3


def test_a_model_is_bounded_and_says_still_something(tmp_path):
    """With a million different values a small model hashes those that have no room."""
    rows = [(f"user{n}", n % 7, int(n % 7 > 3)) for n in range(20_000)]
    kinds = {"who": "CATEGORICAL", "day": "CATEGORICAL", "y": "BINARY"}
    result = trained(tmp_path, rows, parameters=Parameters(3, True, max_bytes=100_000), **kinds)
    assert result.model.encoder.index.is_full
    assert result.model.save(tmp_path / "model") <= 130_000
    found = Model.load(tmp_path / "model").predict([{"who": "user19999", "day": "6"}, {"who": "new", "day": "1"}])
    assert found[0] > 0.6 > 0.4 > found[1]


def test_wide_rows_are_encoded_in_parts_and_learned_alike(tmp_path, monkeypatch):
    records = [{"age": str(age), "sign": sign} for age, sign, _ in ages(500)]
    whole = trained(tmp_path, ages(500), parameters=Parameters()).model.predict(records)
    monkeypatch.setattr(features, "_MOST_ENTRIES", 300)
    parts = trained(tmp_path, ages(500), parameters=Parameters()).model
    assert parts.encoder.rows_at_once == 100
    # A minibatch ends where a part does: nearly alike.
    assert parts.predict(records) == pytest.approx(whole, abs=0.02)


def test_a_saved_model_answers_alike_and_a_damaged_one_is_refused(tmp_path):
    kinds = {**BUYS, "note": "TEXT"}
    rows = [(age, sign, y, f"note {age} 日本") for age, sign, y in ages(500)]
    recipe = {
        "assignments": {"bin": "quantile_bin(age, 10)"},
        "outputs": ["cartesian(bin, sign)", "normalize(age)", "osb(note, 3)"],
    }
    model = trained(tmp_path, rows, recipe=recipe, age="NUMERIC", sign="CATEGORICAL", y="BINARY", note="TEXT").model
    assert set(kinds) == {attribute.name for attribute in model.schema.attributes}
    folder = tmp_path / "model"
    model.save(folder)
    records = [{"age": str(age), "sign": sign, "note": note} for age, sign, _, note in rows[:50]]
    assert Model.load(folder).predict(records) == pytest.approx(model.predict(records), abs=1e-6)
    described = json.loads((folder / "model.json").read_text())
    for damaged in (described | {"format": 9}, described | {"recipe": '{"outputs": ["x"]}'}, [], {}):
        (folder / "model.json").write_text(json.dumps(damaged))
        with pytest.raises(ModelUnreadable):
            Model.load(folder)
    (folder / "model.npz").write_bytes(b"PK")
    with pytest.raises(ModelUnreadable):
        Model.load(folder)


def test_bad_records_are_left_out_and_counted(tmp_path):
    rows = [*ages(500), ("50", "red"), ("50", "red", "perhaps"), ("50", "red", "")]
    result = trained(tmp_path, rows)
    assert (result.rows, result.faults.count) == (500, 3)
    assert "line 501: it has 2 value(s)" in str(result.faults) and "its target 'y' is 'perhaps'" in str(result.faults)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*ages(50), *[("50", "red", "maybe")] * 20], "20 of 70 records are bad"),
        ([(age, sign, 1) for age, sign, _ in ages(50)], "only the class '1'"),
        ([(age, sign, "?") for age, sign, _ in ages(50)], "no value that can be read"),
        ([], "no value that can be read"),
    ],
)
def test_what_cannot_be_learned_from_is_said(tmp_path, rows, words):
    with pytest.raises(DataInvalid, match=words):
        trained(tmp_path, rows)


def test_a_target_must_be_of_the_models_type(tmp_path):
    with pytest.raises(SchemaInvalid, match="needs a NUMERIC target; 'y' is BINARY"):
        trained(tmp_path, ages(10), "REGRESSION")
    with pytest.raises(SchemaInvalid, match="names no target"):
        trained(tmp_path, ages(10), target=None)
    with pytest.raises(DataInvalid, match="more than 100 classes"):
        trained(tmp_path, [(n, f"c{n}") for n in range(500)], "MULTICLASS", k="NUMERIC", y="CATEGORICAL")


def test_huge_numbers_and_infinities_are_missing_and_harm_nothing(tmp_path):
    rows = [*ages(500), ("inf", "red", 1), ("1e308", "red", 0), ("nan", "blue", 1), ("-1e200", "red", 0)]
    found = trained(tmp_path, rows).model.predict([{"age": "1e308", "sign": "red"}, {"age": "75", "sign": "red"}])
    assert np.isfinite(found).all() and found[1] > 0.5


class CutOff(Exception):
    """As kill -9 would."""


def test_a_training_that_is_cut_off_goes_on_and_ends_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "_CHECKPOINT_SECONDS", 0.0)
    source = source_of([write(tmp_path / "data.csv", ages(2000))], Schema.parse(schema_text("y", **BUYS)))
    whole = train(source, "BINARY", SHUFFLED)
    folder = tmp_path / "work"
    folder.mkdir()
    reads = []

    def cut_at(stage, count):
        def progress(done, total, what):
            reads.append(what)
            if what == stage and done >= count:
                raise CutOff

        return progress

    for stage, count in (("bytes encoded", 1), ("passes", 4), ("passes", 8)):
        with pytest.raises(CutOff):
            train(source, "BINARY", SHUFFLED, folder=folder, progress=cut_at(stage, count))
    reads.clear()
    resumed = train(source, "BINARY", SHUFFLED, folder=folder, progress=cut_at("", 0))
    assert reads == ["passes"] * 3, "the text is not read again, nor the first seven passes made"
    record = [{"age": "70", "sign": "red"}]
    assert resumed.model.predict(record) == pytest.approx(whole.model.predict(record), abs=1e-9)


def test_statistics_count_what_is_there(tmp_path):
    rows = [("1", "a", "y", "big dog"), ("3", "b", "n", "dog"), ("x", "a", "2", ""), ("", "", "", "a dog"), ("8", "a")]
    rows += [("2", "a", "1", "dog")] * 20
    source = source_of(
        [write(tmp_path / "a.csv", rows)], schema(None, n="NUMERIC", c="CATEGORICAL", b="BINARY", t="TEXT")
    )
    found = compute(source)
    number, category, flag, text = found.attributes
    assert (found.observations, found.faults.count) == (24, 1)
    assert (number.missing, number.invalid, number.minimum, number.maximum) == (1, 1, 1, 3)
    assert number.mean == pytest.approx((1 + 3 + 40) / 22) and number.median == 2
    assert (category.missing, category.different, category.top[0]) == (1, 2, ("a", 22))
    assert (flag.missing, flag.invalid, dict(flag.top)) == (1, 1, {"1": 21, "0": 1})
    assert text.top[0] == ("dog", 23)
    assert any("n (NUMERIC): 1 missing, 1 invalid" in line for line in found.lines())
    json.dumps(found.described(), allow_nan=False)


def test_statistics_of_nothing_and_of_rubbish_are_refused(tmp_path):
    for rows, words in (
        ([], "no observations"),
        ([("1",)] * 9, "All 9 records"),
        ([("1", "2")] * 8 + [("1",)], "1 of 9"),
    ):
        with pytest.raises(DataInvalid, match=words):
            compute(source_of([write(tmp_path / "a.csv", rows)], schema(None, a="NUMERIC", b="NUMERIC")))
