"""The Transcribe service, put together from its parts."""

from __future__ import annotations

from typing import ClassVar

from honmono.services.own_buckets import OwnBucket
from honmono.services.platform import Platform
from honmono.services.transcribe.call_categories import CallCategories
from honmono.services.transcribe.call_jobs import CallAnalyticsJobs, watch_calls
from honmono.services.transcribe.jobs import TranscriptionJobs, watch
from honmono.services.transcribe.language_models import LanguageModels
from honmono.services.transcribe.medical import Medical
from honmono.services.transcribe.tags import Tagging
from honmono.services.transcribe.vocabularies import Vocabularies
from honmono.wire.service import Service


class Transcribe(
    TranscriptionJobs,
    Vocabularies,
    Tagging,
    LanguageModels,
    Medical,
    CallAnalyticsJobs,
    CallCategories,
    Service,
):
    """Amazon Transcribe: what was said, by whom, and when."""

    name: ClassVar[str] = "transcribe"
    validation_code: ClassVar[str] = "BadRequestException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.results = OwnBucket(platform, "transcribe")
        self.dictionaries = OwnBucket(platform, "transcribe-dictionary-model")
        watch(platform)
        watch_calls(platform)
