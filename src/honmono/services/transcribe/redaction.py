"""Personal data taken out of a transcript. Source: "Example PII redaction output (batch)" in the Transcribe developer
guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from honmono.services.transcribe.transcript import Item, Passage, content_of

LANGUAGES = ("en-US", "es-US")
"""In which Transcribe redacts."""
_TAG = "[PII]"
_CHARACTERS = 4000


class Found(Protocol):
    """A piece of personal data in a text, `text[begin:end]`."""

    @property
    def type(self) -> str:
        """As Comprehend and Transcribe name it."""

    @property
    def begin(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character behind its last one."""

    @property
    def score(self) -> float:
        """How sure it is, between 0 and 1."""


def redacted(
    passages: Iterable[Passage], types: frozenset[str] | None, detect: Callable[[str], list[Found]]
) -> list[Passage]:
    """The passages with personal data replaced by one item each, which has the times of what it stands for.

    Neighbouring passages of a channel are read together: a number may go on behind a pause.

    Args:
        types: of PII, as Transcribe names them; None: all.
        detect: finds personal data in a text of the passages' language.
    """
    written: list[Passage] = []
    for group in _groups(passages):
        text, places = "", []
        for at, passage in enumerate(group):
            for number, item in enumerate(passage.items):
                if text and item["type"] != "punctuation":
                    text += " "
                places.append((len(text), len(text) + len(content_of(item)), at, number))
                text += content_of(item)
        tags: dict[tuple[int, int], Found] = {}
        for found in detect(text):
            if types is None or found.type in types:
                for begin, end, at, number in places:
                    if begin < found.end and found.begin < end and group[at].items[number]["type"] == "pronunciation":
                        tags[at, number] = found
        # A mark within a piece goes with it; one at its end stays.
        written += [_without(passage, at, tags) for at, passage in enumerate(group)]
    return sorted(written, key=lambda passage: passage.begin)


def _groups(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    channels: dict[int, list[Passage]] = {}
    for passage in passages:
        group = channels.setdefault(passage.channel, [])
        if sum(len(each.text) + 1 for each in group) + len(passage.text) > _CHARACTERS:
            yield channels.pop(passage.channel)
            group = channels.setdefault(passage.channel, [])
        group.append(passage)
    yield from channels.values()


def _without(passage: Passage, at: int, tags: dict[tuple[int, int], Found]) -> Passage:
    items: list[Item] = []
    last: Found | None = None
    marks: list[Item] = []
    for number, item in enumerate(passage.items):
        found = tags.get((at, number))
        if item["type"] == "punctuation" and last is not None:
            marks.append(item)
            continue
        if found is not None and found is last:
            items[-1]["end_time"] = item["end_time"]
        else:
            items += [*marks, item if found is None else _tag(item, found)]
        last, marks = found, []
    return replace(passage, items=[*items, *marks], alternatives=[])


def _tag(item: Item, found: Found) -> Item:
    redaction = {"confidence": f"{found.score:.4f}", "type": found.type, "category": "PII"}
    return {
        "type": "pronunciation",
        "alternatives": [{"content": _TAG, "redactions": [redaction]}],
        "start_time": item["start_time"],
        "end_time": item["end_time"],
    }
