"""What the four kinds of resources share: each is made of others by a job, waits for them, ends, and is deleted.

A resource may be created while those that it is made of are still being made; its job starts when they are completed,
and it fails where one of them fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, JobId, JobMissing, Limits, State
from honmono.services.machinelearning.part import (
    CALLED,
    DELETED,
    Answer,
    Request,
    arn_of,
    find,
    invalid,
    not_found,
    scope_of,
    user_of,
)
from honmono.services.platform import Platform
from honmono.services.stored_files import FilesMissing
from honmono.store import clock
from honmono.store.errors import RecordExists
from honmono.store.records import Record, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

log = logging.getLogger("honmono.machinelearning")

PENDING, RUNNING, COMPLETED, FAILED = "PENDING", "INPROGRESS", "COMPLETED", "FAILED"
_MESSAGE_CHARACTERS = 2048
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Work:
    """How a kind of resource is made.

    Attributes:
        kind: of its records.
        job: the kind of job that makes it.
        needs: the kinds that it is made of, by the members of the request that name them.
        payload: what the job gets, from the record and those that it needs.
        limits: what the job may use.
        completed: writes what the job has left behind, in the transaction that ends it.
    """

    kind: str
    job: str
    needs: Mapping[str, str]
    payload: Callable[[Platform, Record, Mapping[str, Record]], dict[str, Any]]
    limits: Callable[[Record], Limits]
    completed: Callable[[Platform, Job, Record, Connection], None] | None = None


_WORKS: dict[str, Work] = {}


def register(work: Work) -> Work:
    """Make a kind known."""
    _WORKS[work.kind] = work
    return work


def watch(platform: Platform) -> None:
    """Have the end of each job written to its resource, and what waited for it started."""
    for work in _WORKS.values():
        platform.jobs.when_finished(work.job, lambda job, tx, work=work: _finish(platform, work, job, tx))  # type: ignore[misc]


def create(
    platform: Platform,
    ctx: Context,
    work: Work,
    request: Request,
    name: str,
    body: dict[str, Any],
    *,
    secret: Mapping[str, Any] = MappingProxyType({}),
) -> Record:
    """Keep a resource and start its job, or have it wait. The same request again changes nothing.

    `secret` goes to the job's payload, and not into the record; for kinds that wait for nothing.

    Raises ServiceError InvalidInputException, IdempotentParameterMismatchException.
    """
    scope = scope_of(ctx)
    body = {"Request": request, "User": user_of(ctx), **body}
    try:
        with platform.database.transaction() as tx:
            record = platform.records.create(
                scope, work.kind, name, body, arn=arn_of(scope, work.kind, name), status=PENDING, tx=tx
            )
            _start(platform, work, record, tx, secret)
    except RecordExists as error:
        there = find(platform, scope, work.kind, name)
        if there.status == DELETED:
            raise invalid(f"The {CALLED[work.kind]} {name} was deleted; an id is not used again.") from error
        if there.body["Request"] != request:
            raise ServiceError(
                "IdempotentParameterMismatchException",
                f"A {CALLED[work.kind]} with id {name} exists already and was created with other parameters.",
            ) from error
        return there
    if work.needs:
        # On a shared database what it needs may have ended between the look and the commit.
        with platform.database.transaction() as tx:
            _release(platform, scope, tx)
    return record


def check_needs(platform: Platform, ctx: Context, work: Work, request: Request) -> dict[str, Record]:
    """The resources that a new one is made of, by member; they must be there and not have failed.

    Raises ServiceError InvalidInputException.
    """
    found: dict[str, Record] = {}
    for member, kind in work.needs.items():
        try:
            found[member] = find(platform, scope_of(ctx), kind, request[member])
        except ServiceError as error:
            raise invalid(f"{member}: {error.message}") from error
        if found[member].status in (FAILED, DELETED):
            raise invalid(
                f"{member}: the {CALLED[kind]} {request[member]} is {found[member].status}; it must be COMPLETED or "
                "PENDING"
            )
    return found


def delete(platform: Platform, ctx: Context, kind: str, name: str) -> None:
    """Mark a resource as deleted, end its job, and let go of its files.

    Raises ServiceError ResourceNotFoundException.
    """
    scope = scope_of(ctx)
    with platform.database.transaction() as tx:
        record = find(platform, scope, kind, name, tx=tx)
        if record.status == DELETED:
            raise not_found(kind, name)
        body = {**record.body, "Deleted": True}
        platform.records.update(record, body=body, status=DELETED, tx=tx)
        if "Job" in body:
            job = platform.jobs.get(JobId(body["Job"]), tx=tx)
            if job.state.ended:
                platform.jobs.delete(job.id, tx=tx)
            else:
                platform.jobs.stop(job.id, tx=tx)
        _release(platform, scope, tx)


def rename(platform: Platform, ctx: Context, kind: str, name: str, changes: Mapping[str, Any]) -> None:
    """Change members of a resource that is not deleted.

    Raises ServiceError ResourceNotFoundException.
    """
    scope = scope_of(ctx)
    if find(platform, scope, kind, name).status == DELETED:
        raise not_found(kind, name)
    platform.records.modify(scope, kind, name, lambda record: {**record.body, **changes})


def described(platform: Platform, record: Record, member: str) -> Answer:
    """What Get and Describe tell of every kind. `member`: that holds the resource's id."""
    body = record.body
    status, message = record.status or PENDING, body.get("Message", "")
    shown: Answer = {
        member: record.name,
        "CreatedByIamUser": body["User"],
        "CreatedAt": record.created,
        "LastUpdatedAt": record.updated,
    }
    if "Name" in body:
        shown["Name"] = body["Name"]
    if status == PENDING and "Job" in body:
        try:
            job = platform.jobs.get(JobId(body["Job"]))
        except JobMissing:
            job = None
        if job is not None and job.state is State.RUNNING:
            status, message = RUNNING, _progress(job)
            shown["StartedAt"] = job.started
    shown["Status"] = status
    if message:
        shown["Message"] = message
    for moment in ("StartedAt", "FinishedAt"):
        if body.get(moment) is not None:
            shown[moment] = clock.moment(body[moment])
    if "ComputeTime" in body.get("Result", {}) and status == COMPLETED:
        shown["ComputeTime"] = body["Result"]["ComputeTime"]
    return shown


