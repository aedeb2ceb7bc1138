"""A call as Call Analytics writes it: turns, and what is characteristic of the conversation.

Source: "Post-call analytics output" in the Transcribe developer guide. The scores of sentiment follow the example of
"Example Contact Lens output files" in Amazon Connect's guide, where they can be checked by hand: a turn counts 5, -5 or 0
in the quarter that it begins in, and the whole is the mean of the quarters; the quarters are of the time up to the
participant's last word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from honmono.services.transcribe.transcript import Item, Passage, content_of, text_of

ROLES = ("AGENT", "CUSTOMER")
_BREAK = 1500
"""Milliseconds of a participant's silence that end a turn though nobody else speaks."""
_SILENCE = 3000
"""Milliseconds from which on silence is non-talk time (Amazon Connect's guide, "Non-talk time")."""
_LEAST_OVERLAP = 300
"""Milliseconds that a participant speaks into a turn of the other's before it is an interruption: a recogniser's times
are not exact, and who answers quickly does not interrupt."""
_SCORES = {"POSITIVE": 5.0, "NEGATIVE": -5.0}


@dataclass(slots=True)
class CallTurn:
    """What a participant says in one go.

    Attributes:
        role: AGENT or CUSTOMER.
        items: its words and marks.
        language: as the recogniser writes it.
        sentiment: POSITIVE, NEGATIVE, NEUTRAL or MIXED.
        loudness: a score between 0 and 100 for each second that it touches.
    """

    role: str
    items: list[Item]
    language: str
    sentiment: str = "NEUTRAL"
    loudness: Sequence[float] = ()

    @property
    def begin(self) -> int:
        """Milliseconds."""
        return min(_millis(item["start_time"]) for item in self.items if "start_time" in item)

    @property
    def end(self) -> int:
        """Milliseconds."""
        return max(_millis(item["end_time"]) for item in self.items if "end_time" in item)

    @property
    def text(self) -> str:
        """It as running text."""
        return text_of(self.items, self.language)


@dataclass(frozen=True, slots=True)
class Interruption:
    """A participant talks over the other one, who spoke first: milliseconds of both talking."""

    role: str
    begin: int
    end: int


def turns_of(passages: Iterable[Passage], roles: dict[int, str]) -> list[CallTurn]:
    """The turns of a call, by when they begin.

    Args:
        roles: of each channel.
    """
    turns: list[CallTurn] = []
    for passage in sorted(passages, key=lambda each: each.begin):
        if not any("start_time" in item for item in passage.items):
            continue
        turn = CallTurn(roles[passage.channel], list(passage.items), passage.language)
        last = turns[-1] if turns else None
        if last and last.role == turn.role and turn.begin - last.end < _BREAK:
            last.items += turn.items
        else:
            turns.append(turn)
    return turns


