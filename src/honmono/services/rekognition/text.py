"""DetectText: lines and words in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request
from honmono.services.rekognition.regions import Region, regions_of

if TYPE_CHECKING:
    from honmono.engines.vision.image_text import Corners, TextLine, TextWord
    from honmono.wire.service import Context

FIELD = "image-text"
MOST_WORDS = 100
"""Source: DetectText in AWS's API reference."""
_CONFIDENCE = 80.0
"""The least of a word, where the request names none: DetectionFilter."""


class Text(Part):
    """What is written in a picture."""

    def detect_text(self, request: Request, ctx: Context) -> Answer:
        """Lines with their words: first all lines, then all words, as AWS lists them."""
        wanted = WantedText(request.get("Filters", {}))
        image = image_bytes(request["Image"], ctx)
        ctx.engine = self.engines.identity(FIELD)
        with looked_at():
            lines = self.engines.get(FIELD).detect(image)
        return {"TextDetections": detections(wanted.of(lines)), "TextModelVersion": ctx.engine}


class WantedText:
    """DetectTextFilters (and StartTextDetectionFilters, which are alike): which words are told, and lines with them."""

    def __init__(self, filters: Request) -> None:
        """Raises ServiceError InvalidParameterException for a region that is none."""
        words = filters.get("WordFilter", {})
        self._confidence = words.get("MinConfidence", _CONFIDENCE) / 100
        self._height = words.get("MinBoundingBoxHeight", 0.0)
        self._width = words.get("MinBoundingBoxWidth", 0.0)
        self._regions: list[Region] = regions_of(filters.get("RegionsOfInterest", []))

    def of(self, lines: list[TextLine]) -> list[tuple[TextLine, list[TextWord]]]:
        """Each line of which words are left, with these; a hundred words in all, at most."""
        found: list[tuple[TextLine, list[TextWord]]] = []
        room = MOST_WORDS
        for line in lines:
            words = [word for word in line.words if self._wants(word)][:room]
            if words:
                found.append((line, words))
                room -= len(words)
        return found

    def _wants(self, word: TextWord) -> bool:
        across, down = [x for x, _ in word.corners], [y for _, y in word.corners]
        return (
            word.confidence >= self._confidence
            and max(down) - min(down) >= self._height
            and max(across) - min(across) >= self._width
            and (not self._regions or any(region.has_most_of(word.corners) for region in self._regions))
        )


def detections(found: list[tuple[TextLine, list[TextWord]]]) -> list[Answer]:
    """TextDetections: the lines under the numbers from 0, then the words, each with its line's number."""
    lines = [_detection(line, "LINE", number) for number, (line, _) in enumerate(found)]
    words = [(word, number) for number, (_, words) in enumerate(found) for word in words]
    return lines + [
        {**_detection(word, "WORD", number), "ParentId": line} for number, (word, line) in enumerate(words, len(lines))
    ]


def _detection(text: TextLine | TextWord, kind: str, number: int) -> Answer:
    return {
        "DetectedText": text.text,
        "Type": kind,
        "Id": number,
        "Confidence": 100 * text.confidence,
        "Geometry": geometry(text.corners),
    }


def geometry(corners: Corners) -> Answer:
    """A Geometry: the polygon, and the upright box around it."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(across), min(down)
    box = {"Width": max(across) - left, "Height": max(down) - top, "Left": left, "Top": top}
    return {"BoundingBox": box, "Polygon": [{"X": x, "Y": y} for x, y in corners]}
