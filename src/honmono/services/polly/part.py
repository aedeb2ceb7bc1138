"""What every part of Polly stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.store.records import Scope
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.services.polly.cache import SpeechCache
    from honmono.services.polly.cast import Casting
    from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "polly"


class Part:
    """A part of Polly's operations; the service is made of all of them."""

    platform: Platform
    casting: Casting
    cache: SpeechCache


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def invalid(message: str, reason: str = "fieldValidationFailed") -> ServiceError:
    """A request that fits its shape and makes no sense; ``reason`` is one of ValidationExceptionReason."""
    return ServiceError("ValidationException", message, status=400, reason=reason)


def bad_token() -> ServiceError:
    """A token that the operation did not give."""
    return ServiceError(
        "InvalidNextTokenException", "The NextToken is invalid. Verify that it's spelled correctly, and then try again."
    )
