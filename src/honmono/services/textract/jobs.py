"""Start and Get: what all the analyses of documents with many pages share.

Source: "Calling Amazon Textract asynchronous operations", "Getting the completion status of an asynchronous job".
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from honmono.jobs import Job, JobId, State
from honmono.services.findings import FILE, Findings, FindingsStore, paged
from honmono.services.iam.permissions import pass_role
from honmono.services.job_engines import limits_for
from honmono.services.job_output import write_output
from honmono.services.own_buckets import OWNER
from honmono.services.stored_files import FilesMissing
from honmono.services.textract.analysing import MODEL_VERSION, features_of
from honmono.services.textract.analysis_job import KIND
from honmono.services.textract.documents import s3_request, unreadable
from honmono.services.textract.part import FIELD, PRINCIPAL, Answer, Part, Request, invalid, scope_of
from honmono.store.errors import RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.notifications import Notifications
    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

JOB = "job"
TEXT, ANALYSIS = "DocumentTextDetection", "DocumentAnalysis"
MOST_BYTES = 500 << 20
"""Of a PDF or TIFF."""
MOST_AT_ONCE = 600
"""Jobs of an account under way. Source: "Set quotas in Amazon Textract"."""
_TOKEN = "ClientRequestToken"


class DocumentJobs(Part):
    """Start and Get of text detection and of analysis."""

    findings: FindingsStore

    def start_document_text_detection(self, request: Request, ctx: Context) -> Answer:
        """Begin to read a document."""
        return self.start(TEXT, request, ctx)

    def get_document_text_detection(self, request: Request, ctx: Context) -> Answer:
        """What was read, block by block."""
        return self._blocks(TEXT, request, ctx, "DetectDocumentTextModelVersion")

    def start_document_analysis(self, request: Request, ctx: Context) -> Answer:
        """Begin to analyse a document."""
        features_of(request)
        return self.start(ANALYSIS, request, ctx)

    def get_document_analysis(self, request: Request, ctx: Context) -> Answer:
        """What was found, block by block."""
        return self._blocks(ANALYSIS, request, ctx, "AnalyzeDocumentModelVersion")

    def start(self, api: str, request: Request, ctx: Context) -> Answer:
        """Check the request and start its job, or answer with the job that the same request started before.

        Args:
            api: as the operations have it: `DocumentAnalysis` of StartDocumentAnalysis.

        Raises ServiceError.
        """
        platform, scope = self.platform, scope_of(ctx)
        if _TOKEN in request and (known := self._known(api, request, ctx)):
            return {"JobId": known}
        self._check(request, ctx)
        job_id = secrets.token_hex(32)
        arn = f"arn:aws:textract:{ctx.region}:{ctx.account}:/jobs/{job_id}"
        body: dict[str, Any] = {"Api": api, "Request": request, "Folder": self.findings.folder(ctx.region, job_id)}
        payload = {"api": api, "account": ctx.account, "request": request}
        limits = limits_for(platform.engines, FIELD)
        try:
            with platform.database.transaction() as tx:
                body["Job"] = platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=limits, tx=tx)
                platform.records.create(scope, JOB, job_id, body, arn=arn, status="", tx=tx)
                if _TOKEN in request:
                    token = {"JobId": job_id, "Digest": _digest(api, request)}
                    platform.records.create(scope, "token", request[_TOKEN], token, arn="", tx=tx)
        except RecordExists as error:  # the same token, at the same time
            known = self._known(api, request, ctx)
            if known is None:
                raise error from None
            return {"JobId": known}
        return {"JobId": job_id}

    def found(self, api: str, request: Request, ctx: Context) -> tuple[Answer, Findings | None]:
        """What every Get answers, and what was found, once it was.

        Raises ServiceError InvalidJobIdException.
        """
        try:
            record = self.platform.records.get(scope_of(ctx), JOB, request["JobId"])
        except RecordMissing as error:
            raise _no_job() from error
        if record.body["Api"] != api:
            raise _no_job()
        answer: Answer = {"JobStatus": record.status or "IN_PROGRESS"}
        if record.body.get("StatusMessage"):
            answer["StatusMessage"] = record.body["StatusMessage"]
        if record.status not in ("SUCCEEDED", "PARTIAL_SUCCESS"):
            return answer, None
        try:
            findings = self.findings.read(record.body["Folder"])
        except FilesMissing as error:
            raise _no_job() from error
        ctx.engine = findings.head["engine"]
        return answer | findings.head["answer"], findings

    def page(self, name: str, findings: Findings | None, request: Request) -> Answer:
        """A page of what was found, and NextToken where more follows."""
        if findings is None:
            return {}
        found, more = paged(findings.items, request, request["JobId"], name, _bad_token)
        return {name: found, **more}

    def _blocks(self, api: str, request: Request, ctx: Context, version: str) -> Answer:
        answer, findings = self.found(api, request, ctx)
        return {**answer, **self.page("Blocks", findings, request), version: MODEL_VERSION}

    def _check(self, request: Request, ctx: Context) -> None:
        place = request["DocumentLocation"].get("S3Object", {})
        wanted = s3_request(place)
        try:
            size = int(ctx.client("s3").head_object(**wanted)["ContentLength"])
        except ServiceError as error:
            raise unreadable() from error
        if size > MOST_BYTES:
            raise ServiceError(
                "DocumentTooLargeException", f"The document has {size} bytes; at most {MOST_BYTES} are read."
            )
        if channel := request.get("NotificationChannel"):
            try:
                pass_role(self.platform, ctx.principal, channel["RoleArn"], PRINCIPAL)
            except ServiceError as error:
                raise invalid(error.message) if error.code == "ValidationException" else error from error
        if output := request.get("OutputConfig"):
            try:
                ctx.client("s3").head_bucket(Bucket=output["S3Bucket"])
            except ServiceError as error:
                raise ServiceError(
                    "InvalidS3ObjectException", f"The bucket {output['S3Bucket']} of OutputConfig cannot be written."
                ) from error
        under_way = self.platform.records.list(scope_of(ctx), JOB, status="", limit=MOST_AT_ONCE).items
        if len(under_way) >= MOST_AT_ONCE:
            raise ServiceError(
                "LimitExceededException", f"{MOST_AT_ONCE} jobs are under way. Wait until some have ended."
            )

    def _known(self, api: str, request: Request, ctx: Context) -> str | None:
        try:
            record = self.platform.records.get(scope_of(ctx), "token", request[_TOKEN])
        except RecordMissing:
            return None
        if record.body["Digest"] != _digest(api, request):
            raise ServiceError(
                "IdempotentParameterMismatchException",
                f"The ClientRequestToken {request[_TOKEN]} was used with other parameters.",
            )
        return str(record.body["JobId"])


def watch(platform: Platform, notifications: Notifications) -> None:
    """Have the end of each job written to its record, what it found kept, and its topic told."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, notifications, job, tx))


