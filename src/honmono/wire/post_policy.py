"""Browser uploads to S3: a form's policy document, its signature (version 4 or 2) and what it allows.

Source: "Browser-based uploads using POST" and "POST policy" (Amazon S3 API reference). Taking the multipart
body apart is the caller's.
"""

import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from honmono.wire.signature import Lookup, Secret, signing_key
from honmono.wire.signature_claim import ALGORITHM, read_credential
from honmono.wire.signature_errors import Refusal, SignatureError

Identity = TypeVar("Identity")

_FILENAME = "${filename}"
_EXPIRATION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
# Fields that no condition need mention. The file itself is not among the fields.
_UNCOVERED = frozenset({"policy", "x-amz-signature", "signature", "awsaccesskeyid"})


class PostPolicyError(Exception):
    """A form that is not to be taken: S3's code, HTTP status and text."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def _denied(detail: str) -> PostPolicyError:
    return PostPolicyError("AccessDenied", f"Invalid according to Policy: {detail}", 403)


def _invalid(detail: str) -> PostPolicyError:
    return PostPolicyError("InvalidPolicyDocument", f"Invalid Policy: {detail}")


@dataclass(frozen=True, slots=True)
class VerifiedPost(Generic[Identity]):
    """A form whose policy is signed, not expired, and met by its fields.

    The file's length is known only once it has flowed by: hand it to `check_length`; `max_length` says when
    to stop.
    """

    identity: Identity
    access_key: str
    min_length: int
    max_length: int | None

    def check_length(self, length: int) -> None:
        """Hold the file's length (bytes) against the policy's content-length-range.

        Raises:
            PostPolicyError: EntityTooLarge or EntityTooSmall.
        """
        if self.max_length is not None and length > self.max_length:
            raise PostPolicyError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        if length < self.min_length:
            raise PostPolicyError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")


def object_key(fields: Mapping[str, str], filename: str) -> str:
    """Give the object's key: the field `key`, with the uploaded file's name for `${filename}`.

    Raises:
        PostPolicyError: there is no such field before the file.
    """
    key = _lower(fields).get("key")
    if not key:
        raise PostPolicyError(
            "InvalidArgument",
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
        )
    return key.replace(_FILENAME, filename)


def verify_post(
    fields: Mapping[str, str], lookup: Lookup[Identity], *, now: datetime, bucket: str, filename: str = ""
) -> VerifiedPost[Identity]:
    """Check a form's signature and hold its fields against its policy.

    `fields` are those before the file, names in any case; `bucket` is the one that the form was posted to;
    `filename` (the file's name as sent) takes the place of `${filename}`; `now` is timezone-aware.

    Raises:
        SignatureError: not signed by a key that we know; word it for "s3". MISSING: the form has no policy.
        PostPolicyError: the policy is malformed or expired, or does not allow the form.
    """
    form = {name: value.replace(_FILENAME, filename) for name, value in _lower(fields).items()}
    policy = form.get("policy")
    if policy is None:
        raise SignatureError(Refusal.MISSING)
    access_key, secret = _check_signature(form, policy, lookup)
    conditions = _read_policy(policy, now)
    form["bucket"] = bucket
    minimum, maximum = _check_conditions(conditions, form)
    return VerifiedPost(secret.identity, access_key, minimum, maximum)


def _lower(fields: Mapping[str, str]) -> dict[str, str]:
    form = {name.lower(): value for name, value in fields.items()}
    try:
        "".join((*form, *form.values())).encode()
    except UnicodeEncodeError as error:
        raise PostPolicyError("InvalidArgument", "A form field is not UTF-8.") from error
    return form


def _check_signature(form: Mapping[str, str], policy: str, lookup: Lookup[Identity]) -> tuple[str, Secret[Identity]]:
    token = form.get("x-amz-security-token")
    if "x-amz-algorithm" in form or "x-amz-signature" in form:
        if _field(form, "x-amz-algorithm") != ALGORITHM:
            raise PostPolicyError("InvalidArgument", f"X-Amz-Algorithm only supports {ALGORITHM}")
        scope = read_credential(_field(form, "x-amz-credential"), presigned=True)
        access_key, given = scope.access_key, _field(form, "x-amz-signature").encode()
        if not _field(form, "x-amz-date").startswith(scope.date):
            raise SignatureError(
                Refusal.SCOPE,
                s3_message=f'Invalid credential date "{scope.date}": X-Amz-Date has another.',
                presigned=True,
            )
        secret = _find(lookup, access_key, token)
        key = signing_key(secret.secret_key, scope.date, scope.region, scope.service)
        expected = hmac.digest(key, policy.encode(), "sha256").hex().encode()
    else:
        access_key, given = _field(form, "AWSAccessKeyId"), _field(form, "Signature").encode()
        secret = _find(lookup, access_key, token)
        expected = b64encode(hmac.digest(secret.secret_key.encode(), policy.encode(), "sha1"))
    if not hmac.compare_digest(expected, given):
        raise SignatureError(Refusal.MISMATCH)
    return access_key, secret


def _find(lookup: Lookup[Identity], access_key: str, token: str | None) -> Secret[Identity]:
    secret = lookup(access_key, token)
    if secret is None:
        raise SignatureError(Refusal.UNKNOWN_KEY)
    return secret


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name.lower())
    if not value:
        raise PostPolicyError(
            "InvalidArgument",
            f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the "
            f"order of the "
            "fields.",
        )
    return value


def _read_policy(policy: str, now: datetime) -> list[Any]:
    """Decode a policy document, refuse an expired one, and give its conditions, not yet looked at."""
    try:
        document = json.loads(b64decode("".join(policy.split()), validate=True))
    except (ValueError, RecursionError) as error:
        raise _invalid("Invalid JSON.") from error
    if not isinstance(document, dict):
        raise _invalid("Policy is not a JSON object.")
    if "expiration" not in document:
        raise _invalid("Policy missing expiration.")
    if "conditions" not in document:
        raise _invalid("Policy missing conditions.")
    expiration, conditions = document["expiration"], document["conditions"]
    if not isinstance(expiration, str) or not _EXPIRATION.fullmatch(expiration):
        raise _invalid(f"Invalid 'expiration' value: '{expiration}'")
    try:
        end = datetime.fromisoformat(expiration)
    except ValueError as error:
        raise _invalid(f"Invalid 'expiration' value: '{expiration}'") from error
    if now > end:
        raise _denied("Policy expired.")
    if not isinstance(conditions, list):
        raise _invalid("Invalid 'conditions' value: a list is expected.")
    return conditions


def _check_conditions(conditions: list[Any], form: Mapping[str, str]) -> tuple[int, int | None]:
    """Hold the form against each condition; give the bounds of the file's length."""
    minimum, maximum = 0, None
    covered = set()
    for condition in conditions:
        operation, field, value = _read_condition(condition)
        if operation == "content-length-range":
            minimum = max(minimum, field)
            maximum = value if maximum is None else min(maximum, value)
            continue
        covered.add(field)
        if not _holds(operation, field, form.get(field), value):
            raise _denied(f"Policy Condition failed: {json.dumps([operation, '$' + field, value])}")
    extra = [
        name for name in form if name not in covered and name not in _UNCOVERED and not name.startswith("x-ignore-")
    ]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")
    return minimum, maximum


def _read_condition(condition: Any) -> tuple[str, Any, Any]:
    """Read one condition: (operation, field name in lower case or minimum, value or maximum)."""
    if isinstance(condition, dict):
        if len(condition) != 1:
            raise _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
        ((field, value),) = condition.items()
        if not isinstance(value, str):
            raise _invalid("Invalid Simple-Condition: value must be a string.")
        return "eq", field.lower(), value
    if not isinstance(condition, list) or not condition or not isinstance(condition[0], str):
        raise _invalid("Invalid Condition: a list that begins with an operation, or an object, is expected.")
    operation = condition[0].lower()
    if operation not in ("eq", "starts-with", "content-length-range"):
        raise _invalid(f"Invalid Condition: unknown operation '{condition[0]}'.")
    if len(condition) != 3:
        raise _invalid(f"Invalid {operation}: wrong number of arguments.")
    first, second = condition[1:]
    if operation == "content-length-range":
        return operation, _length(first), _length(second)
    if not isinstance(first, str) or not first.startswith("$") or not isinstance(second, str):
        raise _invalid(f"Invalid {operation}: a field's name after a dollar sign and a string are expected.")
    return operation, first[1:].lower(), second


def _length(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _invalid("Invalid content-length-range: a number of bytes is expected.")
    return value


def _holds(operation: str, field: str, actual: str | None, expected: str) -> bool:
    if actual is None:
        return False
    if operation == "eq":
        return actual == expected
    if field == "content-type":
        # A list of types is allowed where each of them is.
        return all(part.strip().startswith(expected) for part in actual.split(","))
    return actual.startswith(expected)
