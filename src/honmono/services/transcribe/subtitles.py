"""Subtitles of a transcript: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip.

A subtitle has up to two lines, ends with a sentence or where somebody pauses, and stays for seven seconds at most, as
subtitlers' guides have it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from honmono.services.transcribe.transcript import Item, Passage, content_of, text_of

_LINE = 42
"""Columns of a line; a Chinese or Japanese character takes two."""
_LINES = 2
_SECONDS = 7.0
_PAUSE = 1.0
_ENDS = ".?!。？！"


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Lines to be shown from one moment to another, in seconds."""

    begin: float
    end: float
    lines: list[str]


def subtitles(passages: Iterable[Passage]) -> list[Subtitle]:
    """Cut a transcript into subtitles."""
    return [each for passage in sorted(passages, key=lambda each: each.begin) for each in _of(passage)]


def vtt(shown: Iterable[Subtitle], first: int) -> str:
    """As a WebVTT file.

    Args:
        first: the number of the first subtitle.
    """
    blocks = ["WEBVTT\n"]
    for number, each in enumerate(shown, first):
        text = "\n".join(each.lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{number}\n{_clock(each.begin, '.')} --> {_clock(each.end, '.')}\n{text}\n")
    return "\n".join(blocks)


def srt(shown: Iterable[Subtitle], first: int) -> str:
    """As a SubRip file."""
    blocks = []
    for number, each in enumerate(shown, first):
        text = "\n".join(each.lines)
        blocks.append(f"{number}\n{_clock(each.begin, ',')} --> {_clock(each.end, ',')}\n{text}\n")
    return "\n".join(blocks)


def _of(passage: Passage) -> Iterator[Subtitle]:
    waiting: list[Item] = []
    for item in passage.items:
        if waiting and item["type"] == "pronunciation" and _closes(waiting, item, passage.language):
            yield _shown(waiting, passage.language)
            waiting = []
        waiting.append(item)
    if any("start_time" in item for item in waiting):
        yield _shown(waiting, passage.language)


def _closes(waiting: list[Item], item: Item, language: str) -> bool:
    """Whether a subtitle ends before the next word."""
    times = [each for each in waiting if "start_time" in each]
    if not times:
        return False
    return (
        content_of(waiting[-1]) in _ENDS
        or float(item["start_time"]) - float(times[-1]["end_time"]) > _PAUSE
        or float(item["end_time"]) - float(times[0]["start_time"]) > _SECONDS
        or len(_lines([*waiting, item], language)) > _LINES
    )


def _shown(items: list[Item], language: str) -> Subtitle:
    times = [item for item in items if "start_time" in item]
    return Subtitle(float(times[0]["start_time"]), float(times[-1]["end_time"]), _lines(items, language))


def _lines(items: list[Item], language: str) -> list[str]:
    lines: list[list[Item]] = []
    for item in items:
        if lines and (item["type"] == "punctuation" or _width(text_of([*lines[-1], item], language)) < _LINE):
            lines[-1].append(item)
        else:
            lines.append([item])
    return [text_of(line, language) for line in lines]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _clock(seconds: float, point: str) -> str:
    """
    >>> _clock(3725.5, ",")
    '01:02:05,500'
    """
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"
