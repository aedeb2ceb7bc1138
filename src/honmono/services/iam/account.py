"""The account as a whole: its alias, its counts, everything that it permits."""

from __future__ import annotations

from collections import Counter
from typing import Any

from honmono.services.iam.attachments import attached_policy, find_policy
from honmono.services.iam.part import IamPart, boundary, every, paged, scope, tagged, write_document, write_tags
from honmono.services.iam.policies import policy_detail
from honmono.services.iam.roles import role
from honmono.services.iam.users import group, user
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

# AWS's quotas that this server holds to.
_QUOTAS = {
    "AccessKeysPerUserQuota": 2,
    "AttachedPoliciesPerGroupQuota": 10,
    "AttachedPoliciesPerRoleQuota": 10,
    "AttachedPoliciesPerUserQuota": 10,
    "GroupsPerUserQuota": 10,
    "VersionsPerPolicyQuota": 5,
}


class Account(IamPart):
    """Operations on the account."""

    def create_account_alias(self, request: Request, ctx: Context) -> Answer:
        """Give the account its one alias, in place of the one it has."""
        alias, where = request["AccountAlias"], scope(ctx.account)
        with self.database.transaction() as tx:
            for old in every(self.records, ctx.account, "alias", tx=tx):
                self.records.delete(where, "alias", old.name, tx=tx)
            self.records.create(where, "alias", alias, {}, arn="", tx=tx)
        return {}

    def list_account_aliases(self, request: Request, ctx: Context) -> Answer:
        """The alias, if there is one."""
        names = [record.name for record in every(self.records, ctx.account, "alias")]
        return paged("AccountAliases", names, request, str, str)

    def delete_account_alias(self, request: Request, ctx: Context) -> Answer:
        """Take the alias away."""
        alias = request["AccountAlias"]
        try:
            self.records.delete(scope(ctx.account), "alias", alias)
        except RecordMissing as error:
            raise ServiceError("NoSuchEntity", f"The account alias with name {alias} cannot be found.") from error
        return {}

    def get_account_summary(self, request: Request, ctx: Context) -> Answer:
        """How many of each kind there are, and the quotas that hold here."""
        users = every(self.records, ctx.account, "user")
        policies = every(self.records, ctx.account, "policy")
        counts = {
            "Users": len(users),
            "Groups": len(every(self.records, ctx.account, "group")),
            "Roles": len(every(self.records, ctx.account, "role")),
            "Policies": len(policies),
            "PolicyVersionsInUse": sum(len(record.body["versions"]) for record in policies),
            "InstanceProfiles": len(every(self.records, ctx.account, "instance-profile")),
            "AccountAccessKeysPresent": int(any(key.user is None for key in self.keys.list(ctx.account))),
        }
        return {"SummaryMap": counts | _QUOTAS}

    def get_account_authorization_details(self, request: Request, ctx: Context) -> Answer:
        """Every user, group, role and policy with all that it is permitted."""
        wanted = set(request.get("Filter") or ("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"))
        holders = [record for kind in ("user", "group", "role") for record in every(self.records, ctx.account, kind)]
        attached = Counter(arn for record in holders for arn in record.body["attached"])
        bounding = Counter(record.body["boundary"] for record in holders if "boundary" in record.body)
        shown = [record for record in holders if record.kind.title() in wanted]
        if "LocalManagedPolicy" in wanted:
            shown += every(self.records, ctx.account, "policy")
        if "AWSManagedPolicy" in wanted:
            # AWS lists those of its policies that are in use.
            used = sorted(arn for arn in attached.keys() | bounding.keys() if arn.startswith("arn:aws:iam::aws:"))
            shown += [managed for arn in used if (managed := find_policy(self.records, ctx.account, arn))]
        profiles = every(self.records, ctx.account, "instance-profile")
        page = paged("all", shown, request, lambda record: record.arn, lambda record: record)
        found: list[Record] = page.pop("all")
        return {
            "UserDetailList": [_user_detail(record) for record in found if record.kind == "user"],
            "GroupDetailList": [
                {**group(record), "GroupPolicyList": _inline(record), **_attached(record)}
                for record in found
                if record.kind == "group"
            ],
            "RoleDetailList": [_role_detail(record, profiles) for record in found if record.kind == "role"],
            "Policies": [policy_detail(record, attached, bounding) for record in found if record.kind == "policy"],
            **page,
        }


def _inline(record: Record) -> list[Answer]:
    return [
        {"PolicyName": name, "PolicyDocument": write_document(document)}
        for name, document in sorted(record.body["inline"].items())
    ]


def _attached(record: Record) -> Answer:
    return {"AttachedManagedPolicies": [attached_policy(arn) for arn in record.body["attached"]]}


def _user_detail(record: Record) -> Answer:
    return {
        **user(record),
        "UserPolicyList": _inline(record),
        "GroupList": record.body["groups"],
        **_attached(record),
        **boundary(record),
        **tagged(record),
    }


def _role_detail(record: Record, profiles: list[Record]) -> Answer:
    detail = role(record)
    for member in ("Description", "MaxSessionDuration"):
        detail.pop(member, None)
    return {
        **detail,
        "InstanceProfileList": [
            {
                "Path": profile.body["path"],
                "InstanceProfileName": profile.name,
                "InstanceProfileId": profile.body["id"],
                "Arn": profile.arn,
                "CreateDate": profile.created,
                "Roles": [role(record)],
            }
            for profile in profiles
            if record.name in profile.body["roles"]
        ],
        "RolePolicyList": _inline(record),
        **_attached(record),
        **boundary(record),
        "Tags": write_tags(record.tags),
    }
