"""How 180,000 English words are said, American or British: misaki's lexicons, searched on the disk."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.weights import Cache

WEIGHTS = "misaki-lexicons"


class Lexicon:
    """One kind of English. The words lie sorted in a file that is mapped, not read: opening it costs nothing.

    Args:
        cache: where the pulled weights are.
        british: or American.

    Raises:
        WeightsMissing.
    """

    def __init__(self, cache: Cache, british: bool) -> None:
        kind = "gb" if british else "us"
        path = cache.derived(WEIGHTS, f"{kind}-v1.tsv", lambda made: _sort(cache, kind, made))
        with path.open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def forms(self, word: str) -> dict[str, str]:
        """How a word is said, by part of speech, under "DEFAULT" where it does not matter; {} if it is not there.

        A word in small letters is found as a name, a capitalised one in small letters.
        """
        for spelling in dict.fromkeys((word, word.lower(), word.lower().capitalize())):
            found = self._line(spelling)
            if found:
                return dict(form.split("=") for form in found.split(" "))
        return {}

    def __contains__(self, word: str) -> bool:
        return bool(self.forms(word))

    def exact(self, spelling: str) -> bool:
        """Whether it is there in just these letters, large and small."""
        return bool(self._line(spelling))

    def _line(self, word: str) -> str:
        if not word or "\t" in word or "\n" in word:
            return ""
        wanted, lines = word.encode(), self._lines
        low, high = 0, len(lines)
        while low < high:
            middle = (low + high) // 2
            begin = lines.rfind(b"\n", low, middle) + 1 or low
            end = lines.find(b"\n", begin)
            key, _, forms = bytes(lines[begin:end]).partition(b"\t")
            if key == wanted:
                return forms.decode()
            if key < wanted:
                low = end + 1
            else:
                high = begin
        return ""


def lexicon_words(cache: Cache, kind: str) -> dict[str, dict[str, str]]:
    """The whole lexicon, "us" or "gb": the checked words and, where those lack one, the others."""
    found: dict[str, dict[str, str]] = {}
    for quality in ("silver", "gold"):
        text = cache.path(WEIGHTS, f"{kind}_{quality}.json").read_text("utf-8")
        entries: dict[str, str | dict[str, str | None]] = json.loads(text)
        for word, said in entries.items():
            forms = {"DEFAULT": said} if isinstance(said, str) else {tag: each for tag, each in said.items() if each}
            if not word.isspace() and "DEFAULT" in forms:
                found[word] = forms
    return found


def _sort(cache: Cache, kind: str, made: Path) -> None:
    words = lexicon_words(cache, kind)
    lines = [
        f"{word}\t{' '.join(f'{tag}={each}' for tag, each in forms.items())}\n".encode()
        for word, forms in words.items()
    ]
    made.write_bytes(b"".join(sorted(lines, key=lambda line: line.partition(b"\t")[0])))
