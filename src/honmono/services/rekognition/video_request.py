"""What every Start operation for a stored video checks.

Source: "Guidelines and quotas in Amazon Rekognition", "Configuring Amazon Rekognition Video".
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import orjson

from honmono.services.iam.permissions import pass_role
from honmono.services.rekognition.part import PRINCIPAL, Request, invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.platform import Platform
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


def digest(request: Request) -> str:
    """What tells a request from another one under the same token."""
    return sha256(orjson.dumps({**request, TOKEN: None}, option=orjson.OPT_SORT_KEYS)).hexdigest()
