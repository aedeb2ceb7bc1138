"""Tags of the four kinds of resources."""

from __future__ import annotations

from honmono.services.machinelearning.part import CALLED, DELETED, Answer, Part, Request, find, not_found, scope_of
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

MOST_TAGS = 10
_KINDS = {called: kind for kind, called in CALLED.items()}


class Tags(Part):
    """AddTags, DeleteTags and DescribeTags."""

    def add_tags(self, request: Request, ctx: Context) -> Answer:
        """Add tags, in place of those with the same keys."""
        given = {tag["Key"]: tag.get("Value", "") for tag in request["Tags"] if "Key" in tag}
        if len(given) != len(request["Tags"]):
            raise ServiceError("InvalidTagException", "Each tag needs a Key, and each Key may be given once.")
        if reserved := next((key for key in given if key.lower().startswith("aws:")), None):
            raise ServiceError("InvalidTagException", f"The key {reserved} is reserved: keys may not begin with aws:.")
        records = self.platform.records
        with self.platform.database.transaction() as tx:
            record = self._tagged(request, ctx)
            if len(records.tags(record.arn, tx=tx) | given) > MOST_TAGS:
                raise ServiceError("TagLimitExceededException", f"A resource has at most {MOST_TAGS} tags.")
            records.set_tags(record.arn, given, tx=tx)
        return {"ResourceId": request["ResourceId"], "ResourceType": request["ResourceType"]}

    def delete_tags(self, request: Request, ctx: Context) -> Answer:
        """Remove the tags with these keys; those that are not there are no error."""
        self.platform.records.remove_tags(self._tagged(request, ctx).arn, request["TagKeys"])
        return {"ResourceId": request["ResourceId"], "ResourceType": request["ResourceType"]}

    def describe_tags(self, request: Request, ctx: Context) -> Answer:
        """The tags of a resource."""
        tags = sorted(self._tagged(request, ctx).tags.items())
        return {
            "ResourceId": request["ResourceId"],
            "ResourceType": request["ResourceType"],
            "Tags": [{"Key": key, "Value": value} for key, value in tags],
        }

    def _tagged(self, request: Request, ctx: Context) -> Record:
        kind = _KINDS[request["ResourceType"]]
        record = find(self.platform, scope_of(ctx), kind, request["ResourceId"])
        if record.status == DELETED:
            raise not_found(kind, request["ResourceId"])
        return record
