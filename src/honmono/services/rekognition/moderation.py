"""DetectModerationLabels: what in a picture somebody may not want to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.moderation_taxonomy import content_types, moderation_labels
from honmono.services.rekognition.part import Answer, Part, Request, invalid, not_found

if TYPE_CHECKING:
    from honmono.wire.service import Context

FIELD = "moderation"
LEAST = 50.0
"""MinConfidence where the request names none. Source: DetectModerationLabels in AWS's API reference."""


class Moderation(Part):
    """What a picture shows that moderators ask for."""

    def detect_moderation_labels(self, request: Request, ctx: Context) -> Answer:
        """Labels of AWS's taxonomy, as far as the engine can tell them: see `moderation_taxonomy`."""
        if "HumanLoopConfig" in request:
            raise invalid(
                "HumanLoopConfig cannot be used: no human review (Amazon A2I) runs here. Leave it out, and hand on the "
                "pictures whose confidence you want reviewed."
            )
        if "ProjectVersion" in request:
            raise not_found(
                f"There is no moderation adapter {request['ProjectVersion']}: adapters cannot be trained here. Leave "
                "ProjectVersion out, or plug in a moderation engine of your own ([engines.moderation])."
            )
        image = image_bytes(request["Image"], ctx)
        least = request.get("MinConfidence", LEAST)
        ctx.engine = self.engines.identity(FIELD)
        with looked_at():
            scores = self.engines.get(FIELD).detect(image).scores
        return {
            "ModerationLabels": moderation_labels(scores, least),
            "ModerationModelVersion": ctx.engine,
            "ContentTypes": content_types(scores, least),
        }
