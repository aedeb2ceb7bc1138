"""Users of collections: who the faces belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from honmono.services.rekognition import collection as stored
from honmono.services.rekognition import face_rows, user_rows
from honmono.services.rekognition.matching import MOST_USERS, alike
from honmono.services.rekognition.part import Answer, Part, Request, bad_token
from honmono.services.rekognition.requests import once
from honmono.services.rekognition.searching import no_user
from honmono.store.errors import BadPageToken
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection
    from honmono.services.rekognition.face_rows import StoredFace
    from honmono.services.rekognition.galleries import Galleries
    from honmono.services.rekognition.user_rows import StoredUser
    from honmono.wire.service import Context

_THRESHOLD: Final = 75.0
"""The least similarity with a user's other faces where the request names none."""
_MOST_FACES: Final = 100
"""Faces of a user."""


class Users(Part):
    """CreateUser, DeleteUser, ListUsers, AssociateFaces, DisassociateFaces."""

    galleries: Galleries

    def create_user(self, request: Request, ctx: Context) -> Answer:
        """Make a user without faces."""

        def do(tx: Connection, locked: Collection) -> Answer:
            if not user_rows.add(tx, locked, request["UserId"]):
                raise ServiceError("ConflictException", f"The user id: {request['UserId']} already exists")
            stored.settle(self.platform.records, locked, tx, users=1)
            return {}

        return self._changed("CreateUser", request, ctx, do)

    def delete_user(self, request: Request, ctx: Context) -> Answer:
        """Forget a user; its faces stay, and are nobody's."""

        def do(tx: Connection, locked: Collection) -> Answer:
            user = _find(tx, locked, request["UserId"])
            face_rows.associate(tx, locked, [face.id for face in face_rows.of_user(tx, locked, user.user_id)], None)
            user_rows.forget(tx, user)
            stored.settle(self.platform.records, locked, tx, users=-1)
            self.platform.database.after_commit(tx, lambda: self.galleries.dropped("users", locked, [user.id]))
            return {}

        return self._changed("DeleteUser", request, ctx, do)

    def list_users(self, request: Request, ctx: Context) -> Answer:
        """The users in the order in which they were made."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        after, limit = request.get("NextToken") or None, request.get("MaxResults", MOST_USERS)
        try:
            with self.platform.database.reading() as tx:
                page = user_rows.page(tx, found, after=after, limit=limit)
        except BadPageToken as error:
            raise bad_token() from error
        return {
            "Users": [{"UserId": user.user_id, "UserStatus": user.status} for user in page],
            **({"NextToken": page.next} if page.next else {}),
        }

    def associate_faces(self, request: Request, ctx: Context) -> Answer:
        """Say that faces are a user's, if they look like those that the user has."""
        threshold = request.get("UserMatchThreshold", _THRESHOLD)

        def do(tx: Connection, locked: Collection) -> Answer:
            user = _find(tx, locked, request["UserId"])
            had = face_rows.of_user(tx, locked, user.user_id)
            new, refused = _fitting(tx, locked, user, request["FaceIds"], threshold)
            if len(had) + len(new) > _MOST_FACES:
                raise ServiceError(
                    "ServiceQuotaExceededException",
                    f"A user has at most {_MOST_FACES} faces; {user.user_id} has {len(had)}, and these are {len(new)} "
                    "more.",
                )
            face_rows.associate(tx, locked, [face.id for face in new], user.user_id)
            if new:
                user = user_rows.change(tx, locked, user, [face.vector for face in (*had, *new)])
            return {
                "AssociatedFaces": [{"FaceId": face.face_id} for face in new],
                "UnsuccessfulFaceAssociations": refused,
                "UserStatus": user.status,
            }

        return self._changed("AssociateFaces", request, ctx, do)

    def disassociate_faces(self, request: Request, ctx: Context) -> Answer:
        """Say that faces are not a user's after all."""

        def do(tx: Connection, locked: Collection) -> Answer:
            user = _find(tx, locked, request["UserId"])
            had = face_rows.of_user(tx, locked, user.user_id)
            gone, refused = _own(tx, locked, user, request["FaceIds"])
            ids = {face.id for face in gone}
            face_rows.associate(tx, locked, list(ids), None)
            if gone:
                user = user_rows.change(tx, locked, user, [face.vector for face in had if face.id not in ids])
            return {
                "DisassociatedFaces": [{"FaceId": face.face_id} for face in gone],
                "UnsuccessfulFaceDisassociations": refused,
                "UserStatus": user.status,
            }

        return self._changed("DisassociateFaces", request, ctx, do)

    def _changed(
        self, operation: str, request: Request, ctx: Context, do: Callable[[Connection, Collection], Answer]
    ) -> Answer:
        """Do it in one transaction, once for each token."""
        records = self.platform.records
        found = stored.find(records, ctx, request["CollectionId"])
        with self.platform.database.transaction() as tx:
            locked = stored.changing(records, found, tx)
            return once(tx, locked, operation, request, lambda: do(tx, locked))


def _find(tx: Connection, collection: Collection, user_id: str) -> StoredUser:
    user = user_rows.by_user_id(tx, collection, user_id)
    if user is None:
        raise no_user(user_id)
    return user


def _fitting(
    tx: Connection, collection: Collection, user: StoredUser, face_ids: Sequence[str], threshold: float
) -> tuple[list[StoredFace], list[Answer]]:
    """The faces that may become a user's, and why the others may not; the user's own are neither."""
    fitting: list[StoredFace] = []
    refused: list[Answer] = []
    there = face_rows.by_face_ids(tx, collection, face_ids)
    for face_id in dict.fromkeys(face_ids):
        face = there.get(face_id)
        if face is None:
            refused.append({"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]})
        elif face.user_id is None:
            likeness = 100.0 if user.vector is None else alike(user.vector, face.vector)
            if likeness >= threshold:
                fitting.append(face)
            else:
                why = {"Confidence": likeness, "Reasons": ["LOW_MATCH_CONFIDENCE"]}
                refused.append({"FaceId": face_id, "UserId": user.user_id, **why})
        elif face.user_id != user.user_id:
            refused.append(_anothers(face))
    return fitting, refused


def _own(
    tx: Connection, collection: Collection, user: StoredUser, face_ids: Sequence[str]
) -> tuple[list[StoredFace], list[Answer]]:
    """Those of the faces that are the user's, and why others are not; nobody's are neither."""
    own: list[StoredFace] = []
    refused: list[Answer] = []
    there = face_rows.by_face_ids(tx, collection, face_ids)
    for face_id in dict.fromkeys(face_ids):
        face = there.get(face_id)
        if face is None:
            refused.append({"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]})
        elif face.user_id == user.user_id:
            own.append(face)
        elif face.user_id is not None:
            refused.append(_anothers(face))
    return own, refused


def _anothers(face: StoredFace) -> Answer:
    return {"FaceId": face.face_id, "UserId": face.user_id, "Reasons": ["ASSOCIATED_TO_A_DIFFERENT_USER"]}
