"""Write what the labels are called and what they mean: src/honmono/engines/vision/labels/vocabulary.json.

    .venv/bin/python training/labels/make_vocabulary.py --synsets imagenet_synsets.txt --wordnet /usr/share/wordnet

`--synsets` is the order of ImageNet's thousand classes, a WordNet offset a line, as PyPI's timm has it (timm/data/_info);
`--wordnet` the folder of Debian's wordnet-base (WordNet 3.0). Names, further meanings and categories that WordNet does
not have are in concepts.toml beside this file; no list of AWS's was used.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src/honmono/engines/vision/labels/vocabulary.json"
EVERYDAY = "Everyday Objects"
# COCO's eighty classes in the order in which its detectors answer: label, and the noun's sense in WordNet.
COCO = """Person person.1|Bicycle bicycle.1|Car car.1|Motorcycle motorcycle.1|Airplane airplane.1|Bus bus.1|Train train.1|
Truck truck.1|Boat boat.1|Traffic Light traffic_light.1|Fire Hydrant fireplug.1|Stopsign|Parking Meter parking_meter.1|
Bench bench.1|Bird bird.1|Cat cat.1|Dog dog.1|Horse horse.1|Sheep sheep.1|Cow cow.1|Elephant elephant.1|Bear bear.1|
Zebra zebra.1|Giraffe giraffe.1|Backpack backpack.1|Umbrella umbrella.1|Handbag bag.4|Tie necktie.1|Suitcase bag.6|
Frisbee frisbee.1|Skis ski.1|Snowboard snowboard.1|Ball ball.1|Kite|Baseball Bat baseball_bat.1|
Baseball Glove baseball_glove.1|Skateboard skateboard.1|Surfboard surfboard.1|Tennis Racket tennis_racket.1|
Bottle bottle.1|Wine Glass wineglass.1|Cup cup.1|Fork fork.1|Knife knife.1|Spoon spoon.1|Bowl bowl.1|Banana banana.2|
Apple apple.1|Sandwich sandwich.1|Orange orange.1|Broccoli broccoli.2|Carrot carrot.3|Hot Dog hotdog.2|Pizza pizza.1|
Donut doughnut.2|Cake cake.3|Chair chair.1|Couch sofa.1|Potted Plant|Bed bed.1|Dining Table dining_table.1|
Toilet toilet.2|TV television_receiver.1|Laptop laptop.1|Computer Mouse mouse.4|Remote Control remote_control.1|
Computer Keyboard computer_keyboard.1|Mobile Phone cellular_telephone.1|Microwave microwave.2|Oven oven.1|
Toaster toaster.2|Sink sink.1|Refrigerator refrigerator.1|Book book.2|Clock clock.1|Vase vase.1|Scissors scissors.1|
Teddy Bear teddy.1|Hair Dryer hand_blower.1|Toothbrush toothbrush.1"""


@dataclass(frozen=True)
class Synset:
    """Words of one meaning, and the offsets of what it is a kind of."""

    words: tuple[str, ...]
    kinds: tuple[str, ...]


class WordNet:
    """The nouns. Source: "wndb", the manual page of WordNet's files."""

    def __init__(self, folder: Path) -> None:
        self.synsets = dict(_synset(line) for line in _lines(folder / "data.noun"))
        self._senses: dict[str, list[str]] = {}
        for line in _lines(folder / "index.noun"):
            fields = line.split()
            self._senses[fields[0]] = fields[-int(fields[2]) :]

    def is_first_sense(self, word: str, offset: str) -> bool:
        """Whether the word means this before all else."""
        return self._senses[word.lower().replace(" ", "_")][0] == offset

    def sense(self, named: str) -> str:
        """The offset of "ball.1"."""
        word, _, number = named.partition(".")
        return self._senses[word][int(number) - 1]

    def above(self, offset: str) -> list[str]:
        """All that it is a kind of, nearest first."""
        found: list[str] = []
        row = [offset]
        while row:
            row = [kind for each in row for kind in self.synsets[each].kinds if kind not in found]
            found += list(dict.fromkeys(row))
        return found


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("latin-1").splitlines() if not line.startswith(" ")]


def _synset(line: str) -> tuple[str, Synset]:
    fields = line.partition(" | ")[0].split()
    count = int(fields[3], 16)
    words = tuple(fields[4 + 2 * place].replace("_", " ") for place in range(count))
    pointers = fields[5 + 2 * count :]
    rows = [pointers[place : place + 4] for place in range(0, len(pointers), 4)]
    return fields[0], Synset(words, tuple(row[1] for row in rows if row[0] in ("@", "@i")))


