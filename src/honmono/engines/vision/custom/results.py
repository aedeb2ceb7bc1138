"""What a custom model answers."""

from __future__ import annotations

from dataclasses import dataclass

from honmono.engines.vision.pictures import Box


@dataclass(frozen=True, slots=True)
class CustomLabel:
    """A label of a picture, or of an object in it.

    Attributes:
        name: the customer's.
        confidence: 0 to 1.
        box: where the object is; None of a label of the whole picture.
        threshold: the label's assumed threshold, 0 to 1: the confidence from which on it counts.
    """

    name: str
    confidence: float
    box: Box | None
    threshold: float
