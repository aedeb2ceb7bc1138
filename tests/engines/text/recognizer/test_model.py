"""What is learned from words alone, and model files from strangers."""

import json

import numpy as np
import pytest
from tests.services.comprehend.recognizing import english

from honmono.engines.errors import EngineUnavailable
from honmono.engines.text.recognizer.engine import RecognizerEngine
from honmono.engines.text.recognizer.model import Model, ModelUnreadable
from honmono.engines.text.recognizer.training import prepare, train
from honmono.engines.text.recognizer.units import Marked, Mention
from honmono.weights import Cache

TYPES = ("ENGINEER", "MACHINE")


def marked(count=96):
    for text, names in english(count):
        places = [(text.index(name), name, kind) for name, kind in names]
        yield Marked(text, tuple(Mention(at, at + len(name), kind) for at, name, kind in places))


@pytest.fixture(scope="module")
def model():
    segments = [segment for each in marked() for segment in prepare(each, TYPES, None)]
    return train(segments, TYPES, rounds=6)[0]


def texts_of(model, text):
    return [(text[each.begin : each.end], each.type) for each in model.find([text], None)[0]]


def test_the_surroundings_tell_unknown_names(model):
    text = "Ask Nora Winkler whether the Kestrel-5 can be cleaned with water."
    assert texts_of(model, text) == [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")]
    assert model.find(["", " \n ", "\ud800"], None) == [[], [], []]


def test_the_same_examples_make_the_same_model(model):
    segments = [segment for each in marked() for segment in prepare(each, TYPES, None)]
    again = train(segments, TYPES, rounds=6)[0]
    assert np.array_equal(again.words, model.words) and np.array_equal(again.steps, model.steps)


def test_nothing_to_learn_from(model):
    with pytest.raises(ValueError, match="mention something"):
        train(prepare(Marked("Nothing here.", ()), TYPES, None), TYPES)


def test_what_is_saved_answers_as_before(model, tmp_path):
    model.save(tmp_path)
    text = "I bought a Tornado last week and it is very loud."
    assert Model.load(tmp_path).find([text], None) == model.find([text], None) != [[]]
    engine = RecognizerEngine(Cache())
    engine.load()
    assert engine.find.one(text, str(tmp_path)) == model.find([text], None)[0]
    answer, refusal = engine.find.each([text, text], [str(tmp_path), str(tmp_path / "gone")])
    assert answer == model.find([text], None)[0]
    assert isinstance(refusal, EngineUnavailable) and "gone" in str(refusal)


def test_files_that_are_no_model_are_refused(model, tmp_path, monkeypatch):
    def attempt(described=None, **arrays):
        model.save(tmp_path)
        if described is not None:
            (tmp_path / "model.json").write_text(described)
        if arrays:
            kept = dict(np.load(tmp_path / "model.npz"))
            np.savez(tmp_path / "model.npz", **{**kept, **arrays})
        with pytest.raises(ModelUnreadable) as caught:
            Model.load(tmp_path)
        return str(caught.value)

    good = json.dumps({"format": 1, "types": list(TYPES), "temperature": 1.0})
    assert "format 9" in attempt(json.dumps({"format": 9}))
    attempt("{")
    attempt("[]")
    attempt(json.dumps({"format": 1, "types": ["A"], "temperature": 1.0}))
    attempt(json.dumps({"format": 1, "types": list(TYPES), "temperature": 0}))
    assert "bias" in attempt(good, bias=np.zeros(3, np.float32))
    assert "steps" in attempt(good, steps=np.full((6, 5), np.nan, np.float32))
    assert "allow_pickle" in attempt(good, bias=np.array([{}], object))
    attempt(good, unknown=np.zeros(1))
    attempt(good, hidden=np.zeros((384, 4), np.float32))
    model.save(tmp_path)
    monkeypatch.setattr("honmono.engines.text.recognizer.model._MOST_BYTES", 1000)
    with pytest.raises(ModelUnreadable, match="more than a model has"):
        Model.load(tmp_path)
    (tmp_path / "model.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(ModelUnreadable):
        Model.load(tmp_path)
