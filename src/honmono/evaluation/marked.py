"""Files of texts with marked places: one JSON object a line.

    {"text": "夏目漱石は東京に住んだ。", "entities": [[0, 4, "PERSON"], [5, 7, "LOCATION"]]}

A place is a list of start, end and type, or an object with such fields, Comprehend's own names among them. Offsets are
in characters (code points), the end is not included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honmono.evaluation.labelled import TEXT_NAMES
from honmono.evaluation.spans import Span
from honmono.evaluation.textfile import (
    DataError,
    json_objects,
    read_lines,
    refuse_half_characters,
    value_of,
    word_of,
)

SPAN_NAMES = ("entities", "spans", "Entities")
_START, _END, _TYPE = ("start", "begin", "BeginOffset"), ("end", "EndOffset"), ("type", "label", "Type")


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """A text with its marked places, the line where it stands, and its language where the file says it."""

    line: int
    text: str
    spans: tuple[Span, ...]
    language: str | None = None


def read_marked(
    file: Path,
    *,
    text: str | None = None,
    spans: str | None = None,
    language: str | None = None,
    encoding: str = "utf-8",
) -> list[MarkedCase]:
    """The cases of a file, in its order. `text`, `spans` and `language` name the fields.

    Raises DataError: it is empty, or a line is no such object, or a place lies outside its text; OSError.
    """
    cases = list(_cases(file, encoding, text, spans, language))
    if not cases:
        raise DataError(file, "there is no case in it; give one text with its entities a line")
    return cases


def _cases(
    file: Path, encoding: str, text: str | None, spans: str | None, language: str | None
) -> Iterator[MarkedCase]:
    for line, found in json_objects(file, read_lines(file, encoding)):
        said = word_of(file, line, found, TEXT_NAMES if text is None else (text,), "text")
        refuse_half_characters(file, line, said)
        name, marked = value_of(file, line, found, SPAN_NAMES if spans is None else (spans,), "list of entities")
        if not isinstance(marked, list):
            raise DataError(file, f"the field {name!r} holds {json.dumps(marked)[:60]}, not a list", line)
        yield MarkedCase(
            line,
            said,
            tuple(_span(file, line, said, each) for each in marked),
            None if language is None else word_of(file, line, found, (language,), "language"),
        )


def _span(file: Path, line: int, text: str, found: Any) -> Span:
    if isinstance(found, dict):
        parts = [value_of(file, line, found, names, names[0])[1] for names in (_START, _END, _TYPE)]
    else:
        parts = found if isinstance(found, list) else []
    match parts:
        case [int(start), int(end), str(kind)] if kind.strip():
            if 0 <= start < end <= len(text):
                return Span(start, end, kind.strip())
            raise DataError(file, f"{start} to {end} is no place in a text of {len(text)} characters", line)
    raise DataError(file, f"{json.dumps(found)[:60]} is no entity; give [start, end, type]", line)
