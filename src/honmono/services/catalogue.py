"""The services that Honmono answers itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.wire.service import Service

_SERVICES = ("honmono.services.comprehend:Comprehend",)


def service_classes() -> list[type[Service]]:
    """The class of every service."""
    found = []
    for place in _SERVICES:
        module, _, name = place.partition(":")
        found.append(getattr(import_module(module), name))
    return found


def our_services(platform: Platform) -> list[Service]:
    """Every service, made over the platform."""
    return [kind(platform) for kind in service_classes()]  # type: ignore[call-arg]
