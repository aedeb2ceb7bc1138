"""The customer's own model that a job asks: named by its ARN, or by that of its flywheel."""

from __future__ import annotations

from typing import Any

from honmono.services.comprehend.analysis import CustomModel
from honmono.services.comprehend.resources import find, invalid
from honmono.services.comprehend.trained_models import READY, model_folder
from honmono.services.platform import Platform
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context


def own_model(
    platform: Platform, ctx: Context, request: dict[str, Any], member: str, kind: str, field: str
) -> CustomModel | None:
    """The model that a request names, or None where it names none.

    Args:
        platform: the stores.
        ctx: the caller's.
        request: of Start.
        member: which names the model: `DocumentClassifierArn`.
        kind: of the model's record: `document-classifier`.
        field: of the engine that answers with it; it gets the folder of the model's files.

    Raises ServiceError ResourceNotFoundException, ResourceUnavailableException, InvalidRequestException.
    """
    if member in request and "FlywheelArn" in request:
        raise invalid(f"Give either {member} or FlywheelArn, and not both.")
    arn = request.get(member)
    if "FlywheelArn" in request:
        arn = find(platform, ctx, request["FlywheelArn"], "flywheel").body.get("ActiveModelArn")
        if arn is None:
            raise ServiceError(
                "ResourceUnavailableException", f"The flywheel {request['FlywheelArn']} has no active model yet."
            )
    if arn is None:
        return None
    record = find(platform, ctx, arn, kind)
    if record.status not in READY:
        raise ServiceError(
            "ResourceUnavailableException", f"The model {arn} is {record.status}; a job needs one that is TRAINED."
        )
    payload = {"folder": str(model_folder(platform, record)), "mode": record.body.get("Mode")}
    return CustomModel(field, payload, {member: arn})
