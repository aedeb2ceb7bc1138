"""The codes of languages: AWS's, and those that Apertium's packages have for the same.

Source: "Supported languages and language codes" in the Amazon Translate developer guide; ISO 639-3.
"""

from __future__ import annotations

OF_APERTIUM = {
    "en": "en", "eng": "en",
    "es": "es", "spa": "es",
    "fr": "fr", "fra": "fr",
    "pt": "pt", "por": "pt",
    "it": "it", "ita": "it",
    "ca": "ca", "cat": "ca",
    "ro": "ro", "ron": "ro",
    "bg": "bg", "bul": "bg",
    "mk": "mk", "mkd": "mk",
    "is": "is", "isl": "is",
    "sv": "sv", "swe": "sv",
    "da": "da", "dan": "da",
    "nob": "no",
    "af": "af", "afr": "af",
    "nl": "nl", "nld": "nl",
    "ru": "ru", "rus": "ru",
    "uk": "uk", "ukr": "uk",
    "pl": "pl", "pol": "pl",
    "sl": "sl", "slv": "sl",
    "hi": "hi", "hin": "hi",
    "ur": "ur", "urd": "ur",
    "id": "id", "ind": "id",
    "ms": "ms", "zlm": "ms",
    "hbs_SR": "sr", "hbs_HR": "hr", "hbs_BS": "bs",
    # AWS has no code for these; ISO 639's own are taken, so that what is installed can be used.
    "gl": "gl", "glg": "gl",
    "eo": "eo", "epo": "eo",
    "eu": "eu", "eus": "eu",
    "oc": "oc", "oci": "oc",
    "br": "br", "bre": "br",
    "an": "an", "arg": "an",
    "ast": "ast",
    "sc": "sc", "srd": "sc",
    "frp": "frp",
    "szl": "szl",
    "nn": "nn", "nno": "nn",
    "be": "be", "bel": "be",
}  # fmt: skip
"""Apertium's code of a language to AWS's, or to ISO 639's where AWS does not translate it."""

SPOKEN_AS = {"hbs": ("sr", "hr", "bs")}
"""Codes of Apertium's that stand for several languages when they are read."""

PIVOTS = ("en", "es")
"""Languages that a translation may go through, in the order of preference: what knows one direction of a language mostly
knows English or, among Apertium's packages, Spanish."""

PLUG_IN = (
    "install one of Debian's packages apertium-*, or name a CTranslate2 model that knows it (OPUS-MT, NLLB, M2M-100) in "
    "[engines.translation] models"
)
"""What to do about a pair that is not there."""
