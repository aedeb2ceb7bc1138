"""English letters to phonemes, for words that no lexicon has."""

from __future__ import annotations


class Letters:
    """American or British."""

    def __init__(self, british: bool) -> None:
        self._british = british

    def read(self, word: str) -> str:
        """How a word in small letters may be said."""
        return ""
