"""The Polly service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.polly.cache import SpeechCache
from honmono.services.polly.cast import Casting
from honmono.services.polly.lexicons import Lexicons
from honmono.services.polly.stream import Streams
from honmono.services.polly.synthesis import Synthesis, as_posted
from honmono.services.polly.tags import Tagging
from honmono.services.polly.tasks import Tasks, watch
from honmono.services.polly.voices import Voices
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.wire.http import Request


class Polly(Voices, Synthesis, Streams, Lexicons, Tasks, Tagging, Service):
    """Amazon Polly: texts spoken."""

    name: ClassVar[str] = "polly"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.casting = Casting(platform.engines)
        self.cache = SpeechCache(platform.data / "speech", platform.speech_cache_bytes)
        watch(platform)

    def rewrite(self, request: Request) -> Request:
        """See `as_posted`."""
        return as_posted(request)

    def reset(self) -> None:
        """Forget what was spoken before."""
        self.cache.clear()
