"""Findings of single moments, joined to the stretches of a video in which something was there."""

from __future__ import annotations

from collections.abc import Callable

from honmono.services.findings import Finding


def segments(items: list[Finding], name: Callable[[Finding], str], step: float) -> list[Finding]:
    """Findings at moments joined to stretches in which one was found without a break.

    Args:
        items: in the order of time, each with Timestamp and confidence.
        name: what is one and the same from moment to moment.
        step: milliseconds from one moment that was looked at to the next.

    Each stretch is the finding of its surest moment with StartTimestampMillis, EndTimestampMillis and DurationMillis.
    """
    open_: dict[str, list[Finding]] = {}
    closed: list[list[Finding]] = []
    for item in items:
        key = name(item)
        stretch = open_.get(key)
        if stretch is not None and item["Timestamp"] - stretch[-1]["Timestamp"] <= 1.6 * step:
            stretch.append(item)
            continue
        if stretch is not None:
            closed.append(stretch)
        open_[key] = [item]
    closed += open_.values()
    joined = []
    for stretch in closed:
        begin, end = stretch[0]["Timestamp"], stretch[-1]["Timestamp"]
        surest = max(stretch, key=lambda item: item["confidence"])
        joined.append(
            {
                **surest,
                "Timestamp": begin,
                "StartTimestampMillis": begin,
                "EndTimestampMillis": end,
                "DurationMillis": end - begin,
            }
        )
    return sorted(joined, key=lambda item: (item["Timestamp"], name(item)))
