"""The models' regular expressions, written in Java's dialect, for Python's ``regex`` engine.

What differs: ``\\d`` and ``\\w`` are ASCII in Java, and so are its POSIX names (``\\p{Alnum}``), unknown to ``regex``;
``\\u`` takes four digits, a plane above the first is two of them.
"""

from __future__ import annotations

import re

import regex

_POSIX = {
    "ASCII": r"\x00-\x7F",
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1F\x7F",
    "Digit": "0-9",
    "Graph": r"\x21-\x7E",
    "Lower": "a-z",
    "Print": r"\x20-\x7E",
    "Punct": r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
    "Space": r" \t\n\x0B\f\r",
    "Upper": "A-Z",
    "XDigit": "0-9a-fA-F",
}
_SHORT = {r"\d": "0-9", r"\w": "a-zA-Z0-9_"}
_SURROGATES = r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
_PLANES = r"\\u10000-\\u10FFFF"
_TOKEN = re.compile(
    rf"(?P<planes>{_PLANES})|{_SURROGATES}|\\p\{{(?P<posix>{'|'.join(_POSIX)})\}}|(?P<escaped>\\.)|(?P<bracket>[][])|.",
    re.DOTALL,
)
_ATOM = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[(?:[^\]\\]|\\.)*\]", re.DOTALL)
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"[*+]|\{\d*,\d*\}")
_ONE_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]", re.DOTALL)


def compile_pattern(source: str) -> regex.Pattern[str]:
    """The pattern as Java understands it. It is meant for ``fullmatch``.

    Raises regex.error.
    """
    if _ONE_CLASS.fullmatch(source):
        # A class alone says which characters there may be, not that there may be one.
        source += "+"
    return regex.compile(_translated(source))


def is_plain(source: str) -> bool:
    """Whether the pattern takes at most quadratic time: two repetitions at most, of single characters alone."""
    skeleton = _ATOM.sub("x", source)
    return not _REPEATED_GROUP.search(skeleton) and len(_REPETITION.findall(skeleton)) <= 2


def _translated(source: str) -> str:
    # Beside their negations the short forms are left alone: [\w\W] must stay everything.
    short = {} if r"\W" in source or r"\D" in source else _SHORT
    inside = False
    pieces: list[str] = []
    for token in _TOKEN.finditer(source):
        text = token[0]
        if token["bracket"]:
            inside = text == "[" or (inside and text != "]")
        elif token["planes"]:
            text = r"\U00010000-\U0010FFFF"
        elif token["high"]:
            text = f"\\U{_code_point(int(token['high'], 16), int(token['low'], 16)):08X}"
        elif token["posix"] or text in short:
            characters = _POSIX[token["posix"]] if token["posix"] else short[text]
            text = characters if inside else f"[{characters}]"
        pieces.append(text)
    return "".join(pieces)


def _code_point(high: int, low: int) -> int:
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
