"""A trained recogniser: what the words' features and, where it was trained so, the encoder's states score for each tag.

On disk it is two files: `model.json` (types and settings) and `model.npz` (numbers alone, no pickles).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines import model_files
from honmono.engines.text.recognizer import chain
from honmono.engines.text.recognizer.features import features
from honmono.engines.text.recognizer.units import Found, Unit, cut, segments

UnitStates = Callable[[str, Sequence[Unit]], NDArray[np.float16]]
"""A text and its units to what the encoder makes of each, (units, 384)."""

_FORMAT = 1
_MOST_TYPES = 1000
_MOST_BYTES = 1 << 30


class ModelUnreadable(ValueError):
    """The folder holds no model that this version reads."""


@dataclass(frozen=True, slots=True)
class Model:
    """A recogniser.

    Attributes:
        types: what the tags 1 + 2t and 2 + 2t stand for.
        keys: sorted hashes of the features that have weights.
        words: float32 (keys, tags).
        bias: float32 (tags).
        steps: float32 (tags + 1, tags), see `chain.forward`.
        centre, spread, hidden, shift, upper: the perceptron over the encoder's states, which are first brought to mean
            0 and variance 1: float32 (384), (384), (384, H), (H), (H, tags). None without the encoder.
        temperature: what log odds are divided by, so that scores mean what they say.
    """

    types: tuple[str, ...]
    keys: NDArray[np.uint32]
    words: NDArray[np.float32]
    bias: NDArray[np.float32]
    steps: NDArray[np.float32]
    centre: NDArray[np.float32] | None = None
    spread: NDArray[np.float32] | None = None
    hidden: NDArray[np.float32] | None = None
    shift: NDArray[np.float32] | None = None
    upper: NDArray[np.float32] | None = None
    temperature: float = 1.0

    @property
    def needs_states(self) -> bool:
        """Whether `find` will ask for the encoder's states."""
        return self.hidden is not None

    @property
    def nbytes(self) -> int:
        """Memory that the numbers take."""
        return sum(array.nbytes for array in self._arrays().values())

    def find(self, texts: Sequence[str], states: UnitStates | None) -> list[list[Found]]:
        """What each text names, in order and without overlaps.

        Args:
            texts: any text, however long.
            states: the encoder; may be None where the model does without.
        """
        return [list(self._find(text, states)) for text in texts]

    def _find(self, text: str, states: UnitStates | None) -> Iterator[Found]:
        units = cut(text)
        if not units:
            return
        seen = states(text, units) if self.needs_states and states is not None else None
        noted = features(units)
        for start, stop in segments(text, units):
            scores = self.scores(noted[start:stop], None if seen is None else seen[start:stop])
            for first, behind, kind, probability in chain.mentions(scores, self.steps):
                begin, end = units[start + first].begin, units[start + behind - 1].end
                yield Found(self.types[kind], begin, end, self._calibrated(probability))

    def scores(self, noted: NDArray[np.uint32], seen: NDArray[np.float16] | None) -> NDArray[np.float32]:
        """Of each tag for each unit, (units, tags), given features and states."""
        scores = np.repeat(self.bias[None], len(noted), axis=0)
        if len(self.keys):
            place = np.searchsorted(self.keys, noted)
            place[place == len(self.keys)] = 0
            known = self.keys[place] == noted
            for column, there in zip(place.T, known.T, strict=True):
                scores[there] += self.words[column[there]]
        if seen is not None and self.hidden is not None:
            assert self.shift is not None and self.upper is not None
            inner = np.maximum(self.standardised(seen) @ self.hidden + self.shift, 0)
            scores = scores + inner @ self.upper
        return scores

    def standardised(self, seen: NDArray[np.float16]) -> NDArray[np.float32]:
        """The encoder's states with mean 0 and variance 1, as far as the training texts tell."""
        assert self.centre is not None and self.spread is not None
        brought: NDArray[np.float32] = (seen.astype(np.float32) - self.centre) / self.spread
        return brought

    def _calibrated(self, probability: float) -> float:
        sure = min(max(probability, 1e-6), 1 - 1e-6)
        odds = np.log(sure / (1 - sure)) / self.temperature
        return float(1 / (1 + np.exp(-odds)))

    def save(self, folder: Path) -> None:
        """Write the two files, durably, into a folder that is made if it is missing."""
        described = {"format": _FORMAT, "types": list(self.types), "temperature": self.temperature}
        model_files.write(folder, described, self._arrays())

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
            with zipfile.ZipFile(folder / "model.npz") as packed:
                if sum(entry.file_size for entry in packed.infolist()) > _MOST_BYTES:
                    raise ValueError("model.npz unpacks to more than a model has")
            with np.load(folder / "model.npz", allow_pickle=False) as arrays:
                numbers = {name: arrays[name] for name in arrays.files}
            types, temperature = tuple(map(str, described["types"])), float(described["temperature"])
            model = cls(types, temperature=temperature, **numbers)
            model._check()
        except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelUnreadable(f"{folder} holds no recogniser that can be read: {error}") from error
        return model

    def _arrays(self) -> dict[str, NDArray[Any]]:
        every = {name: getattr(self, name) for name in _ARRAYS}
        return {name: array for name, array in every.items() if array is not None}

    def _check(self) -> None:
        """Refuse numbers whose shapes do not fit together.

        Raises:
            ValueError.
        """
        tags = 1 + 2 * len(self.types)
        wanted: dict[str, tuple[int, ...]] = {
            "keys": (len(self.keys),),
            "words": (len(self.keys), tags),
            "bias": (tags,),
            "steps": (tags + 1, tags),
        }
        if self.hidden is not None:
            inputs, inner = self.hidden.shape
            wanted |= {"centre": (inputs,), "spread": (inputs,), "shift": (inner,), "upper": (inner, tags)}
        for name, shape in wanted.items():
            array = getattr(self, name)
            if array is None or array.shape != shape or array.dtype.kind not in "fu" or not np.isfinite(array).all():
                raise ValueError(f"{name} are not numbers of shape {shape}")
        if not 0 < len(self.types) <= _MOST_TYPES or not 0 < self.temperature < float("inf"):
            raise ValueError("there are no types, too many, or no temperature")


_ARRAYS = ("keys", "words", "bias", "steps", "centre", "spread", "hidden", "shift", "upper")
