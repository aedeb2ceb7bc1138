"""The operations on analysis jobs, kind by kind; `analysis` does what they all do."""

from __future__ import annotations

from typing import Any

from honmono.services.comprehend.analysis import describe, list_jobs, start, stop
from honmono.services.comprehend.analysis_kinds import ENTITIES, KEY_PHRASES, LANGUAGES, SENTIMENT
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context

Document = dict[str, Any]


class AnalysisJobs(Part):
    """Start, Describe, List and Stop of the jobs that answer about each document."""

    def start_sentiment_detection_job(self, request: Document, ctx: Context) -> Document:
        """Start detecting the sentiment of many documents."""
        return start(self.platform, SENTIMENT, request, ctx)

    def describe_sentiment_detection_job(self, request: Document, ctx: Context) -> Document:
        """How such a job stands: sentiment."""
        return describe(self.platform, SENTIMENT, request, ctx)

    def list_sentiment_detection_jobs(self, request: Document, ctx: Context) -> Document:
        """The jobs that detect sentiment."""
        return list_jobs(self.platform, SENTIMENT, request, ctx)

    def stop_sentiment_detection_job(self, request: Document, ctx: Context) -> Document:
        """End such a job: sentiment."""
        return stop(self.platform, SENTIMENT, request, ctx)

    def start_entities_detection_job(self, request: Document, ctx: Context) -> Document:
        """Start detecting the entities of many documents."""
        return start(self.platform, ENTITIES, request, ctx)

    def describe_entities_detection_job(self, request: Document, ctx: Context) -> Document:
        """How such a job stands: entities."""
        return describe(self.platform, ENTITIES, request, ctx)

    def list_entities_detection_jobs(self, request: Document, ctx: Context) -> Document:
        """The jobs that detect entities."""
        return list_jobs(self.platform, ENTITIES, request, ctx)

    def stop_entities_detection_job(self, request: Document, ctx: Context) -> Document:
        """End such a job: entities."""
        return stop(self.platform, ENTITIES, request, ctx)

    def start_key_phrases_detection_job(self, request: Document, ctx: Context) -> Document:
        """Start detecting the key phrases of many documents."""
        return start(self.platform, KEY_PHRASES, request, ctx)

    def describe_key_phrases_detection_job(self, request: Document, ctx: Context) -> Document:
        """How such a job stands: key phrases."""
        return describe(self.platform, KEY_PHRASES, request, ctx)

    def list_key_phrases_detection_jobs(self, request: Document, ctx: Context) -> Document:
        """The jobs that detect key phrases."""
        return list_jobs(self.platform, KEY_PHRASES, request, ctx)

    def stop_key_phrases_detection_job(self, request: Document, ctx: Context) -> Document:
        """End such a job: key phrases."""
        return stop(self.platform, KEY_PHRASES, request, ctx)

    def start_dominant_language_detection_job(self, request: Document, ctx: Context) -> Document:
        """Start detecting the dominant languages of many documents."""
        return start(self.platform, LANGUAGES, request, ctx)

    def describe_dominant_language_detection_job(self, request: Document, ctx: Context) -> Document:
        """How such a job stands: dominant languages."""
        return describe(self.platform, LANGUAGES, request, ctx)

    def list_dominant_language_detection_jobs(self, request: Document, ctx: Context) -> Document:
        """The jobs that detect dominant languages."""
        return list_jobs(self.platform, LANGUAGES, request, ctx)

    def stop_dominant_language_detection_job(self, request: Document, ctx: Context) -> Document:
        """End such a job: dominant languages."""
        return stop(self.platform, LANGUAGES, request, ctx)
