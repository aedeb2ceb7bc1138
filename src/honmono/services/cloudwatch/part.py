"""What the parts of CloudWatch share."""

from __future__ import annotations

from typing import Any

from honmono.services.cloudwatch.values import MetricValues
from honmono.store.database import Database
from honmono.store.records import Records, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]


class CloudWatchPart:
    """Base of the mixins that make up the service."""

    records: Records
    database: Database
    metric_values: MetricValues

    def reset(self) -> None:
        """Delete every metric; the records are the caller's to delete."""
        self.metric_values.clear()


def scope(ctx: Context) -> Scope:
    """Where the caller's alarms are."""
    return Scope(ctx.account, ctx.region, "cloudwatch")


def bad_token() -> ServiceError:
    """InvalidNextToken."""
    return ServiceError("InvalidNextToken", "Request parameter NextToken is invalid")
