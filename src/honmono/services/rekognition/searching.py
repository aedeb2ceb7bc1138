"""Search a collection for a face: by its id or in a picture, among faces or users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition import collection as stored
from honmono.services.rekognition import face_rows, user_rows
from honmono.services.rekognition.embedding import embedded, vector_of
from honmono.services.rekognition.face_answers import face_detail
from honmono.services.rekognition.images import image_bytes
from honmono.services.rekognition.indexed import face_answer
from honmono.services.rekognition.matching import MOST_FACES, MOST_USERS, THRESHOLD, read_vector
from honmono.services.rekognition.part import Answer, Part, Request, box_answer, invalid, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from honmono.services.rekognition.collection import Collection
    from honmono.services.rekognition.face_rows import StoredFace
    from honmono.services.rekognition.matching import FaceMatch, Matching, UserMatch
    from honmono.wire.service import Context


class Searching(Part):
    """SearchFaces, SearchFacesByImage, SearchUsers, SearchUsersByImage."""

    matching: Matching

    def search_faces(self, request: Request, ctx: Context) -> Answer:
        """The other faces of the collection that look like one of its faces."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        face = self._face(found, request["FaceId"])
        ctx.engine = found.model
        threshold = request.get("FaceMatchThreshold", THRESHOLD)
        matches = self.matching.faces(
            found, read_vector(face.vector), request.get("MaxFaces", MOST_FACES), threshold, but=face.id
        )
        return {
            "SearchedFaceId": face.face_id,
            "FaceMatches": face_matches(matches, found),
            "FaceModelVersion": found.model_version,
        }

    def search_faces_by_image(self, request: Request, ctx: Context) -> Answer:
        """The faces of the collection that look like the largest face of a picture."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        image, quality = image_bytes(request["Image"], ctx), request.get("QualityFilter", "NONE")
        faces = embedded(self.engines, ctx, found, image, most=1, quality=quality)
        searched = next((face for face in faces if not face.left_out), None)
        if searched is None:
            raise invalid("There are no faces in the image. Should be at least 1.")
        matches = self.matching.faces(
            found,
            vector_of(searched),
            request.get("MaxFaces", MOST_FACES),
            request.get("FaceMatchThreshold", THRESHOLD),
        )
        return {
            "SearchedFaceBoundingBox": box_answer(searched.face.box),
            "SearchedFaceConfidence": 100 * searched.face.confidence,
            "FaceMatches": face_matches(matches, found),
            "FaceModelVersion": found.model_version,
        }

    def search_users(self, request: Request, ctx: Context) -> Answer:
        """The users who look like a face of the collection, or the other users who look like one of its users."""
        if ("FaceId" in request) == ("UserId" in request):
            raise invalid("Request has invalid parameters: give either FaceId or UserId.")
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        ctx.engine = found.model
        most, threshold = request.get("MaxUsers", MOST_USERS), request.get("UserMatchThreshold", THRESHOLD)
        matches: list[UserMatch] = []
        if "FaceId" in request:
            face = self._face(found, request["FaceId"])
            matches = self.matching.users(found, read_vector(face.vector), most, threshold)
            searched = {"SearchedFace": {"FaceId": face.face_id}}
        else:
            with self.platform.database.reading() as tx:
                user = user_rows.by_user_id(tx, found, request["UserId"])
            if user is None:
                raise no_user(request["UserId"])
            if user.vector is not None:
                matches = self.matching.users(found, read_vector(user.vector), most, threshold, but=user.id)
            searched = {"SearchedUser": {"UserId": user.user_id}}
        return {"UserMatches": _user_matches(matches), "FaceModelVersion": found.model_version, **searched}

    def search_users_by_image(self, request: Request, ctx: Context) -> Answer:
        """The users who look like the largest face of a picture; nobody where there is none."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        image, quality = image_bytes(request["Image"], ctx), request.get("QualityFilter", "NONE")
        faces = embedded(self.engines, ctx, found, image, most=1, quality=quality)
        answer: Answer = {
            "UserMatches": [],
            "FaceModelVersion": found.model_version,
            "UnsearchedFaces": [
                {
                    "FaceDetails": face_detail(face.face),
                    "Reasons": [_NOT_SEARCHED.get(reason, reason) for reason in face.left_out],
                }
                for face in faces
                if face.left_out
            ],
        }
        searched = next((face for face in faces if not face.left_out), None)
        if searched is not None:
            most, threshold = request.get("MaxUsers", MOST_USERS), request.get("UserMatchThreshold", THRESHOLD)
            matches = self.matching.users(found, vector_of(searched), most, threshold)
            answer |= {
                "UserMatches": _user_matches(matches),
                "SearchedFace": {"FaceDetail": face_detail(searched.face)},
            }
        return answer

    def _face(self, collection: Collection, face_id: str) -> StoredFace:
        with self.platform.database.reading() as tx:
            face = face_rows.by_face_ids(tx, collection, [face_id]).get(face_id)
        if face is None:
            raise invalid(f"faceId {face_id} was not found in the collection {collection.name}")
        return face


_NOT_SEARCHED = {"EXCEEDS_MAX_FACES": "FACE_NOT_LARGEST"}
"""Of a search one face is the most: what exceeds it is not the largest."""


def face_matches(matches: Iterable[FaceMatch], collection: Collection) -> list[Answer]:
    """FaceMatches, the most alike first."""
    return [{"Similarity": match.similarity, "Face": face_answer(match.face, collection)} for match in matches]


def no_user(user_id: str) -> Exception:
    """ResourceNotFoundException for a user."""
    return not_found(f"The user id: {user_id} does not exist")


def _user_matches(matches: Iterable[UserMatch]) -> list[Answer]:
    return [
        {"Similarity": match.similarity, "User": {"UserId": match.user.user_id, "UserStatus": match.user.status}}
        for match in matches
    ]
