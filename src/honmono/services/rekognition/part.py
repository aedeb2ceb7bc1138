"""What every part of Rekognition stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.store.records import Scope
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.pictures import Box
    from honmono.services.platform import Platform
    from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "rekognition"
PRINCIPAL = "rekognition.amazonaws.com"


class Part:
    """A part of Rekognition's operations; the service is made of all of them."""

    platform: Platform

    @property
    def engines(self) -> EngineHost:
        """The engines by field."""
        return self.platform.engines


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def arn_of(ctx: Context, resource: str) -> str:
    """The ARN of a resource of the caller's: `collection/faces`."""
    return f"arn:aws:rekognition:{ctx.region}:{ctx.account}:{resource}"


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("InvalidParameterException", message)


def not_found(message: str) -> ServiceError:
    """A resource that is not there."""
    return ServiceError("ResourceNotFoundException", message)


def bad_token() -> ServiceError:
    """A pagination token that the operation did not give."""
    return ServiceError("InvalidPaginationTokenException", "The NextToken is not one that this operation gave.")


def box_answer(box: Box) -> Answer:
    """A BoundingBox."""
    return {"Width": box.width, "Height": box.height, "Left": box.left, "Top": box.top}
