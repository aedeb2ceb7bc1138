"""Classifiers in this process, without a server and without pulled weights."""

import numpy as np
import pytest

from honmono.engines.text.classifier.linear import fit_by_steps, fit_exactly, probabilities
from honmono.engines.text.classifier.measures import measure, put_aside
from honmono.engines.text.classifier.model import Model, ModelUnreadable
from honmono.engines.text.classifier.training import Documents, train
from honmono.engines.text.classifier.words import Counter, Vocabulary

WORDS = {
    "sea": ["harbour", "sail", "anchor", "wave", "tide", "captain", "rudder", "mast"],
    "farm": ["tractor", "wheat", "barn", "cattle", "plough", "harvest", "meadow", "fence"],
    "town": ["tram", "traffic", "square", "cinema", "bakery", "pavement", "tower", "market"],
}


def sentences(count: int, seed: int, labels: dict[str, list[str]] | None = None) -> Documents:
    """Nonsense that holds two words of its label among others that say nothing."""
    chance = np.random.default_rng(seed)
    texts, given = [], []
    known = labels or WORDS
    for number in range(count):
        label = list(known)[number % len(known)]
        chosen = [*chance.choice(known[label], 2), *chance.choice(["the", "of", "and", "then", "here"], 4)]
        chance.shuffle(chosen)
        texts.append(" ".join(chosen))
        given.append((label,))
    return Documents(texts, given)


def no_encoder(texts):
    raise AssertionError("this model needs no encoder")


def accuracy(model: Model, documents: Documents) -> float:
    best = model.probabilities(documents.texts, no_encoder).argmax(axis=1)
    return float(
        np.mean([model.labels[index] == label for index, (label,) in zip(best, documents.labels, strict=True)])
    )


@pytest.mark.parametrize("count", [60, 2400])
def test_few_and_many_documents_are_learned(count):
    trained = train(sentences(count, 1), mode="MULTI_CLASS")
    assert accuracy(trained.model, sentences(300, 2)) > 0.95
    assert trained.trained_on + trained.tested_on == count
    assert trained.measures.accuracy > 0.8


def test_other_labels_are_learned_from_other_examples():
    turned = {"sea": WORDS["farm"], "farm": WORDS["sea"]}
    model = train(sentences(60, 1, turned), mode="MULTI_CLASS").model
    best = model.probabilities(["the captain and the anchor", "a barn of wheat"], no_encoder).argmax(axis=1)
    assert [model.labels[index] for index in best] == ["farm", "sea"]


def test_the_same_examples_give_the_same_model():
    one, other = (train(sentences(2100, 1), mode="MULTI_CLASS").model for _ in range(2))
    assert np.array_equal(one.word_weights, other.word_weights)


def test_an_encoder_is_heard():
    """Words that never repeat say nothing; the vectors beside them do."""
    chance = np.random.default_rng(0)
    texts = [f"unique{number} word{number}" for number in range(60)]
    vectors = {}
    for number, text in enumerate(texts):
        vector = chance.normal(0, 0.3, 384)
        vector[number % 2] += 3
        vectors[text] = (vector / np.linalg.norm(vector)).astype(np.float32)

    def encode(asked):
        return np.stack([vectors[text] for text in asked])

    documents = Documents(texts, [("even",) if number % 2 == 0 else ("odd",) for number in range(60)])
    trained = train(documents, mode="MULTI_CLASS", encode=encode)
    assert trained.measures.accuracy == 1
    assert train(documents, mode="MULTI_CLASS").measures.accuracy < 0.9


def test_documents_with_several_labels():
    texts, labels = [], []
    chance = np.random.default_rng(3)
    for number in range(120):
        chosen = [label for place, label in enumerate(WORDS) if (number % 7 + 1) >> place & 1]
        texts.append(" ".join(word for label in chosen for word in chance.choice(WORDS[label], 3)))
        labels.append(tuple(chosen))
    model = train(Documents(texts, labels), mode="MULTI_LABEL").model
    found = model.probabilities(["anchor tide sail", "anchor tide sail wheat barn plough"], no_encoder) >= 0.5
    assert [{label for label, yes in zip(model.labels, row, strict=True) if yes} for row in found] == [
        {"sea"},
        {"sea", "farm"},
    ]


