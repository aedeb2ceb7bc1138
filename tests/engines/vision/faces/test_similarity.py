import pytest

from honmono.engines.vision.faces.similarity import distance, distance_at, similarity


def test_the_nearer_the_more_alike() -> None:
    assert similarity(0) > 99.9
    assert similarity(0.34) == pytest.approx(99, abs=0.2)
    assert similarity(0.4) == pytest.approx(80, abs=0.5)
    assert similarity(0.6) < 0.1
    assert similarity(2.0) >= 0


@pytest.mark.parametrize("alike", [1, 50, 80, 99])
def test_a_similarity_has_its_distance(alike: float) -> None:
    assert similarity(distance_at(alike)) == pytest.approx(alike)


def test_the_distance_is_euclidean() -> None:
    assert distance([1.0, 0.0], [0.0, 1.0]) == pytest.approx(2**0.5)
