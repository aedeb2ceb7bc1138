"""Words that have to be said within a time (`amazon:max-duration`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from honmono.engines.errors import UnsupportedInput
from honmono.engines.speech.synthesis.phrase import Phrase, Speaker
from honmono.engines.speech.synthesis.shaping import shaped
from honmono.engines.speech.utterance import Word

_FASTEST = 5.0
"""Times as fast as without the limit, at most; Polly says no more either."""
_SPARE = 1.04
"""Faster than needed, since the last per cent of a pace are left as they come."""


def spoken(words: Sequence[Word], speaker: Speaker, voice: str) -> Phrase:
    """The phrase in its words' styles; those of an effect `max-duration:SECONDS` are said faster if they took longer.

    Raises: see `Speaker.speak` and `shaped`.
    """
    phrase = shaped(speaker.speak(words, voice), words)
    hurried = list(words)
    for seconds, group in groupby(range(len(words)), lambda index: _limit(words[index])):
        indexes = list(group)
        if seconds is None:
            continue
        took = (phrase.words[indexes[-1]][1] - phrase.words[indexes[0]][0]) / phrase.rate
        if took > seconds:
            factor = min(_SPARE * took / seconds, _FASTEST)
            for index in indexes:
                style = words[index].style
                hurried[index] = replace(words[index], style=replace(style, rate=style.rate * factor))
    return phrase if hurried == list(words) else shaped(speaker.speak(hurried, voice), hurried)


def _limit(word: Word) -> float | None:
    for effect in word.style.effects:
        name, _, value = effect.partition(":")
        if name == "max-duration":
            try:
                seconds = float(value.removesuffix("s"))
            except ValueError as error:
                raise UnsupportedInput(f"max-duration is a number of seconds, not {value!r}") from error
            if not 0 < seconds < 1e6:
                raise UnsupportedInput(f"max-duration is a number of seconds above 0, not {value!r}")
            return seconds
    return None
