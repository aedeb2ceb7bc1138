"""The Start and Get operations for stored videos."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from honmono.services.rekognition.part import Answer, Request, invalid
from honmono.services.rekognition.video_jobs import Operation, VideoJobs
from honmono.services.rekognition.video_results import Finding, Findings, paged

if TYPE_CHECKING:
    from honmono.wire.service import Context

PERSONS = Operation("PERSON_TRACKING", ("image-labels",))
SEGMENTS = Operation("SEGMENT_DETECTION", ("image-text",))

Key = Callable[[Finding], Any]


def _time(item: Finding) -> Any:
    return item["Timestamp"]


class Videos(VideoJobs):
    """Segments, persons."""

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
        return self.start(SEGMENTS, request, ctx)

    def get_segment_detection(self, request: Request, ctx: Context) -> Answer:
        """The segments: by type, and by time."""
        answer, found = self.found(SEGMENTS, request, ctx)
        return answer | self._listed("Segments", found, request, "", None, ())

    def start_person_tracking(self, request: Request, ctx: Context) -> Answer:
        """Begin to follow people."""
        return self.start(PERSONS, request, ctx)

    def get_person_tracking(self, request: Request, ctx: Context) -> Answer:
        """Where people were, by time or by person."""
        answer, found = self.found(PERSONS, request, ctx)
        order = request.get("SortBy", "TIMESTAMP")
        key: Key | None = (lambda item: (item["index"], -item["confidence"])) if order == "INDEX" else None
        return answer | self._listed("Persons", found, request, order, key, ("Timestamp", "Person"))

    def _listed(
        self,
        name: str,
        found: Findings | None,
        request: Request,
        order: str,
        key: Key | None,
        members: tuple[str, ...],
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

        page, more = paged(listed, request, request["JobId"], order, shown)
        return {name: page, **more}
