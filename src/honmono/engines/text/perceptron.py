"""Parts of speech by an averaged perceptron: each word is given the tag whose features weigh most, left to right.

Method: M. Collins, Discriminative Training Methods for Hidden Markov Models, 2002; the features are those that
M. Honnibal published for textblob-aptagger. The weights are a table feature → tag → weight, trained by others on
tokens without punctuation, and the names of the features are the table's.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_START, _END = "<s>", "</s>"
_SCALE = 6.0
"""The weights are sums over training rounds and know no unit: divided by this, they are log odds. Set on the
sentences in training/syntax/tagged-en.txt."""
_CERTAIN = 0.995
"""What a word that had one tag only in the whole of the training text gets: 99.5 % was the table's threshold or above."""


class PerceptronTagger:
    """A trained table.

    Args:
        weights: feature → label → weight.
        settled: words (lower case) that have one label only.
        labels: all of them; "UPOS|VerbForm".
    """

    def __init__(self, weights: dict[str, dict[str, float]], settled: dict[str, str], labels: Sequence[str]) -> None:
        self._weights = weights
        self._settled = settled
        self._labels = sorted(labels)

    @classmethod
    def read(cls, path: Path) -> PerceptronTagger:
        """From a table in gzipped JSON; read once a process."""
        return _read(path)

    def tag(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """The UPOS tag of each word of one sentence and its probability. Leave punctuation out."""
        tags: list[tuple[str, float]] = []
        lower = [word.lower() for word in words]
        before, before_that = _START, _START
        for index, word in enumerate(words):
            settled = self._settled.get(lower[index])
            if settled is not None:
                label, answer = settled, (_part(settled), _CERTAIN)
            else:
                label, answer = self._choose(_features(index, word, lower, before, before_that))
            tags.append(answer)
            before_that, before = before, label
        return tags

    def _choose(self, features: list[str]) -> tuple[str, tuple[str, float]]:
        """The label, and its part of speech with the probability summed over its labels."""
        scores = dict.fromkeys(self._labels, 0.0)
        for feature in features:
            for label, weight in self._weights.get(feature, {}).items():
                scores[label] += weight
        # Equals are told apart by name, so that the answer is the same everywhere.
        best = max(self._labels, key=lambda label: (scores[label], label))
        part = _part(best)
        odds = {label: math.exp((score - scores[best]) / _SCALE) for label, score in scores.items()}
        share = sum(value for label, value in odds.items() if _part(label) == part) / sum(odds.values())
        return best, (part, share)


@cache
def _read(path: Path) -> PerceptronTagger:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table = json.load(file)
    return PerceptronTagger(table["weights"], table["tagdict"], table["classes"])


def _part(label: str) -> str:
    return label.partition("|")[0]


def _features(index: int, word: str, lower: Sequence[str], before: str, before_that: str) -> list[str]:
    """The names under which the table has the weights that concern the word at `index`."""
    this = lower[index]
    shape = ("X" if word[:1].isupper() else "x") + ("d" if any(map(str.isdigit, word)) else "")

    def neighbour(distance: int) -> str:
        at = index + distance
        return (_START if at < 0 else _END) if not 0 <= at < len(lower) else lower[at]

    return [
        "bias",
        f"suf3 {this[-3:]}",
        f"suf2 {this[-2:]}",
        f"suf1 {this[-1:]}",
        f"pre1 {this[:1]}",
        f"shape {shape}",
        f"w {this}",
        f"t-1 {before}",
        f"t-2 {before_that}",
        f"t-1t-2 {before} {before_that}",
        f"w-1 {neighbour(-1)}",
        f"w-2 {neighbour(-2)}",
        f"w+1 {neighbour(1)}",
        f"w+2 {neighbour(2)}",
        f"t-1 w {before} {this}",
    ]
