"""How things stand to each other, by their boxes."""

from __future__ import annotations

from honmono.engines.vision.labels.answers import Thing
from honmono.engines.vision.labels.relations import scene
from honmono.engines.vision.pictures import Box


def related(*things: tuple[str, float, float, float, float]) -> set[tuple[str, str, str]]:
    """Relations as (first, kind, second); boxes are left, top, right, bottom."""
    made = scene(
        [Thing(name, Box(left, top, right - left, bottom - top), 0.9) for name, left, top, right, bottom in things]
    )
    return {(made.things[each.first].name, each.kind, made.things[each.second].name) for each in made.relations}


def test_a_cup_on_a_table() -> None:
    table = ("Dining Table", 0.1, 0.5, 0.9, 0.9)
    assert ("Cup", "on", "Dining Table") in related(table, ("Cup", 0.4, 0.4, 0.5, 0.55))
    assert ("Cup", "on", "Dining Table") not in related(table, ("Cup", 0.4, 0.05, 0.5, 0.2))


def test_a_person_holds_what_is_at_hand() -> None:
    person = ("Person", 0.3, 0.1, 0.6, 0.95)
    assert ("Person", "holding", "Umbrella") in related(person, ("Umbrella", 0.5, 0.3, 0.65, 0.6))
    assert ("Person", "holding", "Umbrella") not in related(person, ("Umbrella", 0.8, 0.3, 0.95, 0.6))


def test_a_person_rides_a_horse_and_stands_next_to_another() -> None:
    rider = ("Person", 0.35, 0.1, 0.55, 0.6)
    assert ("Person", "riding", "Horse") in related(rider, ("Horse", 0.2, 0.35, 0.8, 0.95))
    found = related(("Person", 0.1, 0.2, 0.3, 0.9), ("Horse", 0.35, 0.3, 0.8, 0.95))
    assert ("Person", "next to", "Horse") in found or ("Horse", "next to", "Person") in found
    assert not any(kind == "riding" for _, kind, _ in found)


def test_a_tie_is_worn() -> None:
    assert ("Person", "wearing", "Tie") in related(("Person", 0.2, 0.1, 0.8, 1.0), ("Tie", 0.45, 0.4, 0.55, 0.7))


def test_things_are_counted() -> None:
    things = [Thing(name, Box(0.3 * place, 0, 0.1, 0.1), 0.8) for place, name in enumerate(("Dog", "Cat", "Dog"))]
    assert scene(things).counts == {"Dog": 2, "Cat": 1}
    assert scene([]).counts == {}
