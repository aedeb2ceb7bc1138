"""The STS service: who calls, and temporary credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from honmono.services.iam import policy
from honmono.services.iam.attachments import find_policy
from honmono.services.iam.grammar import check_identity_policy
from honmono.services.iam.keys import AccessKey, KeyMissing
from honmono.services.iam.permissions import holder_of, is_root
from honmono.services.iam.users import caller_user
from honmono.services.platform import Platform
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context, Service

Request = dict[str, Any]
Answer = dict[str, Any]

_HOUR = 3600
_PACKED_LIMIT = 2048
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+")


class Sts(Service):
    """AWS Security Token Service.

    A role is assumed where its trust policy lets the caller; a role that does not exist is answered AccessDenied, as
    on AWS. AssumeRoleWithWebIdentity and AssumeRoleWithSAML are not answered: their tokens cannot be verified without
    asking the provider.
    """

    name = "sts"
    validation_code: ClassVar[str] = "ValidationError"

    def __init__(self, platform: Platform) -> None:
        self.records = platform.records
        self.keys = platform.keys

    def get_caller_identity(self, request: Request, ctx: Context) -> Answer:
        """The account, the ARN and the unique id of whoever signed."""
        return {"UserId": self._key(ctx).principal_id, "Account": ctx.account, "Arn": ctx.principal}

    def _key(self, ctx: Context) -> AccessKey:
        try:
            return self.keys.get(ctx.identity.access_key)
        except KeyMissing as error:
            message = "The security token included in the request is invalid."
            raise ServiceError("InvalidClientTokenId", message, status=403) from error

    def assume_role(self, request: Request, ctx: Context) -> Answer:
        """Temporary credentials of a role."""
        arn, session_name = request["RoleArn"], request["RoleSessionName"]
        if not _ROLE_ARN.fullmatch(arn):
            raise ServiceError("ValidationError", f"{arn} is invalid", status=400)
        role = holder_of(self.records, arn)
        if role is None or not self._trusted(role, request, ctx):
            raise ServiceError(
                "AccessDenied",
                f"User: {ctx.principal} is not authorized to perform: sts:AssumeRole on resource: {arn}",
                status=403,
            )
        seconds = request.get("DurationSeconds", _HOUR)
        if ":assumed-role/" in ctx.principal and seconds > _HOUR:
            raise ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            )
        if seconds > role.body["max_session"]:
            raise ServiceError(
                "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        account = role.scope.account
        session = self._session(request, account)
        principal_id = f"{role.body['id']}:{session_name}"
        principal = f"arn:aws:sts::{account}:assumed-role/{role.name}/{session_name}"
        made = self.keys.create_session(account, principal, principal_id, timedelta(seconds=seconds), session=session)
        source = {"SourceIdentity": request["SourceIdentity"]} if "SourceIdentity" in request else {}
        return {
            "Credentials": _credentials(made),
            "AssumedRoleUser": {"AssumedRoleId": principal_id, "Arn": principal},
            **_packed(session),
            **source,
        }

    def _trusted(self, role: Record, request: Request, ctx: Context) -> bool:
        context = {"aws:principalarn": [ctx.principal], "aws:principalaccount": [ctx.account]}
        user = caller_user(ctx)
        if user is not None:
            context["aws:username"] = [user]
        if "ExternalId" in request:
            context["sts:externalid"] = [request["ExternalId"]]
        context["sts:rolesessionname"] = [request["RoleSessionName"]]
        for tag in request.get("Tags", []):
            context[f"aws:requesttag/{tag['Key'].lower()}"] = [tag["Value"]]
        trust = policy.parse(role.body["trust"])
        return policy.trusts(trust, ctx.principal, "AWS", ctx.account, "sts:AssumeRole", context)

    def _session(self, request: Request, account: str) -> dict[str, Any]:
        """What narrows the session: policies and tags, checked."""
        session: dict[str, Any] = {}
        if "Policy" in request:
            _check_session_policy(request["Policy"])
            session["policy"] = request["Policy"]
        arns = [given["arn"] for given in request.get("PolicyArns", [])]
        for arn in arns:
            if find_policy(self.records, account, arn) is None:
                message = f"The policy {arn} does not exist or is not attachable."
                raise ServiceError("ValidationError", message, status=400)
        if arns:
            session["policy_arns"] = arns
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        if len({key.lower() for key in tags}) < len(request.get("Tags", [])):
            message = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            raise ServiceError("InvalidParameterValue", message, status=400)
        if tags:
            session["tags"] = tags
        return session

    def get_session_token(self, request: Request, ctx: Context) -> Answer:
        """Temporary credentials of the calling user or root."""
        key = self._lasting_key(ctx, "GetSessionToken")
        if "TokenCode" in request or "SerialNumber" in request:
            message = "MultiFactorAuthentication failed, unable to validate MFA code: this server has no MFA devices."
            raise ServiceError("AccessDenied", message, status=403)
        lasts = _lasts(request, ctx)
        made = self.keys.create_session(ctx.account, ctx.principal, key.principal_id, lasts)
        return {"Credentials": _credentials(made)}

    def get_federation_token(self, request: Request, ctx: Context) -> Answer:
        """Temporary credentials for a user whom another system knows."""
        self._lasting_key(ctx, "GetFederationToken")
        name = request["Name"]
        session = self._session(request, ctx.account)
        principal, principal_id = f"arn:aws:sts::{ctx.account}:federated-user/{name}", f"{ctx.account}:{name}"
        made = self.keys.create_session(ctx.account, principal, principal_id, _lasts(request, ctx), session=session)
        return {
            "Credentials": _credentials(made),
            "FederatedUser": {"FederatedUserId": principal_id, "Arn": principal},
            **_packed(session),
        }

    def _lasting_key(self, ctx: Context, operation: str) -> AccessKey:
        key = self._key(ctx)
        if key.token is not None:
            raise ServiceError("AccessDenied", f"Cannot call {operation} with session credentials", status=403)
        return key

    def get_access_key_info(self, request: Request, ctx: Context) -> Answer:
        """The account that a key belongs to."""
        wanted = request["AccessKeyId"]
        try:
            return {"Account": self.keys.get(wanted).account}
        except KeyMissing as error:
            raise ServiceError("ValidationError", f"There is no access key {wanted}", status=400) from error

    def decode_authorization_message(self, request: Request, ctx: Context) -> Answer:
        """Decode an encoded refusal. This server encodes none, so that no message is one of its own."""
        raise ServiceError("InvalidAuthorizationMessageException", "Message is not valid", status=400)


def _lasts(request: Mapping[str, Any], ctx: Context) -> timedelta:
    """How long a session lasts: twelve hours where nothing is said; root's at most one hour."""
    seconds = request.get("DurationSeconds", 12 * _HOUR)
    return timedelta(seconds=min(seconds, _HOUR) if is_root(ctx.principal) else seconds)


def _check_session_policy(text: str) -> None:
    if len(text) > _PACKED_LIMIT:
        raise ServiceError(
            "ValidationError",
            f"1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length "
            f"less than or equal to {_PACKED_LIMIT}",
        )
    check_identity_policy(text)


def _packed(session: Mapping[str, Any]) -> Answer:
    """How much of the room for policies and tags is taken, in percent; left out where there are none."""
    size = len(session.get("policy", "")) + sum(len(k) + len(v) for k, v in session.get("tags", {}).items())
    return {"PackedPolicySize": max(1, size * 100 // _PACKED_LIMIT)} if size else {}


def _credentials(key: AccessKey) -> Answer:
    return {
        "AccessKeyId": key.id,
        "SecretAccessKey": key.secret,
        "SessionToken": key.token,
        "Expiration": key.expires,
    }
