"""The table of labels."""

from __future__ import annotations

from honmono.engines.vision.labels.vocabulary import vocabulary

WORDS = vocabulary()


def test_every_class_has_a_label_and_every_parent_is_one() -> None:
    assert (len(WORDS.imagenet), len(WORDS.coco)) == (1000, 80)
    assert set(WORDS.imagenet) | set(WORDS.coco) <= set(WORDS.meanings)
    for name, meaning in WORDS.meanings.items():
        assert name not in meaning.parents and set(meaning.parents) <= set(WORDS.meanings)
        assert len(meaning.categories) == 1
        for parent in meaning.parents:
            assert set(WORDS.meaning(parent).parents) - {name} <= set(meaning.parents), (name, parent)


def test_names_as_rekognition_writes_them() -> None:
    assert {"Dog", "Person", "Car", "Mobile Phone", "Pet", "Vehicle", "Transportation", "Plant"} <= set(WORDS.meanings)
    assert WORDS.implies("Golden Retriever", "Dog") and WORDS.implies("Dog", "Pet") and not WORDS.implies("Dog", "Cat")
    assert WORDS.implies("Convertible", "Car") and WORDS.implies("Car", "Transportation")
    assert {"Coast", "Nature", "Outdoors", "Water"} <= set(WORDS.meaning("Beach").parents)
    assert WORDS.meaning("Dog").categories == ("Animals and Pets",)
    assert "Cell Phone" in WORDS.meaning("Mobile Phone").aliases


def test_words_of_other_lists_are_understood() -> None:
    spoken = ("cell phone", "tvmonitor", "sports ball", "DOG", "golden retriever", "forklift_truck")
    assert [WORDS.named(word) for word in spoken] == [
        "Mobile Phone", "Tvmonitor", "Ball", "Dog", "Golden Retriever", "Forklift Truck",
    ]  # fmt: skip
    assert WORDS.meaning("Forklift Truck").parents == ()
