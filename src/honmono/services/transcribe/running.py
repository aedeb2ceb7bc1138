"""What the kinds of jobs share: a record and its job are made and forgotten together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import JobId
from honmono.services.job_engines import limits_for
from honmono.services.platform import Platform
from honmono.services.transcribe.part import Request, arn_of, invalid, scope_of
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context


def start(
    platform: Platform,
    ctx: Context,
    kind: str,
    name: str,
    request: Request,
    body: dict[str, Any],
    *,
    job: str,
    payload: dict[str, Any],
    fields: Sequence[str],
) -> Record:
    """Keep a job under its name and enqueue it, both or neither.

    Args:
        kind: of the record, as its ARN has it: `transcription-job`.
        body: of the record; the durable job's id is put into it.
        job: the kind of durable job.
        fields: of the engines that it asks.

    Raises ServiceError ConflictException.
    """
    arn = arn_of(ctx, kind, name)
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
    try:
        with platform.database.transaction() as tx:
            body["Job"] = platform.jobs.enqueue(
                job, payload, resource_arn=arn, limits=limits_for(platform.engines, *fields), tx=tx
            )
            return platform.records.create(scope_of(ctx), kind, name, body, arn=arn, status="", tags=tags, tx=tx)
    except RecordExists as error:
        raise ServiceError(
            "ConflictException", "The requested job name already exists. Use a different job name."
        ) from error


def delete(platform: Platform, record: Record, tx: Connection) -> None:
    """Forget a job that has ended.

    Raises ServiceError BadRequestException: it has not.
    """
    job = platform.jobs.get(JobId(record.body["Job"]), tx=tx)
    if not job.state.ended:
        raise invalid("The requested job is in progress and can't be deleted. Try again once it has ended.")
    platform.records.delete(record.scope, record.kind, record.name, tx=tx)
    platform.jobs.delete(job.id, tx=tx)
