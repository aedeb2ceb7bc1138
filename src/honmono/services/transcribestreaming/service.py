"""The streaming service of Transcribe, over HTTP/2 and WebSocket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from uuid import uuid4

from honmono.services.transcribe.languages import spoken
from honmono.services.transcribestreaming.parameters import Wanted, invalid, wanted
from honmono.services.transcribestreaming.session import Session
from honmono.services.transcribestreaming.turns import Turns
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context, Service

if TYPE_CHECKING:
    from honmono.engines.speech.whisper import WhisperEngine
    from honmono.services.platform import Platform

_log = logging.getLogger("honmono.transcribe")
FIELD = "speech-recognition"
MOST_STREAMS = 25
"""At once in an account: AWS's own default quota of StartStreamTranscription."""


class TranscribeStreaming(Service):
    """Amazon Transcribe streaming."""

    name: ClassVar[str] = "transcribestreaming"
    validation_code: ClassVar[str] = "BadRequestException"

    def __init__(self, platform: Platform) -> None:
        self._engines = platform.engines
        self._turns = Turns()
        self._sessions: dict[tuple[str, str], Session] = {}

    async def start_stream_transcription(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Answer each stretch of speech with partial results while it lasts, and a final one at its end."""
        asked = wanted(request)
        if sum(account == ctx.account for account, _ in self._sessions) >= MOST_STREAMS:
            raise ServiceError(
                "LimitExceededException", f"You have reached your account limit of {MOST_STREAMS} concurrent streams."
            )
        await asyncio.to_thread(self._check_engines, asked)
        ctx.engine = self._engines.identity(FIELD)
        identifier = request.get("SessionId") or str(uuid4())
        session = Session(asked, self._engines, self._turns)
        echoed = {
            name: value
            for name, value in request.items()
            if name != "AudioStream" and value is not None and name in self.model.shape(_ANSWER).members
        }
        return {
            **echoed,
            "RequestId": ctx.request_id,
            "SessionId": identifier,
            "TranscriptResultStream": self._events(session, (ctx.account, identifier), request["AudioStream"]),
        }

    async def start_call_analytics_stream_transcription(self, request: dict[str, Any], ctx: Context) -> NoReturn:
        """Refused: who of two speaks is known by channel, but no engine here judges a call while it goes on."""
        raise invalid(
            "Streaming Call Analytics needs an engine that judges a call while it goes on (categories, sentiment and "
            "issues by turn), and none is installed. Use StartStreamTranscription with EnableChannelIdentification for "
            "the words of both channels."
        )

    async def start_medical_stream_transcription(self, request: dict[str, Any], ctx: Context) -> NoReturn:
        """Refused: see the message."""
        raise _medical("Medical transcription needs a recogniser trained on clinical speech, and none is installed.")

    async def start_medical_scribe_stream(self, request: dict[str, Any], ctx: Context) -> NoReturn:
        """Refused: see the message."""
        raise _medical("HealthScribe needs a recogniser of clinical speech and a writer of notes; none is installed.")

    async def get_medical_scribe_stream(self, request: dict[str, Any], ctx: Context) -> NoReturn:
        """Refused: none was ever started."""
        raise ServiceError(
            "ResourceNotFoundException",
            f"There is no Medical Scribe stream {request['SessionId']}: HealthScribe needs a recogniser of clinical "
            "speech and a writer of notes, and none is installed.",
        )

    def close(self) -> None:
        """See `Service.close`."""
        for session in list(self._sessions.values()):
            session.stop(ServiceError("ServiceUnavailableException", "The server is shutting down."))

    async def _events(
        self, session: Session, key: tuple[str, str], stream: AsyncIterable[dict[str, dict[str, Any]]]
    ) -> AsyncGenerator[dict[str, Any]]:
        """The session's events; it is known under its key for as long as somebody listens."""
        earlier = self._sessions.pop(key, None)
        if earlier is not None:
            earlier.stop(
                ServiceError(
                    "ConflictException",
                    "A new stream started with the same session ID. The current stream has been terminated.",
                )
            )
        self._sessions[key] = session
        try:
            async with aclosing(session.events(stream)) as events:
                async for event in events:
                    yield event
        except ServiceError:
            raise
        except Exception as failure:
            _log.exception("a stream failed (session %s)", key[1])
            raise ServiceError(
                "InternalFailureException", f"The server's log has the details under the session {key[1]}."
            ) from failure
        finally:
            if self._sessions.get(key) is session:
                del self._sessions[key]

    def _check_engines(self, asked: Wanted) -> None:
        """Load what will be needed, so that what is missing is told before the stream begins.

        Raises ServiceError BadRequestException, EngineError.
        """
        engine: WhisperEngine = self._engines.get(FIELD)
        known = set(engine.languages_known())
        for code in (asked.language, *asked.options):
            if code and spoken(code) not in known:
                raise invalid(
                    f"The recogniser {self._engines.identity(FIELD)} does not know the language {code}. Plug in one that "
                    "does: [engines.speech-recognition] model"
                )
        if asked.personal is not None and asked.language is not None:
            languages = self._engines.info("pii").languages
            if languages and asked.language.partition("-")[0] not in languages:
                raise invalid(
                    f"Personal data is not found in {asked.language}: the engine {self._engines.identity('pii')} knows "
                    f"{', '.join(languages)}."
                )


_ANSWER = "StartStreamTranscriptionResponse"


def _medical(message: str) -> ServiceError:
    return ServiceError("BadRequestException", message)
