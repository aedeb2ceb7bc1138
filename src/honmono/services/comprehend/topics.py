"""Topic modelling: the operations on topics detection jobs."""

from __future__ import annotations

from typing import Any

from honmono.services.comprehend.analysis import Analysis, describe, list_jobs, start
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context

Document = dict[str, Any]

TOPICS = Analysis(
    "TopicsDetection",
    "TOPICS",
    ("topics", "language"),
    members=("NumberOfTopics",),
    job="comprehend.detect-topics",  # see `topics_job`
)
_DEFAULT_NUMBER = 10


class TopicModelling(Part):
    """Start, Describe and List. AWS has no operation that stops such a job."""

    def start_topics_detection_job(self, request: Document, ctx: Context) -> Document:
        """Start finding the topics of a collection of documents."""
        return start(self.platform, TOPICS, {"NumberOfTopics": _DEFAULT_NUMBER, **request}, ctx)

    def describe_topics_detection_job(self, request: Document, ctx: Context) -> Document:
        """How such a job stands: topics."""
        return describe(self.platform, TOPICS, request, ctx)

    def list_topics_detection_jobs(self, request: Document, ctx: Context) -> Document:
        """The jobs that find topics."""
        return list_jobs(self.platform, TOPICS, request, ctx)
