"""Faces of collections: index, list, delete."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from honmono.services.rekognition import collection as stored
from honmono.services.rekognition import face_rows
from honmono.services.rekognition.collection import FACES_FIELD
from honmono.services.rekognition.collections import LONGEST_PAGE
from honmono.services.rekognition.embedding import embedded, vector_of
from honmono.services.rekognition.face_answers import attributes_of, face_detail
from honmono.services.rekognition.face_rows import StoredFace
from honmono.services.rekognition.images import image_bytes
from honmono.services.rekognition.part import Answer, Part, Request, bad_token, box_answer
from honmono.store.errors import BadPageToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from honmono.engines.vision.faces.face import EmbeddedFace
    from honmono.services.rekognition.collection import Collection
    from honmono.services.rekognition.galleries import Galleries
    from honmono.wire.service import Context

MOST_INDEXED: Final = 100
"""Faces of a picture that are indexed, whatever the request asks for."""
_SAME: Final = 0.99
"""Overlap of the boxes of one face in two looks at the same bytes."""


class IndexedFaces(Part):
    """IndexFaces, ListFaces, DeleteFaces."""

    galleries: Galleries

    def index_faces(self, request: Request, ctx: Context) -> Answer:
        """Find the faces of a picture and keep their vectors; the same picture under the same name adds nothing."""
        records = self.platform.records
        found = stored.find(records, ctx, request["CollectionId"])
        image = image_bytes(request["Image"], ctx)
        asked = request.get("DetectionAttributes", [])
        faces = embedded(
            self.engines,
            ctx,
            found,
            image,
            most=min(request.get("MaxFaces", MOST_INDEXED), MOST_INDEXED),
            quality=request.get("QualityFilter", "AUTO"),
            attributes=attributes_of(asked),
        )
        kept = [face for face in faces if not face.left_out]
        with self.platform.database.transaction() as tx:
            locked = stored.changing(records, found, tx)
            info = self.engines.info(FACES_FIELD)
            stored.check_model(locked, info)
            if kept:
                stored.check_dimensions(locked, face_rows.dimensions(tx, locked), len(kept[0].embedding))
            rows, new = _stored(tx, locked, kept, sha256(image).hexdigest(), request.get("ExternalImageId", ""))
            face_rows.add(tx, locked, new)
            now = stored.settle(records, locked, tx, faces=len(new), engine=info)
        return {
            "FaceRecords": [
                {"Face": face_answer(row, now), "FaceDetail": face_detail(face.face, "ALL" in asked)}
                for row, face in zip(rows, kept, strict=True)
            ],
            "UnindexedFaces": [
                {"Reasons": face.left_out, "FaceDetail": face_detail(face.face, "ALL" in asked)}
                for face in faces
                if face.left_out
            ],
            "FaceModelVersion": now.model_version,
        }

    def list_faces(self, request: Request, ctx: Context) -> Answer:
        """The faces in the order in which they were indexed."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        try:
            with self.platform.database.reading() as tx:
                page = face_rows.page(
                    tx,
                    found,
                    after=request.get("NextToken") or None,
                    limit=request.get("MaxResults") or LONGEST_PAGE,
                    user_id=request.get("UserId"),
                    face_ids=request.get("FaceIds"),
                )
        except BadPageToken as error:
            raise bad_token() from error
        return {
            "Faces": [face_answer(face, found) for face in page],
            "FaceModelVersion": found.model_version,
            **({"NextToken": page.next} if page.next else {}),
        }

    def delete_faces(self, request: Request, ctx: Context) -> Answer:
        """Delete faces, but for those that are associated with a user."""
        records, wanted = self.platform.records, list(dict.fromkeys(request["FaceIds"]))
        found = stored.find(records, ctx, request["CollectionId"])
        refused: list[Answer] = []
        gone: list[StoredFace] = []
        with self.platform.database.transaction() as tx:
            locked = stored.changing(records, found, tx)
            there = face_rows.by_face_ids(tx, locked, wanted)
            for face_id in wanted:
                face = there.get(face_id)
                if face is None:
                    refused.append({"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]})
                elif face.user_id is not None:
                    reasons = ["ASSOCIATED_TO_AN_EXISTING_USER"]
                    refused.append({"FaceId": face_id, "UserId": face.user_id, "Reasons": reasons})
                else:
                    gone.append(face)
            ids = [face.id for face in gone]
            face_rows.forget(tx, locked, ids)
            stored.settle(records, locked, tx, faces=-len(gone))
            if gone:
                self.platform.database.after_commit(tx, lambda: self.galleries.dropped("faces", locked, ids))
        return {"DeletedFaces": [face.face_id for face in gone], "UnsuccessfulFaceDeletions": refused}


def face_answer(face: StoredFace, collection: Collection) -> Answer:
    """A Face."""
    return {
        "FaceId": face.face_id,
        "BoundingBox": box_answer(face.box),
        "ImageId": face.image_id,
        **({"ExternalImageId": face.external_image_id} if face.external_image_id else {}),
        "Confidence": 100 * face.confidence,
        "IndexFacesModelVersion": collection.model_version,
        **({"UserId": face.user_id} if face.user_id is not None else {}),
    }


def _stored(
    tx: Connection, collection: Collection, faces: Sequence[EmbeddedFace], digest: str, external_image_id: str
) -> tuple[list[StoredFace], list[StoredFace]]:
    """A row for each face: the one it was given before, or a new one; and the new ones alone."""
    known = face_rows.of_image(tx, collection, digest, external_image_id)
    image_id = known[0].image_id if known else str(uuid4())
    rows, new = [], []
    for each in faces:
        box = each.face.box
        row = next((row for row in known if row.box.overlap(box) >= _SAME), None)
        if row is None:
            vector = vector_of(each).astype("<f4").tobytes()
            row = StoredFace(
                0, str(uuid4()), image_id, external_image_id, digest, None, each.face.confidence, box, vector
            )
            new.append(row)
        rows.append(row)
    return rows, new
