"""Events in Comprehend's words. Source: "Detecting events" in the Comprehend developer guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from honmono.engines.text.events import FoundEvents, Mention

EVENT_TYPES = (
    "BANKRUPTCY", "EMPLOYMENT", "CORPORATE_ACQUISITION", "INVESTMENT_GENERAL", "CORPORATE_MERGER", "IPO",
    "RIGHTS_ISSUE", "SECONDARY_OFFERING", "SHELF_OFFERING", "TENDER_OFFERING", "STOCK_SPLIT",
)  # fmt: skip


def events_answer(text: str, found: FoundEvents) -> dict[str, Any]:
    """The events of a text as Comprehend writes them."""
    return {
        "Entities": [{"Mentions": [_mention(text, each) for each in mentions]} for mentions in found.entities],
        "Events": [
            {
                "Type": event.type,
                "Arguments": [
                    {"EntityIndex": each.entity, "Role": each.role, "Score": each.score} for each in event.arguments
                ],
                "Triggers": [_mention(text, each) for each in event.triggers],
            }
            for event in found.events
        ],
    }


def _mention(text: str, mention: Mention) -> dict[str, Any]:
    return {
        "BeginOffset": mention.begin,
        "EndOffset": mention.end,
        "Score": mention.score,
        "GroupScore": mention.group_score,
        "Text": text[mention.begin : mention.end],
        "Type": mention.type,
    }
