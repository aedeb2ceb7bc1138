"""A custom vocabulary: its forms (a list of phrases, or a table), and what it does to a transcript.

Source: "Creating a custom vocabulary using a table" and "… using a list" in the Transcribe developer guide. Where
Amazon no longer reads the column SoundsLike, this does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from honmono.services.transcribe.sounding import Spelling, distance
from honmono.services.transcribe.transcript import Item, content_of

MOST_BYTES = 50 * 1024
_COLUMNS = ("Phrase", "SoundsLike", "IPA", "DisplayAs")
_LONGEST = 256
_HINT_CHARACTERS = 300
_UNSURE = 0.9
_LIMITS = ((0.7, 0.25), (0.9, 0.15))
_NO_SPELLING = 1e-6
"""Added to the distance of what sounds alike and is spelt otherwise."""
_LEAST_SOUNDS = 4


class VocabularyInvalid(Exception):
    """Its message becomes the vocabulary's FailureReason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase that is likely to be said.

    Attributes:
        phrase: as the customer wrote it, words joined by hyphens.
        sounds_like: how it is said, in syllables joined by hyphens; empty where its spelling tells.
        display_as: how it is written; empty where the phrase itself is.
    """

    phrase: str
    sounds_like: str = ""
    display_as: str = ""

    @property
    def words(self) -> list[str]:
        """The words of the phrase: `Los-Angeles` has two, `C.L.I.` is one, `C.L.I.`."""
        return [word for word in self.phrase.replace("-", " ").split() if word]

    @property
    def shown(self) -> str:
        """How it stands in a transcript."""
        return self.display_as or " ".join(self.words)


def from_phrases(phrases: Iterable[str]) -> list[Entry]:
    """The entries of a list.

    Raises VocabularyInvalid.
    """
    return [Entry(_checked(phrase, at, digits=True)) for at, phrase in enumerate(phrases, 1)]


def from_file(data: bytes) -> list[Entry]:
    """The entries of a file: a table with tabs and a head, or a list with one phrase a line.

    Raises VocabularyInvalid: its message says in which line what is wrong.
    """
    if len(data) > MOST_BYTES:
        raise VocabularyInvalid(f"The vocabulary file is larger than 50 KB ({len(data)} bytes).")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise VocabularyInvalid(f"The vocabulary file is not in UTF-8 (byte {error.start}).") from error
    if lines and "\t" in lines[0]:
        entries = list(_of_table(lines))
    else:
        entries = [Entry(_checked(line, at, digits=True)) for at, line in enumerate(lines, 1) if line]
    if not entries:
        raise VocabularyInvalid("The vocabulary file is empty.")
    return entries


def _of_table(lines: list[str]) -> Iterator[Entry]:
    head = lines[0].split("\t")
    if sorted(head) != sorted(_COLUMNS):
        raise VocabularyInvalid(
            f"Line 1: the head of a vocabulary table is Phrase, SoundsLike, IPA and DisplayAs with one tab between them; "
            f"this one is {', '.join(head)}."
        )
    for at, line in enumerate(lines[1:], 2):
        if not line:
            continue
        fields = line.split("\t")
        if len(fields) > len(head):
            raise VocabularyInvalid(f"Line {at}: {len(fields)} columns where the head has {len(head)}.")
        row = dict(zip(head, fields + [""] * (len(head) - len(fields)), strict=True))
        if row["SoundsLike"] and row["IPA"]:
            raise VocabularyInvalid(f"Line {at}: give SoundsLike or IPA, not both.")
        if len(row["DisplayAs"]) > _LONGEST:
            raise VocabularyInvalid(f"Line {at}: DisplayAs is longer than {_LONGEST} characters.")
        if row["SoundsLike"] and not re.fullmatch(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", row["SoundsLike"]):
            raise VocabularyInvalid(f"Line {at}: SoundsLike is letters joined by hyphens, not {row['SoundsLike']!r}.")
        yield Entry(_checked(row["Phrase"], at, digits=False), row["SoundsLike"], row["DisplayAs"])


def _checked(phrase: str, line: int, *, digits: bool) -> str:
    where = f"Line {line}: " if line else ""
    if not phrase:
        raise VocabularyInvalid(f"{where}the phrase is empty.")
    if len(phrase) > _LONGEST:
        raise VocabularyInvalid(f"{where}the phrase is longer than {_LONGEST} characters.")
    if any(character.isspace() for character in phrase):
        raise VocabularyInvalid(f"{where}{phrase!r} has a space; join the words of a phrase by hyphens.")
    for character in phrase:
        kind = unicodedata.category(character)[0]
        if not (kind in "LM" or character in "-.'’·" or (digits and kind == "N")):
            reason = "write numbers as words" if kind == "N" else "only letters, hyphens, periods and apostrophes may"
            raise VocabularyInvalid(f"{where}{phrase!r} has the character {character!r}: {reason}.")
    if not any(unicodedata.category(character)[0] in "LN" for character in phrase):
        raise VocabularyInvalid(f"{where}{phrase!r} has no letter.")
    return phrase


class Vocabulary:
    """What the entries of a vocabulary do to a transcript."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        self._spelt: dict[str, list[Entry]] = {}
        for entry in self._entries:
            self._spelt.setdefault(_letters(entry.phrase), []).append(entry)
        self._sounds = [(entry, [Spelling.of(entry.sounds_like or entry.phrase)]) for entry in self._entries]

    @property
    def hint(self) -> str:
        """The words for the recogniser to expect: as many as it bears without losing its thread."""
        words: list[str] = []
        for entry in self._entries:
            words.append(entry.shown)
            if sum(map(len, words)) > _HINT_CHARACTERS:
                words.pop()
                break
        return ", ".join(words)

    def applied(self, items: list[Item]) -> list[Item]:
        """The items with what spells a phrase written as it is to be shown, and what nearly sounds like one replaced.

        Only words that the recogniser was unsure of are replaced by what they sound like; where windows overlap, the
        nearest is taken.
        """
        taken: dict[int, tuple[int, Entry]] = {}
        used: set[int] = set()
        for _, begin, end, entry in sorted(self._candidates(items), key=lambda each: (each[0], each[1] - each[2])):
            if not used & set(range(begin, end)):
                taken[begin] = end, entry
                used |= set(range(begin, end))
        written: list[Item] = []
        at = 0
        while at < len(items):
            if at in taken:
                end, entry = taken[at]
                written += _shown(entry, items[at:end])
                at = end
            else:
                written.append(items[at])
                at += 1
        return written

    def spelt(self, items: list[Item]) -> bool:
        """Whether one of the phrases stands in the items, letter by letter."""
        return any(far == 0.0 for far, _, _, _ in self._candidates(items))

    def _candidates(self, items: list[Item]) -> Iterator[tuple[float, int, int, Entry]]:
        """Of each run of words that says an entry how far it is from it, where it begins and ends, and the entry."""
        longest = max((len(entry.words) for entry in self._entries), default=0) + 2
        for begin in range(len(items)):
            said, confidences = "", []
            for end in range(begin + 1, min(len(items), begin + longest) + 1):
                item = items[end - 1]
                if item["type"] != "pronunciation":
                    break
                said += _letters(content_of(item))
                confidences.append(float(item["alternatives"][0]["confidence"]))
                for entry in self._spelt.get(said, ()):
                    yield 0.0, begin, end, entry
                limit = _limit(sum(confidences) / len(confidences))
                if limit and min(confidences) < _UNSURE:
                    for far, entry in self._near(said, end - begin, limit):
                        yield far, begin, end, entry

    def _near(self, said: str, words: int, limit: float) -> Iterator[tuple[float, Entry]]:
        spelling = Spelling.of(said)
        for entry, spellings in self._sounds:
            if words > len(entry.words) + 2:
                continue
            for each in spellings:
                if len(each.sounds.replace("h", "").replace("w", "")) >= _LEAST_SOUNDS:
                    far = distance(spelling, each, limit)
                    if far <= limit:
                        yield far + _NO_SPELLING, entry


