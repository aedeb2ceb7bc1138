"""Vectors that are searched for their nearest: exactly in small galleries, by inverted lists in large ones.

Source: J. Johnson, M. Douze, H. Jégou, "Billion-scale similarity search with GPUs", IEEE Transactions on Big Data 2021
(faiss).
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from honmono.engines.vision.shared_lock import SharedLock

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

EXACT_MOST: Final = 200_000
"""Vectors up to which every one is compared: some ten milliseconds on one core at 128 dimensions."""
PROBES: Final = 64
"""Inverted lists that a search of a large gallery looks into."""
ROUNDING: Final = 0.02
"""How far a cosine that a large gallery tells may be from that of the vectors themselves: eight bits a dimension."""
_SAMPLE_EACH: Final = 40
"""Vectors of the sample for each list that is learnt: faiss holds fewer than 39 for too few."""
_ITERATIONS: Final = 8
"""Of k-means, after which the centres hardly move."""
_MARGIN: Final = 0.2
"""How far the range of a dimension reaches beyond the sample's, in shares of it."""
_REGROWN: Final = 4
"""A large gallery that grew so many times over since its lists were learnt learns them anew."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A vector that was found.

    Attributes:
        key: the number it was added under.
        cosine: of its angle with the vector searched for, -1 to 1; within `ROUNDING` in a large gallery.
    """

    key: int
    cosine: float


class Gallery:
    """Vectors of unit length, each under a whole number of its own. Searches run beside each other.

    Up to `EXACT_MOST` vectors it keeps them as they are and compares all. Above it keeps a byte a dimension, in lists
    around centres that it learnt, and looks into the `PROBES` lists nearest to what is searched: it may miss a vector.
    """

    def __init__(self, dimensions: int, *, exact_most: int = EXACT_MOST) -> None:
        """An empty gallery of vectors with so many dimensions."""
        import faiss

        self.dimensions = dimensions
        self._exact_most = exact_most
        self._lock = SharedLock()
        _threads()
        self._index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dimensions))
        self._learnt_for = 0
        """Vectors that the lists were learnt for; 0 while all are compared."""

    @classmethod
    def read(cls, file: Path) -> Gallery:
        """A large gallery that `write` wrote.

        Raises RuntimeError: the file is no such gallery.
        """
        import faiss

        index = faiss.read_index(str(file))
        if not isinstance(index, faiss.IndexIVFScalarQuantizer):
            raise RuntimeError(f"{file} holds no inverted lists")
        gallery = cls(index.d)
        index.nprobe = min(PROBES, index.nlist)
        gallery._index, gallery._learnt_for = index, round((index.nlist / 2) ** 2)
        return gallery

    def write(self, file: Path) -> None:
        """Write a large gallery into a file, which is whole or not there."""
        import faiss

        part = file.with_suffix(".part")
        with self._lock.reading():
            faiss.write_index(self._index, str(part))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)

    def learn(self, sample: NDArray[np.float32], expected: int) -> None:
        """Prepare an empty gallery for more than `EXACT_MOST` vectors, so that it never holds them all in full.

        Args:
            sample: (n, dimensions), drawn evenly; `sample_size(expected)` are enough.
            expected: how many vectors are about to be added.
        """
        import faiss

        with self._lock.writing():
            faiss.omp_set_num_threads(_threads())
            self._index, self._learnt_for = _lists(sample, expected), expected

    def add(self, keys: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add vectors under numbers that are not in use.

        Args:
            keys: (n,).
            vectors: (n, dimensions), of unit length.
        """
        import faiss

        with self._lock.writing():
            faiss.omp_set_num_threads(_threads())
            self._make_room(vectors)
            self._index.add_with_ids(vectors, keys)

    def remove(self, keys: NDArray[np.int64]) -> int:
        """Remove the vectors under these numbers; the answer is how many there were."""
        if not len(keys):
            return 0
        with self._lock.writing():
            return int(self._index.remove_ids(keys))

    def keys(self) -> NDArray[np.int64]:
        """Every number in use, in no order."""
        with self._lock.reading():
            return self._keys()

    def search(self, vector: NDArray[np.float32], most: int) -> list[Neighbour]:
        """The nearest vectors, the nearest first.

        Args:
            vector: (dimensions,), of unit length.
            most: how many, at most.
        """
        import faiss

        with self._lock.reading():
            if not self._index.ntotal:
                return []
            faiss.omp_set_num_threads(1)  # of this thread: who asks at the same time has the other cores
            cosines, keys = self._index.search(vector.reshape(1, -1), min(most, self._index.ntotal))
        return [Neighbour(int(key), float(cosine)) for key, cosine in zip(keys[0], cosines[0], strict=True) if key >= 0]

    @property
    def exact(self) -> bool:
        """Whether a search compares every vector."""
        return not self._learnt_for

    @property
    def memory_bytes(self) -> int:
        """What the vectors and their numbers take, nearly."""
        each = 4 * self.dimensions if self.exact else self.dimensions
        return len(self) * (each + 8)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def _keys(self) -> NDArray[np.int64]:
        import faiss
        import numpy as np

        if self.exact:
            return np.asarray(faiss.vector_to_array(self._index.id_map))
        lists = self._index.invlists
        filled = [each for each in range(lists.nlist) if lists.list_size(each)]
        parts = [faiss.rev_swig_ptr(lists.get_ids(each), lists.list_size(each)).copy() for each in filled]
        return np.concatenate([np.empty(0, np.int64), *parts])

    def _vectors(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors under all the keys, in the order of `_keys`; of lists, as a byte a dimension has them."""
        import faiss
        import numpy as np

        if self.exact:
            inner = faiss.downcast_index(self._index.index)
            return np.asarray(inner.reconstruct_n(0, len(keys)), np.float32).reshape(len(keys), self.dimensions)
        self._index.set_direct_map_type(2)  # a hash table; the index is about to be replaced
        return np.asarray(self._index.reconstruct_batch(keys), np.float32)

    def _make_room(self, more: NDArray[np.float32]) -> None:
        """Learn lists where these vectors would make the gallery too large for what it is."""
        import numpy as np

        size = len(self) + len(more)
        if size <= (_REGROWN * self._learnt_for or self._exact_most):
            return
        keys = self._keys()
        vectors = self._vectors(keys)
        stride = max(1, size // sample_size(size))
        self._index = _lists(np.concatenate([vectors[::stride], more[::stride]]), size)
        self._learnt_for = size
        self._index.add_with_ids(vectors, keys)


def sample_size(expected: int) -> int:
    """How many vectors are enough for `Gallery.learn`."""
    return _SAMPLE_EACH * _number_of_lists(expected)


@cache
def _threads() -> int:
    """Threads to learn and to add with: what OpenMP was given before the first search told its thread to use one."""
    import faiss

    return int(faiss.omp_get_max_threads())


def _number_of_lists(size: int) -> int:
    return max(1, round(2 * math.sqrt(size)))


def _lists(sample: NDArray[np.float32], expected: int) -> Any:
    """An index of inverted lists around centres of the sample."""
    import faiss

    dimensions = sample.shape[1]
    lists = max(1, min(_number_of_lists(expected), len(sample)))
    quantizer: Any = faiss.IndexFlatIP(dimensions)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimensions, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    quantizer.this.disown()  # the index frees it
    index.own_fields = True
    # Not of what is left beside the centre: a vector that comes later may lie outside the range that the sample had.
    index.by_residual = False
    index.sq.rangestat_arg = _MARGIN
    index.cp.niter = _ITERATIONS
    index.cp.min_points_per_centroid = 1
    index.train(sample)
    index.nprobe = min(PROBES, lists)
    return index
