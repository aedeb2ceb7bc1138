"""The Rekognition service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.rekognition.labels import Labels
from honmono.services.rekognition.moderation import Moderation
from honmono.services.rekognition.protective_equipment import ProtectiveEquipment
from honmono.services.rekognition.text import Text
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Rekognition(Labels, Text, Moderation, ProtectiveEquipment, Service):
    """Amazon Rekognition: what pictures and videos show."""

    name: ClassVar[str] = "rekognition"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
