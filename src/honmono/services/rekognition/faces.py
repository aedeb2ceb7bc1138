"""DetectFaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.face_answers import attributes_of, face_detail
from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request

if TYPE_CHECKING:
    from honmono.wire.service import Context

FIELD = "faces"


class Faces(Part):
    """Faces in a picture."""

    def detect_faces(self, request: Request, ctx: Context) -> Answer:
        """The hundred largest faces of a picture, the largest first."""
        image = image_bytes(request["Image"], ctx)
        asked = request.get("Attributes") or ["DEFAULT"]
        ctx.engine = self.engines.identity(FIELD)
        with looked_at():
            faces = self.engines.get(FIELD).detect(image, attributes_of(asked))
        return {"FaceDetails": [face_detail(face, "ALL" in asked) for face in faces]}
