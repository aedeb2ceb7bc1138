"""Amazon Machine Learning, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.batch_predictions import BatchPredictions
from honmono.services.machinelearning.data_sources import DataSources
from honmono.services.machinelearning.database_sources import DatabaseSources
from honmono.services.machinelearning.evaluations import Evaluations
from honmono.services.machinelearning.ml_models import MLModels
from honmono.services.machinelearning.realtime import Realtime
from honmono.services.machinelearning.tags import Tags
from honmono.services.own_buckets import OwnBucket
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class MachineLearning(DataSources, DatabaseSources, MLModels, Evaluations, BatchPredictions, Realtime, Tags, Service):
    """Amazon Machine Learning: a table in S3 becomes a linear model that is measured, asked in batches and in real time."""

    name: ClassVar[str] = "machinelearning"
    open_patterns: ClassVar[frozenset[str]] = frozenset({"VipURL"})

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.logs = OwnBucket(platform, "machinelearning")
        lifecycle.watch(platform)
