"""The values of `<prosody>`, `<break>` and the effects, in numbers."""

from __future__ import annotations

import math
import re

_RATES = {"default": 1.0, "x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
_PITCHES = {"default": 0.0, "x-low": -30.0, "low": -15.0, "medium": 0.0, "high": 15.0, "x-high": 30.0}
_VOLUMES = {"default": 0.0, "silent": -120.0, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 6.0, "x-loud": 12.0}
SLOWEST, FASTEST = 0.2, 2.0
_PERCENT = re.compile(r"([+-]?)(\d{1,6}(?:\.\d{1,6})?)%")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_DECIBELS = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,6})?)dB")
_SEMITONES = re.compile(r"([+-]\d{1,3}(?:\.\d{1,6})?)st")
_TIME = re.compile(r"\+?(\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})(ms|s)")


def rate(value: str, current: float) -> float:
    """How fast: `slow`, `85%` of the voice's own pace, `-10%` of the current one; held within 20 … 200 %.

    Raises:
        ValueError: it is none of these.
    """
    if value in _RATES:
        found = _RATES[value]
    elif percent := _PERCENT.fullmatch(value):
        sign, number = percent[1], float(percent[2]) / 100
        found = current * (1 + number) if sign == "+" else current * (1 - number) if sign else number
    elif _NUMBER.fullmatch(value):
        found = float(value)
    else:
        raise ValueError(f"rate: '{value}' is neither x-slow … x-fast nor a percentage")
    return min(max(found, SLOWEST), FASTEST)


def pitch(value: str, current: float) -> float:
    """How high in semitones: `high`, `+10%`, `-2st`; relative ones add to the current.

    Raises:
        ValueError: it is none of these.
    """
    if value in _PITCHES:
        return _semitones(_PITCHES[value])
    if (percent := _PERCENT.fullmatch(value)) and percent[1]:
        change = float(percent[1] + percent[2])
        if change > -100:
            return current + _semitones(change)
    elif steps := _SEMITONES.fullmatch(value):
        return current + float(steps[1])
    raise ValueError(f"pitch: '{value}' is neither x-low … x-high nor +n% nor -n%")


def volume(value: str, current: float) -> float:
    """How loud in decibels: `soft`, `+6dB`, `-10%`; relative ones add to the current.

    Raises:
        ValueError: it is none of these.
    """
    if value in _VOLUMES:
        return _VOLUMES[value]
    if decibels := _DECIBELS.fullmatch(value):
        return current + float(decibels[1])
    if (percent := _PERCENT.fullmatch(value)) and percent[1]:
        factor = 1 + float(percent[1] + percent[2]) / 100
        return current + 20 * math.log10(factor) if factor > 0 else _VOLUMES["silent"]
    raise ValueError(f"volume: '{value}' is neither silent … x-loud nor +ndB nor -ndB")


def seconds(value: str) -> float:
    """`3s`, `250ms`.

    Raises:
        ValueError: it is no time.
    """
    found = _TIME.fullmatch(value)
    if found is None:
        raise ValueError(f"time: '{value}' is no time in seconds (3s) or milliseconds (250ms)")
    return float(found[1]) / (1000 if found[2] == "ms" else 1)


def tract_length(value: str) -> str:
    """The vocal tract's length as a change: `110%` → `+10%`; held within -50 … +100 %.

    Raises:
        ValueError: it is no percentage.
    """
    found = _PERCENT.fullmatch(value)
    if found is None:
        raise ValueError(f"vocal-tract-length: '{value}' is no percentage")
    change = float(found[1] + found[2]) - (0 if found[1] else 100)
    return f"{min(max(change, -50.0), 100.0):+g}%"


def _semitones(percent: float) -> float:
    return 12 * math.log2(1 + percent / 100)
