"""Put a share of labelled pictures aside for testing, so that each label is in both parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_SEED = 20261


def split(labels: Sequence[Sequence[str]], share: float) -> set[int] | None:
    """The places of the pictures to test with.

    Args:
        labels: of each picture; those without labels stay where they are.
        share: of each label's pictures, rounded, but at least one.

    Returns None where a label has fewer than two pictures, or no choice leaves it one in each part.
    """
    places: dict[str, list[int]] = {}
    for place, names in enumerate(labels):
        for name in names:
            places.setdefault(name, []).append(place)
    if not places or min(map(len, places.values())) < 2:
        return None
    chance = np.random.default_rng(_SEED)
    order = {int(place): turn for turn, place in enumerate(chance.permutation(len(labels)))}
    left = {name: len(each) for name, each in places.items()}
    chosen: set[int] = set()
    # Rare labels choose first: a picture that they take counts for the frequent ones on it too.
    for name in sorted(places, key=lambda each: (len(places[each]), each)):
        wanted = max(1, round(share * len(places[name])))
        has = sum(place in chosen for place in places[name])
        for place in sorted(places[name], key=order.__getitem__):
            if has >= wanted:
                break
            if place not in chosen and all(left[other] > 1 for other in labels[place]):
                chosen.add(place)
                has += 1
                for other in labels[place]:
                    left[other] -= 1
        if not has:
            return None
    return chosen
