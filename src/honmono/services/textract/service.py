"""The Textract service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.textract.analysing import Analysing
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Textract(Analysing, Service):
    """Amazon Textract: what stands in documents, and how it belongs together."""

    name: ClassVar[str] = "textract"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
