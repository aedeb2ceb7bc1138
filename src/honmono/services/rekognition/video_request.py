"""What every Start operation for a stored video checks.

Source: "Guidelines and quotas in Amazon Rekognition", "Configuring Amazon Rekognition Video".
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from honmono.services.iam.permissions import pass_role
from honmono.services.rekognition.part import PRINCIPAL, Request, invalid
from honmono.store.errors import RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.store.records import Records, Scope
    from honmono.wire.service import Context

MOST_BYTES = 10 << 30
"""Of a stored video."""
TOKEN = "ClientRequestToken"


def check_video(request: Request, ctx: Context) -> None:
    """Refuse a video that is not there, that the caller may not read, or that is too large.

    Raises ServiceError InvalidParameterException, InvalidS3ObjectException, VideoTooLargeException.
    """
    place = request["Video"].get("S3Object", {})
    if not place.get("Bucket") or not place.get("Name"):
        raise invalid("Request has invalid parameters: Video.S3Object needs Bucket and Name.")
    size = object_size(place, ctx)
    if size > MOST_BYTES:
        raise ServiceError("VideoTooLargeException", f"The video has {size} bytes; at most {MOST_BYTES} are analysed.")


def object_size(place: Request, ctx: Context) -> int:
    """The bytes of an S3Object that the caller may read.

    Raises ServiceError InvalidS3ObjectException.
    """
    wanted = {"Bucket": place["Bucket"], "Key": place["Name"]}
    if place.get("Version"):
        wanted["VersionId"] = place["Version"]
    try:
        return int(ctx.client("s3").head_object(**wanted)["ContentLength"])
    except ServiceError as error:
        raise ServiceError(
            "InvalidS3ObjectException",
            "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
        ) from error


def check_channel(request: Request, platform: Platform, ctx: Context) -> None:
    """Refuse a notification channel whose role cannot be taken.

    Raises ServiceError InvalidParameterException, AccessDeniedException.
    """
    channel = request.get("NotificationChannel")
    if channel is None:
        return
    try:
        pass_role(platform, ctx.principal, channel["RoleArn"], PRINCIPAL)
    except ServiceError as error:
        raise invalid(error.message) if error.code == "ValidationException" else error from error


def started_before(records: Records, scope: Scope, kind: str, request: Request) -> str | None:
    """The job that a request under this token has started; None where it has no token or started none.

    Args:
        kind: of the tokens' records: each operation has its own.

    Raises ServiceError IdempotentParameterMismatchException: it came with another request.
    """
    if TOKEN not in request:
        return None
    try:
        record = records.get(scope, kind, request[TOKEN])
    except RecordMissing:
        return None
    if record.body["Digest"] != _digest(request):
        raise ServiceError(
            "IdempotentParameterMismatchException",
            f"The ClientRequestToken {request[TOKEN]} was used with other parameters.",
        )
    return str(record.body["JobId"])


def keep_token(records: Records, scope: Scope, kind: str, request: Request, job_id: str, tx: Connection) -> None:
    """Keep which job a request's token started, if it has one. Raises RecordExists: another was faster."""
    if TOKEN in request:
        body = {"JobId": job_id, "Digest": _digest(request)}
        records.create(scope, kind, request[TOKEN], body, arn="", tx=tx)


def _digest(request: Request) -> str:
    return sha256(orjson.dumps({**request, TOKEN: None}, option=orjson.OPT_SORT_KEYS)).hexdigest()
