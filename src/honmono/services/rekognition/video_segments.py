"""StartSegmentDetection: shots and technical cues, to the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.services.rekognition.video_analysis import Analysis, Seen, video_metadata

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.video.cues import CueSegment
    from honmono.engines.vision.video.film import Film, Frame, VideoInfo
    from honmono.engines.vision.video.shots import Boundary
    from honmono.services.findings import Finding
    from honmono.services.rekognition.part import Answer

FIELD = "image-text"
VERSION = "1.0"
"""Of the rules that tell shots and cues."""
_BLACKEST, _COVERED = 0.2, 99.0
"""MaxPixelThreshold and MinCoveragePercentage, where the request has none. Source: StartTechnicalCueDetectionFilter."""
_LEAST_SURE = 50.0


class SegmentAnalysis(Analysis):
    """Every frame is looked at small; the frames that may be credits are looked at again, large, and read."""

    per_second: ClassVar[float] = 1.0

    def __init__(self, payload: dict[str, Any], engines: EngineHost) -> None:
        super().__init__(payload, engines)
        filters = self.request.get("Filters", {})
        self._types: list[str] = self.request["SegmentTypes"]
        self._shots_sure = filters.get("ShotFilter", {}).get("MinSegmentConfidence", _LEAST_SURE)
        cues = filters.get("TechnicalCueFilter", {})
        self._cues_sure = cues.get("MinSegmentConfidence", _LEAST_SURE)
        self._blackest = cues.get("BlackFrame", {}).get("MaxPixelThreshold", _BLACKEST)
        self._covered = cues.get("BlackFrame", {}).get("MinCoveragePercentage", _COVERED) / 100
        self._boundaries: list[Boundary] = []
        self._black: list[tuple[int, float]] = []
        self._bars: list[tuple[int, float]] = []
        self._times: list[float] = []
        self._plain: list[float] = []

    def prepare(self, film: Film, progress: Callable[[float], None]) -> None:
        """Look at every frame, small."""
        from honmono.engines.vision.video.cues import bars, black_coverage, plain
        from honmono.engines.vision.video.shots import SIDE, ShotDetector

        shots, cues = "SHOT" in self._types, "TECHNICAL_CUE" in self._types
        detector = ShotDetector()
        for frame in film.frames(longest=SIDE):
            self._times.append(frame.seconds)
            if shots:
                self._boundaries += detector.look(frame.number, frame.seconds, frame.pixels)
            if cues:
                coverage = black_coverage(frame.pixels, self._blackest)
                if coverage >= self._covered:
                    self._black.append((frame.number, coverage))
                elif sure := bars(frame.pixels):
                    self._bars.append((frame.number, sure))
                elif (not self._plain or frame.seconds - self._plain[-1] > 0.4) and plain(frame.pixels):
                    self._plain.append(frame.seconds)
            progress(frame.seconds)
        if shots:
            self._boundaries += detector.finish()

    def frames(self, film: Film, after: float | None) -> Iterator[Frame]:
        """The frames near the ends that may be credits."""
        from honmono.engines.vision.video.cues import ENDING_SHARE, OPENING_SHARE

        whole = self._times[-1] if self._times else 0.0
        wanted = [at for at in self._plain if at < OPENING_SHARE * whole or at > (1 - ENDING_SHARE) * whole]
        if not wanted:
            return
        for frame in film.frames(self.per_second, after=after, longest=self.longest):
            if any(abs(frame.seconds - at) < 0.7 for at in wanted):
                yield frame

    def look(self, frame: Frame) -> Any:
        """How many lines are written on it, and whether it has a plain ground."""
        from honmono.engines.vision.video.cues import plain

        if not plain(frame.pixels):
            return None
        return [len(self.engines.get(FIELD).detect_frame(frame.pixels)), True]

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Technical cues first, then shots; each kind by time."""
        span = _Span(self._times, info.rate)
        if "TECHNICAL_CUE" in self._types:
            for cue in self._cues(seen, info):
                sure = 100 * cue.confidence
                if sure >= self._cues_sure:
                    told = {"Type": cue.cue, "Confidence": sure}
                    yield {"Type": "TECHNICAL_CUE", **span.of(cue.begin, cue.end), "TechnicalCueSegment": told}
        if "SHOT" in self._types:
            kept = [each for each in self._boundaries if 100 * each.confidence >= self._shots_sure]
            begins = [(0, 1.0), *((each.number, each.confidence) for each in kept if each.number > 0)]
            ends = [*(number for number, _ in begins[1:]), len(self._times)]
            for index, ((begin, sure), end) in enumerate(zip(begins, ends, strict=True)):
                shot = {"Index": index, "Confidence": 100 * sure}
                yield {"Type": "SHOT", **span.of(begin, end), "ShotSegment": shot}

    def answer(self) -> Answer:
        """See `Analysis.answer`."""
        return {"SelectedSegmentTypes": [{"Type": each, "ModelVersion": VERSION} for each in self._types]}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return f"shots-and-cues/{VERSION}"

    def metadata(self, film: Film) -> Answer:
        """Lists, of the one picture and of each sound track."""
        sounds = [
            {
                "Codec": sound.codec,
                "DurationMillis": int(sound.seconds * 1000),
                "SampleRate": sound.rate,
                "NumberOfChannels": sound.channels,
            }
            for sound in film.sounds()
        ]
        return {"VideoMetadata": [video_metadata(film.info)], "AudioMetadata": sounds}

    def _cues(self, seen: Sequence[Seen], info: VideoInfo) -> list[CueSegment]:
        from honmono.engines.vision.video.cues import content, credits, runs

        rate = len(self._times) / max(self._times[-1], 1e-3) if len(self._times) > 1 else float(info.rate)
        texts = [(each.milliseconds / 1000, each.said[0], each.said[1]) for each in seen]
        found = [
            *runs(self._black, "BlackFrames"),
            *runs(self._bars, "ColorBars"),
            *credits(texts, self._times[-1] if self._times else 0.0, rate),
        ]
        return sorted([*found, *content(found, len(self._times), rate)], key=lambda each: each.begin)


class _Span:
    """Frames in all the ways in which a segment's extent is told. An end is the frame after the last one."""

    def __init__(self, times: Sequence[float], rate: Fraction) -> None:
        self._times = times
        self._rate = rate

    def of(self, begin: int, end: int) -> Answer:
        """The members of a SegmentDetection."""
        from honmono.engines.vision.video.timecode import timecode

        start, stop = self._milliseconds(begin), self._milliseconds(end)
        return {
            "StartTimestampMillis": start,
            "EndTimestampMillis": stop,
            "DurationMillis": stop - start,
            "StartTimecodeSMPTE": timecode(begin, self._rate),
            "EndTimecodeSMPTE": timecode(end, self._rate),
            "DurationSMPTE": timecode(end - begin, self._rate),
            "StartFrameNumber": begin,
            "EndFrameNumber": end,
            "DurationFrames": end - begin,
        }

    def _milliseconds(self, frame: int) -> int:
        if frame < len(self._times):
            return int(self._times[frame] * 1000 + 1e-6)
        last = self._times[-1] if self._times else 0.0
        return int((last + float(1 / self._rate)) * 1000 + 1e-6)
