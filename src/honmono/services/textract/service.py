"""The Textract service, put together from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from honmono.services.findings import FindingsStore
from honmono.services.notifications import Notifications
from honmono.services.textract import jobs
from honmono.services.textract.analysing import Analysing
from honmono.services.textract.jobs import DocumentJobs
from honmono.wire.service import Chore, Service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from honmono.services.platform import Platform


class Textract(Analysing, DocumentJobs, Service):
    """Amazon Textract: what stands in documents, and how it belongs together."""

    name: ClassVar[str] = "textract"
    validation_code: ClassVar[str] = "InvalidParameterException"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.findings = FindingsStore(platform, self.name, "jobs")
        self.notifications = Notifications(platform, self.name)
        jobs.watch(platform, self.notifications)

    def chores(self) -> Iterable[Chore]:
        """Messages not sent are tried again."""
        yield Chore("textract notifications", 30, self.notifications.send)

    def reset(self) -> None:
        """Let go of what was read; the records are the caller's to delete."""
        self.findings.clear()
