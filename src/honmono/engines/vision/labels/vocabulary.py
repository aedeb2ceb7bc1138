"""What labels are called and what they mean: parents, categories, aliases.

The table beside this file is written by training/labels/make_vocabulary.py from WordNet 3.0.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Meaning:
    """What there is to say about a label.

    Attributes:
        parents: all that the thing is a kind of, or stands for, nearest first.
        categories: the field of life, as Rekognition calls it ("Animals and Pets").
        aliases: other names.
    """

    parents: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("Everyday Objects",)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All labels.

    Attributes:
        imagenet: the labels of ImageNet's thousand classes, in its order; two of them may share one.
        coco: the labels of COCO's eighty classes, in its order.
        meanings: of every label, parents included.
    """

    imagenet: tuple[str, ...]
    coco: tuple[str, ...]
    meanings: dict[str, Meaning]

    def meaning(self, name: str) -> Meaning:
        """Of any label; one that is not in the table, as of a network that a user brings, has no parents."""
        return self.meanings.get(name, Meaning())

    def implies(self, name: str, other: str) -> bool:
        """Whether what is `name` is `other` as well."""
        return name == other or other in self.meaning(name).parents

    def named(self, word: str) -> str:
        """The label that is meant by a word of another list of classes: "cell phone" is Mobile Phone."""
        return _words().get(_folded(word), word.strip().replace("_", " ").title())

    @property
    def categories(self) -> frozenset[str]:
        """All categories that a label has."""
        return frozenset(category for meaning in self.meanings.values() for category in meaning.categories)


@cache
def vocabulary() -> Vocabulary:
    """The table, read once."""
    table = json.loads((files(__package__) / "vocabulary.json").read_text("utf-8"))
    meanings = {
        name: Meaning(tuple(entry["parents"]), tuple(entry["categories"]), tuple(entry["aliases"]))
        for name, entry in table["labels"].items()
    }
    return Vocabulary(tuple(table["imagenet"]), tuple(table["coco"]), meanings)


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = {}
    for name, meaning in vocabulary().meanings.items():
        for alias in meaning.aliases:
            words.setdefault(_folded(alias), name)
    words |= {_folded(word): name for word, name in zip(_COCO_WORDS.split("|"), vocabulary().coco, strict=True)}
    return words | {_folded(name): name for name in vocabulary().meanings}


def _folded(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())


# As COCO itself calls its classes, which is what lists beside networks have.
_COCO_WORDS = """person|bicycle|car|motorcycle|airplane|bus|train|truck|boat|traffic light|fire hydrant|stop sign|\
parking meter|bench|bird|cat|dog|horse|sheep|cow|elephant|bear|zebra|giraffe|backpack|umbrella|handbag|tie|suitcase|\
frisbee|skis|snowboard|sports ball|kite|baseball bat|baseball glove|skateboard|surfboard|tennis racket|bottle|\
wine glass|cup|fork|knife|spoon|bowl|banana|apple|sandwich|orange|broccoli|carrot|hot dog|pizza|donut|cake|chair|couch|\
potted plant|bed|dining table|toilet|tv|laptop|mouse|remote|keyboard|cell phone|microwave|oven|toaster|sink|\
refrigerator|book|clock|vase|scissors|teddy bear|hair drier|toothbrush"""
