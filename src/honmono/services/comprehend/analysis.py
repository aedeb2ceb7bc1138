"""Analysis jobs: Start, Describe, List and Stop, written once for every kind of analysis.

A kind is a row, an `Analysis`: its name, what it keeps of a request and which engines it asks. Its job reads the
customer's documents and returns what `analysis_output.leave_archive` or `leave_files` makes of its answers, and they
appear in the customer's bucket in the transaction that ends the job.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from sqlalchemy import Connection

from honmono.engines.errors import UnsupportedLanguage
from honmono.jobs import Job, JobId, State
from honmono.services.comprehend.batches import Answer, unsupported_language
from honmono.services.comprehend.native_documents import FIELD as READER
from honmono.services.comprehend.native_documents import check_reader
from honmono.services.comprehend.output_data import ARCHIVE, place_of_output
from honmono.services.comprehend.resources import arn_of, check_role, invalid, listed, scope_of, tags_of, within
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

DOCUMENTS = "comprehend.analyse-documents"
"""The kind of job that asks an engine about each document; see `analysis_job`."""

_KEPT = ("JobName", "InputDataConfig", "DataAccessRoleArn", "VolumeKmsKeyId", "VpcConfig")
_ANSWERED_BY = {
    "DocumentClassifierArn": "document-classification-job",
    "EntityRecognizerArn": "entities-detection-job",
}
_ENDED = ("COMPLETED", "FAILED", "STOPPED")
_STATUS = {State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED", State.STOPPED: "STOPPED"}


@dataclass(frozen=True, slots=True)
class CustomModel:
    """A customer's own model that a job asks instead of a built-in engine.

    Attributes:
        field: of the engine that answers with it.
        payload: what the job needs to know of it (its folder).
        members: the members of the request that Start answers with too: `DocumentClassifierArn`.
    """

    field: str
    payload: Answer
    members: Answer = member(default_factory=dict)


def _built_in(_platform: Platform, _ctx: Context, _request: Answer) -> CustomModel | None:
    return None


def _no_check(_request: Answer) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Analysis:
    """One kind of analysis job.

    Attributes:
        name: as AWS's operations have it: `SentimentDetection` of StartSentimentDetectionJob.
        folder: what AWS calls the job's folder in the customer's bucket: `SENTIMENT`.
        fields: of the engines that the job asks; those with languages are checked against LanguageCode.
        members: of the request, kept and told beside those that all kinds have.
        job: the kind of durable job; it gets `account`, `analysis` (the name), `request` and `model`.
        archive: the output is an output.tar.gz; else its files lie in the folder as they are.
        check: refuses a request that fits its shape and makes no sense, with a ServiceError.
        model: the customer's own model that the request names, or None.
        native: with the customer's own model it takes files in native formats too.
    """

    name: str
    folder: str
    fields: tuple[str, ...] = ()
    members: tuple[str, ...] = ("LanguageCode",)
    job: str = DOCUMENTS
    archive: bool = True
    check: Callable[[Answer], None] = _no_check
    model: Callable[[Platform, Context, Answer], CustomModel | None] = _built_in
    native: bool = False

    @property
    def resource(self) -> str:
        """The kind of resource that its jobs are, as their ARNs have it: `sentiment-detection-job`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", self.name).lower() + "-job"


def start(platform: Platform, analysis: Analysis, request: Answer, ctx: Context) -> Answer:
    """Check the request and start its job; the same request with the same ClientRequestToken starts none again."""
    tags = tags_of(request)
    analysis.check(request)
    check_role(platform, ctx, request["DataAccessRoleArn"])
    model = analysis.model(platform, ctx, request)
    fields = analysis.fields if model is None else (model.field,)
    check_reader(request["InputDataConfig"].get("DocumentReaderConfig"))
    if model is not None and analysis.native and request["InputDataConfig"].get("InputFormat") == "ONE_DOC_PER_FILE":
        fields = (*fields, READER)
    if model is None:
        _check_language(platform, fields, request.get("LanguageCode"))
    # Asked again with the same token, a request has the same id: there is one record of it.
    token = request.get("ClientRequestToken")
    job_id = _digest([ctx.account, ctx.region, analysis.name, token])[:32] if token else secrets.token_hex(16)
    members = {} if model is None else model.members
    file = ARCHIVE if analysis.archive else ""
    body = {key: request[key] for key in (*_KEPT, *analysis.members) if key in request} | {
        "OutputDataConfig": place_of_output(request["OutputDataConfig"], ctx, f"{analysis.folder}-{job_id}", file),
        "Request": _digest(request),
        **members,
    }
    arn = arn_of(ctx, analysis.resource, job_id)
    payload = {
        "account": ctx.account,
        "analysis": analysis.name,
        "request": {key: request[key] for key in ("InputDataConfig", *analysis.members) if key in request},
        "model": None if model is None else model.payload,
    }
    status = "SUBMITTED"
    try:
        with platform.database.transaction() as tx:
            body["Job"] = platform.jobs.enqueue(
                analysis.job, payload, resource_arn=arn, limits=limits_for(platform.engines, *fields), tx=tx
            )
            platform.records.create(
                scope_of(ctx), analysis.resource, job_id, body, arn=arn, status=status, tags=tags, tx=tx
            )
    except RecordExists as error:
        record = _find(platform, analysis, job_id, ctx)
        if record.body["Request"] != body["Request"]:
            raise ServiceError(
                "ResourceInUseException",
                f"The ClientRequestToken {token} has started another job before: {record.arn}. Give a new one.",
            ) from error
        status = _status(record, platform.jobs.get(JobId(record.body["Job"])))
    return {"JobId": job_id, "JobArn": arn, "JobStatus": status, **members}


