"""The Rekognition service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import delete

from honmono.compute import devices
from honmono.services.findings import FindingsStore
from honmono.services.notifications import Notifications
from honmono.services.rekognition.celebrities import Celebrities
from honmono.services.rekognition.collections import Collections
from honmono.services.rekognition.comparing import Comparing
from honmono.services.rekognition.copied_versions import CopiedVersions, watch_copies
from honmono.services.rekognition.custom_detection import CustomDetection
from honmono.services.rekognition.dataset_entries import DatasetEntries
from honmono.services.rekognition.datasets import Datasets, watch_datasets
from honmono.services.rekognition.faces import Faces
from honmono.services.rekognition.galleries import Galleries
from honmono.services.rekognition.indexed import IndexedFaces
from honmono.services.rekognition.labels import Labels
from honmono.services.rekognition.liveness import Liveness
from honmono.services.rekognition.matching import Matching
from honmono.services.rekognition.media_jobs import MediaJobs, watch_media
from honmono.services.rekognition.moderation import Moderation
from honmono.services.rekognition.project_policies import ProjectPolicies
from honmono.services.rekognition.project_versions import ProjectVersions, watch_training
from honmono.services.rekognition.projects import Projects
from honmono.services.rekognition.protective_equipment import ProtectiveEquipment
from honmono.services.rekognition.requests import forget_old
from honmono.services.rekognition.searching import Searching
from honmono.services.rekognition.stream_delivery import Delivery
from honmono.services.rekognition.stream_processors import StreamProcessors, deliver_all, watch_streams
from honmono.services.rekognition.sweeping import sweep
from honmono.services.rekognition.tags import Tagging
from honmono.services.rekognition.text import Text
from honmono.services.rekognition.users import Users
from honmono.services.rekognition.video_jobs import watch_videos
from honmono.services.rekognition.video_operations import Videos
from honmono.store.faces_schema import collection_faces, collection_requests, collection_users
from honmono.wire.service import Chore, Service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from honmono.services.platform import Platform


class Rekognition(
    Labels,
    Faces,
    Comparing,
    Text,
    Moderation,
    ProtectiveEquipment,
    Celebrities,
    Collections,
    IndexedFaces,
    Liveness,
    Searching,
    Users,
    Tagging,
    Videos,
    Projects,
    ProjectPolicies,
    Datasets,
    DatasetEntries,
    ProjectVersions,
    CopiedVersions,
    CustomDetection,
    MediaJobs,
    StreamProcessors,
    Service,
):
    """Amazon Rekognition: what pictures and videos show."""

    name: ClassVar[str] = "rekognition"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.galleries = Galleries(platform.database, devices.memory_bytes() // 4, platform.data / "faces")
        self.matching = Matching(platform.database, self.galleries)
        self.videos = FindingsStore(platform, self.name, "video")
        self.notifications = Notifications(platform, self.name)
        watch_videos(platform, self.notifications)
        watch_datasets(platform)
        watch_training(platform)
        watch_copies(platform)
        watch_media(platform)
        self.delivery = Delivery(platform, self.notifications)
        watch_streams(platform, self.notifications)

    def chores(self) -> Iterable[Chore]:
        """Tokens of requests are forgotten; deletions that a crash cut short go on; messages are sent, again if need be."""
        yield Chore("rekognition tokens", 3600, lambda: forget_old(self.platform.database))
        yield Chore("rekognition sweep", 60, lambda: sweep(self.platform.database, self.platform.records))
        yield Chore("rekognition notifications", 30, self.notifications.send)
        yield Chore("rekognition streams", 2, lambda: deliver_all(self.platform, self.delivery))

    def reset(self) -> None:
        """Delete every face and user; the records are the caller's to delete."""
        self.galleries.clear()
        self.videos.clear()
        with self.platform.database.transaction() as tx:
            for table in (collection_faces, collection_users, collection_requests):
                tx.execute(delete(table))
