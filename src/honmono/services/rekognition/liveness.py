"""Face Liveness: refused, and nothing pretended.

A session is worth something only once a person's camera has been streamed into it, by Amplify's FaceLivenessDetector
through a service of its own (rekognitionstreaming, StartFaceLivenessSession), and the stream has been told from a
photograph, a screen and a mask. There are no weights for that which may be used, so no session is made: one that could
only expire would let an application seem to work until its users fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.part import Answer, Part, Request
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.wire.service import Context


class Liveness(Part):
    """CreateFaceLivenessSession and GetFaceLivenessSessionResults."""

    def create_face_liveness_session(self, request: Request, ctx: Context) -> Answer:
        """Refused; the request has been held against its shape."""
        raise ServiceError(
            "EngineUnavailable",
            "Honmono does not tell living faces from pictures of faces: it has neither an engine for it nor the stream "
            "that FaceLivenessDetector sends. Point this one call at AWS, or compare a photograph taken by your "
            "application with CompareFaces or SearchFacesByImage, which says who it shows and not that it is live.",
            status=424,
        )

    def get_face_liveness_session_results(self, request: Request, ctx: Context) -> Answer:
        """There is no session, since none can be made."""
        raise ServiceError("SessionNotFoundException", f"There is no session {request['SessionId']}.")
