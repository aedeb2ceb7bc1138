"""How the things of a picture stand to each other, as far as their boxes tell.

A rule a relation, over boxes alone: no network has been taught relations here, so what looks so in the flat picture may
not be so in the room behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from honmono.engines.vision.labels.answers import Relation, Scene, Thing
from honmono.engines.vision.labels.vocabulary import vocabulary
from honmono.engines.vision.pictures import Box

_HELD = frozenset(
    (
        *("Bottle", "Wine Glass", "Cup", "Fork", "Knife", "Spoon", "Banana", "Apple", "Sandwich", "Orange", "Hot Dog"),
        *(
            "Pizza",
            "Donut",
            "Cake",
            "Mobile Phone",
            "Book",
            "Remote Control",
            "Umbrella",
            "Handbag",
            "Suitcase",
            "Kite",
        ),
        *("Tennis Racket", "Baseball Bat", "Frisbee", "Toothbrush", "Hair Dryer", "Scissors", "Teddy Bear", "Laptop"),
    )
)
_WORN = frozenset(("Tie", "Backpack", "Baseball Glove"))
_RIDDEN = frozenset(("Bicycle", "Motorcycle", "Horse", "Elephant", "Skateboard", "Surfboard", "Snowboard", "Skis"))
_SURFACES = frozenset(("Dining Table", "Bench", "Chair", "Couch", "Bed", "Desk"))


def scene(things: Sequence[Thing]) -> Scene:
    """Counts and relations of things."""
    row = tuple(sorted(things, key=lambda thing: -thing.confidence))
    found = [
        relation
        for first in range(len(row))
        for second in range(len(row))
        if first != second and (relation := _relation(row, first, second)) is not None
    ]
    return Scene(row, dict(Counter(thing.name for thing in row)), tuple(found))


def _relation(things: Sequence[Thing], first: int, second: int) -> Relation | None:
    one, other = things[first], things[second]
    for kind, fit in (
        ("wearing", _wearing(one, other)),
        ("riding", _riding(one, other)),
        ("holding", _holding(one, other)),
        ("on", _on(one, other)),
        ("next to", _next_to(one, other) if first < second else 0.0),
    ):
        if fit > 0.3:
            return Relation(first, second, kind, min(one.confidence, other.confidence) * fit)
    return None


def _wearing(one: Thing, other: Thing) -> float:
    return _inside(other.box, one.box) if one.name == "Person" and other.name in _WORN else 0.0


def _riding(one: Thing, other: Thing) -> float:
    """A person above what is ridden, over half of its width, with the feet no higher than its middle."""
    if one.name != "Person" or other.name not in _RIDDEN:
        return 0.0
    reaches = _bottom(one.box) > other.box.top + 0.2 * other.box.height
    above = one.box.top < other.box.top + 0.5 * other.box.height
    return _across(one.box, other.box) if reaches and above else 0.0


def _holding(one: Thing, other: Thing) -> float:
    """A small thing that reaches into a person between head and knees."""
    if one.name != "Person" or other.name not in _HELD or other.box.height > 0.8 * one.box.height:
        return 0.0
    middle = other.box.top + other.box.height / 2
    at_hand = one.box.top + 0.1 * one.box.height < middle < one.box.top + 0.85 * one.box.height
    return min(1.0, 1.5 * _inside(other.box, one.box)) if at_hand else 0.0


def _on(one: Thing, other: Thing) -> float:
    """A thing whose foot is within the height of a surface, and which stands over it."""
    if other.name not in _SURFACES or one.name in _SURFACES or "Furniture" in vocabulary().meaning(one.name).parents:
        return 0.0
    foot, top, bottom = _bottom(one.box), other.box.top, _bottom(other.box)
    if not top - 0.1 * other.box.height <= foot <= bottom or one.box.top > top + 0.6 * other.box.height:
        return 0.0
    smaller = one.box.width <= 1.2 * other.box.width
    return _across(one.box, other.box) if smaller else 0.0


def _next_to(one: Thing, other: Thing) -> float:
    """Side by side: no more than half the narrower one's width apart, heights that overlap, neither within the other."""
    gap = max(one.box.left, other.box.left) - min(_right(one.box), _right(other.box))
    narrow = min(one.box.width, other.box.width)
    common = min(_bottom(one.box), _bottom(other.box)) - max(one.box.top, other.box.top)
    level = common / max(min(one.box.height, other.box.height), 1e-9)
    alike = min(one.box.height, other.box.height) / max(one.box.height, other.box.height, 1e-9)
    if gap > 0.5 * narrow or gap < -0.5 * narrow or level < 0.5 or alike < 0.3:
        return 0.0
    return min(1.0, level) * (1 - max(0.0, gap) / max(narrow, 1e-9))


def _inside(inner: Box, outer: Box) -> float:
    across = min(_right(inner), _right(outer)) - max(inner.left, outer.left)
    down = min(_bottom(inner), _bottom(outer)) - max(inner.top, outer.top)
    return max(0.0, across) * max(0.0, down) / max(inner.width * inner.height, 1e-9)


def _across(one: Box, other: Box) -> float:
    """How much of the first's width is over the second."""
    return max(0.0, min(_right(one), _right(other)) - max(one.left, other.left)) / max(one.width, 1e-9)


def _right(box: Box) -> float:
    return box.left + box.width


def _bottom(box: Box) -> float:
    return box.top + box.height
