"""DetectCustomLabels: what a running model says of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request, box_answer
from honmono.services.rekognition.project_versions import find_version, model_folder
from honmono.services.rekognition.training_job import FIELD
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.vision.custom.engine import CustomLabelsEngine
    from honmono.engines.vision.custom.results import CustomLabel
    from honmono.wire.service import Context

_MOST_BYTES = 4 << 20
"""Of a picture in the request itself: less than other operations take."""


class CustomDetection(Part):
    """DetectCustomLabels."""

    def detect_custom_labels(self, request: Request, ctx: Context) -> Answer:
        """The labels whose confidence reaches MinConfidence, or each its own assumed threshold; the surest first."""
        record = find_version(self.platform, ctx, request["ProjectVersionArn"])
        if record.status != "RUNNING":
            raise ServiceError(
                "ResourceNotReadyException", f"The model version is {record.status}; start it with StartProjectVersion."
            )
        data = image_bytes(request["Image"], ctx, _MOST_BYTES)
        engine: CustomLabelsEngine = self.engines.get(FIELD)
        with looked_at():
            found = engine.look(data, str(model_folder(self.platform, record)))
        ctx.engine = self.engines.identity(FIELD)
        least = request.get("MinConfidence")
        told = [each for each in found if 100 * each.confidence >= _least(each, least)]
        return {"CustomLabels": [_answer(each) for each in told[: request.get("MaxResults")]]}


def _least(label: CustomLabel, asked: float | None) -> float:
    return 100 * label.threshold if asked is None else asked


def _answer(label: CustomLabel) -> Answer:
    shown: Answer = {"Name": label.name, "Confidence": 100 * label.confidence}
    if label.box is not None:
        shown["Geometry"] = {"BoundingBox": box_answer(label.box)}
    return shown
