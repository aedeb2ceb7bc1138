"""What every part of Comprehend stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.services.platform import Platform


class Part:
    """A part of Comprehend's operations; the service is made of all of them."""

    platform: Platform

    @property
    def engines(self) -> EngineHost:
        """The engines by field."""
        return self.platform.engines
