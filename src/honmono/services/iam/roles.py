"""Roles: identities that services, users and other accounts assume."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from honmono.services.iam.attachments import check_boundary
from honmono.services.iam.grammar import check_trust_policy
from honmono.services.iam.identifiers import unique_id
from honmono.services.iam.part import (
    IamPart,
    boundary,
    conflict,
    every,
    missing,
    paged,
    scope,
    tagged,
    under,
    write_document,
    write_tags,
)
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_HOUR = 3600
_LINKED_PATH = "/aws-service-role/"


class Roles(IamPart):
    """CreateRole and what goes with it."""

    def create_role(self, request: Request, ctx: Context) -> Answer:
        """A new role with its trust policy."""
        if request.get("Path", "/").startswith(_LINKED_PATH):
            raise ServiceError("InvalidInput", f"The path {_LINKED_PATH} is kept for service-linked roles.")
        check_trust_policy(request["AssumeRolePolicyDocument"])
        body = {
            "id": unique_id("AROA"),
            "trust": request["AssumeRolePolicyDocument"],
            "description": request.get("Description"),
            "max_session": request.get("MaxSessionDuration", _HOUR),
            "attached": [],
            "inline": {},
        }
        if "PermissionsBoundary" in request:
            body["boundary"] = check_boundary(self.records, ctx.account, request["PermissionsBoundary"])
        record = self._add(ctx, "role", request, request["RoleName"], body)
        return {"Role": _whole_role(record)}

    def get_role(self, request: Request, ctx: Context) -> Answer:
        """A role."""
        record = self._find(ctx, "role", request["RoleName"])
        return {"Role": _whole_role(record)}

    def list_roles(self, request: Request, ctx: Context) -> Answer:
        """The account's roles, by name."""
        roles = under(every(self.records, ctx.account, "role"), request)
        return paged("Roles", roles, request, lambda record: record.name, role)

    def update_role(self, request: Request, ctx: Context) -> Answer:
        """Change the description or how long a session may last."""

        def change(body: dict[str, Any]) -> None:
            if "Description" in request:
                body["description"] = request["Description"]
            if "MaxSessionDuration" in request:
                body["max_session"] = request["MaxSessionDuration"]

        self._change(ctx, "role", request["RoleName"], change)
        return {}

    def update_role_description(self, request: Request, ctx: Context) -> Answer:
        """Change the description."""
        record = self._change(
            ctx, "role", request["RoleName"], lambda body: body.update(description=request["Description"])
        )
        return {"Role": _whole_role(record)}

    def update_assume_role_policy(self, request: Request, ctx: Context) -> Answer:
        """Replace the trust policy."""
        document = request["PolicyDocument"]
        check_trust_policy(document)
        self._change(ctx, "role", request["RoleName"], lambda body: body.update(trust=document))
        return {}

    def delete_role(self, request: Request, ctx: Context) -> Answer:
        """Delete a role that has no policies and is in no instance profile. Its sessions end."""
        self._refuse_linked(self._find(ctx, "role", request["RoleName"]))
        self._delete_role(request["RoleName"], ctx)
        return {}

    def _refuse_linked(self, record: Record) -> None:
        if record.body["path"].startswith(_LINKED_PATH):
            raise ServiceError(
                "UnmodifiableEntity", f"Cannot perform the operation on the protected role '{record.name}'"
            )

    def _delete_role(self, name: str, ctx: Context) -> None:
        with self.database.transaction() as tx:
            record = self._find(ctx, "role", name, tx=tx)
            if any(
                name in found.body["roles"] for found in every(self.records, ctx.account, "instance-profile", tx=tx)
            ):
                raise conflict("Cannot delete entity, must remove roles from instance profile first.")
            if not record.body["path"].startswith(_LINKED_PATH):
                if record.body["attached"]:
                    raise conflict("Cannot delete entity, must detach all policies first.")
                if record.body["inline"]:
                    raise conflict("Cannot delete entity, must delete policies first.")
            self.records.delete(record.scope, "role", name, tx=tx)
            self.keys.revoke_sessions(ctx.account, record.body["id"], tx=tx)

    def tag_role(self, request: Request, ctx: Context) -> Answer:
        """Add tags."""
        return self._tag(self._find(ctx, "role", request["RoleName"]), request["Tags"])

    def untag_role(self, request: Request, ctx: Context) -> Answer:
        """Remove tags."""
        return self._untag(self._find(ctx, "role", request["RoleName"]), request["TagKeys"])

    def list_role_tags(self, request: Request, ctx: Context) -> Answer:
        """A role's tags."""
        tags = write_tags(self._find(ctx, "role", request["RoleName"]).tags)
        return paged("Tags", tags, request, lambda tag: tag["Key"], lambda tag: tag)

    def put_role_permissions_boundary(self, request: Request, ctx: Context) -> Answer:
        """Set the policy that no permission of the role may go beyond."""
        arn = check_boundary(self.records, ctx.account, request["PermissionsBoundary"])
        self._change(ctx, "role", request["RoleName"], lambda body: body.update(boundary=arn))
        return {}

    def delete_role_permissions_boundary(self, request: Request, ctx: Context) -> Answer:
        """Remove the boundary."""
        self._change(ctx, "role", request["RoleName"], lambda body: body.pop("boundary", None))
        return {}

    def create_service_linked_role(self, request: Request, ctx: Context) -> Answer:
        """A role that one service alone may assume. It comes without policies: no request is authorised by them."""
        service = request["AWSServiceName"]
        label = service.split(".", 1)[0]
        name = "AWSServiceRoleFor" + "".join(word[:1].upper() + word[1:] for word in label.split("-"))
        if "CustomSuffix" in request:
            name += f"_{request['CustomSuffix']}"
        trust: dict[str, Any] = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": [service]}}],
        }
        body: dict[str, Any] = {
            "id": unique_id("AROA"),
            "trust": json.dumps(trust),
            "description": request.get("Description"),
            "max_session": _HOUR,
            "attached": [],
            "inline": {},
        }
        try:
            record = self._add(ctx, "role", {"Path": f"{_LINKED_PATH}{service}/"}, name, body)
        except ServiceError as error:
            if error.code != "EntityAlreadyExists":
                raise
            message = f"Service role name {name} has been taken in this account, please try a different suffix."
            raise ServiceError("InvalidInput", message) from error
        return {"Role": _whole_role(record)}

    def delete_service_linked_role(self, request: Request, ctx: Context) -> Answer:
        """Delete a service-linked role at once; the task that AWS would make of it has succeeded."""
        record = self._find(ctx, "role", request["RoleName"])
        if not record.body["path"].startswith(_LINKED_PATH):
            raise ServiceError("InvalidInput", f"{record.name} is not a service-linked role.")
        self._delete_role(record.name, ctx)
        task = f"task{record.body['path']}{record.name}/{uuid4()}"
        self.records.create(scope(ctx.account), "deletion", task, {}, arn="")
        return {"DeletionTaskId": task}

    def get_service_linked_role_deletion_status(self, request: Request, ctx: Context) -> Answer:
        """How the deletion went."""
        task = request["DeletionTaskId"]
        try:
            self.records.get(scope(ctx.account), "deletion", task)
        except RecordMissing as error:
            raise ServiceError("NoSuchEntity", f"The deletion task {task} cannot be found.") from error
        return {"Status": "SUCCEEDED"}


