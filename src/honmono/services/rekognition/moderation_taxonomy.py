"""Rekognition's moderation labels, version 7, and which of them our engine can tell.

Source: "Using the image and video moderation APIs" in Amazon Rekognition's developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping

from honmono.services.rekognition.part import Answer

TOLD: dict[str, tuple[str, ...]] = {
    "explicit": ("Explicit",),
    "female swimwear or underwear": ("Swimwear or Underwear", "Female Swimwear or Underwear"),
    "male swimwear": ("Swimwear or Underwear", "Male Swimwear or Underwear"),
    "weapon": ("Violence", "Weapons"),
    "medicine bottle": ("Drugs & Tobacco", "Products"),
    "alcoholic beverage": ("Alcohol", "Alcoholic Beverages"),
    "slot machine": ("Gambling",),
}
"""What the engine tells, and the labels of the levels from 1 on that it stands for."""
ILLUSTRATED = "comic"
"""What stands for the content type of the same meaning."""
UNTOLD = ("Non-Explicit Nudity of Intimate parts and Kissing", "Visually Disturbing", "Rude Gestures", "Hate Symbols")
"""Labels of level 1 that no score of the engine stands for."""


def moderation_labels(scores: Mapping[str, float], least: float) -> list[Answer]:
    """ModerationLabels: the surest first, each after its parent, which is as sure as the surest of its children.

    Args:
        scores: of the engine, 0 to 1.
        least: MinConfidence, 0 to 100.
    """
    confidences: dict[tuple[str, ...], float] = {}
    for concept, path in TOLD.items():
        for level in range(1, len(path) + 1):
            confidences[path[:level]] = max(confidences.get(path[:level], 0.0), 100 * scores.get(concept, 0.0))
    told = [(path, confidence) for path, confidence in confidences.items() if confidence >= least]
    told.sort(key=lambda each: (-confidences[each[0][:1]], each[0][:1], len(each[0]), -each[1]))
    return [_label(path, confidence) for path, confidence in told]


def content_types(scores: Mapping[str, float], least: float) -> list[Answer]:
    """ContentTypes."""
    confidence = 100 * scores.get(ILLUSTRATED, 0.0)
    return [{"Name": "Illustrated", "Confidence": confidence}] if confidence >= least else []


def _label(path: tuple[str, ...], confidence: float) -> Answer:
    return {
        "Name": path[-1],
        "ParentName": path[-2] if len(path) > 1 else "",
        "TaxonomyLevel": len(path),
        "Confidence": confidence,
    }
