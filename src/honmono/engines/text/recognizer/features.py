"""What is noted of a unit and its neighbours: the words, how they begin and end, which kinds of characters they have.

A feature is kept as a 32-bit hash. Two that share one share a weight, which of some hundred thousand features few do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.recognizer.units import Unit

WIDTH = 28
"""Features of every unit."""


def features(units: Sequence[Unit]) -> NDArray[np.uint32]:
    """The hashes of the features of each unit of a text, (units, WIDTH); the same feature has the same column."""
    words = ["\x02", "\x02", *(unicodedata.normalize("NFKC", unit.text) for unit in units), "\x03", "\x03"]
    lower = [word.lower() for word in words]
    shapes = [_shape(word) for word in words]
    # Whether white space, or nothing, stands before each unit: "U.S." and "U. S." differ.
    gaps = ["|", *("" if units[at].begin == units[at - 1].end else " " for at in range(1, len(units)))]
    rows = [_of(words, lower, shapes, place + 2, gaps[place]) for place in range(len(units))]
    hashes = [crc32(feature.encode(errors="replace")) for row in rows for feature in row]
    return np.array(hashes, np.uint32).reshape(len(units), WIDTH)


def _of(words: list[str], lower: list[str], shapes: list[str], at: int, gap: str) -> tuple[str, ...]:
    word, this = words[at], lower[at]
    before, behind = lower[at - 1], lower[at + 1]
    return (
        f"w {word}",
        f"l {this}",
        f"p1 {this[:1]}",
        f"p2 {this[:2]}",
        f"p3 {this[:3]}",
        f"s1 {this[-1:]}",
        f"s2 {this[-2:]}",
        f"s3 {this[-3:]}",
        f"s4 {this[-4:]}",
        f"h {shapes[at]}",
        f"g {gap} {shapes[at]}",
        f"n {min(len(word), 12)}",
        f"-1 {before}",
        f"-2 {lower[at - 2]}",
        f"+1 {behind}",
        f"+2 {lower[at + 2]}",
        f"-1 0 {before} {this}",
        f"0 +1 {this} {behind}",
        f"-2 -1 {lower[at - 2]} {before}",
        f"+1 +2 {behind} {lower[at + 2]}",
        f"-1 0 +1 {before} {this} {behind}",
        f"h-1 {shapes[at - 1]}",
        f"h+1 {shapes[at + 1]}",
        f"h-2 {shapes[at - 2]}",
        f"h+2 {shapes[at + 2]}",
        f"h-1 h {shapes[at - 1]} {shapes[at]}",
        f"h h+1 {shapes[at]} {shapes[at + 1]}",
        f"h-1 h h+1 {shapes[at - 1]} {shapes[at]} {shapes[at + 1]}",
    )


def _shape(word: str) -> str:
    """The kinds of the characters, runs of more than two shortened: Berlin → Xxx, 2024 → 999, 京 → 漢."""
    shape = ""
    for character in word[:40]:
        kind = _kind(character)
        if not shape.endswith(kind * 3):
            shape += kind
    return shape


def _kind(character: str) -> str:
    code = ord(character)
    if code < 4:
        return character
    if 0x3041 <= code <= 0x309F:
        return "ひ"
    if 0x30A0 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return "カ"
    if 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x3FFFF or character in "々〆":
        return "漢"
    if character.isdigit():
        return "9"
    if character.isupper():
        return "X"
    if character.isalpha():
        return "x"
    return character if code < 0x3100 else "。"
