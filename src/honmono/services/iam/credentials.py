"""What a user proves itself with: access keys and passwords."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from typing import Any, cast

from honmono.services.iam.keys import AccessKey, KeyMissing, Status
from honmono.services.iam.part import IamPart, paged, scope
from honmono.services.iam.users import caller_user, created
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_KEYS_PER_USER = 2


class Credentials(IamPart):
    """Access keys, login profiles and the account's password policy.

    There is no console to sign in to: a login profile is stored (its password as a scrypt hash) and returned.
    """

    def create_access_key(self, request: Request, ctx: Context) -> Answer:
        """A new key pair for a user; without a name, for the caller."""
        name = request.get("UserName") or caller_user(ctx)
        with self.database.transaction() as tx:
            if name is not None:
                self._find(ctx, "user", name, tx=tx)
                if len(self.keys.list(ctx.account, user=name, tx=tx)) >= _KEYS_PER_USER:
                    raise ServiceError("LimitExceeded", f"Cannot exceed quota for AccessKeysPerUser: {_KEYS_PER_USER}")
            access_key, secret = self.keys.create_key(name, account=ctx.account, tx=tx)
            made = self.keys.get(access_key, tx=tx)
        return {"AccessKey": {**_metadata(made), "SecretAccessKey": secret}}

    def list_access_keys(self, request: Request, ctx: Context) -> Answer:
        """A user's keys, without their secrets; without a name, the caller's."""
        name = request.get("UserName") or caller_user(ctx)
        if name is None:
            held = [key for key in self.keys.list(ctx.account) if key.user is None]
        else:
            self._find(ctx, "user", name)
            held = self.keys.list(ctx.account, user=name)
        return paged("AccessKeyMetadata", held, request, lambda key: f"{key.created.isoformat()} {key.id}", _metadata)

    def update_access_key(self, request: Request, ctx: Context) -> Answer:
        """Switch a key on or off."""
        key = self._held(request, ctx)
        self.keys.set_status(key.id, cast(Status, request["Status"]))
        return {}

    def delete_access_key(self, request: Request, ctx: Context) -> Answer:
        """Delete a key: the next request signed with it is refused."""
        self.keys.delete_key(self._held(request, ctx).id)
        return {}

    def _held(self, request: Request, ctx: Context) -> AccessKey:
        name = request.get("UserName") or caller_user(ctx)
        if name is not None:
            self._find(ctx, "user", name)
        wanted = request["AccessKeyId"]
        try:
            key = self.keys.get(wanted)
        except KeyMissing:
            key = None
        if key is None or key.account != ctx.account or key.user != name or key.token is not None:
            raise ServiceError("NoSuchEntity", f"The Access Key with id {wanted} cannot be found.")
        return key

    def create_login_profile(self, request: Request, ctx: Context) -> Answer:
        """Give a user a password."""
        name = request.get("UserName") or caller_user(ctx)
        if name is None:
            raise ServiceError("ValidationError", "Must specify userName when calling with non-User credentials")
        self._check_password(ctx, request.get("Password", ""))

        def add(body: dict[str, Any]) -> None:
            if "password" in body:
                raise ServiceError("EntityAlreadyExists", f"Login Profile for user {name} already exists.")
            body["password"] = _hashed(request.get("Password", ""))
            body["password_reset"] = bool(request.get("PasswordResetRequired"))

        return {"LoginProfile": _login_profile(self._change(ctx, "user", name, add))}

    def get_login_profile(self, request: Request, ctx: Context) -> Answer:
        """Whether a user has a password."""
        name = request.get("UserName") or caller_user(ctx) or ""
        record = self._find(ctx, "user", name)
        _require_password(record.body, name)
        return {"LoginProfile": _login_profile(record)}

    def update_login_profile(self, request: Request, ctx: Context) -> Answer:
        """Change a user's password."""
        name = request["UserName"]
        if "Password" in request:
            self._check_password(ctx, request["Password"])

        def change(body: dict[str, Any]) -> None:
            _require_password(body, name)
            if "Password" in request:
                body["password"] = _hashed(request["Password"])
            if "PasswordResetRequired" in request:
                body["password_reset"] = request["PasswordResetRequired"]

        self._change(ctx, "user", name, change)
        return {}

    def delete_login_profile(self, request: Request, ctx: Context) -> Answer:
        """Take a user's password away."""
        name = request.get("UserName") or caller_user(ctx) or ""

        def remove(body: dict[str, Any]) -> None:
            _require_password(body, name)
            del body["password"], body["password_reset"]

        self._change(ctx, "user", name, remove)
        return {}

    def update_account_password_policy(self, request: Request, ctx: Context) -> Answer:
        """Set the rules that passwords must obey; what is not said goes back to its default."""
        where = scope(ctx.account)
        body = {**_PASSWORD_DEFAULTS, **request}
        with self.database.transaction() as tx:
            try:
                self.records.create(where, "password-policy", "account", body, arn="", tx=tx)
            except RecordExists:
                self.records.modify(where, "password-policy", "account", lambda _: body, tx=tx)
        return {}

    def get_account_password_policy(self, request: Request, ctx: Context) -> Answer:
        """The rules that passwords must obey."""
        policy = dict(self._password_policy(ctx))
        policy["ExpirePasswords"] = bool(policy.get("MaxPasswordAge"))
        return {"PasswordPolicy": policy}

    def delete_account_password_policy(self, request: Request, ctx: Context) -> Answer:
        """Go back to AWS's default rules."""
        try:
            self.records.delete(scope(ctx.account), "password-policy", "account")
        except RecordMissing as error:
            raise ServiceError(
                "NoSuchEntity", "The account policy with name PasswordPolicy cannot be found."
            ) from error
        return {}

    def _password_policy(self, ctx: Context) -> dict[str, Any]:
        try:
            return self.records.get(scope(ctx.account), "password-policy", "account").body
        except RecordMissing as error:
            message = f"The Password Policy with domain name {ctx.account} cannot be found."
            raise ServiceError("NoSuchEntity", message) from error

    def _check_password(self, ctx: Context, password: str) -> None:
        try:
            policy = self._password_policy(ctx)
        except ServiceError:
            policy = {}
        broken = [
            rule
            for rule, holds in (
                (f"have at least {policy.get('MinimumPasswordLength', 8)} characters",
                 len(password) >= policy.get("MinimumPasswordLength", 8)),
                ("contain a lower-case letter",
                 not policy.get("RequireLowercaseCharacters") or any(map(str.islower, password))),
                ("contain an upper-case letter",
                 not policy.get("RequireUppercaseCharacters") or any(map(str.isupper, password))),
                ("contain a number", not policy.get("RequireNumbers") or any(map(str.isdigit, password))),
                ("contain a symbol", not policy.get("RequireSymbols") or not password.isalnum()),
            )
            if not holds
        ]  # fmt: skip
        if broken:
            raise ServiceError("PasswordPolicyViolation", f"The password must {' and '.join(broken)}.")


_PASSWORD_DEFAULTS: dict[str, Any] = {
    "MinimumPasswordLength": 6,
    "RequireSymbols": False,
    "RequireNumbers": False,
    "RequireUppercaseCharacters": False,
    "RequireLowercaseCharacters": False,
    "AllowUsersToChangePassword": False,
}


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    return f"scrypt${b64encode(salt).decode()}${b64encode(digest).decode()}"


def _require_password(body: dict[str, Any], name: str) -> None:
    if "password" not in body:
        raise ServiceError("NoSuchEntity", f"Login Profile for User {name} cannot be found.")


def _login_profile(record: Record) -> Answer:
    return {
        "UserName": record.name,
        "CreateDate": created(record),
        "PasswordResetRequired": record.body["password_reset"],
    }


def _metadata(key: AccessKey) -> Answer:
    named = {"UserName": key.user} if key.user is not None else {"UserName": "root"}
    return {**named, "AccessKeyId": key.id, "Status": key.status, "CreateDate": key.created}
