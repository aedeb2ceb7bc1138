"""Where the recording of a request is, or another file that it names."""

from __future__ import annotations

import re

from honmono.services.transcribe.part import invalid
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

FORMATS = ("mp3", "mp4", "wav", "flac", "ogg", "amr", "webm", "m4a")
_PATH_STYLE = re.compile(r"https?://(?:s3[.-][^/]*|127\.0\.0\.1(?::\d+)?|localhost(?::\d+)?)/([^/]+)/(.+)", re.DOTALL)
_HOST_STYLE = re.compile(r"https?://([^/]+?)\.s3[.-][^/]*/(.+)", re.DOTALL)


def s3_uri(uri: str) -> str:
    """The S3 URI of a MediaFileUri, which may be an https address too.

    >>> s3_uri("https://s3.eu-west-1.amazonaws.com/calls/one.wav")
    's3://calls/one.wav'

    Raises ServiceError BadRequestException.
    """
    if uri.startswith("s3://"):
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if bucket and key:
            return uri
    for form in (_PATH_STYLE, _HOST_STYLE):
        if found := form.fullmatch(uri):
            return f"s3://{found[1]}/{found[2]}"
    raise invalid(
        "The S3 URI that you provided isn't valid. Specify a valid URI of an object, such as s3://bucket/key, and try "
        "your request again."
    )


def media_format(uri: str) -> str | None:
    """The format that a name's ending tells, or None.

    >>> media_format("s3://calls/One.WAV")
    'wav'
    """
    ending = uri.rpartition(".")[2].lower()
    return ending if ending in FORMATS else None


def check_readable(uri: str, ctx: Context) -> int:
    """Refuse an object that is not there or that the caller may not read; the answer is its size in bytes.

    Raises ServiceError BadRequestException.
    """
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return int(ctx.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"])
    except ServiceError as error:
        raise invalid(
            "The S3 URI that you provided can't be accessed. Make sure that you have read permission and try your "
            "request again."
        ) from error
