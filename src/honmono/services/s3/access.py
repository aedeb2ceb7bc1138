"""Who may do what: a bucket's policy, its owner, and the access control lists.

Source: "How Amazon S3 authorizes a request" (Amazon S3 user guide). Within an account this layer lets everybody in
whom the bucket's policy does not refuse: what IAM allows its users is the identity service's to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from honmono.services.s3 import policy
from honmono.services.s3.errors import access_denied
from honmono.store.objects_values import Bucket, Grant
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

ANONYMOUS = "anonymous"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def canonical_id(account: str) -> str:
    """The 64 hex digits under which access control lists know an account."""
    return sha256(f"canonical user of account {account}".encode()).hexdigest()


def owner_of(account: str) -> dict[str, str]:
    """The account as answers tell an owner."""
    return {"DisplayName": account, "ID": canonical_id(account)}


def authorise(
    ctx: Context,
    bucket: Bucket,
    action: str,
    *,
    key: str | None = None,
    permission: str | None = None,
    grants: list[Grant] | None = None,
    owner: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Let the caller through, or refuse.

    ``permission`` is what an access control list would have to grant (READ, WRITE, READ_ACP, WRITE_ACP), ``grants``
    the list to look at and ``owner`` its owner: the bucket's where they are not given. ``tags`` are the object's, for
    the policy's conditions.

    Raises ServiceError AccessDenied.
    """
    account = ctx.account
    document = bucket.settings.get("policy")
    if document is not None:
        resource = f"arn:aws:s3:::{bucket.name}" + (f"/{key}" if key is not None else "")
        verdict = policy.decide(document, action, resource, ctx, tags)
        if verdict is False and not (account == bucket.account and action in policy.OWNERS_LAST_RESORT):
            raise access_denied()
        if verdict and not (policy.is_public(document) and _restricted(bucket) and account != bucket.account):
            return
    if account == bucket.account:
        return
    if owner is not None and account == owner:
        return
    if permission is not None:
        given = _acl_grants(bucket) if grants is None else grants
        if _granted(ctx, bucket, given, permission):
            return
    raise access_denied()


def may(ctx: Context, bucket: Bucket, action: str, *, permission: str | None = None, key: str | None = None) -> bool:
    """Whether `authorise` would let the caller do the action with the bucket."""
    try:
        authorise(ctx, bucket, action, permission=permission, key=key)
    except ServiceError:
        return False
    return True


def _acl_grants(bucket: Bucket) -> list[Grant]:
    return [Grant(**grant) for grant in bucket.settings.get("acl", ())]


def access_block(bucket: Bucket) -> dict[str, bool]:
    """What of public access the bucket blocks."""
    found: dict[str, bool] = bucket.settings.get("public_access", {})
    return found


def is_public_bucket(bucket: Bucket) -> bool:
    """Whether the bucket's policy or its access control list opens it to everybody."""
    document = bucket.settings.get("policy")
    blocked = access_block(bucket)
    if document is not None and policy.is_public(document) and not blocked.get("RestrictPublicBuckets"):
        return True
    return not blocked.get("IgnorePublicAcls") and any(
        grant.grantee in (ALL_USERS, AUTHENTICATED_USERS) for grant in _acl_grants(bucket)
    )


def may_deliver_logs(bucket: Bucket) -> bool:
    """Whether access logs may be written to the bucket: by its policy, or by its access control list."""
    if "logging.s3.amazonaws.com" in bucket.settings.get("policy", ""):
        return True
    given = {grant.permission for grant in _acl_grants(bucket) if grant.grantee == LOG_DELIVERY}
    return "FULL_CONTROL" in given or given >= {"WRITE", "READ_ACP"}


def _restricted(bucket: Bucket) -> bool:
    return bool(access_block(bucket).get("RestrictPublicBuckets"))


def _granted(ctx: Context, bucket: Bucket, grants: list[Grant], permission: str) -> bool:
    names = {ALL_USERS}
    if ctx.account != ANONYMOUS:
        names |= {AUTHENTICATED_USERS, canonical_id(ctx.account)}
    if access_block(bucket).get("IgnorePublicAcls"):
        names -= {ALL_USERS, AUTHENTICATED_USERS}
    return any(grant.grantee in names and grant.permission in (permission, "FULL_CONTROL") for grant in grants)
