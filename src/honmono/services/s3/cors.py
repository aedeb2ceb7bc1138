"""Cross-origin requests: which origins a bucket lets in, and the headers that tell browsers so.

Source: "Using cross-origin resource sharing" (Amazon S3 user guide) and the Fetch standard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from honmono.services.s3.errors import error, invalid_request
from honmono.store.objects_values import Bucket
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


def check_rules(rules: list[Mapping[str, Any]]) -> None:
    """Refuse rules that S3 would not store.

    Raises ServiceError InvalidRequest.
    """
    for rule in rules:
        for method in rule.get("AllowedMethods", ()):
            if method not in METHODS:
                raise invalid_request(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
        for origin in rule.get("AllowedOrigins", ()):
            if origin.count("*") > 1:
                raise invalid_request(f'AllowedOrigin "{origin}" can not have more than one wildcard.')
        for header in rule.get("AllowedHeaders", ()):
            if header.count("*") > 1:
                raise invalid_request(f'AllowedHeader "{header}" can not have more than one wildcard.')


def add_headers(bucket: Bucket, ctx: Context) -> None:
    """Put the headers of an answer to a cross-origin request into the context."""
    origin = ctx.headers.get("origin")
    if origin is None or ctx.http is None:
        return
    method = ctx.headers.get("access-control-request-method") or ctx.http.method
    rule = _find(bucket, origin, method, ())
    if rule is not None:
        ctx.response_headers.update(_headers(rule, origin))


def preflight(bucket: Bucket, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of the answer to a browser's question before its request.

    Raises ServiceError AccessForbidden where no rule allows it, BadRequest where it asks nothing.
    """
    origin, method = headers.get("origin"), headers.get("access-control-request-method")
    if origin is None:
        raise ServiceError("BadRequest", "Insufficient information. Origin request header needed.", status=400)
    if method is None or method not in METHODS:
        raise ServiceError("BadRequest", f"Invalid Access-Control-Request-Method: {method}", status=400)
    if "cors" not in bucket.settings:
        raise _forbidden("CORSResponse: CORS is not enabled for this bucket.", method)
    asked = [name.strip().lower() for name in (headers.get("access-control-request-headers") or "").split(",")]
    rule = _find(bucket, origin, method, tuple(filter(None, asked)))
    if rule is None:
        raise _forbidden(
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "
            "request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by "
            "the resource's CORS spec.",
            method,
        )
    answer = _headers(rule, origin)
    if any(asked):
        answer["access-control-allow-headers"] = ", ".join(filter(None, asked))
    return answer


def _forbidden(message: str, method: str) -> ServiceError:
    return ServiceError("AccessForbidden", message, status=403, Method=method, ResourceType="BUCKET")


def no_configuration(bucket: str) -> ServiceError:
    """The bucket has no rules."""
    return error("NoSuchCORSConfiguration", "The CORS configuration does not exist", BucketName=bucket)


def _find(bucket: Bucket, origin: str, method: str, headers: tuple[str, ...]) -> Mapping[str, Any] | None:
    rules: list[Mapping[str, Any]] = bucket.settings.get("cors", {}).get("CORSRules", [])
    for rule in rules:
        if (
            method in rule.get("AllowedMethods", ())
            and any(_matches(pattern, origin) for pattern in rule.get("AllowedOrigins", ()))
            and all(
                any(_matches(pattern.lower(), header) for pattern in rule.get("AllowedHeaders", ()))
                for header in headers
            )
        ):
            return rule
    return None


def _headers(rule: Mapping[str, Any], origin: str) -> dict[str, str]:
    anybody = "*" in rule["AllowedOrigins"]
    answer = {
        "access-control-allow-origin": "*" if anybody else origin,
        "access-control-allow-methods": ", ".join(rule["AllowedMethods"]),
        "vary": _VARY,
    }
    if not anybody:
        answer["access-control-allow-credentials"] = "true"
    if rule.get("ExposeHeaders"):
        answer["access-control-expose-headers"] = ", ".join(rule["ExposeHeaders"])
    if rule.get("MaxAgeSeconds") is not None:
        answer["access-control-max-age"] = str(rule["MaxAgeSeconds"])
    return answer


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


def _matches(pattern: str, text: str) -> bool:
    return _pattern(pattern).fullmatch(text) is not None
