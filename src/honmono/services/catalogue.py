"""The services that Honmono answers itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.services.iam.keys import AccessKeys
    from honmono.services.platform import Platform
    from honmono.wire.service import Service

_CLASSES = {
    "comprehend": "honmono.services.comprehend:Comprehend",
    "s3": "honmono.services.s3:S3",
    "iam": "honmono.services.iam:Iam",
    "sts": "honmono.services.sts:Sts",
    "logs": "honmono.services.logs:Logs",
    "cloudwatch": "honmono.services.cloudwatch:CloudWatch",
}
_NEEDS_KEYS = frozenset({"iam", "sts"})


def service_class(name: str) -> type[Service]:
    """The class of one of our services, by botocore's name of it.

    Raises KeyError.
    """
    module, _, class_name = _CLASSES[name].partition(":")
    found: type[Service] = getattr(import_module(module), class_name)
    return found


def service_names() -> list[str]:
    """The names of our services."""
    return sorted(_CLASSES)


def our_services(platform: Platform, keys: AccessKeys) -> list[Service]:
    """Every service, made over the platform; those that deal in access keys get the keys too."""
    return [
        service_class(name)(platform, keys) if name in _NEEDS_KEYS else service_class(name)(platform)  # type: ignore[call-arg]
        for name in service_names()
    ]
