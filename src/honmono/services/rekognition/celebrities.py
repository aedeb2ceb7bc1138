"""Celebrities: whoever the user has put into the collection `honmono-celebrities`.

No face weights that may be used come with a gallery of famous people. So the gallery is a collection like any other, and
the ExternalImageId of its faces is the name: `Ada_Lovelace`, its underscores shown as spaces; behind colons may stand
an item of Wikidata, a name at IMDb and a gender: `Ada_Lovelace:Q7259:Female`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from honmono.services.rekognition import face_rows
from honmono.services.rekognition.collection import KIND, Collection
from honmono.services.rekognition.embedding import embedded, vector_of
from honmono.services.rekognition.face_answers import compared_face
from honmono.services.rekognition.images import image_bytes
from honmono.services.rekognition.matching import THRESHOLD
from honmono.services.rekognition.part import Answer, Part, Request, not_found, scope_of
from honmono.store.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from honmono.services.rekognition.matching import Matching
    from honmono.store.database import Database
    from honmono.store.records import Records, Scope
    from honmono.wire.service import Context

COLLECTION: Final = "honmono-celebrities"
MOST: Final = 64
"""Faces of a picture, the largest ones."""
_ATTRIBUTES: Final = ("EMOTIONS", "SMILE")
_PLACES = ((re.compile(r"Q[0-9]+"), "www.wikidata.org/wiki/"), (re.compile(r"nm[0-9]+"), "www.imdb.com/name/"))
_GENDERS = ("Male", "Female", "Nonbinary", "Unlisted")


@dataclass(frozen=True, slots=True)
class Celebrity:
    """Somebody in the gallery.

    Attributes:
        id: ten characters that the name alone decides.
        gender: as AWS writes it; None where none was given.
    """

    id: str
    name: str
    urls: tuple[str, ...]
    gender: str | None

    @classmethod
    def of(cls, external_image_ids: Iterable[str]) -> Celebrity:
        """What the external ids of somebody's faces say together; all have the same name."""
        name, urls, gender = "", list[str](), None
        for given in external_image_ids:
            name, *parts = given.split(":")
            for part in parts:
                urls += [place + part for form, place in _PLACES if form.fullmatch(part)]
                gender = part if part in _GENDERS else gender
        return cls(_id(name), name.replace("_", " "), tuple(dict.fromkeys(urls)), gender)


class Celebrities(Part):
    """RecognizeCelebrities and GetCelebrityInfo."""

    matching: Matching

    def recognize_celebrities(self, request: Request, ctx: Context) -> Answer:
        """Who of the gallery is in a picture; without the gallery every face is unrecognised."""
        gallery = find_gallery(self.platform.records, scope_of(ctx))
        image = image_bytes(request["Image"], ctx)
        faces = embedded(self.engines, ctx, gallery, image, most=MOST, quality="NONE", attributes=_ATTRIBUTES)
        recognised: list[Answer] = []
        others: list[Answer] = []
        for face in faces:
            if face.left_out:
                continue
            found = gallery and recognise(self.matching, self.platform.database, gallery, vector_of(face))
            if found:
                celebrity, similarity = found
                shown = {"Face": compared_face(face.face), "MatchConfidence": similarity, "Id": celebrity.id}
                recognised.append({**_about(celebrity), **shown})
            else:
                others.append(compared_face(face.face))
        return {"CelebrityFaces": recognised, "UnrecognizedFaces": others}

    def get_celebrity_info(self, request: Request, ctx: Context) -> Answer:
        """What the gallery says of somebody, by the id that RecognizeCelebrities gave."""
        gallery = find_gallery(self.platform.records, scope_of(ctx))
        if gallery is not None:
            with self.platform.database.reading() as tx:
                given = face_rows.external_image_ids(tx, gallery)
            theirs = [each for each in given if _id(each.split(":")[0]) == request["Id"]]
            if theirs and request["Id"]:
                return _about(Celebrity.of(theirs))
        raise not_found(
            f"There is no celebrity with the id {request['Id']} in the collection {COLLECTION}. Faces that are indexed "
            "into it with their names as ExternalImageId are the celebrities."
        )


def find_gallery(records: Records, scope: Scope) -> Collection | None:
    """The collection of celebrities of an account in a region, if there is one."""
    try:
        return Collection.of(records.get(scope, KIND, COLLECTION))
    except RecordMissing:
        return None


def recognise(
    matching: Matching, database: Database, gallery: Collection, vector: NDArray[np.float32]
) -> tuple[Celebrity, float] | None:
    """Who in the gallery looks most like this face, and how much, 0 to 100; None where nobody does enough."""
    for match in matching.faces(gallery, vector, MOST, THRESHOLD):
        name = match.face.external_image_id.split(":")[0]
        if name:  # a face that was given none is nobody's
            with database.reading() as tx:
                return Celebrity.of(face_rows.external_image_ids(tx, gallery, name)), match.similarity
    return None


def _about(celebrity: Celebrity) -> Answer:
    return {
        "Name": celebrity.name,
        "Urls": list(celebrity.urls),
        **({"KnownGender": {"Type": celebrity.gender}} if celebrity.gender else {}),
    }


def _id(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:10]
