"""Users of an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from honmono.services.iam.attachments import check_boundary
from honmono.services.iam.identifiers import unique_id
from honmono.services.iam.part import (
    IamPart,
    boundary,
    conflict,
    every,
    find,
    paged,
    scope,
    tagged,
    under,
    write_tags,
)
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]


class Users(IamPart):
    """CreateUser and what goes with it."""

    def create_user(self, request: Request, ctx: Context) -> Answer:
        """A new user, without keys or permissions."""
        body: dict[str, Any] = {"id": unique_id("AIDA"), "groups": [], "attached": [], "inline": {}}
        if "PermissionsBoundary" in request:
            body["boundary"] = check_boundary(self.records, ctx.account, request["PermissionsBoundary"])
        record = self._add(ctx, "user", request, request["UserName"], body)
        return {"User": {**user(record), **boundary(record), **tagged(record)}}

    def get_user(self, request: Request, ctx: Context) -> Answer:
        """A user; without a name, the caller."""
        name = request.get("UserName") or caller_user(ctx)
        if name is None:
            return {"User": self._root(ctx)}
        record = self._find(ctx, "user", name)
        return {"User": {**user(record), **boundary(record), **tagged(record)}}

    def _root(self, ctx: Context) -> Answer:
        return {
            "Path": "/",
            "UserName": "root",
            "UserId": ctx.account,
            "Arn": f"arn:aws:iam::{ctx.account}:root",
            "CreateDate": self.keys.get(ctx.identity.access_key).created,
        }

    def list_users(self, request: Request, ctx: Context) -> Answer:
        """The account's users, by name."""
        users = under(every(self.records, ctx.account, "user"), request)
        return paged("Users", users, request, lambda record: record.name, user)

    def update_user(self, request: Request, ctx: Context) -> Answer:
        """Rename or move a user; its keys follow."""
        name = request["UserName"]
        with self.database.transaction() as tx:
            record = self._find(ctx, "user", name, tx=tx)
            new_name = str(request.get("NewUserName", name))
            new_path = str(request.get("NewPath", record.body["path"]))
            moved = self._rename(record, new_name, new_path, tx)
            self.keys.rename_user(ctx.account, name, new_name, moved.arn, tx=tx)
        return {}

    def delete_user(self, request: Request, ctx: Context) -> Answer:
        """Delete a user that holds nothing any more."""
        name = request["UserName"]
        with self.database.transaction() as tx:
            record = self._find(ctx, "user", name, tx=tx)
            body = record.body
            if body["attached"]:
                raise conflict("Cannot delete entity, must detach all policies first.")
            if body["inline"]:
                raise conflict("Cannot delete entity, must delete policies first.")
            if body["groups"]:
                raise conflict("Cannot delete entity, must remove users from group first.")
            if self.keys.list(ctx.account, user=name, tx=tx):
                raise conflict("Cannot delete entity, must delete access keys first.")
            if "password" in body:
                raise conflict("Cannot delete entity, must delete login profile first.")
            self.records.delete(scope(ctx.account), "user", name, tx=tx)
            self.keys.revoke_sessions(ctx.account, body["id"], tx=tx)
        return {}

    def tag_user(self, request: Request, ctx: Context) -> Answer:
        """Add tags."""
        return self._tag(self._find(ctx, "user", request["UserName"]), request["Tags"])

    def untag_user(self, request: Request, ctx: Context) -> Answer:
        """Remove tags."""
        return self._untag(self._find(ctx, "user", request["UserName"]), request["TagKeys"])

    def list_user_tags(self, request: Request, ctx: Context) -> Answer:
        """A user's tags."""
        tags = write_tags(self._find(ctx, "user", request["UserName"]).tags)
        return paged("Tags", tags, request, lambda tag: tag["Key"], lambda tag: tag)

    def put_user_permissions_boundary(self, request: Request, ctx: Context) -> Answer:
        """Set the policy that no permission of the user may go beyond."""
        arn = check_boundary(self.records, ctx.account, request["PermissionsBoundary"])
        self._change(ctx, "user", request["UserName"], lambda body: body.update(boundary=arn))
        return {}

    def delete_user_permissions_boundary(self, request: Request, ctx: Context) -> Answer:
        """Remove the boundary."""
        self._change(ctx, "user", request["UserName"], lambda body: body.pop("boundary", None))
        return {}