class InstanceProfiles(IamPart):
    """Instance profiles: what gives a role to a virtual machine."""

    def create_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """A new, empty instance profile."""
        body: dict[str, Any] = {"id": unique_id("AIPA"), "roles": []}
        record = self._add(ctx, "instance-profile", request, request["InstanceProfileName"], body)
        return {"InstanceProfile": self._profile(record)}

    def get_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """An instance profile with its role."""
        return {"InstanceProfile": self._profile(self._find(ctx, "instance-profile", request["InstanceProfileName"]))}

    def list_instance_profiles(self, request: Request, ctx: Context) -> Answer:
        """The account's instance profiles, by name."""
        profiles = under(every(self.records, ctx.account, "instance-profile"), request)
        return paged("InstanceProfiles", profiles, request, lambda record: record.name, self._profile)

    def list_instance_profiles_for_role(self, request: Request, ctx: Context) -> Answer:
        """The instance profiles that a role is in."""
        name = self._find(ctx, "role", request["RoleName"]).name
        return paged(
            "InstanceProfiles", self._profiles_of(ctx, name), request, lambda record: record.name, self._profile
        )

    def _profiles_of(self, ctx: Context, role_name: str) -> list[Record]:
        profiles = every(self.records, ctx.account, "instance-profile")
        return [record for record in profiles if role_name in record.body["roles"]]

    def add_role_to_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """Put a role into a profile, which holds one."""

        def add(body: dict[str, Any]) -> None:
            if body["roles"]:
                raise ServiceError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
            body["roles"].append(request["RoleName"])

        with self.database.transaction() as tx:
            self._find(ctx, "role", request["RoleName"], tx=tx)
            self._change(ctx, "instance-profile", request["InstanceProfileName"], add, tx=tx)
        return {}

    def remove_role_from_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """Take the role out of a profile."""

        def remove(body: dict[str, Any]) -> None:
            if request["RoleName"] not in body["roles"]:
                raise missing("role", request["RoleName"])
            body["roles"].remove(request["RoleName"])

        self._change(ctx, "instance-profile", request["InstanceProfileName"], remove)
        return {}

    def delete_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """Delete an empty profile."""
        with self.database.transaction() as tx:
            record = self._find(ctx, "instance-profile", request["InstanceProfileName"], tx=tx)
            if record.body["roles"]:
                raise conflict("Cannot delete entity, must remove roles from instance profile first.")
            self.records.delete(record.scope, record.kind, record.name, tx=tx)
        return {}

    def tag_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """Add tags."""
        return self._tag(self._find(ctx, "instance-profile", request["InstanceProfileName"]), request["Tags"])

    def untag_instance_profile(self, request: Request, ctx: Context) -> Answer:
        """Remove tags."""
        return self._untag(self._find(ctx, "instance-profile", request["InstanceProfileName"]), request["TagKeys"])

    def list_instance_profile_tags(self, request: Request, ctx: Context) -> Answer:
        """A profile's tags."""
        tags = write_tags(self._find(ctx, "instance-profile", request["InstanceProfileName"]).tags)
        return paged("Tags", tags, request, lambda tag: tag["Key"], lambda tag: tag)

    def _profile(self, record: Record) -> Answer:
        roles = [self.records.get(record.scope, "role", name) for name in record.body["roles"]]
        return {
            "Path": record.body["path"],
            "InstanceProfileName": record.name,
            "InstanceProfileId": record.body["id"],
            "Arn": record.arn,
            "CreateDate": record.created,
            "Roles": [role(found) for found in roles],
            "Tags": write_tags(record.tags),
        }


def role(record: Record) -> Answer:
    """A role as AWS lists it."""
    body = record.body
    described = {"Description": body["description"]} if body.get("description") is not None else {}
    return {
        "Path": body["path"],
        "RoleName": record.name,
        "RoleId": body["id"],
        "Arn": record.arn,
        "CreateDate": record.created,
        "AssumeRolePolicyDocument": write_document(body["trust"]),
        "MaxSessionDuration": body["max_session"],
        **described,
    }


def _whole_role(record: Record) -> Answer:
    return {**role(record), **boundary(record), **tagged(record)}
