"""What an analysis of a video is: something said of each frame that is looked at, and what follows from all of it.

The first is slow and is noted frame by frame, so that a job that was interrupted goes on where it was; the second is
quick and done once, at the end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.video.film import Film, Frame, VideoInfo
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer


@dataclass(frozen=True, slots=True)
class Seen:
    """What was said of a frame: its milliseconds from the beginning, and something that is JSON."""

    milliseconds: int
    said: Any


class Analysis(ABC):
    """One analysis of one video, in a job's child.

    Class attributes:
        per_second: frames that are looked at; 0: `frames` are not used.
        longest: pixels of their longer side, at most.
    """

    per_second: ClassVar[float] = 2.0
    longest: ClassVar[int] = 1_280

    def __init__(self, payload: dict[str, Any], engines: EngineHost) -> None:
        """Args: the job's payload, with account, region and request; the engines that the user chose."""
        self.payload = payload
        self.request: dict[str, Any] = payload["request"]
        self.engines = engines

    def prepare(self, film: Film, progress: Callable[[float], None]) -> None:  # noqa: B027 - most need no more
        """Whatever is to be done before the frames are looked at, and is done again after an interruption.

        Args:
            film: the video, at its beginning.
            progress: to be told the seconds that were read.
        """

    def frames(self, film: Film, after: float | None) -> Iterator[Frame]:
        """The frames that are looked at."""
        return film.frames(self.per_second, after=after, longest=self.longest)

    @abstractmethod
    def look(self, frame: Frame) -> Any:
        """What is to be said of a frame, as JSON; None for nothing."""

    @abstractmethod
    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """What was found, in the order of time: an answer's list, with what it is sorted by."""

    @abstractmethod
    def answer(self) -> Answer:
        """What an answer has besides, on each of its pages: the version of a model, say."""

    @abstractmethod
    def engine(self) -> str:
        """Who answers, for the header `x-honmono-engine`."""

    def metadata(self, film: Film) -> Answer:
        """The answer's members about the video itself."""
        return {"VideoMetadata": video_metadata(film.info)}


_ANALYSES = {
    "LABEL_DETECTION": "honmono.services.rekognition.video_labels:LabelAnalysis",
    "PERSON_TRACKING": "honmono.services.rekognition.video_persons:PersonAnalysis",
    "SEGMENT_DETECTION": "honmono.services.rekognition.video_segments:SegmentAnalysis",
    "FACE_DETECTION": "honmono.services.rekognition.video_faces:FaceAnalysis",
    "FACE_SEARCH": "honmono.services.rekognition.video_faces:FaceSearchAnalysis",
    "CELEBRITY_RECOGNITION": "honmono.services.rekognition.video_celebrities:CelebrityAnalysis",
    "TEXT_DETECTION": "honmono.services.rekognition.video_text:TextAnalysis",
    "CONTENT_MODERATION": "honmono.services.rekognition.video_moderation:ModerationAnalysis",
}


def analysis_of(payload: dict[str, Any], engines: EngineHost) -> Analysis:
    """The analysis that a job is to do."""
    module, _, name = _ANALYSES[payload["operation"]].partition(":")
    made: Analysis = getattr(import_module(module), name)(payload, engines)
    return made


def video_metadata(info: VideoInfo) -> Answer:
    """A VideoMetadata."""
    return {
        "Codec": info.codec,
        "DurationMillis": int(info.seconds * 1000),
        "Format": info.container,
        "FrameRate": float(info.rate),
        "FrameHeight": info.height,
        "FrameWidth": info.width,
        "ColorRange": info.range,
    }
