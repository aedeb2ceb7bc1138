"""Kokoro's voices: which language each was recorded in, and whose voice it is."""

from __future__ import annotations

from honmono.engines.speech.kokoro import RATE
from honmono.engines.speech.synthesis.said import Voice

_LANGUAGES = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es-ES",
    "f": "fr-FR",
    "h": "hi-IN",
    "i": "it-IT",
    "j": "ja-JP",
    "p": "pt-BR",
    "z": "cmn-CN",
}
_GENDERS = {"f": "Female", "m": "Male"}


def kokoro_voice(name: str) -> Voice | None:
    """The voice of that name: its first letter is the language, its second the gender.

    >>> kokoro_voice("jf_alpha").language
    'ja-JP'
    """
    if len(name) < 4 or name[2] != "_" or name[0] not in _LANGUAGES or name[1] not in _GENDERS:
        return None
    return Voice(name, _LANGUAGES[name[0]], _GENDERS[name[1]], ("neural",), RATE)