def test_a_saved_model_answers_as_before(tmp_path):
    model = train(sentences(60, 1), mode="MULTI_CLASS").model
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    texts = sentences(20, 5).texts
    assert np.array_equal(loaded.probabilities(texts, no_encoder), model.probabilities(texts, no_encoder))
    with pytest.raises(ModelUnreadable, match="elsewhere"):
        Model.load(tmp_path / "elsewhere")
    (tmp_path / "model/model.npz").write_bytes(b"PK no archive")
    with pytest.raises(ModelUnreadable, match="model"):
        Model.load(tmp_path / "model")


def test_texts_that_repeat_do_no_harm():
    once = sentences(60, 1)
    model = train(Documents([*once.texts] * 4, [*once.labels] * 4), mode="MULTI_CLASS").model
    assert accuracy(model, sentences(300, 2)) > 0.95


def test_one_label_is_refused():
    with pytest.raises(ValueError, match="two labels"):
        train(Documents(["a", "b"], [("x",), ("x",)]), mode="MULTI_CLASS")


def test_features_are_words_pairs_and_triples_of_characters_without_spaces():
    def features(text):
        counts = Counter().count([text])
        return dict(zip(counts.keys.tolist(), counts.counts.tolist(), strict=True))

    assert len(features("red big car")) == 3 + 2
    assert len(features("駅は東")) == 3 + 2 + 1
    assert set(features("東京駅")) & set(features("東京都")) and set(features("東京駅")) != set(features("東京都"))
    assert sorted(features("go go go").values()) == [2, 3]
    assert features("") == {}


def test_a_text_of_unknown_words_has_an_empty_row():
    counter = Counter()
    vocabulary = Vocabulary.of(counter.count(["red car", "blue car"]))
    rows = vocabulary.weigh(counter.count(["red", "nothing known", "", "blue car"]))
    lengths = np.sqrt((rows.times(np.eye(rows.width, dtype=np.float32)) ** 2).sum(axis=1))
    assert lengths == pytest.approx([1, 0, 0, 1])


def test_an_exact_fit_has_no_slope():
    chance = np.random.default_rng(0)
    rows = chance.normal(size=(40, 5)).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[chance.integers(0, 3, 40)]
    weights, bias = fit_exactly(rows, targets, exclusive=True, penalty=0.5)
    errors = probabilities(rows @ weights + bias, exclusive=True) - targets
    assert np.abs(rows.T @ errors + 0.5 * weights).max() < 1e-3
    assert np.abs(errors.sum(axis=0)).max() < 1e-3


def test_steps_come_near_the_exact_fit():
    counts = Counter().count(sentences(600, 1).texts)
    rows = Vocabulary.of(counts).weigh(counts)
    targets = np.eye(3, dtype=np.float32)[np.arange(600) % 3]
    weights, bias = fit_by_steps(rows, targets, exclusive=True, rounds=5)
    assert (rows.times(weights) + bias).argmax(axis=1).tolist() == (np.arange(600) % 3).tolist()


def test_the_figures_of_a_known_case():
    actual = np.eye(3, dtype=bool)[[0, 0, 0, 1, 1, 2]]
    predicted = np.eye(3, dtype=bool)[[0, 0, 1, 1, 1, 0]]
    found = measure(actual, predicted, exclusive=True)
    assert found.accuracy == found.micro_f1 == pytest.approx(4 / 6)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert found.recall == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert found.hamming_loss == pytest.approx(2 / 6)
    assert found.confusion == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]


def test_the_figures_of_a_known_case_with_several_labels():
    actual = np.array([[1, 1], [1, 0], [0, 0]], bool)
    predicted = np.array([[1, 0], [1, 1], [0, 0]], bool)
    found = measure(actual, predicted, exclusive=False)
    assert found.confusion == [[[1, 0], [0, 2]], [[1, 1], [1, 0]]]
    assert found.hamming_loss == pytest.approx(2 / 6)
    assert (found.micro_precision, found.micro_recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_a_share_of_each_label_is_put_aside():
    labels = [(0,)] * 50 + [(1,)] * 10 + [(0, 1)] * 10 + [(2,)]
    aside = put_aside(labels, 0.1, 7)
    assert aside[:50].sum() == 5 and aside[50:70].sum() == 2
    assert not aside[70], "a label's only document stays"
    assert np.array_equal(aside, put_aside(labels, 0.1, 7))
    assert not np.array_equal(aside, put_aside(labels, 0.1, 8))
