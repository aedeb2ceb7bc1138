"""The services that Honmono answers itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.wire.service import Service

_CLASSES = {
    "comprehend": "honmono.services.comprehend:Comprehend",
    "polly": "honmono.services.polly:Polly",
    "rekognition": "honmono.services.rekognition:Rekognition",
    "s3": "honmono.services.s3:S3",
    "iam": "honmono.services.iam:Iam",
    "sts": "honmono.services.sts:Sts",
    "logs": "honmono.services.logs:Logs",
    "transcribe": "honmono.services.transcribe:Transcribe",
    "translate": "honmono.services.translate:Translate",
    "transcribestreaming": "honmono.services.transcribestreaming:TranscribeStreaming",
    "cloudwatch": "honmono.services.cloudwatch:CloudWatch",
}


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


def our_services(platform: Platform) -> list[Service]:
    """Every service, made over the platform."""
    return [service_class(name)(platform) for name in service_names()]  # type: ignore[call-arg]
