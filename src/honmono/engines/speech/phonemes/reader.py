"""What a language's reader does, and how letters become phonemes by rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol

from honmono.engines.speech.utterance import Word

LONGEST_WORD = 200
"""Letters of one word that are read: no language has longer ones, and what has no end would never be said."""


class Reader(Protocol):
    """Reads words of one language aloud, on paper."""

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """Kokoro's phonemes, one string a word.

        Args:
            words: of one sentence, in order.
            given: of each word the phonemes that somebody prescribed, which stand, or None.
        """


def letters_of(text: str) -> str:
    """A word as rules read it: composed, in small letters, with plain apostrophes and hyphens; no longer than
    `LONGEST_WORD`."""
    plain = unicodedata.normalize("NFC", text[:LONGEST_WORD]).lower()
    return plain.replace("’", "'").replace("‘", "'").replace("‐", "-").replace("–", "-")


def without_accents(text: str) -> str:
    """Letters without the signs above and below them: `é` → `e`, `ß` → `ss`, `ø` → `o`."""
    for letter, plain in _FOREIGN.items():
        text = text.replace(letter, plain)
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


_FOREIGN = {
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}


class Rules:
    """Letters to phonemes by ordered rules, after H. S. Elovitz and others, "Automatic translation of English text to
    phonetics by means of letter-to-sound rules", 1976: at each place the first rule that fits is taken.

    A rule is a line `left<letters>right = phonemes`; left and right are regular expressions (looked at, not
    consumed) and may be missing; `#` is the edge of the word. A letter that no rule knows says nothing.

    Args:
        text: the rules, one a line.
        classes: names for regular expressions: `{"V": "[aeiou]"}`.
    """

    def __init__(self, text: str, classes: dict[str, str]) -> None:
        self._rules: dict[str, list[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None, str]]] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            found = _RULE.fullmatch(line)
            if found is None:
                raise ValueError(f"no rule: {line!r}")
            left, letters, right, phonemes = found.groups()
            for name, pattern in classes.items():
                left, right = left.replace(name, pattern), right.replace(name, pattern)
            self._rules.setdefault(letters[0], []).append(
                (
                    letters,
                    re.compile(f"(?:{left})\\Z") if left else None,
                    re.compile(right) if right else None,
                    phonemes,
                )
            )

    def apply(self, word: str) -> list[tuple[str, str]]:
        """The word in pieces of letters, each with its phonemes."""
        edged, at, found = f"#{word}#", 1, []
        while at <= len(word):
            for letters, left, right, phonemes in self._rules.get(edged[at], ()):
                behind = at + len(letters)
                if (
                    edged.startswith(letters, at)
                    and (left is None or left.search(edged[max(0, at - _LEFT) : at]))
                    and (right is None or right.match(edged, behind))
                ):
                    found.append((letters, phonemes))
                    at = behind
                    break
            else:
                found.append((edged[at], ""))
                at += 1
        return found


_RULE = re.compile(r"(\S*)<([^>]+)>(\S*)\s*=\s*(.*)")
_LEFT = 12
"""Letters to the left that a rule can see."""


def pauses_behind(words: Sequence[Word], index: int) -> bool:
    """Whether the voice rests behind a word."""
    return index == len(words) - 1 or words[index].behind != ""


def parts(text: str) -> Iterable[str]:
    """A spoken word in pieces: cut at blanks, hyphens and what is neither letter nor apostrophe."""
    return (piece.strip("'") for piece in re.split(r"[^\w']+|[\d_]+", text) if piece.strip("'"))
