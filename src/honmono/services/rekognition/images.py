"""The picture of a request: its bytes, or an object in S3 that the caller may read.

Source: "Guidelines and quotas in Amazon Rekognition".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import (
    DamagedInput,
    EngineCrashed,
    EngineFailed,
    EngineTimeout,
    InputTooLarge,
    InputTooSmall,
    UnsupportedInput,
)
from honmono.services.rekognition.part import invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.wire.service import Context

MOST_BYTES = 5 << 20
"""Of a picture in the request itself."""
MOST_OBJECT_BYTES = 15 << 20
"""Of a picture in S3."""


def image_bytes(image: dict[str, Any], ctx: Context, most: int = MOST_BYTES) -> bytes:
    """The bytes of a request's Image.

    Args:
        most: bytes that the request itself may hold.

    Raises ServiceError InvalidParameterException, ImageTooLargeException, InvalidS3ObjectException.
    """
    if ("Bytes" in image) == ("S3Object" in image):
        raise invalid("Request has invalid parameters: Image takes either Bytes or S3Object.")
    if "Bytes" in image:
        data: bytes = image["Bytes"]
        if not data:
            raise invalid("Request has invalid parameters: Image.Bytes is empty.")
        if len(data) > most:
            raise ServiceError(
                "ImageTooLargeException", f"Image.Bytes has {len(data)} bytes; at most {most} can be sent in a request."
            )
        return data
    return object_bytes(image["S3Object"], ctx, MOST_OBJECT_BYTES)


def object_bytes(place: dict[str, Any], ctx: Context, most: int) -> bytes:
    """The bytes of an S3Object, read with the caller's rights.

    Raises ServiceError InvalidS3ObjectException, ImageTooLargeException, InvalidParameterException.
    """
    if not place.get("Bucket") or not place.get("Name"):
        raise invalid("Request has invalid parameters: S3Object needs Bucket and Name.")
    wanted = {"Bucket": place["Bucket"], "Key": place["Name"]}
    if place.get("Version"):
        wanted["VersionId"] = place["Version"]
    try:
        s3 = ctx.client("s3")
        size = s3.head_object(**wanted)["ContentLength"]
        if size > most:
            raise ServiceError("ImageTooLargeException", f"The object has {size} bytes; at most {most} are read.")
        return b"".join(s3.get_object(**wanted)["Body"])
    except ServiceError as error:
        if error.code == "ImageTooLargeException":
            raise
        raise ServiceError(
            "InvalidS3ObjectException",
            "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
        ) from error


@contextmanager
def looked_at() -> Iterator[None]:
    """What engines say about a picture that they cannot look at, in Rekognition's words.

    Raises ServiceError InvalidImageFormatException, ImageTooLargeException, InvalidParameterException (too small).
    """
    try:
        yield
    except InputTooSmall as error:
        raise invalid(f"Request has invalid parameters: {error}.") from error
    except InputTooLarge as error:
        raise ServiceError("ImageTooLargeException", f"Request has invalid image: {error}.") from error
    except (UnsupportedInput, DamagedInput) as error:
        raise ServiceError("InvalidImageFormatException", f"Request has invalid image format: {error}.") from error
    except (EngineCrashed, EngineTimeout, EngineFailed) as error:
        raise ServiceError(
            "InvalidImageFormatException", f"Request has an image that made its reader fail: {error}."
        ) from error
