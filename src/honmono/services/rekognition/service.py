"""The Rekognition service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.rekognition.moderation import Moderation
from honmono.services.rekognition.notifications import Notifications
from honmono.services.rekognition.protective_equipment import ProtectiveEquipment
from honmono.services.rekognition.text import Text
from honmono.services.rekognition.video_jobs import watch_videos
from honmono.services.rekognition.video_operations import Videos
from honmono.services.rekognition.video_results import VideoResults
from honmono.wire.service import Chore, Service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from honmono.services.platform import Platform


class Rekognition(Text, Moderation, ProtectiveEquipment, Videos, Service):
    """Amazon Rekognition: what pictures and videos show."""

    name: ClassVar[str] = "rekognition"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.videos = VideoResults(platform)
        self.notifications = Notifications(platform)
        watch_videos(platform, self.notifications)

    def chores(self) -> Iterable[Chore]:
        """Messages that could not be sent are tried again."""
        yield Chore("rekognition notifications", 30, self.notifications.send)

    def reset(self) -> None:
        """Let go of what is kept in memory."""
        self.videos.clear()
