"""What every part of Textract stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.store.records import Scope
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.services.platform import Platform
    from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "textract"
PRINCIPAL = "textract.amazonaws.com"
FIELD = "document-analysis"


class Part:
    """A part of Textract's operations; the service is made of all of them."""

    platform: Platform

    @property
    def engines(self) -> EngineHost:
        """The engines by field."""
        return self.platform.engines


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("InvalidParameterException", message)
