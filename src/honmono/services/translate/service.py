"""The Translate service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.own_buckets import OwnBucket
from honmono.services.translate import jobs, parallel_data
from honmono.services.translate.documents import Documents
from honmono.services.translate.jobs import TranslationJobs
from honmono.services.translate.languages import Languages
from honmono.services.translate.parallel_data import ParallelData
from honmono.services.translate.tags import Tagging
from honmono.services.translate.terminologies import Terminologies
from honmono.services.translate.texts import Texts
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Translate(Texts, Documents, TranslationJobs, Terminologies, ParallelData, Languages, Tagging, Service):
    """Amazon Translate: texts in another language."""

    name: ClassVar[str] = "translate"
    validation_code: ClassVar[str] = "InvalidRequestException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.files = OwnBucket(platform, "translate")
        jobs.watch(platform)
        parallel_data.watch(platform)
