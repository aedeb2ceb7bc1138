"""StartContentModeration: what in a video somebody may not want to see, twice a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.services.rekognition.moderation import FIELD, LEAST
from honmono.services.rekognition.moderation_taxonomy import content_types, moderation_labels
from honmono.services.rekognition.video_analysis import Analysis, Seen

if TYPE_CHECKING:
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer


class ModerationAnalysis(Analysis):
    """The moderation labels of each frame that is looked at."""

    per_second: ClassVar[float] = 2.0
    longest: ClassVar[int] = 640

    def look(self, frame: Frame) -> Any:
        """ModerationLabels and ContentTypes."""
        least = self.request.get("MinConfidence", LEAST)
        scores = self.engines.get(FIELD).detect_frame(frame.pixels).scores
        labels = moderation_labels(scores, least)
        return [labels, content_types(scores, least)] if labels else None

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each label at each time."""
        for each in seen:
            labels, kinds = each.said
            for label in labels:
                yield {
                    "Timestamp": each.milliseconds,
                    "confidence": label["Confidence"],
                    "ModerationLabel": label,
                    "ContentTypes": kinds,
                }

    def answer(self) -> Answer:
        """See `Analysis.answer`."""
        return {"ModerationModelVersion": self.engine()}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FIELD)
