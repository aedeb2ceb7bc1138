"""The Rekognition service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.rekognition.copied_versions import CopiedVersions, watch_copies
from honmono.services.rekognition.custom_detection import CustomDetection
from honmono.services.rekognition.dataset_entries import DatasetEntries
from honmono.services.rekognition.datasets import Datasets, watch_datasets
from honmono.services.rekognition.labels import Labels
from honmono.services.rekognition.project_policies import ProjectPolicies
from honmono.services.rekognition.project_versions import ProjectVersions, watch_training
from honmono.services.rekognition.projects import Projects
from honmono.wire.service import Service

if TYPE_CHECKING:
    from honmono.services.platform import Platform


class Rekognition(
    Labels,
    Projects,
    ProjectPolicies,
    Datasets,
    DatasetEntries,
    ProjectVersions,
    CopiedVersions,
    CustomDetection,
    Service,
):
    """Amazon Rekognition: what pictures and videos show."""

    name: ClassVar[str] = "rekognition"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        watch_datasets(platform)
        watch_training(platform)
        watch_copies(platform)
