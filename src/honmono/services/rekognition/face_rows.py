"""The faces of collections in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from honmono.engines.vision.pictures import Box
from honmono.store.faces_schema import collection_faces as table
from honmono.store.paging import Page, page_token, position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection


@dataclass(frozen=True, slots=True)
class StoredFace:
    """A face in a collection; nothing of its picture is kept but these numbers.

    Attributes:
        id: the row's; what its vector is known by in memory. 0 before it is stored.
        external_image_id: empty where none was given.
        image_digest: SHA-256 of the picture's bytes, in hexadecimal.
        user_id: whom it is associated with.
        confidence: 0 to 1, that it is a face.
        vector: float32, little-endian, of unit length.
    """

    id: int
    face_id: str
    image_id: str
    external_image_id: str
    image_digest: str
    user_id: str | None
    confidence: float
    box: Box
    vector: bytes


_COLUMNS = (
    table.c.id,
    table.c.face_id,
    table.c.image_id,
    table.c.external_image_id,
    table.c.image_digest,
    table.c.user_id,
    table.c.confidence,
    table.c.box_left,
    table.c.box_top,
    table.c.box_width,
    table.c.box_height,
    table.c.vector,
)

_MINE = table.c.collection == bindparam("key")
# Built once: SQLAlchemy then finds their compiled form without walking them.
_BY_FACE_IDS = select(*_COLUMNS).where(_MINE, table.c.face_id.in_(bindparam("face_ids", expanding=True)))
_BY_IDS = select(*_COLUMNS).where(_MINE, table.c.id.in_(bindparam("ids", expanding=True)))


def add(tx: Connection, collection: Collection, faces: Sequence[StoredFace]) -> None:
    """Store faces, with the collection's version as their revision."""
    rows = [
        {
            "collection": collection.key,
            "face_id": face.face_id,
            "revision": collection.version,
            "image_id": face.image_id,
            "external_image_id": face.external_image_id,
            "image_digest": face.image_digest,
            "user_id": face.user_id,
            "confidence": face.confidence,
            "box_left": face.box.left,
            "box_top": face.box.top,
            "box_width": face.box.width,
            "box_height": face.box.height,
            "vector": face.vector,
        }
        for face in faces
    ]
    if rows:
        tx.execute(insert(table), rows)


def by_face_ids(tx: Connection, collection: Collection, face_ids: Iterable[str]) -> dict[str, StoredFace]:
    """Those of the faces that are there, by FaceId."""
    rows = tx.execute(_BY_FACE_IDS, {"key": collection.key, "face_ids": list(face_ids)})
    return {face.face_id: face for face in map(_face, rows)}


def by_ids(tx: Connection, collection: Collection, ids: Iterable[int]) -> dict[int, StoredFace]:
    """Those of the faces that are there, by their rows."""
    rows = tx.execute(_BY_IDS, {"key": collection.key, "ids": list(ids)})
    return {face.id: face for face in map(_face, rows)}


def of_image(tx: Connection, collection: Collection, digest: str, external_image_id: str) -> list[StoredFace]:
    """The faces that were indexed from the same bytes under the same external id."""
    query = select(*_COLUMNS).where(
        table.c.collection == collection.key,
        table.c.image_digest == digest,
        table.c.external_image_id == external_image_id,
    )
    return [_face(row) for row in tx.execute(query.order_by(table.c.id))]


def of_user(tx: Connection, collection: Collection, user_id: str) -> list[StoredFace]:
    """The faces that are associated with a user."""
    query = select(*_COLUMNS).where(table.c.collection == collection.key, table.c.user_id == user_id)
    return [_face(row) for row in tx.execute(query.order_by(table.c.id))]


def page(
    tx: Connection,
    collection: Collection,
    *,
    after: str | None,
    limit: int,
    user_id: str | None = None,
    face_ids: Sequence[str] | None = None,
) -> Page[StoredFace]:
    """A page of a collection's faces in the order in which they were indexed.

    Raises BadPageToken.
    """
    query = select(*_COLUMNS).where(table.c.collection == collection.key)
    if user_id is not None:
        query = query.where(table.c.user_id == user_id)
    if face_ids is not None:
        query = query.where(table.c.face_id.in_(list(face_ids)))
    if after is not None:
        query = query.where(table.c.id > position(after, int)[0])
    faces = [_face(row) for row in tx.execute(query.order_by(table.c.id).limit(limit + 1))]
    return Page(faces[:limit], page_token(faces[limit - 1].id) if len(faces) > limit else None)


def associate(tx: Connection, collection: Collection, ids: Sequence[int], user_id: str | None) -> None:
    """Say whom these faces are of; None: of nobody."""
    tx.execute(
        update(table).where(table.c.collection == collection.key, table.c.id.in_(list(ids))).values(user_id=user_id)
    )


def forget(tx: Connection, collection: Collection, ids: Sequence[int]) -> None:
    """Delete faces."""
    tx.execute(delete(table).where(table.c.collection == collection.key, table.c.id.in_(list(ids))))


def dimensions(tx: Connection, collection: Collection) -> int:
    """Of the vectors that are there; 0 without any."""
    vector = tx.execute(select(table.c.vector).where(table.c.collection == collection.key).limit(1)).scalar()
    return 0 if vector is None else len(vector) // 4


def external_image_ids(tx: Connection, collection: Collection, name: str | None = None) -> list[str]:
    """The external ids that faces were indexed under, each once.

    Args:
        name: only this one, and those that it begins with a colon behind it.
    """
    query = select(table.c.external_image_id).distinct().where(table.c.collection == collection.key)
    if name is not None:
        column = table.c.external_image_id
        query = query.where(or_(column == name, (column > f"{name}:") & (column < f"{name};")))
    return list(tx.execute(query.order_by(table.c.external_image_id)).scalars())


def _face(row: Any) -> StoredFace:
    number, face_id, image_id, external, digest, user, confidence, left, top, width, height, vector = row
    return StoredFace(
        number, face_id, image_id, external, digest, user, confidence, Box(left, top, width, height), bytes(vector)
    )
