"""Where a transcription job's files go, and under which address they are told."""

from __future__ import annotations

import secrets
from typing import Any

from honmono.services.own_buckets import OWNER, OwnBucket
from honmono.services.transcribe.part import Request, invalid
from honmono.services.transcribe.transcription_job import REDACTED, RESULT, SUBTITLES
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_ENDING = ".json"


def place(results: OwnBucket, request: Request, ctx: Context) -> dict[str, Any]:
    """The owner's account, the URI of the folder, and the names of the files in it.

    Raises ServiceError BadRequestException: the customer's bucket cannot be written.
    """
    name, bucket = request["TranscriptionJobName"], request.get("OutputBucketName")
    if bucket is None:
        folder = f"{ctx.account}/{name}/{secrets.token_hex(16)}/"
        names = {each: each for each in (RESULT, REDACTED, *SUBTITLES.values())}
        return {"account": OWNER, "folder": f"s3://{results.name(ctx.region)}/{folder}", "names": names, "own": folder}
    try:
        ctx.client("s3").head_bucket(Bucket=bucket)
    except ServiceError as error:
        raise invalid(
            f"The specified S3 bucket can't be accessed: {bucket}. Make sure that it exists and that you have write "
            "permission, and try your request again."
        ) from error
    folder, file = key_of(name, request.get("OutputKey"))
    stem = file.removesuffix(_ENDING)
    names = {RESULT: file, REDACTED: f"redacted-{file}", **{SUBTITLES[each]: f"{stem}.{each}" for each in SUBTITLES}}
    return {"account": ctx.account, "folder": f"s3://{bucket}/{folder}", "names": names}


def key_of(name: str, key: str | None) -> tuple[str, str]:
    """The folder and the file of an OutputKey: a key that ends in .json names the file, any other the folder.

    >>> key_of("call", "out/my.json"), key_of("call", "out"), key_of("call", "out/"), key_of("call", None)
    (('out/', 'my.json'), ('out/', 'call.json'), ('out/', 'call.json'), ('', 'call.json'))
    """
    if key is None:
        return "", f"{name}{_ENDING}"
    if key.endswith(_ENDING):
        folder, slash, file = key.rpartition("/")
        return folder + slash, file
    return f"{key.rstrip('/')}/", f"{name}{_ENDING}"


def address(results: OwnBucket, output: dict[str, Any], file: str, ctx: Context) -> str:
    """The address of a file: presigned where it lies in the service's own bucket."""
    name = output["names"][file]
    if "own" in output:
        return results.url(ctx, output["own"] + name)
    return f"https://s3.{ctx.region}.amazonaws.com/{output['folder'].removeprefix('s3://')}{name}"
