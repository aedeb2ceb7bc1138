"""Which bucket a Host header names.

Clients put a bucket before the endpoint's name where that gives a valid host: `bucket.localhost`,
`bucket.s3.eu-west-1.amazonaws.com`. Only hosts of these forms are read so: other services have prefixes of their own
(`api.`, `runtime.`, `sts.`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from honmono.wire.http import Headers, Request

_REGION = r"[a-z]{2}(-[a-z]+)+-\d"
_AWS = re.compile(
    rf"(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3(-accelerate|-website)?([.-](dualstack\.)?{_REGION})?\.amazonaws\.com(\.cn)?"
)
_LOCAL = re.compile(
    rf"(?!s3([.-]{_REGION})?\.localhost)(?P<bucket>[a-z0-9][a-z0-9.-]*?)(\.s3([.-]{_REGION})?)?"
    r"\.localhost(\.localstack\.cloud)?"
)


def bucket_of(host: str) -> str | None:
    """The bucket that a host (in lower case, without port) names, or None.

    >>> bucket_of("photos.s3.eu-west-1.amazonaws.com"), bucket_of("photos.localhost"), bucket_of("s3.localhost")
    ('photos', 'photos', None)
    """
    found = _AWS.fullmatch(host) or _LOCAL.fullmatch(host)
    return found["bucket"] if found is not None else None


_IN_QUERY = re.compile(
    r"x-amz-(?!algorithm$|credential$|date$|expires$|signedheaders$|signature$|security-token$)|content-(md5|type)$"
)


def with_headers_of_query(request: Request) -> Request:
    """The request of a presigned URL as if the headers that the signer put into the URL had come as headers."""
    if "mz-" not in request.query_string and "AWSAccessKeyId" not in request.query_string:
        return request
    moved = {name.lower(): values[0] for name, values in request.query.items() if _IN_QUERY.match(name.lower())}
    if not moved or not ("X-Amz-Signature" in request.query or "Signature" in request.query):
        return request
    return replace(request, headers=Headers({**moved, **request.headers}.items()))


def with_bucket_in_path(request: Request) -> Request:
    """The request as if it had named its bucket in the path."""
    bucket = bucket_of(request.host)
    if bucket is None:
        return request
    return replace(request, raw_path=f"/{bucket}{request.raw_path}", virtual_bucket=bucket)