def loudness(powers: Sequence[float], begin: int, end: int) -> list[float]:
    """The scores of the seconds that a turn touches: decibels above a hundredth of a thousandth of full scale.

    Args:
        powers: the mean square of each second of the participant's channel.
        begin, end: milliseconds.

    >>> loudness([0.01, 0.0001, 0.0], 500, 2500)
    [80.0, 60.0, 0.0]
    """
    seconds = range(begin // 1000, max(begin // 1000 + 1, math.ceil(end / 1000)))
    some = [powers[second] if second < len(powers) else 0.0 for second in seconds]
    return [round(min(100.0, max(0.0, 100 + 10 * math.log10(power))), 2) if power > 0 else 0.0 for power in some]


def interruptions(turns: Sequence[CallTurn]) -> list[Interruption]:
    """Where a turn begins while the other participant's goes on."""
    found = []
    for at, turn in enumerate(turns):
        others = [other for other in turns[:at] if other.role != turn.role]
        until = max((other.end for other in others), default=0)
        if min(until, turn.end) - turn.begin >= _LEAST_OVERLAP:
            found.append(Interruption(turn.role, turn.begin, min(until, turn.end)))
    return found


def silences(turns: Sequence[CallTurn], least: int = _SILENCE) -> list[tuple[int, int]]:
    """The times, in milliseconds, at which nobody speaks for so long, from the call's begin to its last word."""
    found, at = [], 0
    for turn in turns:
        if turn.begin - at >= least:
            found.append((at, turn.begin))
        at = max(at, turn.end)
    return found


def characteristics(turns: Sequence[CallTurn]) -> dict[str, Any]:
    """The member ConversationCharacteristics."""
    present = [role for role in ROLES if any(turn.role == role for turn in turns)]
    talk = {role: sum(turn.end - turn.begin for turn in turns if turn.role == role) for role in present}
    quiet, interrupted = silences(turns), interruptions(turns)
    quarters = {role: _quarters([turn for turn in turns if turn.role == role]) for role in present}
    return {
        "NonTalkTime": {
            "Instances": [_span(begin, end) for begin, end in quiet],
            "TotalTimeMillis": sum(end - begin for begin, end in quiet),
        },
        "Interruptions": {
            "TotalCount": len(interrupted),
            "TotalTimeMillis": sum(each.end - each.begin for each in interrupted),
            "InterruptionsByInterrupter": {
                role: spans
                for role in ROLES
                if (spans := [_span(each.begin, each.end) for each in interrupted if each.role == role])
            },
        },
        "TotalConversationDurationMillis": max((turn.end for turn in turns), default=0),
        "Sentiment": {
            "OverallSentiment": {role: _overall(quarters[role]) for role in present},
            "SentimentByPeriod": {"QUARTER": {role: quarters[role] for role in present}},
        },
        "TalkSpeed": {
            "DetailsByParticipant": {role: {"AverageWordsPerMinute": _speed(turns, role, talk)} for role in present}
        },
        "TalkTime": {
            "DetailsByParticipant": {role: {"TotalTimeMillis": talk[role]} for role in present},
            "TotalTimeMillis": sum(talk.values()),
        },
    }


def written(turns: Iterable[CallTurn], job: str) -> list[Item]:
    """The member Transcript."""
    return [
        {
            "LoudnessScores": list(turn.loudness),
            "Content": turn.text,
            "Items": [_item(item) for item in turn.items],
            "Id": str(uuid5(NAMESPACE_URL, f"{job}/{number}")),
            "BeginOffsetMillis": turn.begin,
            "EndOffsetMillis": turn.end,
            "Sentiment": turn.sentiment,
            "ParticipantRole": turn.role,
            **_redaction(turn),
        }
        for number, turn in enumerate(turns)
    ]


def _item(item: Item) -> Item:
    best = item["alternatives"][0]
    made: Item = {"Type": item["type"], "Content": best["content"]}
    if "confidence" in best:
        made["Confidence"] = best["confidence"]
    if "redactions" in best:
        made["Redaction"] = [_redacted(each) for each in best["redactions"]]
    if "start_time" in item:
        made |= {"BeginOffsetMillis": _millis(item["start_time"]), "EndOffsetMillis": _millis(item["end_time"])}
    if item.get("vocabularyFilterMatch"):
        made["VocabularyFilterMatch"] = True
    return made


def _redaction(turn: CallTurn) -> Item:
    hidden = [item for item in turn.items if "redactions" in item["alternatives"][0]]
    if not hidden:
        return {}
    spans = [
        {"BeginOffsetMillis": _millis(item["start_time"]), "EndOffsetMillis": _millis(item["end_time"])}
        for item in hidden
    ]
    return {"Redaction": {"RedactedTimestamps": spans}}


def _redacted(redaction: Item) -> Item:
    return {name.capitalize(): value for name, value in redaction.items()}


def _quarters(turns: list[CallTurn]) -> list[Item]:
    until = max((turn.end for turn in turns), default=0)
    edges = [until * quarter // 4 for quarter in range(5)]
    quarters = []
    for begin, end in pairwise(edges):
        scores = [_SCORES.get(turn.sentiment, 0.0) for turn in turns if begin <= turn.begin < end]
        score = round(sum(scores) / len(scores), 1) if scores else 0.0
        quarters.append({"Score": score, "BeginOffsetMillis": begin, "EndOffsetMillis": end})
    return quarters


def _overall(quarters: list[Item]) -> float:
    return round(sum(float(quarter["Score"]) for quarter in quarters) / len(quarters), 1)


def _speed(turns: Iterable[CallTurn], role: str, talk: dict[str, int]) -> int:
    words = sum(
        1
        for turn in turns
        if turn.role == role
        for item in turn.items
        if item["type"] == "pronunciation" and content_of(item)
    )
    return round(words * 60_000 / talk[role]) if talk[role] else 0


def _span(begin: int, end: int) -> Item:
    return {"BeginOffsetMillis": begin, "DurationMillis": end - begin, "EndOffsetMillis": end}


def _millis(seconds: str) -> int:
    return round(float(seconds) * 1000)
