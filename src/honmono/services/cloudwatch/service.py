"""The CloudWatch service."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from honmono.services.cloudwatch.alarms import Alarms
from honmono.services.cloudwatch.dashboards import Dashboards
from honmono.services.cloudwatch.metrics import Metrics
from honmono.services.cloudwatch.part import Answer, Request
from honmono.services.cloudwatch.transitions import evaluate
from honmono.services.cloudwatch.values import MetricValues
from honmono.services.platform import Platform
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Chore, Context, Service


class CloudWatch(Metrics, Alarms, Dashboards, Service):
    """Amazon CloudWatch: metrics, math over them, alarms and dashboards."""

    name = "cloudwatch"
    validation_code: ClassVar[str] = "ValidationError"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.records = platform.records
        self.database = platform.database
        self.metric_values = MetricValues(platform.database)

    def chores(self) -> Iterable[Chore]:
        """Alarms follow their data by the minute; data points end after AWS's fifteen months."""
        yield Chore("evaluate alarms", 60, lambda: evaluate(self.platform, time.time()))
        yield Chore("sweep metrics", 86_400, lambda: self.metric_values.sweep(int(time.time() * 1000)))

    def tag_resource(self, request: Request, ctx: Context) -> Answer:
        """Add tags to an alarm or a dashboard."""
        record = self._tagged(request, ctx)
        self.records.set_tags(record.arn, {tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return {}

    def untag_resource(self, request: Request, ctx: Context) -> Answer:
        """Remove tags from an alarm or a dashboard."""
        self.records.remove_tags(self._tagged(request, ctx).arn, request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Request, ctx: Context) -> Answer:
        """The tags of an alarm or a dashboard."""
        tags = self._tagged(request, ctx).tags
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _tagged(self, request: Request, ctx: Context) -> Record:
        arn = request["ResourceARN"]
        try:
            record = self.records.by_arn(arn)
        except RecordMissing as error:
            raise _unknown() from error
        if record.scope.account != ctx.account or record.scope.service != "cloudwatch":
            raise _unknown()
        return record


def _unknown() -> ServiceError:
    return ServiceError("ResourceNotFoundException", "Unknown")
