"""StartLabelDetection: what a video shows, twice a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.services.rekognition.labels import MODEL_VERSION, Filters, label_answer
from honmono.services.rekognition.video_analysis import Analysis, Seen

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer

FIELD = "image-labels"
LEAST_CONFIDENCE = 50.0
"""MinConfidence where the request names none. Source: StartLabelDetection in AWS's API reference."""


class LabelAnalysis(Analysis):
    """The labels of each frame that is looked at."""

    per_second: ClassVar[float] = 2.0
    longest: ClassVar[int] = 1_024

    def __init__(self, payload: dict[str, Any], engines: EngineHost) -> None:
        super().__init__(payload, engines)
        self._least = self.request.get("MinConfidence", LEAST_CONFIDENCE)
        self._filters = Filters.of(self.request.get("Settings", {}).get("GeneralLabels", {}))

    def look(self, frame: Frame) -> Any:
        """The labels that are wanted."""
        labels = self.engines.get(FIELD).look_at(frame.pixels)
        return [
            label_answer(label, self._least)
            for label in labels
            if 100 * label.confidence >= self._least and self._filters.wants(label)
        ]

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each label at each time; at the same time in the order of the alphabet."""
        for each in seen:
            for label in sorted(each.said, key=lambda label: label["Name"]):
                yield {"Timestamp": each.milliseconds, "confidence": label["Confidence"], "Label": label}

    def answer(self) -> Answer:
        """See `Analysis.answer`."""
        return {"LabelModelVersion": MODEL_VERSION}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FIELD)
