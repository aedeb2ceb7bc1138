"""Transcribe's language codes and the languages that a recogniser knows."""

from __future__ import annotations

_OTHERS = {"no": "no", "tl": "tl", "zh": "zh", "jv": "jw", "he": "he", "ckb": "", "mhr": "", "kab": "", "ast": ""}
"""Codes that a recogniser writes otherwise, or does not know by this name."""

_USUAL = {
    "en": "en-US", "es": "es-US", "pt": "pt-BR", "fr": "fr-FR", "de": "de-DE", "zh": "zh-CN", "ar": "ar-SA",
    "fa": "fa-IR", "sw": "sw-KE", "jw": "jv-ID", "no": "no-NO", "nn": "no-NO", "cy": "cy-GB", "et": "et-EE",
}  # fmt: skip
"""The dialect that AWS's code has of a language that was identified, where there are several."""


def spoken(code: str) -> str:
    """The language of one of AWS's codes, as recognisers write it.

    >>> spoken("en-GB"), spoken("jv-ID")
    ('en', 'jw')
    """
    language = code.partition("-")[0]
    return _OTHERS.get(language, language)


def aws_code(language: str, options: list[str], known: list[str]) -> str:
    """AWS's code of a language that was identified.

    Args:
        language: as the recogniser writes it.
        options: the codes that the customer expects; the answer is one of them where one fits.
        known: all of AWS's codes.

    >>> aws_code("en", ["en-AU", "fr-FR"], ["en-US", "en-AU", "fr-FR"]), aws_code("en", [], ["en-AB", "en-US"])
    ('en-AU', 'en-US')

    Raises LookupError: AWS has none.
    """
    for code in (*options, _USUAL.get(language, ""), *known):
        if code and spoken(code) == language:
            return code
    raise LookupError(language)
