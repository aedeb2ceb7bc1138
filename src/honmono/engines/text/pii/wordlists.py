"""Lists of words are written as text."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a text: "a b" → {"a", "b"}."""
    return frozenset(words.split())
