"""Languages that are read aloud."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from honmono.engines.speech.reading.errors import UNSUPPORTED_LANGUAGE, ReadingError
from honmono.engines.speech.reading.languages.base import Language

_KNOWN = {
    "en": ("english", "English"),
    "es": ("spanish", "Spanish"),
    "fr": ("french", "French"),
    "it": ("italian", "Italian"),
    "pt": ("portuguese", "Portuguese"),
    "de": ("german", "German"),
    "ja": ("japanese", "Japanese"),
}


@cache
def language_of(code: str) -> Language:
    """The reader of a language.

    Args:
        code: `en-US`.

    Raises:
        ReadingError: UnsupportedLanguage.
    """
    known = _KNOWN.get(code.partition("-")[0])
    if known is None:
        raise ReadingError(
            UNSUPPORTED_LANGUAGE,
            f"No numbers, dates and abbreviations are known here for {code}; known are {', '.join(_KNOWN)}",
        )
    module = import_module(f"{__name__}.{known[0]}")
    made: Language = getattr(module, known[1])(code)
    return made
