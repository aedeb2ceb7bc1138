"""A transcript as Transcribe writes it. Source: "Understanding the output" in the Transcribe developer guide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from honmono.engines.speech.whisper import Segment, Word

Item = dict[str, Any]

_UNSPACED = ("zh", "ja", "th", "lo", "my", "yue")
"""Languages whose words are not put apart by blanks."""


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


def results(segments: list[list[Item]], language: str) -> Item:
    """The member `results`: the whole transcript, all items numbered, and the audio's segments.

    Args:
        segments: the items of each.
        language: as the recogniser writes it; it decides whether words are put apart by blanks.
    """
    numbered: list[Item] = []
    parts: list[Item] = []
    for items in segments:
        first = len(numbered)
        numbered += [{"id": first + at, **item} for at, item in enumerate(items)]
        times = [item for item in items if "start_time" in item]
        if times:
            parts.append(
                {
                    "id": len(parts),
                    "transcript": text_of(items, language),
                    "start_time": times[0]["start_time"],
                    "end_time": times[-1]["end_time"],
                    "items": list(range(first, len(numbered))),
                }
            )
    return {
        "transcripts": [{"transcript": text_of(numbered, language)}],
        "items": numbered,
        "audio_segments": parts,
    }


def text_of(items: Iterable[Item], language: str) -> str:
    """The items as running text."""
    blank = "" if language in _UNSPACED else " "
    text = ""
    for item in items:
        content = item["alternatives"][0]["content"]
        text += content if item["type"] == "punctuation" or not text else blank + content
    return text


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
