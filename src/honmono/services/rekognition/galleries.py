"""The vectors of collections in memory: made from the rows when they are first searched, and brought up to date.

What is in memory is derived: a row that was acknowledged is found after any crash, and one that is deleted is gone.
Whoever searches brings the collection as its record has it; rows newer than the gallery's are read, and where some were
removed since, the gallery's keys are held against the rows'. So it is right in a job's child and with several servers
on one database too.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Select, Table, select

from honmono.engines.vision.gallery import EXACT_MOST, Gallery, sample_size
from honmono.services.rekognition.gallery_files import GalleryFiles, Of, removed_of
from honmono.store.faces_schema import collection_faces, collection_users

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection
    from honmono.store.database import Database

_TABLES: dict[Of, Table] = {"faces": collection_faces, "users": collection_users}
_CHUNK = 50_000
"""Rows that are read at once."""


@dataclass(slots=True)
class _Held:
    """A gallery and what of its collection is in it.

    Attributes:
        gallery: None while there is no vector.
        version: of the collection; rows up to this revision are in it.
        removed: the collection's count of removals that it was last held against.
    """

    removed: int
    version: int = 0
    gallery: Gallery | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Galleries:
    """The galleries of all collections, the least lately searched dropped where they take too much memory."""

    def __init__(self, database: Database, most_bytes: int, folder: Path | None = None) -> None:
        """Read nothing yet.

        Args:
            database: where the rows are; one that was attached serves as well.
            most_bytes: what all galleries together may take; the one in use is kept even if it alone takes more.
            folder: for large galleries, see `GalleryFiles`; None: they are made from the rows each time.
        """
        self._database = database
        self._most_bytes = most_bytes
        self._files = GalleryFiles(folder)
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[Of, str], _Held] = OrderedDict()

    def gallery(self, of: Of, collection: Collection) -> Gallery | None:
        """The vectors of a collection's faces or users, as they are in this version or a later one; None of none."""
        held = self._hold(of, collection)
        with held.lock:
            if held.version < collection.version:
                try:
                    if held.gallery is None:
                        held.gallery, held.version = self._files.read(of, collection)
                        held.removed = removed_of(of, collection)
                    with self._database.reading() as tx:
                        changed = _bring_up(held, of, collection, tx)
                    if held.gallery is not None:
                        self._files.write(of, collection, held.gallery, changed)
                except BaseException:
                    held.gallery, held.version = None, 0  # half of it may be in
                    raise
            found = held.gallery
        self._make_room((of, collection.key))
        return found

    def dropped(self, of: Of, collection: Collection, ids: Sequence[int]) -> None:
        """These rows of a collection have just been removed: saves the next search holding all keys against the rows.

        Args:
            collection: as it was before the removal.
        """
        import numpy as np

        with self._lock:
            held = self._held.get((of, collection.key), _Held(0))
        with held.lock:
            if held.gallery is not None and held.removed == removed_of(of, collection):
                held.gallery.remove(np.asarray(ids, np.int64))
                held.removed += 1
            self._files.forget(collection.key, of)

    def forget(self, collection: Collection) -> None:
        """Let go of a collection that was deleted."""
        for of in _TABLES:
            with self._lock:
                held = self._held.pop((of, collection.key), _Held(0))
            with held.lock:
                self._files.forget(collection.key, of)

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._held.clear()
        self._files.forget("*", "*")

    @property
    def memory_bytes(self) -> int:
        """What all galleries take, nearly."""
        with self._lock:
            return sum(held.gallery.memory_bytes for held in self._held.values() if held.gallery is not None)

    def _hold(self, of: Of, collection: Collection) -> _Held:
        with self._lock:
            held = self._held.setdefault((of, collection.key), _Held(removed=removed_of(of, collection)))
            self._held.move_to_end((of, collection.key))
            return held

    def _make_room(self, kept: tuple[Of, str]) -> None:
        while self.memory_bytes > self._most_bytes:
            with self._lock:
                oldest = next(iter(self._held))
                if oldest == kept:
                    return
                del self._held[oldest]


def _bring_up(held: _Held, of: Of, collection: Collection, tx: Connection) -> int:
    """Read what is newer; the answer is how many vectors that was."""
    import numpy as np

    read = 0
    table = _TABLES[of]
    removed = removed_of(of, collection)
    mine = table.c.collection == collection.key
    if held.gallery is not None and held.removed != removed:
        there = np.fromiter(tx.execute(select(table.c.id).where(mine)).scalars(), np.int64)
        held.gallery.remove(np.setdiff1d(held.gallery.keys(), there))
    newer = select(table.c.id, table.c.vector).where(
        mine, table.c.revision > held.version, table.c.revision <= collection.version
    )
    for changed, keys, vectors in _chunks(tx, newer):
        if held.gallery is None and len(keys):
            held.gallery = _begun(tx, table, collection, vectors.shape[1], getattr(collection, of))
        if held.gallery is not None:
            if of == "users":  # whose vectors change, those of faces never
                held.gallery.remove(changed)
            if len(keys):
                held.gallery.add(keys, vectors)
                read += len(keys)
    held.version, held.removed = collection.version, removed
    return read


def _begun(tx: Connection, table: Table, collection: Collection, dimensions: int, expected: int) -> Gallery:
    """An empty gallery, ready for so many vectors."""
    import numpy as np

    gallery = Gallery(dimensions)
    if expected > EXACT_MOST:
        stride = max(1, expected // sample_size(expected))
        drawn = select(table.c.vector).where(
            table.c.collection == collection.key, table.c.vector.is_not(None), table.c.id % stride == 0
        )
        sample = np.frombuffer(b"".join(tx.execute(drawn).scalars()), "<f4").reshape(-1, dimensions)
        gallery.learn(sample, expected)
    return gallery


def _chunks(
    tx: Connection, query: Select[int, bytes | None]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    """Rows a part at a time: their ids, the ids of those that have a vector, and the vectors (n, dimensions)."""
    import numpy as np

    rows = tx.execute(query, execution_options={"yield_per": _CHUNK})
    for part in rows.partitions():
        filled = [(number, vector) for number, vector in part if vector is not None]
        vectors = np.frombuffer(b"".join(vector for _, vector in filled), "<f4").astype(np.float32)
        yield (
            np.asarray([number for number, _ in part], np.int64),
            np.asarray([number for number, _ in filled], np.int64),
            vectors.reshape(len(filled), -1) if filled else vectors.reshape(0, 0),
        )