def describe(platform: Platform, analysis: Analysis, request: Answer, ctx: Context) -> Answer:
    """How a job stands."""
    record = _find(platform, analysis, request["JobId"], ctx)
    return {f"{analysis.name}JobProperties": _described(platform, analysis, record)}


def list_jobs(platform: Platform, analysis: Analysis, request: Answer, ctx: Context) -> Answer:
    """The jobs that fit the filter: the newest first, the oldest first where they are those before a time."""
    wanted = request.get("Filter", {})
    if len(wanted) > 1:
        raise ServiceError(
            "InvalidFilterException", f"Only one filter can be set at a time; these are {', '.join(sorted(wanted))}."
        )
    before, after = wanted.get("SubmitTimeBefore"), wanted.get("SubmitTimeAfter")

    def keep(record: Record, described: Answer) -> bool:
        return (
            wanted.get("JobName") in (None, described.get("JobName"))
            and wanted.get("JobStatus") in (None, described["JobStatus"])
            and within(record.created, before, after)
        )

    def show(record: Record) -> Answer:
        return _described(platform, analysis, record)

    found, more = listed(
        platform, ctx, analysis.resource, request, show, keep, descending="SubmitTimeBefore" not in wanted
    )
    return {f"{analysis.name}JobPropertiesList": found, **more}


def stop(platform: Platform, analysis: Analysis, request: Answer, ctx: Context) -> Answer:
    """Ask a job to end; what it has answered so far is written."""
    with platform.database.transaction() as tx:
        record = _find(platform, analysis, request["JobId"], ctx, tx=tx)
        if record.status in ("COMPLETED", "FAILED"):
            raise invalid(f"The job {record.name} is {record.status} and cannot be stopped.")
        if record.status == "SUBMITTED":
            platform.records.modify(
                record.scope, record.kind, record.name, lambda found: found.body, status="STOP_REQUESTED", tx=tx
            )
            # A job that has not begun ends in this very call.
            platform.jobs.stop(JobId(record.body["Job"]), tx=tx)
            record = _find(platform, analysis, record.name, ctx, tx=tx)
    return {"JobId": record.name, "JobStatus": record.status}


def of_model(platform: Platform, ctx: Context, model_arn: str) -> list[Record]:
    """The jobs that have not ended and answer with a model of the customer's."""
    found: list[Record] = []
    for named_by, kind in _ANSWERED_BY.items():
        for status in ("SUBMITTED", "STOP_REQUESTED"):
            after: str | None = None
            while True:
                page = platform.records.list(scope_of(ctx), kind, after=after, status=status)
                found += [record for record in page.items if record.body.get(named_by) == model_arn]
                after = page.next
                if after is None:
                    break
    return found


def watch(platform: Platform, *kinds: str) -> None:
    """Have the end of each job of these kinds written to its record, and its output to the customer's bucket."""
    for kind in kinds:
        platform.jobs.when_finished(kind, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    # A stopped job may have left something too: what it had answered by then.
    folder = body["OutputDataConfig"]["S3Uri"].removesuffix(ARCHIVE)
    write_output(platform, job, folder, record.scope.account, tx)
    body["Message"] = job.error or "" if job.state is State.FAILED else ""
    platform.records.update(record, body=body, status=_STATUS[job.state], tx=tx)
    platform.jobs.discard_output(job.id, tx=tx)


def _check_language(platform: Platform, fields: tuple[str, ...], language: str | None) -> None:
    for name in fields:
        known = platform.engines.info(name).languages
        if language is not None and known and language not in known:
            why = f"plug in an engine that knows it, as [engines.{name}] of honmono.toml"
            raise unsupported_language(UnsupportedLanguage(language, known, why))


def _find(platform: Platform, analysis: Analysis, job_id: str, ctx: Context, tx: Connection | None = None) -> Record:
    try:
        return platform.records.get(scope_of(ctx), analysis.resource, job_id, tx=tx)
    except RecordMissing as error:
        raise ServiceError("JobNotFoundException", "The specified job was not found. Check the job ID.") from error


def _digest(value: Mapping[str, Any] | list[Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _status(record: Record, job: Job) -> str:
    """SUBMITTED until the job runs: nobody tells the record when it begins."""
    return "IN_PROGRESS" if record.status == "SUBMITTED" and job.started is not None else str(record.status)


def _described(platform: Platform, analysis: Analysis, record: Record) -> Answer:
    job, body = platform.jobs.get(JobId(record.body["Job"])), record.body
    shown = (*_KEPT, "OutputDataConfig", *analysis.members)
    described = {
        "JobId": record.name,
        "JobArn": record.arn,
        "JobStatus": _status(record, job),
        "SubmitTime": record.created,
        **{key: body[key] for key in shown if key in body},
    }
    message = body.get("Message") or _progress(job)
    if message:
        described["Message"] = message
    if record.status in _ENDED and job.finished is not None:
        described["EndTime"] = job.finished
    return described


def _progress(job: Job) -> str:
    if job.state is not State.RUNNING or job.progress is None:
        return ""
    done, total = job.progress.done, job.progress.total
    return f"{done:g}{f' of {total:g}' if total else ''} {job.progress.what}"
