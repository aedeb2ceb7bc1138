"""A translation memory: sentences that were translated before, by people.

A sentence that the memory has is not translated again. One that differs from it in its numbers alone takes the
remembered translation with its own numbers, where each of them stands in the translation too. Letters' case, the kinds of
blanks and of widths make no difference; one word of difference does: then the engine translates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from honmono.engines.translation.translation import Example

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class Memory:
    """The examples of one direction. Of several with the same source, the last counts."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._known: dict[str, str] = {}
        self._by_form: dict[str, Example] = {}
        for example in examples:
            self._known[_key(example.source)] = example.target
            if _numbers(example.source):
                self._by_form[_form(example.source)] = example

    def recall(self, sentence: str) -> str | None:
        """How the sentence was translated, or None."""
        known = self._known.get(_key(sentence))
        if known is not None:
            return known
        example = self._by_form.get(_form(sentence)) if _numbers(sentence) else None
        if example is None:
            return None
        return _renumbered(example, _numbers(sentence))


def _renumbered(example: Example, numbers: list[str]) -> str | None:
    """The remembered translation with other numbers, where it is clear which go where."""
    before = _numbers(example.source)
    there = [unicodedata.normalize("NFKC", each) for each in _NUMBER.findall(example.target)]
    if sorted(there) != sorted(before) or len(set(before)) < len(before):
        return None
    new = dict(zip(before, numbers, strict=True))
    return _NUMBER.sub(lambda match: new[unicodedata.normalize("NFKC", match[0])], example.target)


def _key(sentence: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", sentence).casefold().split())


def _form(sentence: str) -> str:
    return _NUMBER.sub("0", _key(sentence))


def _numbers(sentence: str) -> list[str]:
    return _NUMBER.findall(unicodedata.normalize("NFKC", sentence))
