"""Results of a stream as Transcribe writes them. Source: "Understanding real-time output" in the developer guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.services.transcribe.transcript import items_of, text_of

if TYPE_CHECKING:
    from honmono.engines.speech.whisper import Word
    from honmono.engines.text.pii import PiiEntity

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of an utterance.

    Attributes:
        identifier: kept from the first partial result to the final one.
        begin, end: seconds from the beginning of the stream.
        words: with times in seconds from the beginning of the stream.
        settled: how many of the words will stay; None where results are not stabilised.
        is_partial: whether the utterance still goes on.
        language: as the recogniser writes it.
        channel: 0 or 1, or None where channels are not told apart.
        code: AWS's code of the language, where it was identified.
        scores: of the languages that it may have been.
    """

    identifier: str
    begin: float
    end: float
    words: Sequence[Word]
    settled: int | None
    is_partial: bool
    language: str
    channel: int | None
    code: str | None = None
    scores: tuple[tuple[str, float], ...] = ()


def result(heard: Heard) -> dict[str, Any]:
    """A Result."""
    items = _items(heard)
    answer: dict[str, Any] = {
        "ResultId": heard.identifier,
        "StartTime": round(heard.begin, 3),
        "EndTime": round(heard.end, 3),
        "IsPartial": heard.is_partial,
        "Alternatives": [{"Transcript": _text(items, heard.language), "Items": items}],
    }
    if heard.channel is not None:
        answer["ChannelId"] = f"ch_{heard.channel}"
    if heard.code is not None:
        answer["LanguageCode"] = heard.code
        answer["LanguageIdentification"] = [
            {"LanguageCode": code, "Score": round(score, 4)} for code, score in heard.scores
        ]
    return answer


def _items(heard: Heard) -> list[Item]:
    items: list[Item] = []
    at = heard.begin
    for number, word in enumerate(heard.words):
        stable = {} if heard.settled is None else {"Stable": number < heard.settled}
        [found] = items_of([_Alone([word])])  # type: ignore[list-item]
        for each in found:
            content = each["alternatives"][0]["content"]
            if each["type"] == "punctuation":
                items.append(_item("punctuation", content, at, at, stable))
                continue
            begin = max(at, word.begin)
            at = max(begin, min(word.end, heard.end))
            items.append(
                _item("pronunciation", content, begin, at, {"Confidence": round(word.probability, 4), **stable})
            )
    return items


@dataclass(frozen=True, slots=True)
class _Alone:
    """A segment of one word."""

    words: list[Word]


def _item(kind: str, content: str, begin: float, end: float, more: Item) -> Item:
    return {
        "StartTime": round(begin, 3),
        "EndTime": round(end, 3),
        "Type": kind,
        "Content": content,
        "VocabularyFilterMatch": False,
        **more,
    }


def _text(items: Sequence[Item], language: str) -> str:
    return text_of(({"type": item["Type"], "alternatives": [{"content": item["Content"]}]} for item in items), language)


def mark_personal_data(answer: dict[str, Any], found: Sequence[PiiEntity], language: str, *, redact: bool) -> None:
    """Name the personal data in a final result, and with `redact` put its type in its place.

    Args:
        answer: the Result, which is changed.
        found: the entities in its transcript.
        language: as the recogniser writes it.
        redact: whether the words are taken out.
    """
    [alternative] = answer["Alternatives"]
    items: list[Item] = alternative["Items"]
    ends = [len(_text(items[: number + 1], language)) for number in range(len(items))]
    places = [(end - len(item["Content"]), end) for item, end in zip(items, ends, strict=True)]
    entities, kept, at = [], [], 0
    for entity in found:
        inside = [
            number
            for number, (begin, end) in enumerate(places)
            if begin < entity.end and end > entity.begin and number >= at
        ]
        while inside and items[inside[-1]]["Type"] == "punctuation" and places[inside[-1]][1] > entity.end:
            inside.pop()
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        begin, end = items[first]["StartTime"], items[last]["EndTime"]
        content = f"[{entity.type}]" if redact else alternative["Transcript"][entity.begin : entity.end]
        entities.append(
            {
                "StartTime": begin,
                "EndTime": end,
                "Category": "PII",
                "Type": entity.type,
                "Content": content,
                "Confidence": round(entity.score, 4),
            }
        )
        kept += items[at:first]
        if redact:
            confidences = [item["Confidence"] for item in items[first : last + 1] if "Confidence" in item]
            more = {"Confidence": min(confidences)} if confidences else {}
            if "Stable" in items[first]:
                more["Stable"] = items[first]["Stable"]
            kept.append(_item("pronunciation", content, begin, end, more))
        else:
            kept += items[first : last + 1]
        at = last + 1
    alternative["Items"] = kept + items[at:]
    alternative["Entities"] = entities
    alternative["Transcript"] = _text(alternative["Items"], language)
