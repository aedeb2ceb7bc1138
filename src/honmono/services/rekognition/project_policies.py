"""Project policies: which other accounts may copy a project's model versions."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from honmono.services.rekognition.part import Answer, Part, Request, bad_token, not_found
from honmono.services.rekognition.projects import POLICY, find_project, of_project
from honmono.store.errors import BadPageToken, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.store.records import Record
    from honmono.wire.service import Context

_MOST_POLICIES = 5
_PAGE = 5


class ProjectPolicies(Part):
    """PutProjectPolicy, ListProjectPolicies and DeleteProjectPolicy; each change makes a new revision."""

    def put_project_policy(self, request: Request, ctx: Context) -> Answer:
        """Attach a policy, or replace the revision that is named."""
        _check_policy(request["PolicyDocument"])
        revision = secrets.token_hex(16)
        body = {"Name": request["PolicyName"], "Document": request["PolicyDocument"], "Revision": revision}
        with self.platform.database.transaction() as tx:
            project = find_project(self.platform, ctx, request["ProjectArn"], tx=tx)
            there = list(of_project(self.platform, project, POLICY, tx=tx))
            before = next((record for record in there if record.body["Name"] == request["PolicyName"]), None)
            wanted = request.get("PolicyRevisionId")
            if before is None:
                if wanted is not None:
                    raise _bad_revision(wanted)
                if len(there) >= _MOST_POLICIES:
                    raise ServiceError(
                        "LimitExceededException", f"A project has at most {_MOST_POLICIES} policies; delete one first."
                    )
                name = f"{project.name}/{request['PolicyName']}"
                self.platform.records.create(project.scope, POLICY, name, body, arn="", tx=tx)
            else:
                if wanted is None:
                    raise ServiceError(
                        "ResourceAlreadyExistsException",
                        f"The project has a policy {request['PolicyName']} already; give its PolicyRevisionId to replace "
                        "it.",
                    )
                if wanted != before.body["Revision"]:
                    raise _bad_revision(wanted)
                self.platform.records.update(before, body=body, tx=tx)
        return {"PolicyRevisionId": revision}

    def list_project_policies(self, request: Request, ctx: Context) -> Answer:
        """The policies by name."""
        project = find_project(self.platform, ctx, request["ProjectArn"])
        try:
            page = self.platform.records.list(
                project.scope,
                POLICY,
                prefix=f"{project.name}/",
                after=request.get("NextToken"),
                limit=request.get("MaxResults", _PAGE),
            )
        except BadPageToken as error:
            raise bad_token() from error
        shown = [_described(project, record) for record in page.items]
        return {"ProjectPolicies": shown, **({"NextToken": page.next} if page.next else {})}

    def delete_project_policy(self, request: Request, ctx: Context) -> Answer:
        """Take a policy away, of the named revision only where one is named."""
        with self.platform.database.transaction() as tx:
            project = find_project(self.platform, ctx, request["ProjectArn"], tx=tx)
            try:
                record = self.platform.records.get(
                    project.scope, POLICY, f"{project.name}/{request['PolicyName']}", tx=tx
                )
            except RecordMissing as error:
                raise not_found(f"The project has no policy {request['PolicyName']}.") from error
            wanted = request.get("PolicyRevisionId")
            if wanted not in (None, record.body["Revision"]):
                raise _bad_revision(wanted)
            self.platform.records.delete(record.scope, record.kind, record.name, tx=tx)
        return {}


def _described(project: Record, record: Record) -> Answer:
    return {
        "ProjectArn": project.arn,
        "PolicyName": record.body["Name"],
        "PolicyRevisionId": record.body["Revision"],
        "PolicyDocument": record.body["Document"],
        "CreationTimestamp": record.created,
        "LastUpdatedTimestamp": record.updated,
    }


def _bad_revision(revision: str | None) -> ServiceError:
    return ServiceError(
        "InvalidPolicyRevisionIdException", f"The policy revision {revision} is not the one that the policy has."
    )


def _check_policy(text: str) -> None:
    """Refuse what is no policy. Raises ServiceError MalformedPolicyDocumentException."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"it is not JSON: {error}") from error
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise _malformed("it has no Statement")
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise _malformed("each Statement has an Effect, Allow or Deny")
        if not any(name in statement for name in ("Principal", "NotPrincipal")):
            raise _malformed("each Statement names a Principal")
        if not any(name in statement for name in ("Action", "NotAction")):
            raise _malformed("each Statement has an Action: rekognition:CopyProjectVersion")
        if not any(name in statement for name in ("Resource", "NotResource")):
            raise _malformed("each Statement has a Resource")


def _malformed(why: str) -> ServiceError:
    return ServiceError("MalformedPolicyDocumentException", f"The policy document is malformed: {why}.")
