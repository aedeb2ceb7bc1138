"""What a vocabulary filter does to a transcript. Source: "Using custom vocabulary filters to delete, mask, or flag words"
in the Transcribe developer guide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from honmono.services.transcribe.transcript import Item, content_of

Method = Literal["mask", "remove", "tag"]
MOST_BYTES = 50 * 1024
_MASK = "***"


class FilterInvalid(Exception):
    """What is wrong with a filter's words or file."""


def words_of(data: bytes) -> list[str]:
    """The words of a file, one a line.

    Raises FilterInvalid.
    """
    if len(data) > MOST_BYTES:
        raise FilterInvalid(f"The vocabulary filter file is larger than 50 KB ({len(data)} bytes).")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FilterInvalid(f"The vocabulary filter file is not in UTF-8 (byte {error.start}).") from error
    return checked(line.strip() for line in lines if line.strip())


def checked(words: Iterable[str]) -> list[str]:
    """The words, each once.

    Raises FilterInvalid: one has a blank in it, or there are none or too many.
    """
    found = list(dict.fromkeys(words))
    if not found:
        raise FilterInvalid("The vocabulary filter has no words.")
    for word in found:
        if any(character.isspace() for character in word):
            raise FilterInvalid(f"A vocabulary filter has single words; {word!r} has a blank.")
    if sum(len(word.encode()) + 1 for word in found) > MOST_BYTES:
        raise FilterInvalid("The vocabulary filter's words are larger than 50 KB.")
    return found


def filtered(items: list[Item], words: frozenset[str], method: Method) -> list[Item]:
    """The items with each word that is in the filter masked, removed or tagged; large and small letters are alike.

    Args:
        words: case-folded.
    """
    written: list[Item] = []
    for item in items:
        if item["type"] != "pronunciation" or content_of(item).casefold() not in words:
            written.append(item)
        elif method == "tag":
            written.append({**item, "vocabularyFilterMatch": True})
        elif method == "mask":
            masked = {**item["alternatives"][0], "content": _MASK}
            written.append({**item, "alternatives": [masked]})
    return written
