"""The Rekognition service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.rekognition.comparing import Comparing
from honmono.services.rekognition.faces import Faces
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Rekognition(Faces, Comparing, Service):
    """Amazon Rekognition: what pictures and videos show."""

    name: ClassVar[str] = "rekognition"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
