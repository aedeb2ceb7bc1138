"""Find a list's entities in texts: the longest that stands there, at the borders of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from honmono.engines.text.recognizer.units import Mention, Unit, cut


class EntityList:
    """Entities and their types.

    They are found as they are written, but for the white space between their words. Where a script sets no spaces, they
    are found within words too, except those of one character: such a one must stand by itself, not beside a letter of
    its own script.

    Args:
        entries: each entity with its type; of equal ones the first counts.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        # Units joined by spaces, not tuples of them: of a million entities that is a tenth of the memory.
        self._types: dict[str, str] = {}
        # How long the entities are that begin with a unit, so that only those lengths are looked up.
        self._lengths: dict[str, list[int]] = {}
        for text, kind in entries:
            words = [unit.text for unit in cut(text)]
            key = " ".join(words)
            if words and key not in self._types:
                self._types[key] = kind
                lengths = self._lengths.setdefault(words[0], [])
                if len(words) not in lengths:
                    lengths.append(len(words))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions in order, without overlaps."""
        units = cut(text)
        words = [unit.text for unit in units]
        place = 0
        while place < len(units):
            behind = place + 1
            for length in self._lengths.get(words[place], ()):
                kind = self._types.get(" ".join(words[place : place + length]))
                if kind is not None and place + length <= len(units) and (length > 1 or _alone(text, units[place])):
                    behind = place + length
                    yield Mention(units[place].begin, units[behind - 1].end, kind)
                    break
            place = behind


def _alone(text: str, unit: Unit) -> bool:
    """Whether a single character is no part of a longer word of its script."""
    if len(unit.text) > 1 or unit.text.isascii():
        return True
    script = _script(unit.text)
    around = text[unit.begin - 1 : unit.begin] if unit.begin else "", text[unit.end : unit.end + 1]
    return not script or all(_script(neighbour) != script for neighbour in around)


def _script(character: str) -> str:
    if not character:
        return ""
    code = ord(character)
    if 0x3041 <= code <= 0x309F:
        return "hiragana"
    if 0x30A1 <= code <= 0x30FF:
        return "katakana"
    return "han" if 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x3FFFF else ""