def _finish(platform: Platform, notifications: Notifications, job: Job, tx: Connection) -> None:
    try:
        record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    except RecordMissing:
        return  # it was forgotten meanwhile
    body, status = dict(record.body), "FAILED"
    if job.state is State.SUCCEEDED:
        result = job.result or {}
        status = result["status"]
        write_output(platform, job, body["Folder"], OWNER, tx, names={FILE: FILE})
        if output := body["Request"].get("OutputConfig"):
            prefix = output.get("S3Prefix", "textract_output").strip("/")
            uri = f"s3://{output['S3Bucket']}/{prefix}/{record.name}/"
            try:
                write_output(platform, _with(job, result["pages"]), uri, record.scope.account, tx)
            except FilesMissing as error:
                body["StatusMessage"] = f"The output was not written: {error}."
        if message := result.get("message"):
            body["StatusMessage"] = message
    else:
        body["StatusMessage"] = job.error or "The job was stopped."
    platform.records.update(record, body=body, status=status, tx=tx)
    _tell(notifications, record, status, tx)
    platform.jobs.discard_output(JobId(job.id), tx=tx)


def _with(job: Job, result: dict[str, Any]) -> Job:
    """The job with the other files that it left as its result."""
    return replace(job, result=result)


def _tell(notifications: Notifications, record: Record, status: str, tx: Connection) -> None:
    asked = record.body["Request"]
    if channel := asked.get("NotificationChannel"):
        place = asked["DocumentLocation"]["S3Object"]
        told = {
            "JobId": record.name,
            "Status": status,
            "API": f"Start{record.body['Api']}",
            **({"JobTag": asked["JobTag"]} if "JobTag" in asked else {}),
            "Timestamp": int(time.time() * 1000),
            "DocumentLocation": {"S3ObjectName": place["Name"], "S3Bucket": place["Bucket"]},
        }
        notifications.post(record.scope.account, channel["SNSTopicArn"], told, tx)


def _no_job() -> ServiceError:
    return ServiceError("InvalidJobIdException", "Request has invalid Job Id")


def _bad_token() -> ServiceError:
    return invalid("Request has invalid parameters: NextToken is not one that this operation gave.")


def _digest(api: str, request: Request) -> str:
    return sha256(json.dumps([api, {**request, _TOKEN: None}], sort_keys=True).encode()).hexdigest()
