"""Toxic speech, judged by its words alone. Source: "Detecting toxic speech" in the Transcribe developer guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from honmono.services.transcribe.transcript import Item, Passage

LANGUAGE = "en-US"
"""The only one in which Transcribe detects it."""
CATEGORIES = ("PROFANITY", "HATE_SPEECH", "SEXUAL", "INSULT", "VIOLENCE_OR_THREAT", "GRAPHIC", "HARASSMENT_OR_ABUSE")


class Judged(Protocol):
    """How toxic a text is, each between 0 and 1."""

    @property
    def overall(self) -> float:
        """Of any kind."""

    @property
    def types(self) -> dict[str, float]:
        """By the names of CATEGORIES."""


def toxicity(passages: Iterable[Passage], judge: Callable[[list[str]], list[Judged]]) -> list[Item]:
    """The member `toxicity_detection` of a transcript's results: the scores of each of its segments."""
    spoken = [passage for passage in passages if any("start_time" in item for item in passage.items)]
    written = []
    for passage, found in zip(spoken, judge([passage.text for passage in spoken]) if spoken else [], strict=True):
        times = [item for item in passage.items if "start_time" in item]
        written.append(
            {
                "text": passage.text,
                "toxicity": round(found.overall, 4),
                "categories": {name.lower(): round(found.types[name], 4) for name in CATEGORIES},
                "start_time": float(times[0]["start_time"]),
                "end_time": float(times[-1]["end_time"]),
            }
        )
    return written
