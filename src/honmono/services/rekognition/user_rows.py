"""The users of collections in the database: one vector for all faces of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from honmono.store.faces_schema import collection_users as table
from honmono.store.paging import Page, page_token, position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection


@dataclass(frozen=True, slots=True)
class StoredUser:
    """A user in a collection.

    Attributes:
        id: the row's; what the vector is known by in memory.
        faces: how many are associated.
        vector: the direction of the sum of their vectors, as a face's is; None without faces.
    """

    id: int
    user_id: str
    faces: int
    vector: bytes | None

    @property
    def status(self) -> str:
        """As AWS names it: changes take effect at once, so there is nothing between CREATED and ACTIVE."""
        return "ACTIVE" if self.faces else "CREATED"


_COLUMNS = (table.c.id, table.c.user_id, table.c.faces, table.c.vector)


def add(tx: Connection, collection: Collection, user_id: str) -> bool:
    """Store a user without faces; False where the name is taken. The collection is locked: no one comes between."""
    if by_user_id(tx, collection, user_id) is not None:
        return False
    row = {"collection": collection.key, "user_id": user_id, "revision": collection.version, "faces": 0, "vector": None}
    tx.execute(insert(table), row)
    return True


def by_user_id(tx: Connection, collection: Collection, user_id: str) -> StoredUser | None:
    """The user of that name."""
    query = select(*_COLUMNS).where(table.c.collection == collection.key, table.c.user_id == user_id)
    row = tx.execute(query).first()
    return None if row is None else _user(row)


def by_ids(tx: Connection, collection: Collection, ids: Iterable[int]) -> dict[int, StoredUser]:
    """Those of the users that are there, by their rows."""
    query = select(*_COLUMNS).where(table.c.collection == collection.key, table.c.id.in_(list(ids)))
    return {user.id: user for user in map(_user, tx.execute(query))}


def page(tx: Connection, collection: Collection, *, after: str | None, limit: int) -> Page[StoredUser]:
    """A page of a collection's users in the order in which they were made.

    Raises BadPageToken.
    """
    query = select(*_COLUMNS).where(table.c.collection == collection.key)
    if after is not None:
        query = query.where(table.c.id > position(after, int)[0])
    users = [_user(row) for row in tx.execute(query.order_by(table.c.id).limit(limit + 1))]
    return Page(users[:limit], page_token(users[limit - 1].id) if len(users) > limit else None)


def change(tx: Connection, collection: Collection, user: StoredUser, faces: Sequence[bytes]) -> StoredUser:
    """Give a user the vector of these faces, which are all that are associated with it."""
    vector = direction(faces)
    tx.execute(
        update(table).where(table.c.id == user.id).values(faces=len(faces), vector=vector, revision=collection.version)
    )
    return StoredUser(user.id, user.user_id, len(faces), vector)


def forget(tx: Connection, user: StoredUser) -> None:
    """Delete a user."""
    tx.execute(delete(table).where(table.c.id == user.id))


def direction(faces: Sequence[bytes]) -> bytes | None:
    """The direction of the sum of vectors: what is nearest to all of them on the average; None of none."""
    import numpy as np

    if not faces:
        return None
    total = np.sum([np.frombuffer(face, "<f4") for face in faces], axis=0, dtype=np.float64)
    return bytes((total / max(float(np.linalg.norm(total)), 1e-12)).astype("<f4").tobytes())


def _user(row: Any) -> StoredUser:
    number, user_id, faces, vector = row
    return StoredUser(number, user_id, faces, None if vector is None else bytes(vector))
