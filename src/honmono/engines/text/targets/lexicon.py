"""What English words name: the types of names and nouns, and small lists of words that mentions and groups go by."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal

TargetType = Literal[
    "PERSON", "LOCATION", "ORGANIZATION", "FACILITY", "BRAND", "COMMERCIAL_ITEM", "MOVIE", "MUSIC", "BOOK", "SOFTWARE",
    "GAME", "PERSONAL_TITLE", "EVENT", "DATE", "QUANTITY", "ATTRIBUTE", "OTHER",
]  # fmt: skip


@cache
def words(name: str) -> frozenset[str]:
    """A list of `words.toml`."""
    table = tomllib.loads((resources.files(__package__) / "words.toml").read_text(encoding="utf-8"))
    return frozenset(table[name].split())


_CUES: tuple[tuple[TargetType, re.Pattern[str]], ...] = (
    ("MOVIE", re.compile(r"\b(?:films?|movies?|watch\w*|cinema|series|episodes?|season|directed|starring|actors?)\b", re.I)),
    ("MUSIC", re.compile(r"\b(?:songs?|albums?|listen\w*|singer|sings?|sang|band|tracks?|single|symphony)\b", re.I)),
    ("BOOK", re.compile(r"\b(?:books?|novels?|read\w*|author|wrote|writer|chapters?|pages?|published)\b", re.I)),
    ("GAME", re.compile(r"\b(?:games?|play(?:ed|ing|s)?|console|levels?|gamers?)\b", re.I)),
)  # fmt: skip
_FACILITIES = re.compile(
    r"\b(?:hotel|inn|hostel|resort|airport|station|bridge|stadium|museum|hospital|palace|castle|tower|restaurant|café|cafe|"
    r"theatre|theater|cathedral|hall|mall|arena|library|spa|street|road|avenue|highway|building|centre|center|diner|bistro)\b",
    re.IGNORECASE,
)
_GOODS = re.compile(
    r"^(?:iphone|ipad|macbook|pixel|galaxy|playstation|xbox|kindle|thinkpad|walkman|roomba)\b", re.IGNORECASE
)


def name_type(text: str, begin: int, end: int, kind: str) -> TargetType:
    """The type of a name that the entity recogniser calls `kind`: its own types are fewer."""
    name = text[begin:end]
    lower = name.lower()
    if kind == "TITLE":
        around = text[max(0, begin - 120) : begin] + " " + text[end : end + 120]
        return next((found for found, cue in _CUES if cue.search(around)), "OTHER")
    if lower.replace(" ", "-") in words("software"):
        return "SOFTWARE"
    if _GOODS.match(name):
        return "COMMERCIAL_ITEM"
    if kind == "ORGANIZATION" and lower in words("brands"):
        return "BRAND"
    if kind in ("LOCATION", "ORGANIZATION") and _FACILITIES.search(name):
        return "FACILITY"
    if kind == "COMMERCIAL_ITEM" and lower in words("brands"):
        return "BRAND"
    return kind  # type: ignore[return-value]


def noun_type(noun: str) -> TargetType:
    """The type of what a noun or compound of nouns names, by our table and WordNet."""
    lower = noun.lower()
    if lower in words("software") and noun[0].isupper():
        return "SOFTWARE"
    if _GOODS.match(noun):
        return "COMMERCIAL_ITEM"
    if lower in words("brands") and noun[0].isupper():
        return "BRAND"
    own, wordnet = _own(), _wordnet()
    parts = re.split(r"[\s-]+", lower)
    for size in range(len(parts), 0, -1):
        tail = parts[-size:]
        for form in _singulars(tail):
            for table in (own, wordnet):
                if found := table.get(form):
                    # "battery life", "picture frame": of an attribute, so one itself where it is nothing else
                    attribute = found == "OTHER" and size < len(parts) and own.get(parts[0]) == "ATTRIBUTE"
                    return "ATTRIBUTE" if attribute else found
    return "ATTRIBUTE" if len(parts) > 1 and own.get(parts[0]) == "ATTRIBUTE" else "OTHER"


def _singulars(parts: list[str]) -> Iterator[str]:
    """The compound as it is and with its last word made singular."""
    *before, last = parts
    head = " ".join([*before, ""])
    yield head + last
    if last.endswith("ies") and len(last) > 4:
        yield head + last[:-3] + "y"
    if last.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield head + last[:-2]
    if last.endswith("s") and not last.endswith("ss"):
        yield head + last[:-1]
    if last.endswith("men"):
        yield head + last[:-3] + "man"


def is_plural(noun: str) -> bool:
    """Whether an English noun looks like a plural."""
    last = re.split(r"[\s-]+", noun.lower())[-1]
    if last in ("people", "men", "women", "children", "police", "staff", "headphones", "feet", "teeth", "mice"):
        return True
    return (
        last.endswith("s")
        and not last.endswith(("ss", "us", "is"))
        and last not in ("series", "news", "bus", "lens", "gas")
    )


@cache
def _own() -> dict[str, TargetType]:
    table = tomllib.loads((resources.files(__package__) / "nouns.toml").read_text(encoding="utf-8"))
    found: dict[str, TargetType] = {}
    for kind, nouns in table.items():
        for noun in nouns.split():
            found.setdefault(noun.lower().replace("-", " "), kind)  # type: ignore[arg-type]
    return found


@cache
def _wordnet() -> dict[str, TargetType]:
    packed = (resources.files(__package__) / "noun_types.txt.gz").read_bytes()
    found: dict[str, TargetType] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        kind, _, nouns = line.partition("\t")
        found.update(dict.fromkeys(nouns.split("|"), kind))  # type: ignore[arg-type]
    return found
