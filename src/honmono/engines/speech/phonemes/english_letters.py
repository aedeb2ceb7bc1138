"""English letters to phonemes, for words that no lexicon has: an n-gram model of graphones.

A graphone is a letter with the phonemes that it stands for there (M. Bisani and H. Ney, "Joint-sequence models for
grapheme-to-phoneme conversion", 2008). The models are trained by training/phonemes/train.py on the lexicons.
"""

from __future__ import annotations

import importlib.resources
from array import array
from bisect import bisect_left
from collections.abc import Sequence

ORDER = 7
"""Graphones of an n-gram."""
EDGE = 0
"""The number of what stands before and behind a word."""
STEPS = 20
"""A log probability is kept in steps of 1/20."""
_BEAM = 10
_LONGEST = 60
"""Letters that are read in one go; what is longer is cut there."""
_UNSEEN = -14.0
_WORST: tuple[float, tuple[int, ...], str] = (float("-inf"), (), "")


def key_of(graphones: Sequence[int], key: int = 0xCBF29CE484222325) -> int:
    """A number of 64 bits for some graphones in a row (FNV-1a), begun with the `key` of those before them."""
    for number in graphones:
        key = ((key ^ (number & 0xFF)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        key = ((key ^ (number >> 8) ^ 0x5A) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return key


def kept(key: int) -> int:
    """The 46 bits of a key that the model keeps: two rows share them less than once in 80 million questions."""
    return key >> 18


class Letters:
    """American or British. The model is read with the first unknown word."""

    def __init__(self, british: bool) -> None:
        self._file = f"letters-{'gb' if british else 'us'}.npz"
        self._keys: array[int] = array("Q")

    def read(self, word: str) -> str:
        """How a word in small letters is probably said; signs that are no letters from a to z are passed over."""
        if not self._keys:
            self._load()
        letters = [letter for letter in word if letter in self._choices]
        return "".join(self._best(letters[at : at + _LONGEST]) for at in range(0, len(letters), _LONGEST))

    def _best(self, letters: list[str]) -> str:
        beam: list[tuple[float, tuple[int, ...], str]] = [(0.0, (EDGE,) * (ORDER - 1), "")]
        for letter in letters:
            best: dict[tuple[int, ...], tuple[float, tuple[int, ...], str]] = {}
            for score, past, said in beam:
                contexts = self._contexts(past)
                for number, phonemes in self._choices[letter]:
                    grown = (score + self._score(contexts, number), (*past[1:], number), said + phonemes)
                    if grown > best.get(grown[1], _WORST):
                        best[grown[1]] = grown
            beam = sorted(best.values(), reverse=True)[:_BEAM]
        return max((score + self._score(self._contexts(past), EDGE), said) for score, past, said in beam)[1]

    def _contexts(self, past: tuple[int, ...]) -> list[tuple[int, float]]:
        """The keys of what came before, from the longest to nothing, and what each left for the shorter ones."""
        found = []
        for begin in range(len(past)):
            key = key_of(past[begin:])
            at = self._find(key)
            found.append((key, 0.0 if at is None else -self._left[at] / STEPS))
        return [*found, (key_of(()), 0.0)]

    def _score(self, contexts: list[tuple[int, float]], number: int) -> float:
        """The log probability of a graphone behind others: that of the longest n-gram known, after what the longer ones
        left for it."""
        rest = 0.0
        for key, left in contexts:
            at = self._find(key_of((number,), key))
            if at is not None:
                return rest - self._probability[at] / STEPS
            rest += left
        return rest + _UNSEEN

    def _find(self, key: int) -> int | None:
        wanted = kept(key)
        at = bisect_left(self._keys, wanted)
        return at if at < len(self._keys) and self._keys[at] == wanted else None

    def _load(self) -> None:
        import numpy as np

        with (importlib.resources.files(__package__) / self._file).open("rb") as file, np.load(file) as model:
            self._probability, self._left = model["probability"].tobytes(), model["left"].tobytes()
            choices: dict[str, list[tuple[int, str]]] = {}
            for number, (letter, phonemes) in enumerate(zip(model["letters"], model["phonemes"], strict=True), 1):
                choices.setdefault(str(letter), []).append((number, str(phonemes)))
            self._choices = choices
            self._keys = array("Q", np.cumsum(model["keys"], dtype=np.uint64).tobytes())