def folder_of(platform: Platform, record: Record) -> str:
    """Where a completed resource's job has left its files."""
    return str(platform.jobs.job_directory(JobId(record.body["Job"])) / "output")


def _start(
    platform: Platform, work: Work, record: Record, tx: Connection, secret: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Start a resource's job if all that it needs is there; fail it if something never will be."""
    needed: dict[str, Record] = {}
    for member, kind in work.needs.items():
        name = record.body["Request"][member]
        needed[member] = find(platform, record.scope, kind, name, tx=tx)
        status = needed[member].status
        if status in (FAILED, DELETED):
            body = {
                **record.body,
                "Message": f"The {CALLED[kind]} {name} is {status}.",
                "FinishedAt": clock.now(),
            }
            platform.records.update(record, body=body, status=FAILED, tx=tx)
            return
        if status != COMPLETED:
            return
    job = platform.jobs.enqueue(
        work.job,
        {"account": record.scope.account, **work.payload(platform, record, needed), **secret},
        resource_arn=record.arn,
        limits=work.limits(record),
        tx=tx,
    )
    platform.records.update(record, body={**record.body, "Job": job}, tx=tx)


def _release(platform: Platform, scope: Scope, tx: Connection) -> None:
    """Start, or fail, what waits in a scope. Failing may fail others: again until nothing changes."""
    changed = True
    while changed:
        changed = False
        for work in _WORKS.values():
            if not work.needs:
                continue
            after: str | None = None
            while True:
                page = platform.records.list(scope, work.kind, status=PENDING, after=after, limit=_PAGE, tx=tx)
                for record in page.items:
                    if "Job" not in record.body:
                        _start(platform, work, record, tx)
                        status = find(platform, scope, work.kind, record.name, tx=tx).status
                        changed = changed or status == FAILED
                after = page.next
                if after is None:
                    break


def _finish(platform: Platform, work: Work, job: Job, tx: Connection) -> None:
    """Write the end of a job to its resource."""
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    if record.status == DELETED or body.get("Job") != job.id:
        platform.jobs.discard_output(job.id, tx=tx)
        return
    if job.started is not None:
        body["StartedAt"] = _microseconds(job.started)
    body["FinishedAt"] = clock.now()
    if job.state is State.SUCCEEDED:
        status = COMPLETED
        body["Result"] = job.result or {}
        body["Message"] = (job.result or {}).get("Message", "")
        if work.completed is not None:
            try:
                work.completed(platform, job, record, tx)
            except FilesMissing as error:
                status, body["Message"] = FAILED, f"The results could not be written: {error}"
    else:
        status = FAILED
        body["Message"] = (job.error or "The job was stopped.")[:_MESSAGE_CHARACTERS]
    platform.records.update(record, body=body, status=status, tx=tx)
    _release(platform, record.scope, tx)


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _progress(job: Job) -> str:
    if job.progress is None or not job.progress.total:
        return ""
    return f"{100 * job.progress.done / job.progress.total:.0f} % of the {job.progress.what}"
