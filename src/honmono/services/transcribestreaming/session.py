"""One stream: listen, and tell what was heard.

Sound is taken as it comes and cut into utterances where nobody speaks. While an utterance goes on, a quick look at it gives
a partial result for each second or so that is new; when it has ended, the recogniser's full attention gives the final
one. Under load partial results become rarer, and final ones of several utterances come from one call; none is left out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from honmono.engines.errors import EngineError
from honmono.engines.speech.endpoints import RATE, Utterance
from honmono.engines.speech.whisper import Word
from honmono.services.transcribe.languages import spoken
from honmono.services.transcribestreaming import sound
from honmono.services.transcribestreaming.ear import Ear, Hypotheses, Waiting
from honmono.services.transcribestreaming.parameters import PII_TYPES, Wanted
from honmono.services.transcribestreaming.results import Heard, mark_personal_data, result
from honmono.services.transcribestreaming.turns import Turns
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.host import EngineHost
    from honmono.engines.speech.whisper import LanguageScore, Transcript, WhisperEngine

WAITING_SECONDS = 30
"""Of speech that may wait to be heard; beyond it no more is taken from the client."""
LONGEST_SECONDS = 4 * 3600
_SURE = 3 * RATE
"""Samples of speech after which a language that was identified is kept."""
_BETWEEN = RATE // 2
_log = logging.getLogger("honmono.transcribe")
_Answer = TypeVar("_Answer")


class Session:
    """A stream from its first event to its last result."""

    def __init__(self, asked: Wanted, engines: EngineHost, turns: Turns) -> None:
        self._asked = asked
        self._engines = engines
        self._engine: WhisperEngine = engines.get("speech-recognition")
        self._turns = turns
        self._ears = [Ear(channel, asked.agreeing) for channel in range(asked.channels)]
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._listened = False
        self._failure: Exception | None = None
        self._stopped: ServiceError | None = None

    def stop(self, reason: ServiceError) -> None:
        """End it with an error, at its next step."""
        self._stopped = reason
        self._changed.set()

    async def events(self, stream: AsyncIterable[dict[str, dict[str, Any]]]) -> AsyncGenerator[dict[str, Any]]:
        """The TranscriptEvents. Closing this frees all that the stream holds.

        Raises ServiceError: the stream's own exceptions.
        """
        listening = asyncio.create_task(self._listen(stream))
        try:
            while True:
                if self._stopped is not None:
                    raise self._stopped
                self._changed.clear()
                if isinstance(self._failure, ServiceError) and self._failure.code == "IncompleteBody":
                    raise self._failure
                found = await self._hear_next()
                if found is None:
                    if self._listened:
                        break
                    await self._changed.wait()
                    continue
                for each in found:
                    yield {"TranscriptEvent": {"Transcript": {"Results": [each]}}}
            if self._failure is not None:
                raise self._failure
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    # What comes in

    async def _listen(self, stream: AsyncIterable[dict[str, dict[str, Any]]]) -> None:
        heard = 0
        try:
            audio = sound.chunks(stream, sound.SILENT_SECONDS)
            async with aclosing(audio), aclosing(sound.samples(audio, self._asked)) as samples:
                async for block in samples:
                    heard += block.shape[1]
                    if heard > LONGEST_SECONDS * RATE:
                        raise ServiceError(
                            "LimitExceededException", "Your stream is longer than 4 hours. Open a new one."
                        )
                    await self._take(block)
        except Exception as failure:  # noqa: BLE001 - told to the client behind what was heard
            self._failure = failure
        for ear in self._ears:
            await ear.finish()
        self._listened = True
        self._changed.set()

    async def _take(self, block: NDArray[np.float32]) -> None:
        for ear, samples in zip(self._ears, block, strict=True):
            await ear.hear(samples)
        self._changed.set()
        while sum(ear.waiting for ear in self._ears) > WAITING_SECONDS * RATE:
            self._has_room.clear()
            await self._has_room.wait()

    # What goes out

    async def _hear_next(self) -> list[dict[str, Any]] | None:
        """The results of the most urgent thing there is to hear; None where there is nothing."""
        ended = [ear for ear in self._ears if ear.ended]
        if ended:
            return await self._hear_ended(min(ended, key=lambda ear: ear.ended[0].utterance.begin))
        for ear in self._ears:
            # Whose words are to be redacted must not be read before they are.
            if ear.has_news and self._asked.personal != "redact":
                return await self._look(ear)
        return None

    async def _hear_ended(self, ear: Ear) -> list[dict[str, Any]]:
        async with self._turns.turn(Turns.FINAL):
            taken = ear.take(several=not self._asked.several)
            self._has_room.set()
            code = await self._identify(ear, taken[0].utterance, is_over=True)
            language = spoken(code)
            joined, offsets = _joined([each.utterance for each in taken])
            heard: Transcript = await self._ask(self._engine.transcribe, joined, language)
        words = [word for segment in heard.segments for word in segment.words]
        told = []
        for each, own in zip(taken, _apart(words, taken, offsets), strict=True):
            answer = self._final(ear, each, own, language)
            if answer is not None:
                await self._mark_personal_data(answer, language)
                told.append(answer)
        return told

    def _final(self, ear: Ear, waiting: Waiting, words: list[Word], language: str) -> dict[str, Any] | None:
        hypotheses = waiting.hypotheses
        if hypotheses.agreement is not None:
            words = hypotheses.agreement.end(words)
        if not words and not hypotheses.was_told:
            return None
        settled = len(words) if hypotheses.agreement is not None else None
        return self._result(ear, hypotheses, waiting.utterance, words, language, settled, is_partial=False)

    async def _look(self, ear: Ear) -> list[dict[str, Any]]:
        async with self._turns.turn(Turns.PARTIAL):
            # While this stream waited for its turn, more has come, or the utterance has ended.
            hypotheses, utterance = ear.hypotheses, await ear.current()
            if utterance is None or hypotheses is not ear.hypotheses:
                return []
            ear.looked_at = utterance.end
            code = await self._identify(ear, utterance, is_over=False)
            if not code:
                return []
            language = spoken(code)
            found: list[Word] = await self._ask(self._engine.glimpse, utterance.samples, language)
        words = _moved(found, utterance.begin / RATE)
        settled = None
        if hypotheses.agreement is not None:
            words = hypotheses.agreement.take(words)
            settled = len(hypotheses.agreement.settled)
        if not words:
            return []
        hypotheses.was_told = True
        return [self._result(ear, hypotheses, utterance, words, language, settled, is_partial=True)]

    def _result(
        self,
        ear: Ear,
        hypotheses: Hypotheses,
        utterance: Utterance,
        words: list[Word],
        language: str,
        settled: int | None,
        *,
        is_partial: bool,
    ) -> dict[str, Any]:
        return result(
            Heard(
                identifier=hypotheses.identifier,
                begin=utterance.begin / RATE,
                end=utterance.end / RATE,
                words=words,
                settled=settled,
                is_partial=is_partial,
                language=language,
                channel=ear.channel if self._asked.apart else None,
                code=ear.language,
                scores=ear.scores,
            )
        )

    async def _identify(self, ear: Ear, utterance: Utterance, *, is_over: bool) -> str:
        """AWS's code of the language that is spoken; "" while too little was heard to tell."""
        asked = self._asked
        if asked.language is not None:
            return asked.language
        enough = len(utterance.samples) >= _SURE
        if ear.is_sure and ear.language is not None and not asked.several:
            return ear.language
        if not enough and not is_over:
            return ear.language or asked.preferred or ""
        scores: list[LanguageScore] = await self._ask(self._engine.identify, utterance.samples)
        by_language = {each.code: each.score for each in scores}
        shares = [(code, by_language.get(spoken(code), 0.0)) for code in asked.options]
        whole = sum(score for _, score in shares) or 1.0
        ordered = sorted(((code, score / whole) for code, score in shares), key=lambda each: -each[1])
        ear.scores, ear.language, ear.is_sure = tuple(ordered), ordered[0][0], enough
        return ear.language

    async def _mark_personal_data(self, answer: dict[str, Any], language: str) -> None:
        asked = self._asked
        if asked.personal is None:
            return
        text = answer["Alternatives"][0]["Transcript"]
        types = asked.personal_types or PII_TYPES
        found = await self._ask(self._engines.get("pii").detect.one, text, language) if text else []
        chosen = [entity for entity in found if entity.type in types]
        mark_personal_data(answer, chosen, language, redact=asked.personal == "redact")

    async def _ask(self, call: Callable[..., _Answer], *arguments: Any) -> _Answer:
        """An engine's answer. Raises ServiceError where it fails."""
        try:
            return await asyncio.to_thread(call, *arguments)
        except EngineError as error:
            _log.error("%s", error)
            raise ServiceError("ServiceUnavailableException", str(error)) from error


def _joined(utterances: list[Utterance]) -> tuple[NDArray[np.float32], list[int]]:
    """The utterances with silence between, and where each begins."""
    import numpy as np

    parts: list[NDArray[np.float32]] = []
    offsets, at = [], 0
    for utterance in utterances:
        if parts:
            parts.append(np.zeros(_BETWEEN, np.float32))
            at += _BETWEEN
        offsets.append(at)
        parts.append(utterance.samples)
        at += len(utterance.samples)
    return np.concatenate(parts), offsets


def _apart(words: Iterable[Word], taken: list[Waiting], offsets: list[int]) -> list[list[Word]]:
    """Of utterances that were heard in one call the words of each, in the stream's time."""
    found: list[list[Word]] = [[] for _ in taken]
    for word in words:
        middle = (word.begin + word.end) / 2 * RATE
        number = max((at for at, offset in enumerate(offsets) if middle >= offset - _BETWEEN / 2), default=0)
        found[number] += _moved([word], (taken[number].utterance.begin - offsets[number]) / RATE)
    return found


def _moved(words: Iterable[Word], seconds: float) -> list[Word]:
    return [Word(word.text, word.begin + seconds, word.end + seconds, word.probability) for word in words]
