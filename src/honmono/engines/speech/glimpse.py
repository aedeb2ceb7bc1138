"""A quick look at speech that still goes on.

Whisper's encoder always sees thirty seconds, most of them silence that was put behind; four fifths of a call's time go
there. A glimpse shows it what was said and two seconds more, and takes each best next word: a fifth to a tenth of the
time, at the price of an error now and then, which the whole look at the end of the utterance puts right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

RATE = 16_000
LONGEST_SECONDS = 28
_SILENCE = 2 * RATE
_FRAMES_A_SECOND = 100
_MOST_FRAMES = 3000
_TOKENS_A_SECOND = 8
"""Nobody speaks faster: what goes on beyond is the network's own echo."""
_ECHOES = 3


@dataclass(frozen=True, slots=True)
class GlimpsedWord:
    """As `whisper.Word`."""

    text: str
    begin: float
    end: float
    probability: float


def glimpse(model: Any, samples: np.ndarray, language: str) -> list[GlimpsedWord]:
    """The words of speech that has not ended.

    Args:
        model: a faster_whisper.WhisperModel.
        samples: (n,) float32 at 16 kHz, up to `LONGEST_SECONDS`.
        language: Whisper's code.
    """
    import numpy as np
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import get_ctranslate2_storage, merge_punctuations

    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language)
    seconds = len(samples) / RATE
    padded = np.concatenate([samples, np.zeros(_SILENCE, np.float32)])
    features = model.feature_extractor(padded, padding=0)
    # The encoder halves the frames: their number must be even.
    features = features[:, : min(features.shape[1], _MOST_FRAMES) // 2 * 2]
    encoded = model.model.encode(get_ctranslate2_storage(features[None]), to_cpu=False)
    [found] = model.model.generate(
        encoded,
        [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
        beam_size=1,
        max_length=len(tokenizer.sot_sequence) + 9 + int(seconds * _TOKENS_A_SECOND),
        suppress_blank=True,
        suppress_tokens=[-1],
    )
    tokens = [token for token in found.sequences_ids[0] if token < tokenizer.eot]
    if not tokens:
        return []
    [aligned] = model.find_alignment(tokenizer, [tokens], encoded, features.shape[1])
    merge_punctuations(aligned, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
    words = [
        GlimpsedWord(
            each["word"],
            min(float(each["start"]), seconds),
            min(float(each["end"]), seconds),
            float(each["probability"]),
        )
        for each in aligned
        if each["word"].strip()
    ]
    return words[: _before_echo([word.text.strip().casefold() for word in words])]


def _before_echo(words: list[str]) -> int:
    """How many words there are before the network begins to repeat itself, as it does where it hears nothing more.

    >>> _before_echo("it was the age of wisdom it was the age of wisdom it was the age of wisdom".split())
    6
    >>> _before_echo("no no it was".split())
    4
    """
    for length in range(1, len(words) // _ECHOES + 1):
        for begin in range(len(words) - length * _ECHOES + 1):
            part = words[begin : begin + length]
            if all(
                words[begin + turn * length : begin + (turn + 1) * length] == part for turn in range(1, _ECHOES)
            ) and (length > 1 or words[begin : begin + 4] == part * 4):
                return begin + length
    return len(words)
