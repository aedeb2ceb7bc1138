"""Access control lists: canned, by header, or as a document.

Source: "Access control list (ACL) overview" (Amazon S3 user guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from honmono.services.s3.access import ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY, canonical_id, owner_of
from honmono.services.s3.errors import error, invalid_argument, invalid_request
from honmono.store.objects_values import Bucket, Grant
from honmono.wire.errors import ServiceError

PERMISSIONS = ("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP")
_GROUPS = (ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY)
_HEADERS = {
    "GrantFullControl": "FULL_CONTROL",
    "GrantRead": "READ",
    "GrantWrite": "WRITE",
    "GrantReadACP": "READ_ACP",
    "GrantWriteACP": "WRITE_ACP",
}
_CANONICAL_ID = re.compile(r"[0-9a-f]{64}")
_HEADER_GRANTEE = re.compile(r'\s*(id|uri|emailAddress)\s*=\s*"?([^",]*)"?\s*')
_CANNED: Mapping[str, Iterable[tuple[str, str]]] = {
    "private": (),
    "public-read": ((ALL_USERS, "READ"),),
    "public-read-write": ((ALL_USERS, "READ"), (ALL_USERS, "WRITE")),
    "authenticated-read": ((AUTHENTICATED_USERS, "READ"),),
    "aws-exec-read": (),
    "log-delivery-write": ((LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")),
    "bucket-owner-read": (("bucket-owner", "READ"),),
    "bucket-owner-full-control": (("bucket-owner", "FULL_CONTROL"),),
}


def grants_of(request: Mapping[str, Any], owner: str, bucket: Bucket | None) -> list[Grant] | None:
    """The grants that a request sets for what `owner` has, or None where it says nothing of access.

    ``bucket`` is the object's bucket; None where the list is a bucket's own.
    Raises ServiceError for a list that S3 does not take, or that the bucket's settings forbid.
    """
    canned = request.get("ACL")
    headers = [(name, permission) for name, permission in _HEADERS.items() if request.get(name)]
    document = request.get("AccessControlPolicy")
    if canned is not None and headers:
        raise invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")
    if (canned is not None or headers) and document:
        raise error("InvalidRequest", "Cannot specify both an access control policy and a canned ACL or header grants")
    if canned is not None:
        return _canned(canned, owner, bucket)
    if headers:
        return [
            Grant(_header_grantee(text), permission)
            for name, permission in headers
            for text in request[name].split(",")
            if text.strip()
        ]
    return _document(document, owner) if document else None


def check_allowed(bucket: Bucket, request: Mapping[str, Any], grants: list[Grant] | None) -> None:
    """Refuse a list that the bucket's ownership or its block of public access forbids.

    Raises ServiceError AccessControlListNotSupported or AccessDenied.
    """
    if grants is None:
        return
    if bucket.settings.get("ownership") == "BucketOwnerEnforced" and not _owner_only(bucket, request, grants):
        raise error("AccessControlListNotSupported", "The bucket does not allow ACLs")
    if bucket.settings.get("public_access", {}).get("BlockPublicAcls") and any(
        grant.grantee in (ALL_USERS, AUTHENTICATED_USERS) for grant in grants
    ):
        raise error("AccessDenied", "Access Denied")


def _owner_only(bucket: Bucket, request: Mapping[str, Any], grants: list[Grant]) -> bool:
    if request.get("ACL") == "bucket-owner-full-control":
        return True
    return request.get("ACL") in (None, "private") and all(
        grant == Grant(canonical_id(bucket.account), "FULL_CONTROL") for grant in grants
    )


def _canned(name: str, owner: str, bucket: Bucket | None) -> list[Grant]:
    wanted = _CANNED.get(name)
    if wanted is None:
        raise invalid_argument("", "x-amz-acl", name)
    grants = []
    for grantee, permission in wanted:
        if grantee == "bucket-owner":
            if bucket is None or bucket.account == owner:
                continue
            grantee = canonical_id(bucket.account)
        grants.append(Grant(grantee, permission))
    if any(grant.grantee not in _GROUPS for grant in grants):
        return [Grant(canonical_id(owner), "FULL_CONTROL"), *grants]
    return [*grants, Grant(canonical_id(owner), "FULL_CONTROL")]


def _header_grantee(text: str) -> str:
    found = _HEADER_GRANTEE.fullmatch(text)
    if found is None:
        raise invalid_argument("Argument format not recognized", "x-amz-grant", text)
    kind, value = found.groups()
    return _grantee({"id": "CanonicalUser", "uri": "Group"}.get(kind, "AmazonCustomerByEmail"), value)


def _grantee(kind: str, value: str) -> str:
    if kind == "CanonicalUser":
        if not _CANONICAL_ID.fullmatch(value):
            raise invalid_argument("Invalid id", "CanonicalUser/ID", value)
        return value
    if kind == "Group":
        if value not in _GROUPS:
            raise invalid_argument("Invalid group uri", "Group/URI", value)
        return value
    raise ServiceError(
        "UnresolvableGrantByEmailAddress",
        "The e-mail address you provided does not match any account on record.",
        status=400,
        Email=value,
    )


def _malformed() -> ServiceError:
    return error(
        "MalformedACLError",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def _document(document: Mapping[str, Any], owner: str) -> list[Grant]:
    named = document.get("Owner", {}).get("ID")
    if "Owner" not in document or not named:
        raise _malformed()
    if named != canonical_id(owner):
        raise error("AccessDenied", "Access Denied")
    grants = []
    for grant in document.get("Grants", ()):
        grantee, permission = grant.get("Grantee"), grant.get("Permission")
        if not grantee or permission not in PERMISSIONS:
            raise _malformed()
        kind = grantee.get("Type") or ("Group" if "URI" in grantee else "CanonicalUser")
        name = {"CanonicalUser": "ID", "Group": "URI", "AmazonCustomerByEmail": "EmailAddress"}.get(kind)
        if name is None or not grantee.get(name):
            raise _malformed()
        grants.append(Grant(_grantee(kind, grantee[name]), permission))
    return grants


def shown(owner: str, grants: Iterable[Grant] | None) -> dict[str, Any]:
    """The list as an answer tells it; where none was set, the owner has full control."""
    listed = [Grant(canonical_id(owner), "FULL_CONTROL")] if grants is None else grants
    told = owner_of(owner)
    return {
        "Owner": told,
        "Grants": [
            {"Grantee": _shown_grantee(grant.grantee, told), "Permission": grant.permission} for grant in listed
        ],
    }


def _shown_grantee(grantee: str, owner: Mapping[str, str]) -> dict[str, str]:
    if grantee in _GROUPS:
        return {"Type": "Group", "URI": grantee}
    if grantee == owner["ID"]:
        return {"Type": "CanonicalUser", **owner}
    return {"Type": "CanonicalUser", "ID": grantee}