class Vocabulary:
    """Names labels and finds their parents, categories and aliases."""

    def __init__(self, wordnet: WordNet, concepts: dict[str, dict[str, object]]) -> None:
        self._wordnet, self._concepts = wordnet, concepts
        self._used: set[str] = set()
        self._meant: dict[str, set[str]] = {}
        self._category = {root: name for name, roots in concepts["categories"].items() for root in roots}  # type: ignore[attr-defined]
        self.labels: dict[str, dict[str, list[str]]] = {}

    def name_leaf(self, offset: str) -> str:
        """The label of one of ImageNet's classes, and all that it is known by from then on."""
        leaves, words = self._concepts["leaves"], self._wordnet.synsets[offset].words
        key = next((key for key in (offset, *words) if key in leaves), None)
        self._used.add(str(key))
        name = str(leaves[key]) if key is not None else _title(words[0])
        return self.add(name, offset)

    def add(self, name: str, offset: str | None) -> str:
        """A label and its parents; a synset whose own name is that of a parent is that label."""
        if offset is None:
            chain, words = [], ()
        else:
            words = self._wordnet.synsets[offset].words
            chain = [self._inner(each) for each in self._wordnet.above(offset)]
        parents = self._implied(name, [parent for parent in chain if parent and parent != name])
        if name in self._concepts["alone"]["labels"]:  # type: ignore[operator]
            parents = self._implied(name, [])
        never = self._concepts["never"]["words"]
        plain = [word for word in words if _is_plain(word) and word.lower() not in never]  # type: ignore[operator]
        aliases = [_title(word) for word in plain if offset and self._wordnet.is_first_sense(word, offset)]
        aliases += self._concepts["aliases"].get(name, [])  # type: ignore[arg-type, operator]
        aliases = [alias for alias in aliases if alias.lower() != name.lower()]
        entry = self.labels.setdefault(name, {"parents": [], "categories": [], "aliases": []})
        entry["parents"] = list(dict.fromkeys([*entry["parents"], *parents]))
        entry["aliases"] = list(dict.fromkeys([*entry["aliases"], *aliases]))
        for each in (offset, *(self._wordnet.above(offset) if offset else ())):
            if each is not None and (inner := self._inner(each)) and inner not in self.labels:
                self.add(inner, each)
        for parent in parents:
            if parent not in self.labels:
                self.add(parent, None)
        return name

    def finish(self) -> None:
        """Parents' parents are parents; categories from the nearest that has one; unused names are mistakes."""
        for name, entry in self.labels.items():
            for parent in entry["parents"]:  # grows
                entry["parents"] += [
                    each for each in self.labels[parent]["parents"] if each not in entry["parents"] and each != name
                ]
        for name, entry in self.labels.items():
            nearest = [self._category[each] for each in (name, *entry["parents"]) if each in self._category]
            entry["categories"] = nearest[:1] or [EVERYDAY]
            entry["aliases"] = [alias for alias in entry["aliases"] if alias not in self.labels]

    def unused(self) -> list[str]:
        """Keys of concepts.toml that named nothing."""
        return [key for table in ("inner", "leaves") for key in self._concepts[table] if key not in self._used]

    def ambiguous(self) -> dict[str, set[str]]:
        """Keys of concepts.toml that named several synsets: their offsets have to stand there."""
        return {key: offsets for key, offsets in self._meant.items() if len(offsets) > 1}

    def _inner(self, offset: str) -> str | None:
        table, words = self._concepts["inner"], self._wordnet.synsets[offset].words
        key = offset if offset in table else words[0] if words[0] in table else None
        if key is None:
            return None
        self._used.add(key)
        self._meant.setdefault(key, set()).add(offset)
        return str(table[key])

    def _implied(self, name: str, parents: list[str]) -> list[str]:
        implied = self._concepts["implies"]
        found = list(dict.fromkeys(parents))
        for each in (name, *found):
            found += [str(more) for more in implied.get(each, ()) if more not in found and more != name]  # type: ignore[attr-defined]
        return found


def _title(word: str) -> str:
    return " ".join(part if part[:1].isupper() else part.capitalize() for part in word.split())


def _is_plain(word: str) -> bool:
    """Whether it is a word of the language, no species' Latin name ("Canis familiaris")."""
    first, *rest = word.split()
    return not (first[:1].isupper() and rest and rest[-1].islower()) and all(c.isalpha() or c in " -'" for c in word)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synsets", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, required=True)
    given = parser.parse_args()
    vocabulary = Vocabulary(WordNet(given.wordnet), tomllib.loads((HERE / "concepts.toml").read_text()))
    wordnet = vocabulary._wordnet
    imagenet = [vocabulary.name_leaf(line.strip()[1:]) for line in given.synsets.read_text().split()]
    coco = []
    for line in COCO.replace("\n", "").split("|"):
        words = line.split()
        sense = wordnet.sense(words.pop()) if "." in words[-1] else None
        coco.append(vocabulary.add(" ".join(words), sense))
    vocabulary.finish()
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(vocabulary.labels.items()))
    lists = "".join(f' "{key}": {json.dumps(names)},\n' for key, names in (("imagenet", imagenet), ("coco", coco)))
    TARGET.write_text(f'{{\n{lists} "labels": {{\n{rows}\n }}\n}}\n')
    print(f"{len(vocabulary.labels)} labels; of no use in concepts.toml: {', '.join(vocabulary.unused()) or 'nothing'}")
    print(f"ambiguous: {vocabulary.ambiguous()}")


if __name__ == "__main__":
    main()