def _limit(confidence: float) -> float:
    """How far from an entry words may sound to be replaced by it: the surer the recogniser was, the nearer."""
    return next((limit for below, limit in _LIMITS if confidence < below), 0.0)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if unicodedata.category(character)[0] in "LMN")


def _shown(entry: Entry, said: list[Item]) -> list[Item]:
    words = [entry.display_as] if entry.display_as else entry.words
    if len(words) == len(said):
        return [_with(item, word, item["start_time"], item["end_time"]) for item, word in zip(said, words, strict=True)]
    begin, end = float(said[0]["start_time"]), float(said[-1]["end_time"])
    whole = sum(map(len, words))
    confidence = sum(float(item["alternatives"][0]["confidence"]) for item in said) / len(said)
    written, gone = [], 0
    for word in words:
        first = begin + (end - begin) * gone / whole
        gone += len(word)
        item = _with(said[0], word, f"{first:.3f}", f"{begin + (end - begin) * gone / whole:.3f}")
        item["alternatives"][0]["confidence"] = f"{confidence:.3f}"
        written.append(item)
    return written


def _with(item: Item, content: str, begin: str, end: str) -> Item:
    first = {**item["alternatives"][0], "content": content}
    return {**item, "alternatives": [first], "start_time": begin, "end_time": end}
