"""The Start and Get operations for stored videos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from honmono.services.findings import Finding, Findings, paged
from honmono.services.rekognition import collection as stored
from honmono.services.rekognition.labels import Filters
from honmono.services.rekognition.part import Answer, Request, bad_token, invalid
from honmono.services.rekognition.text import WantedText
from honmono.services.rekognition.video_jobs import Operation, VideoJobs
from honmono.services.rekognition.video_labels import LabelAnalysis
from honmono.services.rekognition.video_moderation import ModerationAnalysis
from honmono.services.rekognition.video_stretches import segments

if TYPE_CHECKING:
    from honmono.wire.service import Context

LABELS = Operation("LABEL_DETECTION", ("image-labels",))
PERSONS = Operation("PERSON_TRACKING", ("image-labels",))
SEGMENTS = Operation("SEGMENT_DETECTION", ("image-text",))
FACES = Operation("FACE_DETECTION", ("faces",))
FACE_SEARCH = Operation("FACE_SEARCH", ("faces",))
CELEBRITIES = Operation("CELEBRITY_RECOGNITION", ("faces",))
TEXT = Operation("TEXT_DETECTION", ("image-text",))
MODERATION = Operation("CONTENT_MODERATION", ("moderation",))

_TIMES = ("StartTimestampMillis", "EndTimestampMillis", "DurationMillis")

Key = Callable[[Finding], Any]


class Videos(VideoJobs):
    """Labels, moderation, faces, face search, celebrities, persons, text, segments."""

    def start_label_detection(self, request: Request, ctx: Context) -> Answer:
        """Begin to look for labels."""
        Filters.of(request.get("Settings", {}).get("GeneralLabels", {}))
        return self.start_video(LABELS, request, ctx)

    def get_label_detection(self, request: Request, ctx: Context) -> Answer:
        """Labels by time or name, at moments or in stretches."""
        return self._aggregated(LABELS, "Labels", "Label", LabelAnalysis.per_second, request, ctx)

    def start_content_moderation(self, request: Request, ctx: Context) -> Answer:
        """Begin to look for what somebody may not want to see."""
        return self.start_video(MODERATION, request, ctx)

    def get_content_moderation(self, request: Request, ctx: Context) -> Answer:
        """Moderation labels by time or name, at moments or in stretches."""
        step = ModerationAnalysis.per_second
        return self._aggregated(MODERATION, "ModerationLabels", "ModerationLabel", step, request, ctx)

    def start_segment_detection(self, request: Request, ctx: Context) -> Answer:
        """Begin to look for shots and technical cues."""
        if len(set(request["SegmentTypes"])) != len(request["SegmentTypes"]):
            raise invalid("Request has invalid parameters: SegmentTypes names a type twice.")
        filters = request.get("Filters", {})
        for name, kind in (("ShotFilter", "SHOT"), ("TechnicalCueFilter", "TECHNICAL_CUE")):
            if name in filters and kind not in request["SegmentTypes"]:
                raise invalid(
                    f"Request has invalid parameters: Filters.{name} is given, and SegmentTypes lacks {kind}."
                )
        return self.start_video(SEGMENTS, request, ctx)

    def get_segment_detection(self, request: Request, ctx: Context) -> Answer:
        """The segments: by type, and by time."""
        answer, found = self.video_found(SEGMENTS, request, ctx)
        return answer | _listed("Segments", found, request)

    def start_person_tracking(self, request: Request, ctx: Context) -> Answer:
        """Begin to follow people."""
        return self.start_video(PERSONS, request, ctx)

    def get_person_tracking(self, request: Request, ctx: Context) -> Answer:
        """Where people were, by time or by person."""
        return self._persons(PERSONS, request, ctx)

    def start_face_search(self, request: Request, ctx: Context) -> Answer:
        """Begin to hold the faces of a video against a collection."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        stored.check_model(found, self.engines.info(stored.FACES_FIELD))
        return self.start_video(FACE_SEARCH, request, ctx)

    def get_face_search(self, request: Request, ctx: Context) -> Answer:
        """Who was seen, by time or by person."""
        return self._persons(FACE_SEARCH, request, ctx)

    def start_face_detection(self, request: Request, ctx: Context) -> Answer:
        """Begin to look for faces."""
        return self.start_video(FACES, request, ctx)

    def get_face_detection(self, request: Request, ctx: Context) -> Answer:
        """The faces by time."""
        answer, found = self.video_found(FACES, request, ctx)
        return answer | _listed("Faces", found, request)

    def start_celebrity_recognition(self, request: Request, ctx: Context) -> Answer:
        """Begin to look for who is in the gallery."""
        return self.start_video(CELEBRITIES, request, ctx)

    def get_celebrity_recognition(self, request: Request, ctx: Context) -> Answer:
        """Celebrities by time or id."""
        answer, found = self.video_found(CELEBRITIES, request, ctx)
        order = request.get("SortBy", "TIMESTAMP")
        key: Key | None = (lambda item: item["Celebrity"]["Id"]) if order == "ID" else None
        return answer | _listed("Celebrities", found, request, order, key)

    def start_text_detection(self, request: Request, ctx: Context) -> Answer:
        """Begin to read."""
        WantedText(request.get("Filters", {}))
        return self.start_video(TEXT, request, ctx)

    def get_text_detection(self, request: Request, ctx: Context) -> Answer:
        """Lines and words by time."""
        answer, found = self.video_found(TEXT, request, ctx)
        return answer | _listed("TextDetections", found, request)

    def _persons(self, operation: Operation, request: Request, ctx: Context) -> Answer:
        answer, found = self.video_found(operation, request, ctx)
        order = request.get("SortBy", "TIMESTAMP")
        key: Key | None = (lambda item: (item["index"], -item["confidence"])) if order == "INDEX" else None
        return answer | _listed("Persons", found, request, order, key, ("Timestamp", "Person", "FaceMatches"))

    def _aggregated(
        self, operation: Operation, name: str, member: str, per_second: float, request: Request, ctx: Context
    ) -> Answer:
        """Labels of one sort or the other: at moments, or in the stretches in which they were seen on end."""
        answer, found = self.video_found(operation, request, ctx)
        order, by = request.get("SortBy", "TIMESTAMP"), request.get("AggregateBy", "TIMESTAMPS")

        def named(item: Finding) -> str:
            return str(item[member]["Name"])

        items = None
        if by == "SEGMENTS" and found is not None:
            step = 1000 * max(1 / per_second, 1 / found.head["answer"]["VideoMetadata"]["FrameRate"])
            items = segments([_without_instances(item, member) for item in found.items], named, step)
        key: Key | None = (lambda item: (named(item), -item["confidence"])) if order == "NAME" else None
        members = ("Timestamp", member, "ContentTypes", *_TIMES)
        answer["GetRequestMetadata"] = {"SortBy": order, "AggregateBy": by}
        return answer | _listed(name, found, request, f"{order}-{by}", key, members, items)


def _listed(
    name: str,
    found: Findings | None,
    request: Request,
    order: str = "",
    key: Key | None = None,
    members: Sequence[str] = (),
    items: list[Finding] | None = None,
) -> Answer:
    """A page of what was found under its name in the answer; an empty list where nothing was found yet.

    Args:
        key: to sort by; None: the findings are in order.
        members: of a finding that are told; none of them named: all.
        items: other than the findings themselves.
    """
    if found is None:
        return {name: []}
    listed = found.items if items is None else items
    if key is not None:
        listed = sorted(listed, key=key)

    def shown(item: Finding) -> Finding:
        return {member: item[member] for member in members if member in item} if members else item

    page, more = paged(listed, request, request["JobId"], order, bad_token, shown)
    return {name: page, **more}


def _without_instances(item: Finding, member: str) -> Finding:
    """Stretches are told without the boxes of single moments."""
    if "Instances" not in item[member]:
        return item
    return {**item, member: {**item[member], "Instances": []}}
