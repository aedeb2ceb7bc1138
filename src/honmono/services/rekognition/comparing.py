"""CompareFaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.vision.faces.similarity import distance, similarity
from honmono.services.rekognition.face_answers import compared_face
from honmono.services.rekognition.faces import FIELD
from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request, box_answer, invalid

if TYPE_CHECKING:
    from honmono.engines.vision.faces.face import EmbeddedFace
    from honmono.wire.service import Context

MOST_FACES = 100


class Comparing(Part):
    """Whether two pictures show the same person."""

    def compare_faces(self, request: Request, ctx: Context) -> Answer:
        """The largest face of the source picture against the hundred largest of the target picture.

        Where the quality filter leaves out the source's largest face, its largest one that passes is compared; faces of
        the target that it leaves out are in no list.
        """
        ctx.engine = self.engines.identity(FIELD)
        bar = request.get("QualityFilter", "NONE")
        least = request.get("SimilarityThreshold", 80.0)
        source = self._embedded(image_bytes(request["SourceImage"], ctx), 1, bar)
        target = self._embedded(image_bytes(request["TargetImage"], ctx), MOST_FACES, bar)
        wanted = source[0]
        alike = sorted(
            ((similarity(distance(wanted.embedding, each.embedding)), each) for each in target),
            key=lambda pair: -pair[0],
        )
        return {
            "SourceImageFace": {
                "BoundingBox": box_answer(wanted.face.box),
                "Confidence": 100 * wanted.face.confidence,
            },
            "FaceMatches": [
                {"Similarity": share, "Face": compared_face(each.face)} for share, each in alike if share >= least
            ],
            "UnmatchedFaces": [compared_face(each.face) for share, each in alike if share < least],
        }

    def _embedded(self, image: bytes, most: int, bar: str) -> list[EmbeddedFace]:
        with looked_at():
            found: list[EmbeddedFace] = self.engines.get(FIELD).embed(image, most, bar)
        embedded = [each for each in found if each.embedding]
        if not embedded:
            seen = f"; {len(found)} are there and do not pass the quality filter {bar}" if found else ""
            raise invalid(f"Request has invalid parameters: no face was found in the image{seen}.")
        return embedded
