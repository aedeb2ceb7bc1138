"""Parts of speech in German, Spanish, French, Italian and Portuguese, on the states of a multilingual encoder.

A linear map reads each word's state in the lower eight layers of multilingual-e5-small, and its neighbours'. It learnt
from English labels and a few tagged sentences in each language (training/syntax): what the encoder knows of many
languages carries over. Words of grammar, which are few and known, may only be what `function_words.toml` allows.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.encoder import Trunk
from honmono.engines.text.words import Word

if TYPE_CHECKING:
    from honmono.weights import Cache

FILE = "syntax.npz"
LANGUAGES = ("de", "es", "fr", "it", "pt")
_CLOSED = frozenset({"DET", "ADP", "CCONJ", "SCONJ", "AUX", "PRON", "PART"})
"""A word that is not listed is none of these."""
_FORBIDDEN = -6.0
"""Added to the log odds of a tag that the lists do not allow: they may be incomplete."""


class TransferTagger:
    """The trained map. Safe to call from many threads.

    Args:
        trunk: the encoder's lower layers.
        weights: (1152, tags): for a word's state, the one before and the one after.
        bias: (tags,).
        tags: their names.
    """

    def __init__(
        self, trunk: Trunk, weights: NDArray[np.float32], bias: NDArray[np.float32], tags: tuple[str, ...]
    ) -> None:
        self._trunk = trunk
        self._weights = weights
        self._bias = bias
        self._tags = tags

    @classmethod
    def from_cache(cls, cache: Cache) -> TransferTagger:
        """With the encoder from pulled weights. Raises `WeightsMissing` where they were not pulled."""
        with resources.as_file(resources.files(__package__) / FILE) as path, np.load(path) as arrays:
            return cls(
                Trunk.from_cache(cache), arrays["weights"], arrays["bias"], tuple(map(str, arrays["tags"].tolist()))
            )

    def tag(self, text: str, words: list[Word], language: str) -> list[tuple[str, float]]:
        """The tag and its probability of each word (not sign) of one sentence of `text`."""
        states = word_states(self._trunk, text, words)
        logits = (with_neighbours(states) @ self._weights + self._bias).astype(np.float64)
        spoken = [index for index, word in enumerate(words) if not word.is_sign]
        logits = logits[spoken]
        for row, index in enumerate(spoken):
            logits[row] += self._penalties(words[index].text, index == spoken[0], language)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        best = shares.argmax(axis=1)
        return [(self._tags[tag], float(shares[row, tag])) for row, tag in enumerate(best)]

    def _penalties(self, word: str, first: bool, language: str) -> NDArray[np.float64]:
        allowed = _allowed(language).get(word.lower().replace("’", "'"))
        if language == "de" and word[0].isupper() and not first and word.lower() not in _GERMAN_POLITE:
            allowed = None  # das Sein, der Gegenüber: a noun, whatever the small letters mean
        return np.array(
            [0.0 if (tag in allowed if allowed else tag not in _CLOSED) else _FORBIDDEN for tag in self._tags]
        )


_GERMAN_POLITE = frozenset({"sie", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihnen"})


def word_states(trunk: Trunk, text: str, words: list[Word]) -> NDArray[np.float32]:
    """The mean of the states of each word's tokens, (words, 384); zeros for a word that has none.

    The words are those of one sentence, which is read without what stands around it.
    """
    begin = words[0].begin
    sentence = text[begin : words[-1].end]
    spans = trunk.token_spans(sentence)
    states = np.concatenate([window[0][1:-1] for window in trunk.states(sentence)])
    found = np.zeros((len(words), states.shape[1]), np.float32)
    for row, word in enumerate(words):
        tokens = [
            index for index, (start, end) in enumerate(spans) if start < word.end - begin and end > word.begin - begin
        ]
        if tokens:
            found[row] = states[tokens].mean(axis=0)
    return found


def with_neighbours(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each state beside the one before and the one after it; zeros at the ends: (words, 1152)."""
    padded = np.pad(states, ((1, 1), (0, 0)))
    return np.concatenate([states, padded[:-2], padded[2:]], axis=1)


@cache
def _allowed(language: str) -> dict[str, frozenset[str]]:
    """The tags that a word of grammar may have."""
    table = tomllib.loads((resources.files(__package__) / "function_words.toml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for tag, words in table[language].items():
        for word in words.split():
            found.setdefault(word, set()).add(tag)
    return {word: frozenset(tags) for word, tags in found.items()}
