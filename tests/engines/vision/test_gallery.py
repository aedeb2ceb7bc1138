"""Vectors searched for their nearest, against a comparison with all of them."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from honmono.engines.vision.gallery import ROUNDING, Gallery, sample_size

Vectors = NDArray[np.float32]


def unit(count: int, seed: int, dimensions: int = 32) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, dimensions), np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def perturbed(vectors: Vectors, seed: int) -> Vectors:
    moved = vectors + 0.2 * unit(len(vectors), seed, vectors.shape[1])
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def filled(vectors: Vectors, exact_most: int) -> Gallery:
    gallery = Gallery(vectors.shape[1], exact_most=exact_most)
    for start in range(0, len(vectors), 500):
        part = vectors[start : start + 500]
        gallery.add(np.arange(start, start + len(part)) + 1000, part)
    return gallery


@pytest.mark.parametrize("exact_most", [10_000, 100])
def test_the_nearest_are_found_whether_all_are_compared_or_lists_are_kept(exact_most: int) -> None:
    vectors = unit(4000, 1)
    gallery = filled(vectors, exact_most)
    assert gallery.exact == (exact_most == 10_000)
    assert len(gallery) == 4000
    assert sorted(gallery.keys()) == list(range(1000, 5000))
    hits = 0
    for wanted, vector in zip(range(0, 4000, 40), perturbed(vectors[::40], 2), strict=True):
        found = gallery.search(vector, 5)
        cosines = vectors @ vector
        assert len(found) == 5
        assert [each.cosine for each in found] == sorted((each.cosine for each in found), reverse=True)
        for each in found:
            assert each.cosine == pytest.approx(cosines[each.key - 1000], abs=1e-5 if gallery.exact else ROUNDING)
        hits += found[0].key - 1000 == wanted
    assert hits == 100


@pytest.mark.parametrize("exact_most", [10_000, 100])
def test_what_is_removed_is_not_found(exact_most: int) -> None:
    vectors = unit(1000, 3)
    gallery = filled(vectors, exact_most)
    assert gallery.remove(np.arange(1000, 1500)) == 500
    assert gallery.remove(np.arange(1000, 1500)) == gallery.remove(np.arange(0)) == 0
    assert len(gallery) == 500
    assert gallery.search(vectors[0], 1)[0].key >= 1500
    assert gallery.search(vectors[700], 1)[0].key == 1700
    gallery.add(np.asarray([7]), vectors[:1])
    assert gallery.search(vectors[0], 1)[0].key == 7


def test_a_gallery_that_was_taught_before_it_is_filled_never_compares_all() -> None:
    vectors = unit(3000, 4)
    gallery = Gallery(32, exact_most=100)
    gallery.learn(vectors[:: 3000 // sample_size(3000) or 1], 3000)
    assert not gallery.exact
    gallery.add(np.arange(3000), vectors)
    assert all(gallery.search(vectors[each], 1)[0].key == each for each in range(0, 3000, 100))


def test_more_than_there_are_is_all_there_are() -> None:
    gallery = Gallery(32)
    assert gallery.search(unit(1, 0)[0], 3) == []
    gallery.add(np.asarray([5, 6]), unit(2, 5))
    assert {each.key for each in gallery.search(unit(1, 6)[0], 100)} == {5, 6}


def test_searches_and_additions_at_the_same_time_do_not_disturb_each_other() -> None:
    vectors = unit(3000, 7)
    gallery = Gallery(32, exact_most=1500)
    gallery.add(np.arange(100), vectors[:100])
    wrong: list[int] = []

    def search() -> None:
        for round_number in range(300):
            wanted = round_number % 100
            if gallery.search(vectors[wanted], 1)[0].key != wanted:
                wrong.append(wanted)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for start in range(100, 3000, 100):
        gallery.add(np.arange(start, start + 100), vectors[start : start + 100])
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(gallery) == 3000
