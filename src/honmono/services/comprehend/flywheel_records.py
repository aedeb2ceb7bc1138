"""Flywheels, their datasets and their iterations as records: kinds, names, and who uses which model."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from honmono.services.comprehend.resources import invalid, scope_of
from honmono.services.platform import Platform
from honmono.store.records import Record, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

FLYWHEEL = "flywheel"
DATASET = "flywheel-dataset"
"""Named FLYWHEEL/DATASET."""
ITERATION = "flywheel-iteration"
"""Named FLYWHEEL/ITERATION; AWS gives it no ARN."""


def every(
    platform: Platform, scope: Scope, kind: str, *, prefix: str = "", tx: Connection | None = None
) -> Iterator[Record]:
    """All records of a kind, by name."""
    after: str | None = None
    while True:
        page = platform.records.list(scope, kind, after=after, limit=500, prefix=prefix, tx=tx)
        yield from page.items
        after = page.next
        if after is None:
            return


def parts_of(platform: Platform, flywheel: Record, kind: str, *, tx: Connection | None = None) -> Iterator[Record]:
    """A flywheel's datasets or iterations, by name."""
    return every(platform, flywheel.scope, kind, prefix=f"{flywheel.name}/", tx=tx)


def check_active(flywheel: Record) -> None:
    """Refuse a flywheel that is not ACTIVE.

    Raises ServiceError ResourceInUseException; InvalidRequestException for one that never will be.
    """
    if flywheel.status == "FAILED":
        raise invalid("The flywheel is FAILED; delete it and create it anew.")
    if flywheel.status != "ACTIVE":
        raise ServiceError("ResourceInUseException", f"The flywheel is {flywheel.status}; wait until it is ACTIVE.")


def flywheels_of_model(platform: Platform, ctx: Context, model_arn: str) -> list[Record]:
    """The flywheels whose active model this is, or that evaluate it just now."""
    scope = scope_of(ctx)
    evaluating = {
        record.body["FlywheelArn"]
        for record in every(platform, scope, ITERATION)
        if record.status == "TRAINING" and record.body.get("EvaluatedModelArn") == model_arn
    }
    return [
        record
        for record in every(platform, scope, FLYWHEEL)
        if record.body.get("ActiveModelArn") == model_arn or record.arn in evaluating
    ]
