"""One channel of a stream: what of it waits to be heard, and what was heard of the utterance that goes on."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from honmono.engines.speech.agreement import Agreement
from honmono.engines.speech.endpoints import RATE, Endpointer, Utterance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.speech.whisper import Word

NEW_SPEECH = RATE
"""Samples that must have come since the last look for another partial result."""
_JOINED = 27 * RATE


@dataclass(slots=True)
class Hypotheses:
    """The looks at one utterance."""

    agreeing: int | None
    identifier: str = field(default_factory=lambda: str(uuid4()))
    was_told: bool = False
    agreement: Agreement[Word] | None = None

    def __post_init__(self) -> None:
        if self.agreeing is not None:
            self.agreement = Agreement(self.agreeing)


@dataclass(slots=True)
class Waiting:
    """An utterance that has ended and is to be heard, with the looks at it while it lasted."""

    utterance: Utterance
    hypotheses: Hypotheses


class Ear:
    """A channel."""

    def __init__(self, channel: int, agreeing: int | None) -> None:
        self.channel = channel
        self._agreeing = agreeing
        self._endpointer = Endpointer()
        self._lock = asyncio.Lock()
        self.ended: deque[Waiting] = deque()
        self.hypotheses = Hypotheses(agreeing)
        self.looked_at = 0
        """The sample up to which the utterance that goes on was looked at."""
        self.language: str | None = None
        """AWS's code, where it was identified."""
        self.scores: tuple[tuple[str, float], ...] = ()
        self.is_sure = False

    async def hear(self, samples: NDArray[np.float32]) -> None:
        """Take more of the sound."""
        async with self._lock:
            found = await asyncio.to_thread(self._endpointer.feed, samples)
            self._end(found)

    async def finish(self) -> None:
        """The sound has ended."""
        async with self._lock:
            last = self._endpointer.finish()
            self._end([] if last is None else [last])

    async def current(self) -> Utterance | None:
        """The utterance that goes on, where there is news of it."""
        async with self._lock:
            return self._endpointer.current() if self.has_news else None

    @property
    def has_news(self) -> bool:
        """Whether so much of the utterance that goes on is new that another look is worth it."""
        begin, length = self._endpointer.current_begin, self._endpointer.current_length
        return length > 0 and begin + length - max(begin, self.looked_at) >= NEW_SPEECH

    @property
    def waiting(self) -> int:
        """Samples of ended utterances that wait."""
        return sum(len(each.utterance.samples) for each in self.ended)

    def take(self, *, several: bool) -> list[Waiting]:
        """The next utterance that has ended, and with `several` those behind it that are heard in the same call: a
        call's time does not depend on how much of thirty seconds is filled."""
        taken = [self.ended.popleft()]
        length = len(taken[0].utterance.samples)
        while several and self.ended and length + len(self.ended[0].utterance.samples) + RATE <= _JOINED:
            taken.append(self.ended.popleft())
            length += len(taken[-1].utterance.samples) + RATE
        return taken

    def _end(self, found: list[Utterance]) -> None:
        for utterance in found:
            self.ended.append(Waiting(utterance, self.hypotheses))
            self.hypotheses = Hypotheses(self._agreeing)
