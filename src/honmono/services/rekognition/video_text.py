"""StartTextDetection: what is written in a video, twice a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.services.rekognition.text import FIELD, WantedText, detections
from honmono.services.rekognition.video_analysis import Analysis, Seen

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer


class TextAnalysis(Analysis):
    """The lines and words of each frame that is looked at."""

    per_second: ClassVar[float] = 2.0
    longest: ClassVar[int] = 1_920

    def __init__(self, payload: dict[str, Any], engines: EngineHost) -> None:
        super().__init__(payload, engines)
        self._wanted = WantedText(self.request.get("Filters", {}))

    def look(self, frame: Frame) -> Any:
        """TextDetections."""
        return detections(self._wanted.of(self.engines.get(FIELD).detect_frame(frame.pixels)))

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each line and word at each time."""
        for each in seen:
            for text in each.said:
                yield {"Timestamp": each.milliseconds, "TextDetection": text}

    def answer(self) -> Answer:
        """See `Analysis.answer`."""
        return {"TextModelVersion": self.engine()}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FIELD)
