import numpy as np
import pytest
from tests.engines.vision.custom.plain_features import PlainFeatures

from honmono.engines.vision.custom.classifier import train_classifier

FEATURES = PlainFeatures()


def coloured(colour: tuple[int, int, int], seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(-40, 40, (24, 24, 3))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


COLOURS = [(200, 60, 60), (60, 200, 60), (60, 60, 200)]


def trained(labels: list[tuple[int, ...]], pictures: list[np.ndarray], classes: int):
    return train_classifier(lambda place: pictures[place], labels, classes, FEATURES)


def test_labels_that_exclude_each_other_sum_to_one() -> None:
    pictures = [coloured(COLOURS[place % 3], place) for place in range(18)]
    model = trained([(place % 3,) for place in range(18)], pictures, 3)
    asked = [coloured(colour, 100 + turn) for turn, colour in enumerate(COLOURS)]
    found = model.probabilities(FEATURES.whole(asked))
    assert model.exclusive
    assert found.argmax(axis=1).tolist() == [0, 1, 2]
    assert found.sum(axis=1) == pytest.approx(1)
    assert found.max() < 0.999  # eighteen examples prove no more


def test_several_labels_a_picture_stand_for_themselves() -> None:
    both = (200, 200, 60)
    sets = [(0,), (1,), (0, 1), ()]
    grounds = [COLOURS[0], COLOURS[1], both, (60, 60, 60)]
    pictures = [coloured(grounds[place % 4], place) for place in range(40)]
    model = trained([sets[place % 4] for place in range(40)], pictures, 2)
    found = model.probabilities(FEATURES.whole([coloured(ground, 200) for ground in grounds]))
    assert not model.exclusive
    assert (found > 0.5).tolist() == [[True, False], [False, True], [True, True], [False, False]]


def test_confidence_falls_with_the_certainty_of_the_labels() -> None:
    pictures = [coloured(COLOURS[place % 2], place) for place in range(40)]
    clean = trained([(place % 2,) for place in range(40)], pictures, 2)
    mistaken = [(1 - place % 2 if place % 5 == 0 else place % 2,) for place in range(40)]
    noisy = trained(mistaken, pictures, 2)
    asked = FEATURES.whole([coloured(COLOURS[0], 300)])
    assert clean.probabilities(asked)[0, 0] > noisy.probabilities(asked)[0, 0] + 0.05


def test_one_example_a_label_is_enough_to_begin() -> None:
    model = trained([(0,), (1,)], [coloured(COLOURS[0], 1), coloured(COLOURS[1], 2)], 2)
    assert model.probabilities(FEATURES.whole([coloured(COLOURS[1], 3)]))[0].argmax() == 1


def test_one_label_is_nothing_to_tell_apart() -> None:
    with pytest.raises(ValueError, match="two labels"):
        trained([(0,)], [coloured(COLOURS[0], 1)], 1)
