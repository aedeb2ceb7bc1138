"""The sentences that names are learned from: who made them, under which licence, and what their labels become.

Stockmark's ner-wikipedia-dataset 2.0 (CC BY-SA 3.0): Japanese Wikipedia with eight types. WikiANN (ODC-BY): short
silver sentences with three types. W-NUT 2017 (CC BY 4.0): English posts with six types. `written/` and `heldout/` are
this project's own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TYPES = ("PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "TITLE")

_JAPANESE = {
    "人名": "PERSON",
    "法人名": "ORGANIZATION",
    "政治的組織名": "ORGANIZATION",
    "その他の組織名": "ORGANIZATION",
    "地名": "LOCATION",
    "施設名": "LOCATION",
    "イベント名": "EVENT",
}
_WORK_OR_PRODUCT = "製品名"
_WORKS = re.compile(
    "(?:映画|小説|漫画|マンガ|アニメ|ドラマ|番組|アルバム|シングル|楽曲|曲|歌|著書|絵本|戯曲|舞台|書籍|雑誌|作品|主題歌)"
    "(?:版|「|『|・|、|の|である|は|が|も|として)*$"
)
_WIKIANN = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_WNUT = {
    "person": "PERSON",
    "location": "LOCATION",
    "corporation": "ORGANIZATION",
    "group": "ORGANIZATION",
    "product": "COMMERCIAL_ITEM",
    "creative-work": "TITLE",
}
_SHORT = {
    "PER": "PERSON",
    "LOC": "LOCATION",
    "ORG": "ORGANIZATION",
    "ITEM": "COMMERCIAL_ITEM",
    "EVENT": "EVENT",
    "TITLE": "TITLE",
    "DATE": "DATE",
    "QTY": "QUANTITY",
}
_MARKED = re.compile(r"\[([^]|]+)\|([A-Z]+)\]")

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its names as (begin, end, type) in characters.

    Attributes:
        unseen: types that the annotators did not look for: the sentence may hold them unmarked.
    """

    text: str
    spans: tuple[Span, ...]
    language: str
    source: str
    unseen: frozenset[str] = field(default=frozenset())


def wikipedia_ja(path: Path) -> Iterator[Sentence]:
    """Japanese Wikipedia. 製品名 holds works and products alike: a work is what stands in 『』 or 「」 or behind a
    word for a kind of work (映画, 小説, アルバム …); the rest are products."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["text"]
        spans = []
        for begin, end, kind in row["entities"]:
            if kind == _WORK_OR_PRODUCT:
                quoted = text[begin - 1 : begin] in ("『", "「") if begin else False
                kind = "TITLE" if quoted or _WORKS.search(text[max(begin - 12, 0) : begin]) else "COMMERCIAL_ITEM"
            else:
                kind = _JAPANESE[kind]
            spans.append((begin, end, kind))
        yield Sentence(text, tuple(sorted(spans)), "ja", "wikipedia-ja")


def wikiann(path: Path, language: str) -> Iterator[Sentence]:
    """Silver sentences: persons, places and organizations only."""
    for words in _conll(path):
        text, spans = _written_out(words, _WIKIANN)
        yield Sentence(text, spans, language, f"wikiann-{language}", frozenset({"COMMERCIAL_ITEM", "EVENT", "TITLE"}))


def wnut(path: Path) -> Iterator[Sentence]:
    """Posts, with everything but events."""
    for words in _conll(path):
        text, spans = _written_out(words, _WNUT)
        yield Sentence(text, spans, "en", "wnut17-en", frozenset({"EVENT"}))


def marked(path: Path, source: str) -> Iterator[Sentence]:
    """Our own sentences, one a line, names written as [Name|TYPE]."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield unmarked(line, path.stem, source)


def unmarked(line: str, language: str, source: str) -> Sentence:
    """A sentence whose names are written as [Name|TYPE].

    Raises:
        ValueError: an unknown type.
    """
    text, spans, last = "", [], 0
    for match in _MARKED.finditer(line):
        if match[2] not in _SHORT:
            raise ValueError(f"{match[2]!r} in {line!r} is no type; use one of {', '.join(_SHORT)}")
        text += line[last : match.start()]
        spans.append((len(text), len(text) + len(match[1]), _SHORT[match[2]]))
        text += match[1]
        last = match.end()
    return Sentence(text + line[last:], tuple(spans), language, source)


def part(text: str) -> int:
    """Which tenth of the data a text belongs to: 0 is held out, 1 is for validation."""
    return int(hashlib.sha256(("names" + normalised(text)).encode()).hexdigest(), 16) % 10


def normalised(text: str) -> str:
    """Letters and digits only: sentences that are equal so are copies."""
    return re.sub(r"[\W_]+", "", text.lower())


def fingerprint(sentences: list[Sentence]) -> str:
    """The sha256 of a set with its labels."""
    lines = [json.dumps([sentence.text, sentence.spans], ensure_ascii=False) for sentence in sentences]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def held_out(data: Path, name: str) -> list[Sentence]:
    """The tenth of a source that is never trained on, without repetitions.

    `name` is "wikipedia-ja", "wnut17-en" or "wikiann-LANGUAGE".
    """
    found: dict[str, Sentence] = {}
    for sentence in read(data, name):
        if part(sentence.text) == 0:
            found.setdefault(normalised(sentence.text), sentence)
    return list(found.values())


def read(data: Path, name: str) -> Iterator[Sentence]:
    """All of a source's sentences."""
    if name == "wikipedia-ja":
        return wikipedia_ja(data / "wikipedia-ja.jsonl")
    if name == "wnut17-en":
        return wnut(data / "wnut17-en.conll")
    return wikiann(data / f"{name}.conll", name.rpartition("-")[2])


def _conll(path: Path) -> Iterator[list[tuple[str, str]]]:
    words: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        word, _, tag = line.rpartition("\t")
        if word.strip():
            words.append((word, tag))
        elif words:
            yield words
            words = []


_NO_SPACE_BEFORE = re.compile(r"^(?:[,.;:!?)\]%…]+|n't|'(?:s|m|re|ve|ll|d)|’s)$", re.I)


def _written_out(words: list[tuple[str, str]], types: dict[str, str]) -> tuple[str, tuple[Span, ...]]:
    """Words set as a text: no space before a comma or a closing bracket, none behind an opening one."""
    text, spans, before, open_type = "", [], "(", ""
    for word, tag in words:
        if before not in ("(", "[", "¿", "¡") and not _NO_SPACE_BEFORE.match(word):
            text += " "
        begin = len(text)
        text += word
        prefix, _, kind = tag.partition("-")
        if prefix == "B" or (prefix == "I" and kind != open_type):
            spans.append((begin, len(text), types[kind]))
        elif prefix == "I":
            spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        open_type = kind
        before = word
    return text, tuple(spans)
