"""Texts with wildcards, matched in linear time: a pattern from a client must not be able to hang a thread."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=4096)
def wildcards(text: str, *, question_mark: bool = True) -> Callable[[str], bool]:
    """The function that tells whether a value fits a text in which ``*`` stands for any characters.

    Args:
        text: the text with wildcards; it must fit the whole value.
        question_mark: whether ``?`` stands for one character.
    """
    pieces = text.split("*")
    parts = [_Piece(piece, question_mark) for piece in pieces]
    if len(parts) == 1:
        only = parts[0]
        return lambda value: len(value) == only.length and only.find(value, 0) == 0
    first, *middle, last = parts
    needed = sum(part.length for part in parts)

    def fits(value: str) -> bool:
        if len(value) < needed or not first.stands(value, 0) or not last.stands(value, len(value) - last.length):
            return False
        # The leftmost place is always as good as any: what follows then has the most room.
        position, end = first.length, len(value) - last.length
        for part in middle:
            found = part.find(value, position)
            if found < 0 or found + part.length > end:
                return False
            position = found + part.length
        return True

    return fits


class _Piece:
    """What lies between two stars: of a fixed length, found without going back."""

    def __init__(self, text: str, question_mark: bool) -> None:
        self.length = len(text)
        self._text = text
        self._pattern = None
        if question_mark and "?" in text:
            self._pattern = re.compile(".".join(map(re.escape, text.split("?"))), re.DOTALL)

    def find(self, value: str, start: int) -> int:
        """Where it first stands in the value from ``start`` on; -1 where it does not."""
        if self._pattern is None:
            return value.find(self._text, start)
        found = self._pattern.search(value, start)
        return found.start() if found else -1

    def stands(self, value: str, at: int) -> bool:
        """Whether it stands at this very place."""
        if self._pattern is None:
            return value.startswith(self._text, at)
        return self._pattern.match(value, at) is not None
