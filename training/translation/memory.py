"""The yardstick: a translation memory that answers with the translation of the nearest training sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

_CHUNK = 100


class TranslationMemory:
    """Nearest by the cosine of TF-IDF vectors of character n-grams (1 to 4).

    Args:
        sources: sentences in the language translated from.
        targets: their translations.
    """

    def __init__(self, sources: Sequence[str], targets: Sequence[str]) -> None:
        self._targets = targets
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, dtype=np.float32)
        self._vectors = self._vectorizer.fit_transform(sources).T.tocsr()

    def translate(self, texts: Sequence[str]) -> list[str]:
        """The translation of the nearest sentence, for each text."""
        found: list[str] = []
        for begin in range(0, len(texts), _CHUNK):
            likeness = self._vectorizer.transform(texts[begin : begin + _CHUNK]) @ self._vectors
            found += [self._targets[nearest] for nearest in np.asarray(likeness.argmax(axis=1)).ravel()]
        return found
