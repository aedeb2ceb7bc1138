"""The Comprehend service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.comprehend.moods import Moods
from honmono.services.comprehend.personal import PersonalData
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Comprehend(
    Moods,
    PersonalData,
    Service,
):
    """Amazon Comprehend: what a text says, about whom, in which language and mood."""

    name: ClassVar[str] = "comprehend"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
