"""StartSpeechSynthesisStream: text in as it is written, sound out as it is spoken, over one HTTP/2 stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from honmono.engines.base import UnsupportedInput, UnsupportedLanguage
from honmono.engines.speech.reading.errors import ReadingError
from honmono.services.polly.cast import FIELD
from honmono.services.polly.part import Answer, Part, Request, invalid
from honmono.services.polly.speaking import Sounds, read
from honmono.services.polly.speech import AT_ONCE, Speech, billed, speech_of
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.speech.utterance import Sentence
    from honmono.wire.service import Context

_WAITING = 3_000
"""Characters without the end of a sentence that are waited for more; then they are spoken as they are."""


class Streams(Part):
    """Speech in both directions."""

    async def start_speech_synthesis_stream(self, request: Request, ctx: Context) -> Answer:
        """Speak texts as they come. A sentence is spoken once its end is sure: by what follows, or by a flush."""
        if request["OutputFormat"] == "json":
            raise invalid("Speech marks are not available over a stream; use SynthesizeSpeech.", "unsupportedOperation")
        cast = await asyncio.to_thread(self.casting.now)
        asked = {name: value for name, value in request.items() if name != "ActionStream"} | {"Text": ""}
        try:
            speech = await asyncio.to_thread(speech_of, asked, ctx, cast, self.platform.records, AT_ONCE)
        except ServiceError as error:
            # The operation knows no other error of a request that it cannot serve.
            raise invalid(f"{error.code}: {error.message}", "unsupportedOperation") from error
        ctx.engine = self.platform.engines.identity(FIELD)
        return {"EventStream": _Conversation(speech, self.platform.engines.get(FIELD)).events(request["ActionStream"])}


class _Conversation:
    """One stream: what waits to be spoken, and the encoder that all of it goes through."""

    def __init__(self, speech: Speech, engine: Any) -> None:
        self._speech = speech
        self._engine = engine
        self._sounds = Sounds(speech)
        self._waiting = ""
        self._characters = 0

    async def events(self, actions: AsyncIterator[dict[str, dict[str, Any]]]) -> AsyncGenerator[dict[str, Any]]:
        """The stream's answer.

        Raises ServiceError ValidationException.
        """
        try:
            async for action in actions:
                if "CloseStreamEvent" in action:
                    break
                async for piece in self._taken(action["TextEvent"]):
                    yield _audio(piece)
            async for piece in self._spoken(await asyncio.to_thread(self._ready, everything=True)):
                yield _audio(piece)
        except (ReadingError, UnsupportedLanguage, UnsupportedInput) as error:
            raise invalid(str(error), "invalidInboundEvent") from error
        if piece := self._sounds.finish():
            yield _audio(piece)
        yield {"StreamClosedEvent": {"RequestCharacters": self._characters}}

    async def _taken(self, event: dict[str, Any]) -> AsyncGenerator[bytes]:
        text, is_ssml = event["Text"], event.get("TextType", "text") == "ssml"
        try:
            self._characters += billed(text, is_ssml, AT_ONCE)
        except ServiceError as error:
            raise invalid(f"{error.code}: {error.message}", "invalidInboundEvent") from error
        if is_ssml:
            # A document stands for itself: what waited before it is over.
            ready = await asyncio.to_thread(self._ready, everything=True)
            ready += await asyncio.to_thread(read, replace(self._speech, text=text, is_ssml=True))
        else:
            self._waiting += text
            forced = event.get("FlushStreamConfiguration", {}).get("Force", False)
            everything = forced or len(self._waiting) > _WAITING
            ready = await asyncio.to_thread(self._ready, everything=everything)
        async for piece in self._spoken(ready):
            yield piece

    def _ready(self, everything: bool) -> list[Sentence]:
        """The sentences that can be spoken; the last one waits, unless it is everything."""
        if not self._waiting.strip():
            return []
        sentences = read(replace(self._speech, text=self._waiting))
        if everything:
            self._waiting = ""
            return sentences
        if len(sentences) < 2:
            return []
        self._waiting = self._waiting.encode()[sentences[-1].begin :].decode()
        return sentences[:-1]

    async def _spoken(self, sentences: list[Sentence]) -> AsyncGenerator[bytes]:
        for sentence in sentences:
            sound = await asyncio.to_thread(self._engine.say, sentence, self._speech.voice, self._speech.kind)
            if piece := await asyncio.to_thread(self._sounds.add, sound):
                yield piece


def _audio(piece: bytes) -> dict[str, Any]:
    return {"AudioEvent": {"AudioChunk": piece}}
