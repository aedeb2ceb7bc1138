"""What two networks say of a picture, brought together."""

from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.vision.labels import reconciling
from honmono.engines.vision.labels.detections import Detections
from honmono.engines.vision.labels.vocabulary import vocabulary

WORDS = vocabulary()


def found(*rows: tuple[str, float, tuple[float, float, float, float]]) -> Detections:
    """Detections in a picture of 100 × 100 pixels."""
    return Detections(
        np.array([box for _, _, box in rows], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in rows], np.float32),
        np.array([WORDS.coco.index(name) for name, _, _ in rows], np.int64),
    )


def classes(**shares: float) -> np.ndarray:
    """The classifier's probabilities: shares by label, the rest spread over all."""
    probabilities = np.full(1000, (1 - sum(shares.values())) / 1000, np.float32)
    for name, share in shares.items():
        probabilities[WORDS.imagenet.index(name.replace("_", " "))] += share
    return probabilities


def things(seen: Detections, probabilities: np.ndarray | None, **options: object) -> dict[str, float]:
    rows = reconciling.things(seen, WORDS.coco, probabilities, 100, 100, **options)  # type: ignore[arg-type]
    return {thing.name: thing.confidence for thing in reversed(rows)}  # the surest of each kind


def test_a_cat_is_not_a_person_too() -> None:
    seen = found(("Person", 0.56, (10, 10, 90, 90)), ("Cat", 0.42, (12, 11, 92, 90)))
    assert list(things(seen, classes(Egyptian_Cat=0.7))) == ["Cat"]
    assert list(things(seen, None)) == ["Person"]


def test_a_person_beside_a_cat_stays() -> None:
    seen = found(("Person", 0.7, (0, 0, 40, 90)), ("Cat", 0.6, (50, 40, 95, 90)))
    assert set(things(seen, classes(Egyptian_Cat=0.7))) == {"Cat", "Person"}


def test_agreement_makes_surer_and_disagreement_about_what_fills_the_picture_less_sure() -> None:
    seen = found(("Dog", 0.5, (5, 5, 95, 95)))
    agreed = things(seen, classes(Golden_Retriever=0.9))["Dog"]
    alone = things(seen, None)["Dog"]
    against = things(seen, classes(Banana=0.99)).get("Dog", 0.0)
    assert agreed > alone > against


def test_a_small_thing_is_not_judged_by_the_whole() -> None:
    seen = found(("Dog", 0.6, (50, 50, 55, 55)))
    assert things(seen, classes(Banana=0.99))["Dog"] == pytest.approx(things(seen, None)["Dog"], abs=0.02)


def test_what_the_classifier_does_not_see_alone_is_doubted_with_all_of_its_kind() -> None:
    coins = found(*[("Clock", 0.5, (10.0 * place, 10.0, 10.0 * place + 9, 19.0)) for place in range(8)])
    whole = classes(Bottlecap=0.3)
    (row,) = reconciling.doubted(coins, WORDS.coco, whole)
    before = things(coins, whole)["Clock"]
    assert before > 0.5 > things(coins, whole, alone={row: classes(Petri_Dish=0.8)}).get("Clock", 0.0)
    assert things(coins, whole, alone={row: classes(Wall_Clock=0.8)})["Clock"] > before


def test_what_the_classifier_barely_knows_is_not_asked_about() -> None:
    seen = found(("Person", 0.5, (10, 10, 30, 90)), ("Bicycle", 0.4, (40, 40, 80, 90)))
    rows = reconciling.doubted(seen, WORDS.coco, classes(Bottlecap=0.9))
    assert [WORDS.coco[seen.classes[row]] for row in rows] == ["Bicycle"]


def test_parents_are_at_least_as_sure_as_their_children_and_carry_no_boxes() -> None:
    seen = reconciling.things(found(("Dog", 0.7, (5, 5, 60, 95))), WORDS.coco, classes(Golden_Retriever=0.5), 100, 100)
    labels = {label.name: label for label in reconciling.labels(seen, classes(Golden_Retriever=0.5))}
    assert labels["Golden Retriever"].confidence == pytest.approx(0.5, abs=0.01)
    assert len(labels["Dog"].instances) == 1 and not labels["Animal"].instances
    for label in labels.values():
        assert all(labels[parent].confidence >= label.confidence - 1e-6 for parent in label.parents)


def test_without_things_and_classes_there_is_nothing_to_say() -> None:
    assert reconciling.labels(reconciling.things(found(), WORDS.coco, None, 100, 100), None) == ()


def test_a_tiger_is_not_a_person() -> None:
    seen = found(("Person", 0.7, (10, 10, 90, 90)))
    (row,) = reconciling.doubted(seen, WORDS.coco, classes(Tiger=0.9))
    assert things(seen, classes(Tiger=0.9))["Person"] > 0.8
    assert things(seen, classes(Tiger=0.9), alone={row: classes(Tiger=0.95)}).get("Person", 0.0) < 0.55
    rider = found(("Person", 0.7, (10, 10, 50, 90)), ("Horse", 0.6, (5, 40, 95, 95)))
    assert reconciling.doubted(rider, WORDS.coco, classes(Horse=0.9)) == []
