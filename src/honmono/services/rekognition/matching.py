"""Who of a collection looks like a face: in the server and in a job's child alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from honmono.engines.vision.faces.similarity import distance_at, similarity
from honmono.engines.vision.gallery import ROUNDING
from honmono.services.rekognition import face_rows, user_rows
from honmono.services.rekognition.collection import check_dimensions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.vision.gallery import Gallery, Neighbour
    from honmono.services.rekognition.collection import Collection
    from honmono.services.rekognition.face_rows import StoredFace
    from honmono.services.rekognition.galleries import Galleries
    from honmono.services.rekognition.user_rows import StoredUser
    from honmono.store.database import Database

THRESHOLD: Final = 80.0
"""The least similarity of a match where the request names none."""
MOST_FACES: Final = 4096
MOST_USERS: Final = 500
_FIRST: Final = 64
"""Neighbours that are asked for at first: most searches have few matches."""
_SPARE: Final = 8
"""Neighbours more than are wanted: a gallery that rounds may order nearly equal ones wrongly."""

_Row = TypeVar("_Row", "StoredFace", "StoredUser")


@dataclass(frozen=True, slots=True)
class FaceMatch:
    """A face of a collection, and how alike it is to the one searched for, 0 to 100."""

    face: StoredFace
    similarity: float


@dataclass(frozen=True, slots=True)
class UserMatch:
    """A user of a collection, and how alike the user's faces are to what was searched for, 0 to 100."""

    user: StoredUser
    similarity: float


class Matching:
    """Searches collections. Similarities are those of the vectors as they are stored, whatever the gallery rounds."""

    def __init__(self, database: Database, galleries: Galleries) -> None:
        self._database = database
        self._galleries = galleries

    def faces(
        self, collection: Collection, vector: NDArray[np.float32], most: int, threshold: float, but: int = 0
    ) -> list[FaceMatch]:
        """The faces that look like this one, the most alike first.

        Args:
            collection: as it was just read.
            vector: (dimensions,), of unit length.
            most: how many, at most.
            threshold: the least similarity, 0 to 100.
            but: the row of a face that is not to be found: the one searched for.

        Raises ServiceError InvalidParameterException: the vector has not as many dimensions as the collection's.
        """
        gallery = self._galleries.gallery("faces", collection)
        if gallery is not None:
            check_dimensions(collection, gallery.dimensions, len(vector))
        keys = [key for key in _near(gallery, vector, most + 1, threshold) if key != but]
        with self._database.reading() as tx:
            found = face_rows.by_ids(tx, collection, keys)
        return [FaceMatch(row, alike) for row, alike in _ordered(list(found.values()), vector, most, threshold)]

    def users(
        self, collection: Collection, vector: NDArray[np.float32], most: int, threshold: float, but: int = 0
    ) -> list[UserMatch]:
        """The users who look like this face or user, the most alike first; see `faces`."""
        gallery = self._galleries.gallery("users", collection)
        if gallery is not None:
            check_dimensions(collection, gallery.dimensions, len(vector))
        keys = [key for key in _near(gallery, vector, most + 1, threshold) if key != but]
        with self._database.reading() as tx:
            found = user_rows.by_ids(tx, collection, keys)
        rows = [user for user in found.values() if user.vector is not None]
        return [UserMatch(row, alike) for row, alike in _ordered(rows, vector, most, threshold)]


def alike(first: bytes, second: bytes) -> float:
    """The similarity, 0 to 100, of two stored vectors."""
    return similarity(_distance(read_vector(first), read_vector(second)))


def _near(gallery: Gallery | None, vector: NDArray[np.float32], most: int, threshold: float) -> list[int]:
    """The keys of vectors that are near enough, as far as the gallery can tell, and of a few more."""
    if gallery is None:
        return []
    least = 1 - distance_at(threshold) ** 2 / 2 - (0 if gallery.exact else ROUNDING) if threshold > 0 else -2.0
    wanted = min(most, _FIRST)
    found: list[Neighbour] = gallery.search(vector, wanted + _SPARE)
    if wanted < most and len(found) == wanted + _SPARE and found[-1].cosine >= least:
        found = gallery.search(vector, most + _SPARE)
    return [neighbour.key for neighbour in found if neighbour.cosine >= least]


def _ordered(rows: list[_Row], vector: NDArray[np.float32], most: int, threshold: float) -> list[tuple[_Row, float]]:
    """The rows with their similarities, those below the threshold left out."""
    matches = []
    for row in rows:
        alike = similarity(_distance(vector, read_vector(row.vector or b"")))
        if alike >= threshold:
            matches.append((row, alike))
    matches.sort(key=lambda match: (-match[1], match[0].id))
    return matches[:most]


def read_vector(vector: bytes) -> NDArray[np.float32]:
    """A stored vector as numbers."""
    import numpy as np

    return np.frombuffer(vector, "<f4")


def _distance(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    import numpy as np

    return float(np.linalg.norm(first - second))
