"""A trained classifier: a linear map of what the words and, where it was trained so, the encoder say.

On disk it is two files: `model.json` (labels and settings) and `model.npz` (numbers alone, no pickles).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from honmono.engines import model_files
from honmono.engines.text.classifier.linear import probabilities
from honmono.engines.text.classifier.words import Counter, Vocabulary

Mode = Literal["MULTI_CLASS", "MULTI_LABEL"]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to vectors of length one, (texts, 384)."""

ENCODED_CHARACTERS = 2000
"""The encoder reads so much of a document; its words are read to the end."""

_FORMAT = 1


class ModelUnreadable(ValueError):
    """The folder holds no model that this version reads."""


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier.

    labels: in the order of the columns of the weights.
    word_weights: float32 (features of `vocabulary`, labels).
    centre, vector_weights: float32 (384) and (384, labels); None for a model that does without the encoder.
    """

    mode: Mode
    labels: tuple[str, ...]
    vocabulary: Vocabulary
    word_weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    centre: NDArray[np.float32] | None = None
    vector_weights: NDArray[np.float32] | None = None

    @property
    def needs_encoder(self) -> bool:
        """Whether `probabilities` will call `encode`."""
        return self.vector_weights is not None

    def probabilities(self, texts: Sequence[str], encode: Encode) -> NDArray[np.float32]:
        """Of each label for each text, (texts, labels); in multi-class mode a row sums to one."""
        scores = self.vocabulary.weigh(Counter().count(texts)).times(self.word_weights) + self.bias
        if self.centre is not None and self.vector_weights is not None:
            vectors = encode([text[:ENCODED_CHARACTERS] for text in texts])
            scores = scores + (vectors - self.centre) @ self.vector_weights
        return probabilities(scores, exclusive=self.mode == "MULTI_CLASS")

    def save(self, folder: Path) -> None:
        """Write the two files, durably, into a folder that is made if it is missing."""
        arrays = {
            "keys": self.vocabulary.keys,
            "rarity": self.vocabulary.rarity,
            "word_weights": self.word_weights,
            "bias": self.bias,
        }
        if self.vector_weights is not None and self.centre is not None:
            arrays |= {"centre": self.centre, "vector_weights": self.vector_weights}
        described = {"format": _FORMAT, "mode": self.mode, "labels": list(self.labels)}
        model_files.write(folder, described, arrays)

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote.

        Raises:
            ModelUnreadable: it is not there, damaged, or of another format.
        """
        try:
            described = json.loads((folder / "model.json").read_text("utf-8"))
            if described["format"] != _FORMAT:
                raise ModelUnreadable(f"{folder} holds a model of format {described['format']}, not {_FORMAT}")
            with np.load(folder / "model.npz", allow_pickle=False) as arrays:
                vocabulary = Vocabulary(arrays["keys"], arrays["rarity"])
                centre, vectors = (arrays.get(name) for name in ("centre", "vector_weights"))
                return cls(
                    described["mode"],
                    tuple(described["labels"]),
                    vocabulary,
                    arrays["word_weights"],
                    arrays["bias"],
                    centre,
                    vectors,
                )
        except (OSError, KeyError, ValueError) as error:
            raise ModelUnreadable(f"{folder} holds no classifier that can be read: {error}") from error
