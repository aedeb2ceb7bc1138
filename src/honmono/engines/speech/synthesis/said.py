"""What a synthesis engine takes and gives: voices, sound and marks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np  # when it runs too: the fields' types say how they travel between processes


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can speak.

    Attributes:
        id: as the engine names it, `af_heart`.
        language: AWS's code, `en-US`.
        gender: "Female" or "Male".
        engines: Polly's kinds that it speaks as: "neural", "standard".
        rate: samples a second.
    """

    id: str
    language: str
    gender: str
    engines: tuple[str, ...]
    rate: int


@dataclass(frozen=True, slots=True)
class SpokenMark:
    """What happens at a time of the sound.

    Attributes:
        kind: "sentence", "word", "viseme" or "ssml".
        seconds: when it begins, from the beginning of the sentence's sound.
        begin, end: its bytes in the text.
        value: the sentence, the word, the face (Polly's name) or the mark's name.
        until: seconds when it is over. A word ends with the punctuation behind it, so that the last one's end is the
            end of the sound, unless a pause follows.
    """

    kind: str
    seconds: float
    begin: int
    end: int
    value: str
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it sounds.

    Attributes:
        samples: (n,) float32 in -1 … 1.
        rate: samples a second.
        marks: in order of their times; at the same time sentence, ssml, word, viseme.
    """

    samples: np.ndarray
    rate: int
    marks: list[SpokenMark] = field(default_factory=list)
