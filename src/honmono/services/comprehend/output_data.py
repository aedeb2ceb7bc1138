"""Where Comprehend writes what a job makes: a folder of its own for each job, within the place that the request names."""

from __future__ import annotations

from typing import Any

from honmono.services.comprehend.resources import invalid
from honmono.services.stored_files import split_uri
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

ARCHIVE = "output.tar.gz"
"""What AWS calls the archive in the customer's bucket."""


def place_of_output(config: dict[str, Any], ctx: Context, folder: str, file: str = ARCHIVE) -> dict[str, Any]:
    """The OutputDataConfig with the URI of the file to be, or of its folder where ``file`` is empty.

    Args:
        folder: what AWS calls the job's own folder after the account: `SENTIMENT-0123…`.

    Raises ServiceError InvalidRequestException: the caller cannot write there.
    """
    uri = config["S3Uri"]
    bucket, _ = split_uri(uri)
    try:
        ctx.client("s3").head_bucket(Bucket=bucket)
    except ServiceError as error:
        raise invalid(
            "NO_WRITE_ACCESS_TO_OUTPUT: The provided data access role does not have write access to the output S3 URI "
            f"{uri}."
        ) from error
    return {**config, "S3Uri": f"{uri.rstrip('/')}/{ctx.account}-{folder}/output/{file}"}
