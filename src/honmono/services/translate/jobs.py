"""Translation jobs: start, describe, list, stop.

Source: "Asynchronous batch processing with Amazon Translate" in the developer guide.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from honmono.jobs import Job, JobId, State
from honmono.services.iam.permissions import pass_role
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.translate.documents import TRANSLATORS
from honmono.services.translate.parallel_data import ready
from honmono.services.translate.part import (
    AUTO,
    FIELD,
    PRINCIPAL,
    Answer,
    Part,
    Request,
    arn_of,
    bad_value,
    invalid,
    not_found,
    scope_of,
)
from honmono.services.translate.terminologies import named
from honmono.services.translate.texts import check_settings, unsupported
from honmono.services.translate.translation_job import KIND
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

JOB = "translation-job"
_KEPT = (
    "JobName", "InputDataConfig", "OutputDataConfig", "DataAccessRoleArn", "SourceLanguageCode", "TargetLanguageCodes",
    "TerminologyNames", "ParallelDataNames", "Settings",
)  # fmt: skip
_PAGE = 100
_ENDED = {State.FAILED: "FAILED", State.STOPPED: "STOPPED"}


class TranslationJobs(Part):
    """The four operations."""

    def start_text_translation_job(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job; the same request with the same ClientToken starts none again."""
        platform = self.platform
        form = request["InputDataConfig"]["ContentType"].partition(";")[0].strip().lower()
        if form not in TRANSLATORS:
            raise invalid(f"The ContentType {form} is not one of {', '.join(TRANSLATORS)}.")
        check_settings(request.get("Settings", {}))
        terminology = named(platform, ctx, request)
        parallel = ready(platform, ctx, request.get("ParallelDataNames", []))
        self._check_pairs(request)
        self._check_role(request["DataAccessRoleArn"], ctx)
        job_id = hashlib.sha256(f"{ctx.account}/{ctx.region}/{request['ClientToken']}".encode()).hexdigest()[:32]
        output = self._output(request["OutputDataConfig"], job_id, ctx)
        body: dict[str, Any] = {key: request[key] for key in _KEPT if key in request} | {
            "OutputDataConfig": output,
            "Request": _digest(request),
        }
        payload = {
            "account": ctx.account,
            "region": ctx.region,
            "request": {key: body[key] for key in _KEPT if key in body},
            "form": form,
            "terminology": terminology.name if terminology else None,
            "parallel_data": f"s3://{self.files.name(ctx.region)}/{parallel.body['Rows']}" if parallel else None,
        }
        limits = limits_for(self.engines, FIELD, "language")
        arn = arn_of(ctx, JOB, job_id)
        try:
            with platform.database.transaction() as tx:
                body["Job"] = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=limits, tx=tx)
                platform.records.create(scope_of(ctx), JOB, job_id, body, arn=arn, status="SUBMITTED", tx=tx)
        except RecordExists as error:
            record = self._find(job_id, ctx)
            if record.body["Request"] != body["Request"]:
                raise bad_value("The ClientToken has started another job before. Give a new one.") from error
            return {"JobId": job_id, "JobStatus": self._status(record)}
        return {"JobId": job_id, "JobStatus": "SUBMITTED"}

    def describe_text_translation_job(self, request: Request, ctx: Context) -> Answer:
        """How a job stands."""
        return {"TextTranslationJobProperties": self._described(self._find(request["JobId"], ctx))}

    def list_text_translation_jobs(self, request: Request, ctx: Context) -> Answer:
        """The jobs that fit the filter: the newest first, the oldest first where they are those before a time."""
        wanted = request.get("Filter", {})
        if len(wanted) > 1:
            raise ServiceError(
                "InvalidFilterException", f"One filter can be set; these are {', '.join(sorted(wanted))}."
            )
        before, since = wanted.get("SubmittedBeforeTime"), wanted.get("SubmittedAfterTime")
        limit, after = request.get("MaxResults", _PAGE), request.get("NextToken") or None
        found: list[Answer] = []
        while len(found) < limit:
            try:
                page = self.platform.records.list(
                    scope_of(ctx),
                    JOB,
                    after=after,
                    limit=limit - len(found),
                    order="created",
                    descending=before is None,
                )
            except BadPageToken as error:
                raise invalid("The NextToken is not one that this operation gave.") from error
            described = [self._described(record) for record in page.items]
            found += [
                job
                for job in described
                if wanted.get("JobName") in (None, job.get("JobName"))
                and wanted.get("JobStatus") in (None, job["JobStatus"])
                and (before is None or job["SubmittedTime"] < before)
                and (since is None or job["SubmittedTime"] > since)
            ]
            after = page.next
            if after is None:
                return {"TextTranslationJobPropertiesList": found}
        return {"TextTranslationJobPropertiesList": found, "NextToken": after}

    def stop_text_translation_job(self, request: Request, ctx: Context) -> Answer:
        """Ask a job to end; the documents that it has translated so far are written."""
        with self.platform.database.transaction() as tx:
            record = self._find(request["JobId"], ctx, tx)
            if record.status == "SUBMITTED":
                self.platform.records.modify(
                    record.scope, record.kind, record.name, lambda found: found.body, status="STOP_REQUESTED", tx=tx
                )
                # A job that has not begun ends in this very call.
                self.platform.jobs.stop(JobId(record.body["Job"]), tx=tx)
                record = self._find(request["JobId"], ctx, tx)
        return {"JobId": record.name, "JobStatus": self._status(record)}

    def _check_pairs(self, request: Request) -> None:
        source = request["SourceLanguageCode"]
        pairs = {(pair.source, pair.target) for pair in self.engines.get(FIELD).pairs()}
        for target in request["TargetLanguageCodes"]:
            known = any(other == target for _, other in pairs) if source == AUTO else (source, target) in pairs
            if not known:
                raise unsupported(source, target, sorted(f"{one}-{other}" for one, other in pairs))

    def _check_role(self, role: str, ctx: Context) -> None:
        try:
            pass_role(self.platform, ctx.principal, role, PRINCIPAL)
        except ServiceError as error:
            raise invalid(error.message) if error.code == "ValidationException" else error from error

    def _output(self, config: dict[str, Any], job_id: str, ctx: Context) -> dict[str, Any]:
        uri = config["S3Uri"]
        bucket = uri.removeprefix("s3://").partition("/")[0]
        try:
            ctx.client("s3").head_bucket(Bucket=bucket)
        except ServiceError as error:
            raise invalid(f"The output {uri} cannot be written: {error.message}") from error
        return {**config, "S3Uri": f"{uri.rstrip('/')}/{ctx.account}-TranslateText-{job_id}/"}

    def _find(self, job_id: str, ctx: Context, tx: Connection | None = None) -> Record:
        try:
            return self.platform.records.get(scope_of(ctx), JOB, job_id, tx=tx)
        except RecordMissing as error:
            raise not_found(f"job {job_id}") from error

    def _status(self, record: Record) -> str:
        job = self.platform.jobs.get(JobId(record.body["Job"]))
        return "IN_PROGRESS" if record.status == "SUBMITTED" and job.started is not None else str(record.status)

    def _described(self, record: Record) -> Answer:
        job, body = self.platform.jobs.get(JobId(record.body["Job"])), record.body
        described: Answer = {
            "JobId": record.name,
            "JobStatus": self._status(record),
            "SubmittedTime": record.created,
            **{key: body[key] for key in _KEPT if key in body},
        }
        if "Counts" in body:
            described["JobDetails"] = body["Counts"]
        if body.get("Message"):
            described["Message"] = body["Message"]
        if job.finished is not None:
            described["EndTime"] = job.finished
        return described


def watch(platform: Platform) -> None:
    """Have the end of each job written to its record, and its documents to the customer's bucket."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    body = dict(record.body)
    write_output(platform, job, body["OutputDataConfig"]["S3Uri"], record.scope.account, tx)
    counts = (job.result or {}).get("counts", {})
    if counts:
        body["Counts"] = counts
    status = _ENDED.get(job.state) or (
        "COMPLETED_WITH_ERROR" if counts.get("DocumentsWithErrorsCount") else "COMPLETED"
    )
    if job.state is State.FAILED:
        body["Message"] = job.error or ""
    elif status == "COMPLETED_WITH_ERROR":
        body["Message"] = "Some documents could not be translated; the files in the folder details say why."
    platform.records.update(record, body=body, status=status, tx=tx)
    platform.jobs.discard_output(job.id, tx=tx)


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
