"""A text without the personal data that was found in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from honmono.engines.text.pii.entity import TYPES, PiiEntity

Mode = Literal["REPLACE_WITH_PII_ENTITY_TYPE", "MASK"]


def redact(
    text: str,
    entities: Sequence[PiiEntity],
    mode: Mode = "REPLACE_WITH_PII_ENTITY_TYPE",
    mask: str = "*",
    types: Collection[str] = TYPES,
) -> str:
    """Replace each entity by its type in brackets, or mask each of its characters.

    Entities of other types than `types` stay. "ALL" among the types means all of them. Raises ValueError for entities
    that overlap or lie outside the text, and for a mask that is not one character.
    """
    if len(mask) != 1:
        raise ValueError(f"the mask has to be one character, not {mask!r}")
    wanted = frozenset(TYPES if "ALL" in types else types)
    parts, at = [], 0
    for entity in sorted(entities, key=lambda each: each.begin):
        if entity.type not in wanted:
            continue
        if not at <= entity.begin < entity.end <= len(text):
            raise ValueError(f"{entity.type} at {entity.begin}-{entity.end} overlaps another or leaves the text")
        parts.append(text[at : entity.begin])
        parts.append(mask * (entity.end - entity.begin) if mode == "MASK" else f"[{entity.type}]")
        at = entity.end
    return "".join([*parts, text[at:]])
