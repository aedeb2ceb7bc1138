"""The operations on analysis jobs, kind by kind; `analysis` does what they all do."""

from __future__ import annotations

from honmono.services.comprehend.analysis import describe, list_jobs, start, stop
from honmono.services.comprehend.analysis_kinds import (
    CLASSES,
    ENTITIES,
    EVENTS,
    KEY_PHRASES,
    LANGUAGES,
    PERSONAL_DATA,
    SENTIMENT,
    TARGETED,
)
from honmono.services.comprehend.batches import Answer
from honmono.services.comprehend.part import Part
from honmono.wire.service import Context


class AnalysisJobs(Part):
    """Start, Describe, List and Stop of the jobs that answer about each document."""

    def start_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find the mood of many documents."""
        return start(self.platform, SENTIMENT, request, ctx)

    def describe_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How a sentiment job stands."""
        return describe(self.platform, SENTIMENT, request, ctx)

    def list_sentiment_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The sentiment jobs that fit the filter."""
        return list_jobs(self.platform, SENTIMENT, request, ctx)

    def stop_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop a sentiment job."""
        return stop(self.platform, SENTIMENT, request, ctx)

    def start_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find who, where, what and when in many documents."""
        return start(self.platform, ENTITIES, request, ctx)

    def describe_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How an entities job stands."""
        return describe(self.platform, ENTITIES, request, ctx)

    def list_entities_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The entities jobs that fit the filter."""
        return list_jobs(self.platform, ENTITIES, request, ctx)

    def stop_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop an entities job."""
        return stop(self.platform, ENTITIES, request, ctx)

    def start_key_phrases_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find what many documents are about."""
        return start(self.platform, KEY_PHRASES, request, ctx)

    def describe_key_phrases_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How a key phrases job stands."""
        return describe(self.platform, KEY_PHRASES, request, ctx)

    def list_key_phrases_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The key phrases jobs that fit the filter."""
        return list_jobs(self.platform, KEY_PHRASES, request, ctx)

    def stop_key_phrases_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop a key phrases job."""
        return stop(self.platform, KEY_PHRASES, request, ctx)

    def start_dominant_language_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to identify the languages of many documents."""
        return start(self.platform, LANGUAGES, request, ctx)

    def describe_dominant_language_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How a dominant language job stands."""
        return describe(self.platform, LANGUAGES, request, ctx)

    def list_dominant_language_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The dominant language jobs that fit the filter."""
        return list_jobs(self.platform, LANGUAGES, request, ctx)

    def stop_dominant_language_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop a dominant language job."""
        return stop(self.platform, LANGUAGES, request, ctx)

    def start_pii_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find personal data in many documents, or take it out."""
        return start(self.platform, PERSONAL_DATA, request, ctx)

    def describe_pii_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How a PII job stands."""
        return describe(self.platform, PERSONAL_DATA, request, ctx)

    def list_pii_entities_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The PII jobs that fit the filter."""
        return list_jobs(self.platform, PERSONAL_DATA, request, ctx)

    def stop_pii_entities_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop a PII job."""
        return stop(self.platform, PERSONAL_DATA, request, ctx)

    def start_document_classification_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to classify many documents."""
        return start(self.platform, CLASSES, request, ctx)

    def describe_document_classification_job(self, request: Answer, ctx: Context) -> Answer:
        """How a classification job stands."""
        return describe(self.platform, CLASSES, request, ctx)

    def list_document_classification_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The classification jobs that fit the filter."""
        return list_jobs(self.platform, CLASSES, request, ctx)

    def start_targeted_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find the mood towards each thing in many documents."""
        return start(self.platform, TARGETED, request, ctx)

    def describe_targeted_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How a targeted sentiment job stands."""
        return describe(self.platform, TARGETED, request, ctx)

    def list_targeted_sentiment_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The targeted sentiment jobs that fit the filter."""
        return list_jobs(self.platform, TARGETED, request, ctx)

    def stop_targeted_sentiment_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop a targeted sentiment job."""
        return stop(self.platform, TARGETED, request, ctx)

    def start_events_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Start a job to find events in many documents."""
        return start(self.platform, EVENTS, request, ctx)

    def describe_events_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """How an events job stands."""
        return describe(self.platform, EVENTS, request, ctx)

    def list_events_detection_jobs(self, request: Answer, ctx: Context) -> Answer:
        """The events jobs that fit the filter."""
        return list_jobs(self.platform, EVENTS, request, ctx)

    def stop_events_detection_job(self, request: Answer, ctx: Context) -> Answer:
        """Stop an events job."""
        return stop(self.platform, EVENTS, request, ctx)
