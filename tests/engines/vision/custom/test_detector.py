import numpy as np
import pytest
from tests.engines.vision.custom.plain_features import PlainFeatures

from honmono.engines.vision.custom import detector, perceptron
from honmono.engines.vision.custom.detector import Boxed, detect, train_detector
from honmono.engines.vision.pictures import Box

FEATURES = PlainFeatures()
COLOURS = [(220, 40, 40), (40, 40, 220)]


def scene(seed: int, labels: list[int]) -> tuple[np.ndarray, list[Boxed]]:
    """Squares on grey, one in each half."""
    chance = np.random.default_rng(seed)
    picture = np.full((96, 192, 3), chance.integers(110, 150), np.uint8)
    boxes = []
    for place, label in enumerate(labels):
        side = int(chance.integers(30, 50))
        left, top = int(chance.integers(0, 96 - side)) + 96 * place, int(chance.integers(0, 96 - side))
        picture[top : top + side, left : left + side] = COLOURS[label]
        boxes.append(Boxed(label, Box(left / 192, top / 96, side / 192, side / 96)))
    return picture, boxes


@pytest.fixture(scope="module")
def model() -> perceptron.Perceptron:
    scenes = [scene(seed, [[0, 1], [1, 0], [0, 0], [1, 1]][seed % 4]) for seed in range(16)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detector, "_VIEWS", (256,))
        patch.setattr(detector, "_STEPS", (150, 150))
        patch.setattr(detector, "LONGEST", 256)
        return train_detector(lambda place: scenes[place][0], [boxes for _, boxes in scenes], 2, FEATURES)


@pytest.mark.parametrize("labels", [[0, 1], [1, 0], [1, 1]])
def test_objects_are_found_where_they_are(model, labels, monkeypatch) -> None:
    monkeypatch.setattr(detector, "LONGEST", 256)
    picture, boxes = scene(50 + sum(labels), labels)
    found = detect(model, picture, FEATURES)
    for label in set(labels):
        surest = next(each for each in found if each.label == label)
        assert max(surest.box.overlap(box.box) for box in boxes if box.label == label) > 0.5
        assert surest.score > 0.4


def test_nothing_is_found_on_an_empty_ground(model) -> None:
    picture = np.full((96, 192, 3), 130, np.uint8)
    assert [each for each in detect(model, picture, FEATURES) if each.score > 0.4] == []


def test_a_thin_picture_is_searched_too(model) -> None:
    for shape in ((8, 160, 3), (160, 8, 3)):
        assert all(0 <= each.box.left <= 1 for each in detect(model, np.full(shape, 90, np.uint8), FEATURES))


def test_boxes_of_a_class_that_overlap_leave_one() -> None:
    corners = np.array([[0, 0, 0.5, 0.5], [0.02, 0, 0.52, 0.5], [0.6, 0.6, 0.9, 0.9]], np.float32)
    scores, labels = np.array([0.5, 0.9, 0.3], np.float32), np.array([0, 0, 0])
    assert detector._suppressed(corners, scores, labels) == [1, 2]
    assert detector._suppressed(corners, scores, np.array([0, 1, 0])) == [1, 0, 2]


def test_the_gradient_is_that_of_the_loss() -> None:
    chance = np.random.default_rng(0)
    weights = [chance.standard_normal(shape).astype(np.float64) * 0.3 for shape in ((5, 6), (6,), (6, 6), (6,))]
    scaled = chance.standard_normal((9, 5))
    heat = np.clip(chance.random((9, 2)), 0, 0.9)
    heat[0, 0] = heat[3, 1] = 1
    sides, near = chance.standard_normal((9, 4)) * 3, (chance.random(9) > 0.5).astype(float)
    kept = (chance.random((9, 6)) > 0.3) * 1.5

    def loss(given: list[np.ndarray]) -> float:
        hidden = np.maximum(scaled @ given[0] + given[1], 0) * kept
        out = hidden @ given[2] + given[3]
        said = 1 / (1 + np.exp(-out[:, :2]))
        middle = heat >= 1
        by_class = np.where(middle, -((1 - said) ** 2) * np.log(said), -((1 - heat) ** 4) * said**2 * np.log(1 - said))
        off = np.abs(out[:, 2:] - sides)
        huber = np.where(off < 0.1, off**2 / 0.2, off - 0.05)
        return by_class.sum() / middle.sum() + (near[:, None] * huber).sum() / near.sum()

    slopes = perceptron._slopes(weights, scaled, kept, heat, sides, near)
    for place, slope in enumerate(slopes):
        for _ in range(4):
            at = tuple(chance.integers(0, side) for side in weights[place].shape)
            ends = []
            for step in (1e-5, -1e-5):
                moved = [each.copy() for each in weights]
                moved[place][at] += step
                ends.append(loss(moved))
            assert slope[at] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=2e-3, abs=1e-4)


@pytest.mark.parametrize(("near", "budget", "kept_near"), [(10, 200, 10), (90, 60, 50), (95, 60, 55), (10, 8, 4)])
def test_of_too_many_places_a_sample_is_learned(near: int, budget: int, kept_near: int) -> None:
    count = 100
    nearness = (np.arange(count) < near).astype(np.float32)
    places = perceptron.Places(
        np.arange(count, dtype=np.float16)[:, None],
        np.zeros((count, 1), np.float32),
        np.zeros((count, 4), np.float32),
        nearness,
    )
    kept = detector._thinned(places, budget, np.random.default_rng(0))
    assert len(kept.vectors) == min(budget, count)
    assert int((kept.near > 0).sum()) == kept_near
    assert len(set(kept.vectors[:, 0].tolist())) == len(kept.vectors)
