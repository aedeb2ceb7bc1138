"""A phrase: words that are spoken without a pause between them, and the sound of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from honmono.engines.errors import UnsupportedInput
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.speech.phonemes import Phonemes


@dataclass(slots=True)
class Face:
    """From a sample on the mouth has this form (Polly's viseme)."""

    sample: int
    viseme: str
    word: int


@dataclass(slots=True)
class Phrase:
    """The sound of words.

    Attributes:
        samples: float32.
        rate: samples a second.
        words: of each word its first sample and the one behind its last; they are in order and overlap nowhere.
        faces: in order.
        speeds: of each word how much faster it was spoken than the voice does by itself.
    """

    samples: NDArray[np.float32]
    rate: int
    words: list[tuple[int, int]] = field(default_factory=list)
    faces: list[Face] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)

    def place_silent(self) -> None:
        """Put words of which nothing is said (-1, -1) at the end of the word before them."""
        at = 0
        for index, (begin, end) in enumerate(self.words):
            self.words[index] = (begin, end) if begin >= 0 else (at, at)
            at = self.words[index][1]


Phone = tuple[str, int, int, int]
"""Of a phoneme its name, its word, its first sample and the one behind its last."""


def joined(
    words: int,
    rate: int,
    pieces: Iterable[tuple[int, NDArray[np.float32], Sequence[Phone]]],
    face_of: Callable[[str], str],
) -> Phrase:
    """A phrase of pieces that were spoken one by one, each at the voice's own pace.

    Args:
        words: how many the phrase has.
        rate: samples a second.
        pieces: of each the number of its first word, its sound, and its phonemes, which count words and samples from the
            piece's beginning.
        face_of: the viseme of a phoneme.
    """
    import numpy as np

    found = Phrase(np.zeros(0, np.float32), rate, [(-1, -1)] * words, [], [1.0] * words)
    sounds: list[NDArray[np.float32]] = []
    at = 0
    for first, samples, phones in pieces:
        for phone, owner, begin, end in phones:
            index = first + owner
            before, _ = found.words[index]
            found.words[index] = (at + begin if before < 0 else before, at + end)
            face = face_of(phone)
            if not found.faces or (found.faces[-1].viseme, found.faces[-1].word) != (face, index):
                found.faces.append(Face(at + begin, face, index))
        sounds.append(samples)
        at += len(samples)
    found.samples = np.concatenate(sounds) if sounds else found.samples
    found.place_silent()
    return found


def phonemes_of(phonemes: Phonemes, words: Sequence[Word], language: str) -> list[str]:
    """Of each word its phonemes. Raises UnsupportedInput for a pronunciation that is no IPA, UnsupportedLanguage."""
    try:
        return phonemes.of(list(words), language)
    except ValueError as error:
        raise UnsupportedInput(str(error)) from error


class Speaker(Protocol):
    """Something that speaks words with one of its voices."""

    def speak(self, words: Sequence[Word], voice: str) -> Phrase:
        """The sound of a phrase, at the paces that the words' styles ask for as near as the speaker can come.

        Raises:
            UnsupportedLanguage, UnsupportedInput.
        """
