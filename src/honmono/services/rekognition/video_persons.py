"""StartPersonTracking: where people are, frame by frame, each with an index that stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.engines.vision.pictures import Box
from honmono.services.rekognition.part import box_answer
from honmono.services.rekognition.video_analysis import Analysis, Seen

if TYPE_CHECKING:
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.engines.vision.video.tracks import Sighting
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer

FIELD = "image-labels"
PERSON = "Person"


class PersonAnalysis(Analysis):
    """People are detected five times a second, and joined to paths once all are seen."""

    per_second: ClassVar[float] = 5.0

    def look(self, frame: Frame) -> Any:
        """Each person's box, confidence and looks."""
        from honmono.engines.vision.video.tracks import look

        people = [
            (each.box, each.confidence)
            for each in self.engines.get(FIELD).things_at(frame.pixels)
            if each.name == PERSON
        ]
        return [_noted(box, sure, look(frame.pixels, box)) for box, sure in people]

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each sighting of a person who has a path."""
        from honmono.engines.vision.video.tracks import tracks

        frames = [(each.milliseconds / 1000, [sighting_of(one) for one in each.said]) for each in seen]
        paths = tracks(frames, info.width / info.height)
        for each, (_, sightings), indices in zip(seen, frames, paths, strict=True):
            for sighting, index in zip(sightings, indices, strict=True):
                if index is not None:
                    person = {"Index": index, "BoundingBox": box_answer(sighting.box)}
                    yield {
                        "Timestamp": each.milliseconds,
                        "index": index,
                        "confidence": sighting.confidence,
                        "Person": person,
                    }

    def answer(self) -> Answer:
        """Nothing: AWS names no model's version here."""
        return {}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FIELD)


def _noted(box: Box, confidence: float, looks: Any) -> list[Any]:
    import numpy as np

    return [
        box.left,
        box.top,
        box.width,
        box.height,
        confidence,
        np.round(looks * 255).astype(np.uint8).tobytes().hex(),
    ]


def sighting_of(said: list[Any]) -> Sighting:
    """What was noted of a person, as the tracker takes it."""
    import numpy as np

    from honmono.engines.vision.video.tracks import Sighting

    looks = np.frombuffer(bytes.fromhex(said[5]), np.uint8).astype(np.float32)
    return Sighting(Box(*said[:4]), said[4], looks / max(1e-6, float(np.linalg.norm(looks))))
