"""Which categories a call belongs to: all rules of a category must fit.

Source: "Creating categories for post-call transcriptions" in the Transcribe developer guide, and the descriptions of the
filters in the API reference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from honmono.services.transcribe.call_transcript import CallTurn, interruptions, silences
from honmono.services.transcribe.transcript import UNSPACED, content_of

Span = tuple[int, int]
"""Milliseconds of a call."""


def categories(turns: Sequence[CallTurn], known: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The member Categories.

    Args:
        known: of each category its Name and its Rules.
    """
    details = {}
    for category in known:
        found = [fits(turns, rule) for rule in category["Rules"]]
        if all(spans is not None for spans in found):
            points = sorted({span for spans in found for span in spans or ()})
            details[category["Name"]] = {
                "PointsOfInterest": [{"BeginOffsetMillis": begin, "EndOffsetMillis": end} for begin, end in points]
            }
    return {"MatchedDetails": details, "MatchedCategories": list(details)}


def fits(turns: Sequence[CallTurn], rule: dict[str, Any]) -> list[Span] | None:
    """Where a call fits a rule: nowhere in particular ([]) where the rule asks for something's absence; None: it does not.

    Args:
        rule: one filter, under its name.
    """
    ((name, asked),) = rule.items()
    duration = max((turn.end for turn in turns), default=0)
    begin, end = _range(asked, duration)
    role = asked.get("ParticipantRole")
    some = [turn for turn in turns if role in (None, turn.role)]
    negate = bool(asked.get("Negate"))
    if name == "SentimentFilter":
        # Negated, it asks for the other sentiments, not for the absence of this one.
        found = [
            (turn.begin, turn.end)
            for turn in some
            if turn.begin < end and begin < turn.end and (turn.sentiment in asked["Sentiments"]) != negate
        ]
        return found or None
    find: dict[str, Callable[[], list[Span]]] = {
        "NonTalkTimeFilter": lambda: _silent(turns, asked.get("Threshold"), begin, end),
        "InterruptionFilter": lambda: _interrupted(turns, role, asked.get("Threshold", 0), begin, end),
        "TranscriptFilter": lambda: _said(some, asked["Targets"], begin, end),
    }
    found = find[name]()
    if negate:
        return None if found else []
    return found or None


def _range(asked: dict[str, Any], duration: int) -> Span:
    absolute, relative = asked.get("AbsoluteTimeRange", {}), asked.get("RelativeTimeRange", {})
    begin, end, share = absolute.get("StartTime"), absolute.get("EndTime"), 1.0
    first, last = absolute.get("First"), absolute.get("Last")
    if relative:
        begin, end, share = relative.get("StartPercentage"), relative.get("EndPercentage"), duration / 100
        first, last = relative.get("First"), relative.get("Last")
    if first is not None:
        begin, end = 0, first
    elif last is not None:
        return max(0, duration - round(last * share)), duration + 1
    if begin is None or end is None:
        return 0, duration + 1
    return round(begin * share), round(end * share)


def _silent(turns: Sequence[CallTurn], threshold: int | None, begin: int, end: int) -> list[Span]:
    least = {} if threshold is None else {"least": max(1, threshold)}
    cut = [(max(begin, one), min(end, other)) for one, other in silences(turns, **least)]
    return [(one, other) for one, other in cut if other - one >= (threshold or 1)]


def _interrupted(turns: Sequence[CallTurn], role: str | None, threshold: int, begin: int, end: int) -> list[Span]:
    found = [
        (max(begin, each.begin), min(end, each.end))
        for each in interruptions(turns)
        if role in (None, each.role) and each.begin < end and begin < each.end
    ]
    return found if sum(other - one for one, other in found) >= threshold else []


def _said(turns: Iterable[CallTurn], targets: Iterable[str], begin: int, end: int) -> list[Span]:
    found = []
    for turn in turns:
        blank = "" if turn.language in UNSPACED else " "
        words = [item for item in turn.items if item["type"] == "pronunciation"]
        text, places = blank, []
        for word in words:
            plain = _plain(content_of(word), blank)
            places.append((len(text), len(text) + len(plain), word))
            text += plain + blank
        for target in targets:
            wanted = blank + _plain(target, blank) + blank
            at = text.find(wanted)
            while wanted.strip() and at >= 0:
                inside = [
                    word
                    for one, other, word in places
                    if one < at + len(wanted) - len(blank) and other > at + len(blank)
                ]
                span = (round(float(inside[0]["start_time"]) * 1000), round(float(inside[-1]["end_time"]) * 1000))
                if begin <= span[0] and span[1] <= end:
                    found.append(span)
                at = text.find(wanted, at + 1)
    return found


def _plain(text: str, blank: str) -> str:
    """Small letters and digits, words put apart as the language does: marks do not count."""
    kept = "".join(
        character if unicodedata.category(character)[0] in "LNM" or character in "'’&" else " "
        for character in unicodedata.normalize("NFKC", text).casefold()
    )
    return blank.join(kept.replace("’", "'").split())
