"""The Comprehend service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.comprehend import analysis, analysis_job, topics_job
from honmono.services.comprehend.analysis_jobs import AnalysisJobs
from honmono.services.comprehend.classifiers import Classifiers, watch_training
from honmono.services.comprehend.classifying import Classifying
from honmono.services.comprehend.datasets import Datasets
from honmono.services.comprehend.endpoints import Endpoints
from honmono.services.comprehend.flywheels import Flywheels, watch_flywheels
from honmono.services.comprehend.imports import Imports, watch_imports
from honmono.services.comprehend.iterations import Iterations
from honmono.services.comprehend.moods import Moods
from honmono.services.comprehend.names import Names
from honmono.services.comprehend.personal import PersonalData
from honmono.services.comprehend.phrases import Phrases
from honmono.services.comprehend.policies import Policies
from honmono.services.comprehend.recognizers import Recognizers, watch_recognizers
from honmono.services.comprehend.syntax import Syntax
from honmono.services.comprehend.tags import Tagging
from honmono.services.comprehend.targets import TargetedSentiments
from honmono.services.comprehend.topics import TopicModelling
from honmono.services.comprehend.toxic import ToxicContent
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Comprehend(
    Moods,
    Names,
    Phrases,
    Syntax,
    TargetedSentiments,
    Classifiers,
    Classifying,
    Recognizers,
    Endpoints,
    Flywheels,
    Datasets,
    Iterations,
    Imports,
    Policies,
    Tagging,
    PersonalData,
    ToxicContent,
    AnalysisJobs,
    TopicModelling,
    Service,
):
    """Amazon Comprehend: what a text says, about whom, in which language and mood."""

    name: ClassVar[str] = "comprehend"
    open_enums: ClassVar[frozenset[str]] = frozenset({"EntityType"})

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        watch_training(platform)
        analysis.watch(platform, analysis_job.KIND, topics_job.KIND)
        watch_recognizers(platform)
        watch_flywheels(platform)
        watch_imports(platform)
