"""The encoder's vectors of the training texts, kept on disk: each text is read once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.encoder import Encoder
from honmono.engines.text.toxicity.reading import cleaned
from honmono.weights import Cache


class Vectors:
    """Vectors by text. `folder` keeps them from one run to the next."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._known: dict[str, NDArray[np.float32]] = {}
        for path in sorted(folder.glob("*.npz")):
            with np.load(path) as arrays:
                self._known.update(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, 384), float32."""
        self._read(text for text in dict.fromkeys(texts) if _key(text) not in self._known)
        return np.stack([self._known[_key(text)] for text in texts])

    def _read(self, texts: Iterable[str], at_once: int = 1000) -> None:
        missing = list(texts)
        if not missing:
            return
        encoder = Encoder.from_cache(Cache())
        for start in range(0, len(missing), at_once):
            part = missing[start : start + at_once]
            keys, vectors = [_key(text) for text in part], encoder.encode([cleaned(text) for text in part])
            self._known.update(zip(keys, vectors, strict=True))
            np.savez(self._folder / f"{keys[0]}.npz", keys=np.array(keys), vectors=vectors)
            print(f"{start + len(part)} of {len(missing)} texts read", flush=True)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
