import numpy as np
import pytest

from honmono.engines.tabular.linear import LinearModel, Steps, link
from honmono.engines.tabular.matrix import Matrix


def one_hot(codes):
    rows, columns = codes.shape
    shifted = codes + 1 + np.arange(columns) * (codes.max() + 1)
    indices = np.concatenate([np.zeros((rows, 1), np.int64), shifted], axis=1)
    return Matrix(indices.astype(np.int32).ravel(), None, None, rows), int(indices.max()) + 1


def fitted(loss, rows, target, features, classes=1, passes=20, **steps):
    model = LinearModel(loss, features, classes, Steps(batch=64, **steps))
    for _ in range(passes):
        model.partial_fit(rows, target)
    return model


@pytest.fixture(scope="module")
def data():
    chance = np.random.default_rng(0)
    codes = chance.integers(0, 3, (4000, 2))
    rows, features = one_hot(codes)
    return chance, codes, rows, features


def test_logistic_probabilities_are_the_planted_ones(data):
    chance, codes, rows, features = data
    share = np.array([0.1, 0.5, 0.9])[codes[:, 0]]
    target = (chance.random(len(share)) < share).astype(float)
    found = fitted("logistic", rows, target, features).predict(rows)
    for code, wanted in enumerate((0.1, 0.5, 0.9)):
        assert found[codes[:, 0] == code].mean() == pytest.approx(wanted, abs=0.04)


def test_squared_loss_finds_the_means_and_values_weigh(data):
    _, codes, rows, features = data
    target = codes[:, 0] * 2.0 - codes[:, 1]
    assert np.abs(fitted("squared", rows, target, features).predict(rows) - target).max() < 0.05
    number = np.linspace(-2, 2, 400, dtype=np.float32)
    line = Matrix(
        np.tile([0, 1], 400).astype(np.int32), np.stack([np.ones(400, np.float32), number], 1).ravel(), None, 400
    )
    model = fitted("squared", line, 3 * number.astype(float) + 1, 2, passes=60)
    assert model.weights[:, 0] == pytest.approx([1, 3], abs=0.05)


@pytest.mark.parametrize("loss", ["softmax", "one-vs-all"])
def test_classes_are_told_and_their_shares_sum_to_one(data, loss):
    _, codes, rows, features = data
    target = ((codes[:, 0] + 0) % 3).astype(float)
    found = fitted(loss, rows, target, features, 3).predict(rows)
    assert found.sum(axis=1) == pytest.approx(np.ones(len(found)))
    assert (found.argmax(axis=1) == target).mean() == 1


def test_few_and_many_features_are_learned_alike(data):
    """Above some thousand weights only those of the rows at hand are touched."""
    chance, codes, rows, features = data
    target = (chance.random(len(codes)) < codes[:, 0] / 3).astype(float)
    few, many = (fitted("logistic", rows, target, size, passes=3) for size in (features, 40_000))
    assert many.predict(rows) == pytest.approx(few.predict(rows), abs=1e-9)
    three = (codes.sum(axis=1) % 3).astype(float)
    few, many = (fitted("softmax", rows, three, size, 3, passes=2) for size in (features, 20_000))
    assert many.predict(rows) == pytest.approx(few.predict(rows), abs=1e-9)


def test_regularisation_makes_weights_smaller_and_l1_some_zero(data):
    chance, codes, rows, features = data
    target = (chance.random(len(codes)) < np.array([0.1, 0.5, 0.9])[codes[:, 0]]).astype(float)
    plain, ridge, lasso = (
        np.abs(fitted("logistic", rows, target, features, **each).weights[1:, 0])
        for each in ({}, {"l2": 0.05}, {"l1": 0.02})
    )
    assert ridge.sum() < 0.8 * plain.sum()
    assert (lasso[3:6] == 0).any() and (plain != 0).all(), "the second column says nothing"


def test_ragged_rows_are_learned_from():
    """A word of a text is a feature; texts have many words and few."""
    chance = np.random.default_rng(1)
    texts = [chance.choice(20, size=chance.integers(1, 6), replace=False) + 1 for _ in range(2000)]
    target = np.array([float(3 in text) for text in texts])
    lengths = np.array([len(text) + 1 for text in texts])
    flat = np.concatenate([np.concatenate([[0], text]) for text in texts]).astype(np.int32)
    rows = Matrix(flat, np.ones(len(flat), np.float32), np.cumsum(lengths) - lengths, len(texts))
    found = fitted("logistic", rows, target, 21).predict(rows)
    assert ((found > 0.5) == (target == 1)).all()


def test_extreme_sums_have_probabilities():
    assert link(np.array([-1e9, 0, 1e9]), "logistic").tolist() == [pytest.approx(0), 0.5, 1.0]
    assert link(np.array([[1e9, 0.0]]), "softmax").tolist() == [[1.0, 0.0]]
