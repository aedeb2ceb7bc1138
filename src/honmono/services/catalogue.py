"""The services that Honmono answers itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.wire.service import Service

_SERVICES = (
    "honmono.services.comprehend:Comprehend",
    "honmono.services.s3:S3",
)


def our_services(platform: Platform) -> list[Service]:
    """Every service, made over the platform."""
    made = []
    for place in _SERVICES:
        module, _, name = place.partition(":")
        made.append(getattr(import_module(module), name)(platform))
    return made