class Groups(IamPart):
    """Groups of users, which share policies. Membership is kept with the user."""

    def create_group(self, request: Request, ctx: Context) -> Answer:
        """A new group without members."""
        body = {"id": unique_id("AGPA"), "attached": [], "inline": {}}
        return {"Group": group(self._add(ctx, "group", request, request["GroupName"], body))}

    def get_group(self, request: Request, ctx: Context) -> Answer:
        """A group and its members."""
        record = self._find(ctx, "group", request["GroupName"])
        members = self._members(ctx, record.name)
        return {"Group": group(record), **paged("Users", members, request, lambda member: member.name, user)}

    def _members(self, ctx: Context, name: str) -> list[Record]:
        return [record for record in every(self.records, ctx.account, "user") if name in record.body["groups"]]

    def list_groups(self, request: Request, ctx: Context) -> Answer:
        """The account's groups, by name."""
        groups = under(every(self.records, ctx.account, "group"), request)
        return paged("Groups", groups, request, lambda record: record.name, group)

    def update_group(self, request: Request, ctx: Context) -> Answer:
        """Rename or move a group; its members follow."""
        name = request["GroupName"]
        with self.database.transaction() as tx:
            record = self._find(ctx, "group", name, tx=tx)
            new_name = str(request.get("NewGroupName", name))
            new_path = str(request.get("NewPath", record.body["path"]))
            self._rename(record, new_name, new_path, tx)
            if new_name != name:
                for member in every(self.records, ctx.account, "user", tx=tx):
                    groups = member.body["groups"]
                    if name in groups:
                        renamed = [new_name if other == name else other for other in groups]
                        self.records.update(member, body={**member.body, "groups": renamed}, tx=tx)
        return {}

    def delete_group(self, request: Request, ctx: Context) -> Answer:
        """Delete a group that has neither members nor policies."""
        with self.database.transaction() as tx:
            record = self._find(ctx, "group", request["GroupName"], tx=tx)
            if record.body["attached"]:
                raise conflict("Cannot delete entity, must detach all policies first.")
            if record.body["inline"]:
                raise conflict("Cannot delete entity, must delete policies first.")
            users = every(self.records, ctx.account, "user", tx=tx)
            if any(record.name in member.body["groups"] for member in users):
                raise conflict("Cannot delete entity, must remove users from group first.")
            self.records.delete(record.scope, "group", record.name, tx=tx)
        return {}

    def add_user_to_group(self, request: Request, ctx: Context) -> Answer:
        """Make a user a member; one that is already stays so."""
        name = request["GroupName"]

        def add(body: dict[str, Any]) -> None:
            if name not in body["groups"]:
                if len(body["groups"]) >= 10:
                    raise ServiceError("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
                body["groups"].append(name)

        with self.database.transaction() as tx:
            self._find(ctx, "group", name, tx=tx)
            self._change(ctx, "user", request["UserName"], add, tx=tx)
        return {}

    def remove_user_from_group(self, request: Request, ctx: Context) -> Answer:
        """End a membership."""
        name = request["GroupName"]

        def remove(body: dict[str, Any]) -> None:
            if name not in body["groups"]:
                raise ServiceError("NoSuchEntity", f"User {request['UserName']} not in group {name}")
            body["groups"].remove(name)

        with self.database.transaction() as tx:
            self._find(ctx, "group", name, tx=tx)
            self._change(ctx, "user", request["UserName"], remove, tx=tx)
        return {}

    def list_groups_for_user(self, request: Request, ctx: Context) -> Answer:
        """The groups that a user is in."""
        names = self._find(ctx, "user", request["UserName"]).body["groups"]
        groups = [find(self.records, ctx.account, "group", name) for name in names]
        return paged("Groups", groups, request, lambda record: record.name, group)


def caller_user(ctx: Context) -> str | None:
    """The name of the IAM user that calls; None for root, a role or a federated user."""
    resource = ctx.principal.split(":", 5)[-1]
    return resource.rpartition("/")[2] if ctx.principal.split(":")[2] == "iam" and resource != "root" else None


def created(record: Record) -> datetime:
    """When an entity was made, whatever it was called then."""
    since = record.body.get("since")
    return datetime.fromisoformat(since) if since else record.created


def user(record: Record) -> Answer:
    """A user as AWS lists it."""
    return {
        "Path": record.body["path"],
        "UserName": record.name,
        "UserId": record.body["id"],
        "Arn": record.arn,
        "CreateDate": created(record),
    }


def group(record: Record) -> Answer:
    """A group as AWS lists it."""
    return {
        "Path": record.body["path"],
        "GroupName": record.name,
        "GroupId": record.body["id"],
        "Arn": record.arn,
        "CreateDate": created(record),
    }
