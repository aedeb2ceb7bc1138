"""The text that this project wrote itself: `written/` to train on, `heldout/` to look at the result with.

One file a language, sentences one a line under a heading that names their class. Longer texts are composed of
them: praise with praise, blame with blame, facts with facts, and praise with blame, which is MIXED.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sources import CLASSES, Example, sure

HERE = Path(__file__).parent
_BUT = {
    "en": ("But ", "However, ", "On the other hand, ", "Still, ", "Unfortunately, ", "And yet: ", ""),
    "ja": ("でも、", "しかし、", "ただ、", "ただし、", "一方で、", "けれども、", "とはいえ、", ""),
    "es": ("Pero ", "Sin embargo, ", "En cambio, ", ""),
    "fr": ("Mais ", "Cependant, ", "Par contre, ", ""),
    "de": ("Aber: ", "Allerdings: ", "Andererseits: ", ""),
    "it": ("Però ", "Tuttavia, ", "D'altra parte, ", ""),
    "pt": ("Mas ", "Porém, ", "Por outro lado, ", ""),
    "zh": ("但是,", "不过,", "可是,", "然而,", ""),
    "zh-TW": ("但是,", "不過,", "可是,", "然而,", ""),
    "ko": ("하지만 ", "그런데 ", "반면에 ", ""),
    "hi": ("लेकिन ", "मगर ", "हालाँकि ", ""),
    "ar": ("لكن ", "ومع ذلك، ", "أما ", ""),
}
_UNSPACED = {"ja", "zh", "zh-TW"}
Sentences = Mapping[str, Sequence[str]]


def read(folder: str) -> dict[str, dict[str, list[str]]]:
    """The sentences of `folder` by language and class."""
    languages: dict[str, dict[str, list[str]]] = {}
    for path in sorted((HERE / folder).glob("*.txt")):
        sentences = languages[path.stem] = defaultdict(list)
        label = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                label = line[2:]
                if label not in CLASSES:
                    raise ValueError(f"{path}: {label!r} is no class; use one of {', '.join(CLASSES)}")
            elif line.strip():
                sentences[label].append(line.strip())
    return languages


def singles(languages: Mapping[str, Sentences], source: str) -> Iterator[Example]:
    """Every sentence by itself."""
    for language, sentences in languages.items():
        for label, lines in sentences.items():
            for line in lines:
                yield Example(line, language, sure(label), source)


def composed(language: str, sentences: Sentences, count: int, source: str, chance: random.Random) -> Iterator[Example]:
    """`count` texts of two to five sentences: two in five MIXED, one in five of each other class."""
    glue = "" if language in _UNSPACED else " "
    for number in range(count):
        label = ("MIXED", "MIXED", "POSITIVE", "NEGATIVE", "NEUTRAL")[number % 5]
        aside = [_draw(sentences["NEUTRAL"], 1, chance)[0]] if chance.random() < 0.35 else []
        if label == "MIXED":
            sides = [
                _draw(sentences["POSITIVE"], chance.choice((1, 1, 2)), chance),
                _draw(sentences["NEGATIVE"], chance.choice((1, 1, 2)), chance),
            ]
            chance.shuffle(sides)
            first, second = sides
            second = [_joined(chance.choice(_BUT[language]), second[0], language), *second[1:]]
            parts = [*aside, *first, *second]
        else:
            parts = _draw(sentences[label], chance.choice((2, 2, 3, 4)), chance) + aside
            chance.shuffle(parts)
        yield Example(glue.join(parts), language, sure(label), source)


def _draw(lines: Sequence[str], count: int, chance: random.Random) -> list[str]:
    return chance.sample(lines, min(count, len(lines)))


def _joined(connector: str, sentence: str, language: str) -> str:
    if connector.endswith((", ", "But ")) and language == "en" and sentence[:2] not in ("I ", "I'"):
        sentence = sentence[0].lower() + sentence[1:]
    return connector + sentence
