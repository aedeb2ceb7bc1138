"""Which words of a text are vulgar, demeaning or violent, in whichever way they are spelt."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

GROUPS = ("sexual", "slur", "gender", "excrement", "insult", "religion")
PLAIN = ("insult", "contempt", "harm", "gore", "sexual", "swearing")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_TOKEN = re.compile(r"[\w@$*#!'’-]+")
_MASK = frozenset("*#-")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LONGEST = 40
"""Letters of a word; no listed one is longer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed word or phrase in a text: what it is about, how strong it is (1 to 3), whether it was disguised."""

    group: str
    severity: float
    disguised: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the lists know of a text: its `words` in small letters, what is listed, how many plain words of each kind."""

    words: list[str]
    listed: list[Listed]
    plain: dict[str, int]


class Lexicon:
    """The listed words, phrases and plain words."""

    def __init__(self, listed: dict[str, tuple[str, float]], plain: dict[str, frozenset[str]]) -> None:
        """`listed`: group and severity by word or phrase in small letters. `plain`: stems by kind."""
        self._phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, float]]]] = {}
        self._words: dict[str, tuple[str, float]] = {}
        self._shapes: dict[tuple[str, int], list[str]] = {}
        for text, entry in listed.items():
            first, *rest = text.split()
            if rest:
                self._phrases.setdefault(first, []).append(((first, *rest), entry))
            else:
                self._words[first] = entry
                self._shapes.setdefault((first[0], len(first)), []).append(first)
        self._plain = plain

    @classmethod
    @cache
    def packaged(cls) -> Lexicon:
        """The lists beside this file."""
        listed: dict[str, tuple[str, float]] = {}
        folder = resources.files(__package__)
        for line in (folder / "listed.tsv").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                word, group, severity = line.split("\t")
                listed[word] = (group, float(severity))
        plain = tomllib.loads((folder / "plain.toml").read_text(encoding="utf-8"))
        return cls(listed, {kind: frozenset(words.split()) for kind, words in plain.items()})

    def find(self, text: str) -> Found:
        """Look every word of `text` up."""
        raw = [match.group().strip("'’-!#") for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text))]
        tokens = [token.casefold().replace("’", "'")[:_LONGEST] for token in raw if token]
        listed: list[Listed] = []
        plain = dict.fromkeys(PLAIN, 0)
        for place, token in enumerate(tokens):
            entry = self._word(token)
            for phrase, about in self._phrases.get(token, ()):
                if tuple(tokens[place : place + len(phrase)]) == phrase:
                    entry = Listed(*about, disguised=False)
            if entry is not None:
                listed.append(entry)
            stems = _stems(token).union(*map(_stems, _disguises(token))) if len(token) > 2 else {token}
            for kind, words in self._plain.items():
                plain[kind] += not words.isdisjoint(stems)
        return Found(tokens, listed, plain)

    def _word(self, token: str) -> Listed | None:
        for spelling in (token, token.removesuffix("'s"), token.removesuffix("s")):
            if spelling in self._words:
                return Listed(*self._words[spelling], disguised=False)
        if not any(map(str.isalpha, token)):
            return None
        for spelling in _disguises(token):
            if spelling in self._words:
                return Listed(*self._words[spelling], disguised=True)
        if not _MASK.isdisjoint(token[1:]) and token[0].isalpha():
            # "f**k": whatever listed word the letters that are left allow, the strongest.
            fitting = [
                self._words[word]
                for word in self._shapes.get((token[0], len(token)), ())
                if all(shown in (hidden, "*", "#") for shown, hidden in zip(token, word, strict=True))
            ]
            if "-" not in token and fitting and sum(map(str.isalpha, token)) >= 2:
                return Listed(*max(fitting, key=lambda about: about[1]), disguised=True)
        return None


def _disguises(token: str) -> Iterator[str]:
    """Ways to read a token that is spelt to slip through: "sh1t", "fuuuuck", "f-u-c-k"."""
    read = token.translate(_LEET) if any(map(str.isalpha, token)) else token
    squeezed = _STRETCHED.sub(r"\1", read)
    for spelling in (read, squeezed, _STRETCHED.sub(r"\1\1", read), read.replace("-", "")):
        if spelling != token and spelling.isalpha():
            yield spelling


def _stems(word: str) -> set[str]:
    """The word, and what it may be a form of."""
    found = {word}
    for ending in ("s", "es", "ed", "d", "ing", "er"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            found |= {stem, stem + "e"}
            if stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return found
