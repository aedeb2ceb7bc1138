"""A transcript as Transcribe writes it. Source: "Understanding the output" and the pages on channels, alternatives and
language identification in the Transcribe developer guide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from honmono.engines.speech.whisper import Segment, Word

Item = dict[str, Any]

UNSPACED = ("zh", "ja", "th", "lo", "my", "yue", "km")
"""Languages whose words are not put apart by blanks."""


@dataclass(slots=True)
class Passage:
    """What was said in one go, in one channel and one language.

    Attributes:
        items: its words and marks, in order.
        channel: which it was heard in; 0 where all were heard together.
        language: as the recogniser writes it.
        code: the same as AWS writes it.
        alternatives: other ways to write it down, each as items.
    """

    items: list[Item]
    channel: int = 0
    language: str = "en"
    code: str = "en-US"
    alternatives: list[list[Item]] = field(default_factory=list)

    @property
    def begin(self) -> float:
        """When its first word begins, in seconds."""
        return float(next((item["start_time"] for item in self.items if "start_time" in item), 0.0))

    @property
    def text(self) -> str:
        """It as running text."""
        return text_of(self.items, self.language)


@dataclass(frozen=True, slots=True)
class Form:
    """What of a transcript is written.

    Attributes:
        code: AWS's code of its only language; None where each item names its own.
        channels: how many were heard, each alone; None where they were heard together.
        alternatives: whether segments with alternatives are written.
    """

    code: str | None = "en-US"
    channels: int | None = None
    alternatives: bool = False


def items_of(segments: Iterable[Segment], offset: float = 0.0) -> Iterator[list[Item]]:
    """Of each segment its items: every word with its times and its confidence, every mark behind its word."""
    for segment in segments:
        items: list[Item] = []
        for word in segment.words:
            before, spoken, behind = _apart(word.text)
            items += [_mark(mark) for mark in before]
            if spoken:
                items.append(_said(word, spoken, offset))
            items += [_mark(mark) for mark in behind]
        yield items


def results(passages: Iterable[Passage], form: Form) -> Item:
    """The member `results`: the whole transcript, all items numbered, and the audio's segments."""
    ordered = sorted(passages, key=lambda passage: passage.begin)
    numbered: list[Item] = []
    parts: list[Item] = []
    channels: list[list[Item]] = [[] for _ in range(form.channels or 0)]
    for passage in ordered:
        marks = {} if form.channels is None else {"channel_label": f"ch_{passage.channel}"}
        if form.code is None:
            marks["language_code"] = passage.code
        first = len(numbered)
        numbered += [{"id": first + at, **marks, **item} for at, item in enumerate(passage.items)]
        if form.channels is not None:
            channels[passage.channel] += [{**marks, **item} for item in passage.items]
        times = [item for item in passage.items if "start_time" in item]
        if times:
            parts.append(
                {
                    "id": len(parts),
                    "transcript": passage.text,
                    "start_time": times[0]["start_time"],
                    "end_time": times[-1]["end_time"],
                    **marks,
                    **({"speaker_label": times[0]["speaker_label"]} if "speaker_label" in times[0] else {}),
                    "items": list(range(first, len(numbered))),
                }
            )
    written: Item = {"transcripts": [{"transcript": joined(ordered)}]}
    if form.code is not None:
        written = {"language_code": form.code, **written}
    if form.channels is not None:
        written["channel_labels"] = {
            "channels": [{"channel_label": f"ch_{at}", "items": items} for at, items in enumerate(channels)],
            "number_of_channels": form.channels,
        }
    if form.alternatives:
        written["segments"] = [_segment(passage, form) for passage in ordered if passage.items]
    return {**written, "items": numbered, "audio_segments": parts}


def joined(passages: Iterable[Passage]) -> str:
    """Passages as running text."""
    text, before = "", ""
    for passage in passages:
        said = passage.text
        if text and said and not (before in UNSPACED and passage.language in UNSPACED):
            text += " "
        text, before = text + said, passage.language
    return text


def text_of(items: Iterable[Item], language: str) -> str:
    """The items as running text.

    Args:
        language: as the recogniser writes it; it decides whether words are put apart by blanks.
    """
    blank = "" if language in UNSPACED else " "
    text = ""
    for item in items:
        content = content_of(item)
        text += content if item["type"] == "punctuation" or not text else blank + content
    return text


def content_of(item: Item) -> str:
    """The word or mark itself."""
    return str(item["alternatives"][0]["content"])


def _segment(passage: Passage, form: Form) -> Item:
    versions = [passage.items, *passage.alternatives]
    times = [item for item in passage.items if "start_time" in item]
    return {
        "start_time": times[0]["start_time"] if times else "0.0",
        "end_time": times[-1]["end_time"] if times else "0.0",
        **({} if form.channels is None else {"channel_label": f"ch_{passage.channel}"}),
        "alternatives": [
            {"transcript": text_of(items, passage.language), "items": [_flat(item) for item in items]}
            for items in versions
        ],
    }


def _flat(item: Item) -> Item:
    """An item as those of a segment's alternatives are written."""
    rest = {key: value for key, value in item.items() if key != "alternatives"}
    return {**rest, **item["alternatives"][0]}


def _apart(text: str) -> tuple[str, str, str]:
    """The marks before a word, the word, and the marks behind it.

    >>> _apart(" (Hello!)")
    ('(', 'Hello', '!)')
    """
    text = text.strip()
    begin, end = 0, len(text)
    while begin < end and _is_mark(text[begin]):
        begin += 1
    while end > begin and _is_mark(text[end - 1]):
        end -= 1
    return text[:begin], text[begin:end], text[end:]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" and character not in "&@#%'’*"


def _mark(content: str) -> Item:
    return {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": content}]}


def _said(word: Word, content: str, offset: float) -> Item:
    return {
        "type": "pronunciation",
        "alternatives": [{"confidence": f"{word.probability:.3f}", "content": content}],
        "start_time": f"{word.begin + offset:.3f}",
        "end_time": f"{word.end + offset:.3f}",
    }
