"""Numbers in other dress: Roman numerals, fractions of one character, codes; and which capitals are a word."""

from __future__ import annotations

import regex

VULGAR: dict[str, tuple[int, int]] = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = regex.compile("(?=.)M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")
_CODE = regex.compile(r"\d+|\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{L}")
_SYLLABLES = regex.compile("[^AEIOUY]{0,2}[AEIOUY]{1,2}(?:[^AEIOUY]{1,2}[AEIOUY]{1,2})*(?:[^AEIOUY])?")
_SPELLED = frozenset("UCLA OECD ASAP IATA IEEE BIOS DIY EULA OAUTH UEFA AIDA USDA".split()) - {"UEFA", "AIDA", "BIOS"}


def is_roman(text: str) -> bool:
    """Whether it is a Roman numeral in its usual form."""
    return _ROMAN.fullmatch(text) is not None


def roman(text: str) -> int:
    """XIV: 14."""
    values = [_VALUES[letter] for letter in text]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))


def parts_of_code(text: str) -> list[str]:
    """`MP3`: MP, 3; `COVID-19`: COVID, 19."""
    return _CODE.findall(text)


def pronounceable(capitals: str) -> bool:
    """Whether capitals read as a word: NASA, not HTML."""
    return capitals not in _SPELLED and _SYLLABLES.fullmatch(capitals) is not None
